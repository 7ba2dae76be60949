"""Indexes that also hold locations in small letters, so that finding a place compares bytes instead of folding each row's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_LIVE = sa.text("kind = 'experience' AND status = 'active'")
#: The plain location stays: without it PostgreSQL does not see that the index holds all it needs.
_FILTERED_BY = ("category", "price_minor", "currency", "rating_average", "min_guests", "max_guests", "location")
_FOLDED = sa.text("lower(location)")
#: Order, its columns, and which of them are filtered by as well.
_ORDERS = (
    ("stars", [sa.text("rating_average DESC"), "id"], "rating_average"),
    ("cost", ["price_minor", "id"], "price_minor"),
    ("age", [sa.text("id DESC")], ""),
    ("category", ["category"], "category"),
)


def upgrade() -> None:
    _exchange("ix_listings_live_by_", "ix_listings_found_by_", [_FOLDED])


def downgrade() -> None:
    _exchange("ix_listings_found_by_", "ix_listings_live_by_", [])


def _exchange(old: str, new: str, last: list[sa.TextClause]) -> None:
    """Build the new ones while everybody works, then drop the old ones."""
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '60s'")
        op.execute("SET statement_timeout = '30min'")
        for order, columns, key in _ORDERS:
            # A build that was broken off leaves its index behind, of no use to anybody.
            op.drop_index(new + order, "listings", if_exists=True, postgresql_concurrently=True)
            op.create_index(
                new + order,
                "listings",
                [*columns, *last],
                postgresql_include=[column for column in _FILTERED_BY if column != key],
                postgresql_where=_LIVE,
                postgresql_concurrently=True,
            )
        for order, _, _ in _ORDERS:
            op.drop_index(old + order, "listings", if_exists=True, postgresql_concurrently=True)
        op.execute("SET lock_timeout = '4s'")
        op.execute("SET statement_timeout = '60s'")
