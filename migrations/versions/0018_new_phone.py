"""Moving two-factor sign-in to another phone: the new seed waits beside the old one until a code confirms it."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

KINDS = "ck_notifications_kind_known"
WHOLE = "ck_two_factor_pending_whole"


def upgrade() -> None:
    op.add_column("two_factor", sa.Column("pending_secret", sa.Text(), nullable=True))
    op.add_column("two_factor", sa.Column("pending_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        f"ALTER TABLE two_factor ADD CONSTRAINT {WHOLE}"
        " CHECK (num_nonnulls(pending_secret, pending_until) IN (0, 2)) NOT VALID"
    )
    known = _known()
    _allow([*known, *(word for word in ("two_factor_moved",) if word not in known)])
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE two_factor VALIDATE CONSTRAINT {WHOLE}")
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {KINDS}")


def downgrade() -> None:
    # What was told about it and the work of telling it: the release that is left has no words for it.
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = 'two_factor_moved'",
        "DELETE FROM notifications WHERE kind = 'two_factor_moved'",
        "DELETE FROM jobs WHERE done_at IS NULL AND payload ->> 'kind' = 'two_factor_moved'",
    ):
        op.execute(statement)
    _allow([word for word in _known() if word != "two_factor_moved"])
    op.drop_constraint(op.f(WHOLE), "two_factor")
    op.drop_column("two_factor", "pending_until")
    op.drop_column("two_factor", "pending_secret")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {KINDS}")


def _known() -> list[str]:
    """The words that the vocabulary has by now, whichever migrations came before."""
    query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return re.findall(r"'([^']*)'", op.get_bind().scalar(query, {"name": KINDS}))


def _allow(words: list[str]) -> None:
    """Swap the vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f(KINDS), "notifications")
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE notifications ADD CONSTRAINT {KINDS} CHECK (kind IN ({listed})) NOT VALID")
