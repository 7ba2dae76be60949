"""Indexes that hold all that a list is filtered by, so that finding and counting a page reads no experience but its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_LIVE = sa.text("kind = 'experience' AND status = 'active'")
_FILTERED_BY = ("category", "price_minor", "currency", "rating_average", "min_guests", "max_guests", "location")
#: Name, columns of the order, and which of them are filtered by as well.
_INDEXES = (
    ("ix_listings_live_by_stars", [sa.text("rating_average DESC"), "id"], ("rating_average",)),
    ("ix_listings_live_by_cost", ["price_minor", "id"], ("price_minor",)),
    ("ix_listings_live_by_age", [sa.text("id DESC")], ()),
    ("ix_listings_live_by_category", ["category"], ("category",)),
)
#: What they replace.
_REPLACED = (
    ("ix_listings_live_by_rating", ["kind", "status", sa.text("rating_average DESC"), "id"]),
    ("ix_listings_live_by_price", ["kind", "status", "price_minor", "id"]),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '60s'")
        op.execute("SET statement_timeout = '30min'")
        for name, columns, keys in _INDEXES:
            # A build that was broken off leaves its index behind, of no use to anybody.
            op.drop_index(name, "listings", if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                "listings",
                columns,
                postgresql_include=[column for column in _FILTERED_BY if column not in keys],
                postgresql_where=_LIVE,
                postgresql_concurrently=True,
            )
        for name, _ in _REPLACED:
            op.drop_index(name, "listings", if_exists=True, postgresql_concurrently=True)
        op.execute("SET lock_timeout = '4s'")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    for name, columns in _REPLACED:
        op.create_index(name, "listings", columns)
    for name, _, _ in reversed(_INDEXES):
        op.drop_index(name, "listings")
