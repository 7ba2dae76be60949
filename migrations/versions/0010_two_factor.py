"""A second factor for signing in: sealed seeds, sessions that showed it, challenges, and the mails about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0014"

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
    "welcome",
    "google_linked",
    "account_claimed",
    "account_deleted",
)
ABOUT_TWO_FACTOR = ("two_factor_on", "two_factor_off", "backup_code_used")
SHOWN = ("booking_updated", "payment_updated")
PURPOSES = ("email_verification", "password_reset", "phone_verification", "account_restore")


def upgrade() -> None:
    op.create_table(
        "two_factor",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("backup_hashes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_two_factor_user_id_users"),
        sa.PrimaryKeyConstraint("user_id", name="pk_two_factor"),
    )
    op.add_column("users", sa.Column("two_factor_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("two_factor_at", sa.DateTime(timezone=True), nullable=True))
    _allow("notifications", "kind", TOLD + ABOUT_TWO_FACTOR + SHOWN)
    _allow("one_time_tokens", "purpose", (*PURPOSES, "second_factor"))
    with op.get_context().autocommit_block():
        _validate("notifications", "kind")
        _validate("one_time_tokens", "purpose")


def downgrade() -> None:
    # What was told about it and the work of telling it, and sign-ins half-way: the release that is left knows none of it.
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = ANY(:kinds)",
        "DELETE FROM notifications WHERE kind = ANY(:kinds)",
        "DELETE FROM jobs WHERE done_at IS NULL AND payload ->> 'kind' = ANY(:kinds)",
    ):
        op.execute(sa.text(statement).bindparams(kinds=list(ABOUT_TWO_FACTOR)))
    op.execute("DELETE FROM one_time_tokens WHERE purpose = 'second_factor'")
    _allow("notifications", "kind", TOLD + SHOWN)
    _allow("one_time_tokens", "purpose", PURPOSES)
    op.drop_column("sessions", "two_factor_at")
    op.drop_column("users", "two_factor_since")
    op.drop_table("two_factor")
    with op.get_context().autocommit_block():
        _validate("notifications", "kind")
        _validate("one_time_tokens", "purpose")


def _allow(table: str, column: str, words: tuple[str, ...]) -> None:
    """Swap the vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    name = f"ck_{table}_{column}_known"
    op.drop_constraint(op.f(name), table)
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed})) NOT VALID")


def _validate(table: str, column: str) -> None:
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{column}_known")
