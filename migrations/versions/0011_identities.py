"""Sign-in by Google: who vouches for whom, the keys of its signatures, tokens already used, and the mails about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0016"

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
    "account_suspended",
    "account_restored",
    "new_device",
)
ABOUT_GOOGLE = ("welcome", "google_linked", "account_claimed")
SHOWN = ("booking_updated", "payment_updated")


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("provider IN ('google')", name=op.f("ck_identities_provider_known")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_identities_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("provider", "subject", name="uq_identities_provider_subject"),
        sa.UniqueConstraint("user_id", "provider", name="uq_identities_user_id_provider"),
    )
    op.create_table(
        "identity_keys",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("jwk", postgresql.JSONB(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("provider IN ('google')", name=op.f("ck_identity_keys_provider_known")),
        sa.PrimaryKeyConstraint("provider", "kid", name="pk_identity_keys"),
    )
    op.create_table(
        "used_identity_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_used_identity_tokens"),
    )
    op.create_index("ix_used_identity_tokens_expires_at", "used_identity_tokens", ["expires_at"])
    _allow(TOLD + ABOUT_GOOGLE + SHOWN)
    with op.get_context().autocommit_block():
        _validate()


def downgrade() -> None:
    # What was told about signing in by Google, and the work of it: the release that is gone was the only one to know them.
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = ANY(:kinds)",
        "DELETE FROM notifications WHERE kind = ANY(:kinds)",
        "DELETE FROM jobs WHERE done_at IS NULL AND payload ->> 'kind' = ANY(:kinds)",
    ):
        op.execute(sa.text(statement).bindparams(kinds=list(ABOUT_GOOGLE)))
    op.execute(
        "DELETE FROM jobs WHERE done_at IS NULL AND kind IN ('accounts.fetch_google_keys', 'periodic.refresh_google_keys')"
    )
    _allow(TOLD + SHOWN)
    for table in ("used_identity_tokens", "identity_keys", "identities"):
        op.drop_table(table)
    with op.get_context().autocommit_block():
        _validate()


def _allow(kinds: tuple[str, ...]) -> None:
    """Swap the vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f("ck_notifications_kind_known"), "notifications")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(
        f"ALTER TABLE notifications ADD CONSTRAINT ck_notifications_kind_known CHECK (kind IN ({words})) NOT VALID"
    )


def _validate() -> None:
    op.execute("ALTER TABLE notifications VALIDATE CONSTRAINT ck_notifications_kind_known")
