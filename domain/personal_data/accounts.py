"""What is known of whoever has an account: who they are, how they get in, what they were told and what they did."""

from __future__ import annotations

from collections.abc import Mapping

from domain.notices import NOTICES, Audience, ChangeKind, NoticeKind
from domain.personal_data.kinds import FILES, INNER, PROOF, SECRET, SHELL, Personal, Side, names

#: What guides are told of bookings names their guests, so nobody's copy has its words.
_NAMES_GUESTS = frozenset(kind.value for kind, notice in NOTICES.items() if Audience.GUIDE in notice.audiences)
_NAMES_NO_GUEST = frozenset(kind.value for kind in (*NoticeKind, *ChangeKind)) - _NAMES_GUESTS

TABLES: Mapping[str, Personal] = {
    "users": Personal(
        sides=(
            Side(
                "account",
                (("id",),),
                names(
                    "id email phone phone_verified_at first_name last_name roles user_type status intends_to_guide locale"
                    " timezone currency avatar_url two_factor_since suspended_at suspension_reason deleted_at erase_at created_at"
                ),
                erases={
                    "email": None,
                    "phone": None,
                    "phone_verified_at": None,
                    "password_hash": None,
                    "first_name": "A",
                    "last_name": "traveller",
                    "intends_to_guide": False,
                    "locale": "en",
                    "timezone": "Africa/Nairobi",
                    "currency": "KES",
                    "avatar_url": None,
                    "suspension_reason": None,
                    "two_factor_since": None,
                },
            ),
        ),
        keeps={
            SHELL: names(
                "id roles user_type status suspended_from suspended_at deleted_at erase_at deleted_from erased_at"
                " notification_seq created_at"
            )
        },
        withholds={SECRET: ("password_hash",), INNER: names("suspended_from deleted_from erased_at notification_seq")},
    ),
    "identities": Personal(
        sides=(Side("identities", (("user_id",),), names("id provider subject email created_at"), deletes=True),),
        withholds={INNER: ("user_id",)},
    ),
    "media": Personal(
        sides=(
            Side(
                "uploads",
                (("owner_id",), ("application_id", "user_id")),
                names(
                    "id application_id application_part kind state refusal content_type size_bytes checksum width height variants"
                    " begun_at changed_at attached_at created_at"
                ),
            ),
        ),
        keeps={
            FILES: names(
                "id owner_id application_id application_part kind state refusal is_public content_type size_bytes checksum width"
                " height variants begun_at changed_at attached_at open_until created_at"
            )
        },
        withholds={INNER: names("owner_id is_public open_until")},
    ),
    "two_factor": Personal(
        sides=(Side("two_factor", (("user_id",),), ("created_at",), deletes=True),),
        withholds={
            SECRET: names("secret last_step backup_hashes pending_secret"),
            INNER: names("user_id pending_until"),
        },
    ),
    "search_history": Personal(
        sides=(Side("searches", (("user_id",),), names("query searched_at"), deletes=True),),
        withholds={INNER: ("user_id",)},
    ),
    "sessions": Personal(
        sides=(
            Side(
                "sessions",
                (("user_id",),),
                names("id device ip two_factor_at created_at rotated_at expires_at revoked_at revoked_reason"),
                deletes=True,
            ),
        ),
        withholds={SECRET: names("token_hash previous_token_hash"), INNER: ("user_id",)},
    ),
    "one_time_tokens": Personal(
        sides=(
            Side(
                "links_in_mails",
                (("user_id",),),
                names("id purpose phone attempts created_at expires_at used_at replaced_at"),
                deletes=True,
            ),
        ),
        withholds={SECRET: ("token_hash",), INNER: ("user_id",)},
    ),
    "device_tokens": Personal(
        sides=(Side("devices", (("user_id",),), names("id platform registered_at created_at"), deletes=True),),
        withholds={SECRET: ("token",), INNER: names("user_id session_id")},
    ),
    "idempotency_keys": Personal(
        sides=(
            Side(
                "repeated_requests",
                (("user_id",),),
                names("route key status location resource_id created_at"),
                deletes=True,
            ),
        ),
        withholds={INNER: names("user_id fingerprint")},
    ),
    "notification_preferences": Personal(
        sides=(Side("preferences", (("user_id",),), names("category channel is_enabled changed_at"), deletes=True),),
        withholds={INNER: ("user_id",)},
    ),
    "notifications": Personal(
        sides=(
            Side(
                "notifications",
                (("user_id",),),
                names("id seq kind title body data read_at created_at"),
                erases={"title": "", "body": ""},
                only={"kind": _NAMES_NO_GUEST},
            ),
            Side(
                "notifications_of_both_sides",
                (("user_id",),),
                names("id seq kind read_at created_at"),
                only={"kind": _NAMES_GUESTS},
            ),
        ),
        # Numbered without a gap, as the sockets of a user count on.
        keeps={SHELL: names("id user_id seq key kind data has_badge read_at created_at")},
        withholds={INNER: names("user_id key has_badge")},
    ),
    "deliveries": Personal(
        sides=(
            Side(
                "deliveries",
                (("notification_id", "user_id"), ("application_id", "user_id")),
                names("id notification_id application_id kind channel address locale state sent_at created_at"),
                erases={"address": "", "provider_id": None},
            ),
        ),
        keeps={
            "what sending cost, and that it was done: " + PROOF: names(
                "id notification_id application_id kind channel locale state calls call_started_at sent_at cost error_code"
                " created_at"
            )
        },
        withholds={INNER: names("calls call_started_at provider_id cost error_code")},
    ),
    "data_exports": Personal(
        sides=(
            Side(
                "data_exports",
                (("user_id",),),
                names("id state requested_at ready_at size expires_at created_at"),
                erases={"token_id": None},
            ),
        ),
        # The file is deleted when the account is.
        keeps={SHELL: names("id user_id state storage_key requested_at ready_at size expires_at created_at")},
        withholds={SECRET: names("storage_key token_id"), INNER: ("user_id",)},
    ),
    "audit_logs": Personal(
        sides=(Side("what_you_did", (("actor_id",),), names("id at action entity_type entity_id data ip created_at")),),
        # Chained: what is written cannot be changed, so it holds no personal value, and of an address only the network.
        keeps={PROOF: names("id at actor_id actor_role action entity_type entity_id data ip request_id created_at")},
        withholds={INNER: names("actor_id actor_role request_id")},
    ),
}
