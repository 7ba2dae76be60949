"""Suspended accounts, what they had on offer, and push tokens that end with the session that registered them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"

OFFERED = ("draft", "active", "archived", "hidden")
TOLD = (
    "booking_confirmed",
    "new_booking",
    "payment_receipt",
    "payment_failed",
    "payment_under_review",
    "hold_expired",
    "late_money_refunded",
    "surplus_refunded",
    "booking_cancelled",
    "email_verification",
    "email_taken",
    "password_reset",
    "password_changed",
    "phone_code",
)
ABOUT_SUSPENSION = ("account_suspended", "account_restored", "new_device")
SHOWN = ("booking_updated", "payment_updated")
_CHECKED = (
    ("users", "ck_users_suspended_from_known"),
    ("users", "ck_users_suspension_reason_length"),
    ("listings", "ck_listings_status_known"),
    ("notifications", "ck_notifications_kind_known"),
    ("device_tokens", "fk_device_tokens_session_id_sessions"),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name in ("ix_users_sought", "ix_users_status_id"):
            # Where an earlier try was broken off, what it left is of no use.
            op.drop_index(name, "users", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_users_status_id", "users", ["status", "id"], postgresql_concurrently=True)
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_users_sought ON users USING gin"
            " ((lower(first_name || ' ' || last_name || ' ' || coalesce(email::text, ''))) gin_trgm_ops)"
        )
    op.add_column("users", sa.Column("suspended_from", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("suspension_reason", sa.Text(), nullable=True))
    _check("users", "ck_users_suspended_from_known", "suspended_from IN ('active', 'pending')")
    _check("users", "ck_users_suspension_reason_length", "length(suspension_reason) <= 500")
    op.add_column("device_tokens", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.execute(
        "ALTER TABLE device_tokens ADD CONSTRAINT fk_device_tokens_session_id_sessions"
        " FOREIGN KEY (session_id) REFERENCES sessions (id) NOT VALID"
    )
    op.create_index("ix_device_tokens_session_id", "device_tokens", ["session_id"])
    _allow("listings", "ck_listings_status_known", "status", (*OFFERED, "withdrawn"))
    _allow("notifications", "ck_notifications_kind_known", "kind", TOLD + ABOUT_SUSPENSION + SHOWN)
    with op.get_context().autocommit_block():
        for table, name in _CHECKED:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.drop_index("ix_users_sought", table_name="users")
    op.drop_index("ix_users_status_id", table_name="users")
    op.drop_index("ix_device_tokens_session_id", table_name="device_tokens")
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = ANY(:kinds)",
        "DELETE FROM notifications WHERE kind = ANY(:kinds)",
        "DELETE FROM jobs WHERE done_at IS NULL AND payload ->> 'kind' = ANY(:kinds)",
    ):
        op.execute(sa.text(statement).bindparams(kinds=list(ABOUT_SUSPENSION)))
    # Not offered either, to a release that knows no other word for it.
    op.execute("UPDATE listings SET status = 'hidden' WHERE status = 'withdrawn'")
    _allow("notifications", "ck_notifications_kind_known", "kind", TOLD + SHOWN)
    _allow("listings", "ck_listings_status_known", "status", OFFERED)
    op.drop_column("device_tokens", "session_id")
    for column in ("suspension_reason", "suspended_at", "suspended_from"):
        op.drop_column("users", column)
    with op.get_context().autocommit_block():
        for table, name in (_CHECKED[2], _CHECKED[3]):
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def _allow(table: str, name: str, column: str, words: tuple[str, ...]) -> None:
    """Swap a vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f(name), table)
    listed = ", ".join(f"'{word}'" for word in words)
    _check(table, name, f"{column} IN ({listed})")


def _check(table: str, name: str, condition: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
