"""Let notifications hold changes without words, and find what a user has not read or was last shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

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
SHOWN = ("booking_updated", "payment_updated")


def upgrade() -> None:
    _allow(TOLD + SHOWN)
    with op.get_context().autocommit_block():
        _validate()
        # Building an index waits for whoever writes, and reads all that was ever told.
        op.execute("SET lock_timeout = '60s'")
        op.execute("SET statement_timeout = 0")
        _index("ix_notifications_unread", ["user_id"], "has_badge AND read_at IS NULL")
        _index("ix_notifications_changes", ["user_id", sa.text("(data ->> 'booking_id')"), "seq"], "NOT has_badge")
        op.execute("SET lock_timeout = '4s'")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    # Hints, and the work of writing them: the release that is gone was the only one to know them.
    op.execute("DELETE FROM notifications WHERE NOT has_badge")
    op.execute("DELETE FROM jobs WHERE kind = 'notifications.show_changes' AND done_at IS NULL")
    _allow(TOLD)
    with op.get_context().autocommit_block():
        _validate()
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_notifications_changes")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_notifications_unread")


def _allow(kinds: tuple[str, ...]) -> None:
    """Swap the vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f("ck_notifications_kind_known"), "notifications")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(
        f"ALTER TABLE notifications ADD CONSTRAINT ck_notifications_kind_known CHECK (kind IN ({words})) NOT VALID"
    )


def _validate() -> None:
    op.execute("ALTER TABLE notifications VALIDATE CONSTRAINT ck_notifications_kind_known")


def _index(name: str, columns: list[str | sa.TextClause], where: str) -> None:
    # An earlier try that was interrupted leaves an index that is not valid.
    op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    op.create_index(name, "notifications", columns, postgresql_where=sa.text(where), postgresql_concurrently=True)
