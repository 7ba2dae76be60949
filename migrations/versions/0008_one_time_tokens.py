"""Tokens that work once, for confirming an address and choosing a new password, and the mails about accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

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
)
ABOUT_ACCOUNTS = ("email_verification", "email_taken", "password_reset", "password_changed")
SHOWN = ("booking_updated", "payment_updated")


def upgrade() -> None:
    op.create_table(
        "one_time_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "purpose IN ('email_verification', 'password_reset')", name=op.f("ck_one_time_tokens_purpose_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_one_time_tokens_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_one_time_tokens_token_hash"),
    )
    op.create_index(
        "uq_one_time_tokens_open",
        "one_time_tokens",
        ["user_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("used_at IS NULL AND replaced_at IS NULL"),
    )
    _allow(TOLD + ABOUT_ACCOUNTS + SHOWN)
    with op.get_context().autocommit_block():
        _validate()


def downgrade() -> None:
    # What was told about accounts, and the work of telling it: the release that is gone was the only one to know them.
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = ANY(:kinds)",
        "DELETE FROM notifications WHERE kind = ANY(:kinds)",
        "DELETE FROM jobs WHERE done_at IS NULL AND payload ->> 'kind' = ANY(:kinds)",
    ):
        op.execute(sa.text(statement).bindparams(kinds=list(ABOUT_ACCOUNTS)))
    op.execute("DELETE FROM jobs WHERE done_at IS NULL AND kind = 'accounts.begin_reset'")
    _allow(TOLD + SHOWN)
    op.drop_table("one_time_tokens")
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
