"""Indexes for lists that go by cursor and for places: the order by stars in one direction, and where on the globe things are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0021"

_LIVE = sa.text("kind = 'experience' AND status = 'active'")
_FILTERED_BY = ["category", "price_minor", "currency", "min_guests", "max_guests", "location"]
_PLACE = sa.text("point(longitude::double precision, latitude::double precision)")
#: A keyset is found in an index at once only where all its columns go the same way.
_BY_RATING = ("ix_listings_found_by_rating", ["rating_average", "id"])
_BY_STARS = ("ix_listings_found_by_stars", [sa.text("rating_average DESC"), "id"])


def upgrade() -> None:
    with op.get_context().autocommit_block():
        _patiently()
        _build(*_BY_RATING)
        _drop("ix_listings_found_by_place")
        op.create_index(
            "ix_listings_found_by_place",
            "listings",
            [_PLACE],
            postgresql_using="gist",
            postgresql_where=_LIVE,
            postgresql_concurrently=True,
        )
        _drop(_BY_STARS[0])
        _promptly()


def downgrade() -> None:
    with op.get_context().autocommit_block():
        _patiently()
        _build(*_BY_STARS)
        _drop("ix_listings_found_by_place")
        _drop(_BY_RATING[0])
        _promptly()


def _build(name: str, order: list[object]) -> None:
    # A build that was broken off leaves its index behind, of no use to anybody.
    _drop(name)
    op.create_index(
        name,
        "listings",
        [*order, sa.text("lower(location)")],
        postgresql_include=_FILTERED_BY,
        postgresql_where=_LIVE,
        postgresql_concurrently=True,
    )


def _drop(name: str) -> None:
    op.drop_index(name, "listings", if_exists=True, postgresql_concurrently=True)


def _patiently() -> None:
    """Everybody works meanwhile."""
    op.execute("SET lock_timeout = '60s'")
    op.execute("SET statement_timeout = '30min'")


def _promptly() -> None:
    op.execute("SET lock_timeout = '4s'")
    op.execute("SET statement_timeout = '60s'")
