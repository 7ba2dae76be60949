"""What is found at any size: one lexeme for a category with a step of price, and an index with both of them first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0034"

_LIVE = sa.text("kind = 'experience' AND status = 'active'")
_BY_CATEGORY = ("ix_listings_found_by_category", ["category"])
_BY_CATEGORY_AND_PRICE = ("ix_listings_found_by_category_and_price", ["category", "currency", "price_minor", "id"])
_FILTERED_BY = ("category", "price_minor", "currency", "rating_average", "min_guests", "max_guests", "location")
#: Documents that are written at once: triggers of those who change one of them wait no longer than that takes.
_BATCH = 1_000
_CATEGORIES = ("adventure", "cultural", "food", "nature", "nightlife")
_SEARCHABLE = """
    CREATE OR REPLACE FUNCTION searchable(wanted uuid) RETURNS TABLE (
        id uuid, kind text, vector tsvector, quality smallint, rating_average numeric,
        currency text, price_minor bigint, min_guests smallint, max_guests smallint
    ) LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT l.id, 'experience',
            search_vector(l.title, l.location, l.summary, l.description, ARRAY[
                '#experience', '#' || l.category, {lexemes}]),
            search_quality(l.rating_average, l.rating_count), l.rating_average,
            l.currency, l.price_minor, l.min_guests, l.max_guests
        FROM listings l WHERE l.id = wanted AND l.kind = 'experience' AND l.status = 'active'
        UNION ALL
        SELECT g.id, 'guide',
            search_vector(u.first_name || ' ' || u.last_name, g.region, array_to_string(g.specializations || g.languages, ' '), g.bio,
                ARRAY['#guide']),
            search_quality(g.rating_average, g.rating_count), g.rating_average, NULL, NULL, NULL, NULL
        FROM guides g JOIN users u ON u.id = g.user_id
        WHERE g.id = wanted AND u.status IN ('pending', 'active') AND 'guide' = ANY (u.roles)
    $$
"""
_COSTS = "{row}.currency || floor(2 * ln({row}.price_minor + 1) / ln(2))::integer"
_PRICE = "'#' || " + _COSTS.format(row="l")
_CATEGORY_AND_PRICE = "'#' || l.category || ' ' || " + _COSTS.format(row="l")
_SOME = sa.text("SELECT id FROM search_documents WHERE id > :after ORDER BY id LIMIT :most")
#: A row knows its category by its own lexemes: whoever changes it at this moment is waited for, and what they wrote is read.
_ADD = sa.text(
    f"""
    UPDATE search_documents d SET vector = d.vector || array_to_tsvector(ARRAY(
        SELECT '#' || category || ' ' || {_COSTS.format(row="d")}
        FROM unnest(CAST(:categories AS text[])) category
        WHERE d.vector @@ CAST('''#' || category || '''' AS tsquery)))
    WHERE d.id = ANY(:ids) AND d.kind = 'experience'
    """  # noqa: S608 - an expression of ours
)


def upgrade() -> None:
    op.execute(_SEARCHABLE.format(lexemes=f"{_PRICE}, {_CATEGORY_AND_PRICE}"))
    # From here on triggers write the new lexeme; what was there before gets it while everybody writes.
    with op.get_context().autocommit_block():
        _patiently()
        _build(*_BY_CATEGORY_AND_PRICE)
        _drop(_BY_CATEGORY[0])
        _fill()
        _promptly()


def downgrade() -> None:
    # The lexemes stay: the release that is left does not ask for them, and a document loses them when it changes.
    op.execute(_SEARCHABLE.format(lexemes=_PRICE))
    with op.get_context().autocommit_block():
        _patiently()
        _build(*_BY_CATEGORY)
        _drop(_BY_CATEGORY_AND_PRICE[0])
        _promptly()


def _fill() -> None:
    bind, after = op.get_bind(), "00000000-0000-0000-0000-000000000000"
    while ids := bind.scalars(_SOME, {"after": after, "most": _BATCH}).all():
        bind.execute(_ADD, {"ids": ids, "categories": list(_CATEGORIES)})
        after = ids[-1]


def _build(name: str, order: list[str]) -> None:
    # A build that was broken off leaves its index behind, of no use to anybody.
    _drop(name)
    op.create_index(
        name,
        "listings",
        [*order, sa.text("lower(location)")],
        postgresql_include=[column for column in _FILTERED_BY if column not in order],
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
