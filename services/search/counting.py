"""How many experiences there are of a category and a price, without counting them: a trigger keeps it for each step of price,
and only what lies in part of a step is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, case, func, literal_column, select, text
from sqlalchemy.orm import Session

from domain.price_steps import whole_steps
from models.catalogue import Listing
from models.listing_counts import ListingCount
from services.catalogue.experiences import LIVE
from services.pages import COUNT_CAP

#: The filters by which it is known.
COUNTED_BY = frozenset({"category", "currency", "min_price_minor", "max_price_minor"})
_FROM, _BEFORE = (bindparam(name) for name in ("whole_from", "whole_before"))
#: Rows of a step become one, in whatever order they were written.
_SUM_UP = text(
    """
    WITH taken AS (
        DELETE FROM listing_counts c USING (
            SELECT category, currency, price_step FROM listing_counts GROUP BY 1, 2, 3 HAVING count(*) > 1
        ) told
        WHERE (c.category, c.currency, c.price_step) = (told.category, told.currency, told.price_step)
        RETURNING c.category, c.currency, c.price_step, c.listings
    )
    INSERT INTO listing_counts (category, currency, price_step, listings)
    SELECT category, currency, price_step, sum(listings) FROM taken GROUP BY 1, 2, 3 HAVING sum(listings) <> 0
    """
)


def steps(values: Mapping[str, Any]) -> dict[str, int]:
    """The parameters of :func:`counted` beside those of the filters."""
    least, most = values.get("min_price_minor"), values.get("max_price_minor")
    return dict(zip(("whole_from", "whole_before"), whole_steps(least, most), strict=True))


def counted(asked: tuple[str, ...]) -> Select[Any] | None:
    """How many pass these filters, or at least that they are more than anybody is told; None where it is not known."""
    if not COUNTED_BY.issuperset(asked):
        return None
    kept, edges = [], [LIVE]
    for name in [name for name in ("category", "currency") if name in asked]:
        kept.append(getattr(ListingCount, name) == bindparam(name))
        edges.append(getattr(Listing, name) == bindparam(name))
    parts = []
    if "min_price_minor" in asked:
        kept.append(ListingCount.price_step >= _FROM)
        parts.append((Listing.price_minor >= bindparam("min_price_minor"), Listing.price_minor < _FROM))
    if "max_price_minor" in asked:
        kept.append(ListingCount.price_step < _BEFORE)
        parts.append((Listing.price_minor >= _BEFORE, Listing.price_minor <= bindparam("max_price_minor")))
    whole = select(func.coalesce(func.sum(ListingCount.listings), literal_column("0")).label("listings"))
    whole = whole.where(*kept).subquery()
    some = [_count(select(literal_column("1")).select_from(Listing).where(*edges, *part)) for part in parts]
    total = sum(some, whole.c.listings)
    return select(case((whole.c.listings > literal_column(str(COUNT_CAP)), whole.c.listings), else_=total))


def sum_up(session: Session) -> None:
    """Have as few rows as there are steps. The caller has the turn, so nobody else does it at the same time."""
    session.execute(_SUM_UP)


def _count(listings: Select[Any]) -> Any:
    some = listings.limit(literal_column(str(COUNT_CAP + 1))).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
