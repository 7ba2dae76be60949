"""Codes by SMS that confirm a phone: what they were sent to, how often they were missed, and since when a phone is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"

LINKS = ("email_verification", "password_reset")
CODES = ("phone_verification",)
KINDS = (
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
)
CODE, SHOWN = ("phone_code",), ("booking_updated", "payment_updated")


def upgrade() -> None:
    op.add_column("users", sa.Column("phone_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("one_time_tokens", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column(
        "one_time_tokens", sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    _check("one_time_tokens", "phone_of_code", "(purpose = 'phone_verification') = (phone IS NOT NULL)")
    _check("one_time_tokens", "attempts_bounded", "attempts BETWEEN 0 AND 5")
    _allow("one_time_tokens", "purpose", LINKS + CODES)
    _allow("notifications", "kind", KINDS + CODE + SHOWN)
    with op.get_context().autocommit_block():
        for name in ("phone_of_code", "attempts_bounded"):
            op.execute(f"ALTER TABLE one_time_tokens VALIDATE CONSTRAINT ck_one_time_tokens_{name}")
        _validate()


def downgrade() -> None:
    # What was sent to phones, and the work of sending it: the release that is gone was the only one to know it.
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = 'phone_code'",
        "DELETE FROM notifications WHERE kind = 'phone_code'",
        "DELETE FROM jobs WHERE done_at IS NULL AND payload ->> 'kind' = 'phone_code'",
        "DELETE FROM one_time_tokens WHERE purpose = 'phone_verification'",
    ):
        op.execute(statement)
    _allow("notifications", "kind", KINDS + SHOWN)
    _allow("one_time_tokens", "purpose", LINKS)
    for name in ("phone_of_code", "attempts_bounded"):
        op.drop_constraint(op.f(f"ck_one_time_tokens_{name}"), "one_time_tokens")
    op.drop_column("one_time_tokens", "attempts")
    op.drop_column("one_time_tokens", "phone")
    op.drop_column("users", "phone_verified_at")
    with op.get_context().autocommit_block():
        _validate()


def _allow(table: str, column: str, words: tuple[str, ...]) -> None:
    """Swap a vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f(f"ck_{table}_{column}_known"), table)
    listed = ", ".join(f"'{word}'" for word in words)
    _check(table, f"{column}_known", f"{column} IN ({listed})")


def _check(table: str, name: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({rule}) NOT VALID")


def _validate() -> None:
    op.execute("ALTER TABLE one_time_tokens VALIDATE CONSTRAINT ck_one_time_tokens_purpose_known")
    op.execute("ALTER TABLE notifications VALIDATE CONSTRAINT ck_notifications_kind_known")
