"""Finding experiences and guides by words, suggesting them while somebody types, and what others search for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import BigInteger, bindparam, case, literal_column, select

from domain.searching import CANDIDATES, FIRST_CANDIDATES
from models.catalogue import Guide, Listing
from models.prepared import Question
from models.search import FoundKind
from models.session import Database
from models.users import User
from services.catalogue import experiences, guides
from services.pages import Page, Window, not_a_cursor
from services.search.candidates import few, many
from services.search.matching import Filters, Understood, understand, values_of


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; ``row`` is read by the card of its kind."""

    kind: FoundKind
    row: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, and how the search was understood; None where nothing was typed."""

    page: Page[Hit]
    understood: Understood | None


@cache
def finding(is_few: bool, is_narrowed: bool, is_deep: bool) -> Question:
    """A page of the best with their cards, how many these are and whether there are no more."""
    best = few(is_narrowed=is_narrowed) if is_few else many(is_narrowed=is_narrowed, is_deep=is_deep)
    found = best.rows.c
    order = (found.stage, found.score.desc(), found.quality.desc(), found.id)
    page = select(best.rows).order_by(*order).limit(bindparam("limit", type_=BigInteger))
    page = page.offset(bindparam("offset", type_=BigInteger)).subquery("page")
    # Looked up one by one: PostgreSQL, which plans for a page of any length, would rather read all guides of a small catalogue.
    experience = select(experiences.WRITTEN_CARD).where(Listing.id == page.c.id).scalar_subquery()
    guide = select(guides.WRITTEN_CARD).join_from(Guide, User, User.id == Guide.user_id)
    guide = guide.where(Guide.id == page.c.id).scalar_subquery()
    card = case((page.c.kind == literal_column(f"'{FoundKind.EXPERIENCE}'"), experience), else_=guide)
    rows = select(page.c.kind, card, best.total, best.is_all).select_from(page)
    return Question(rows.order_by(page.c.stage, page.c.score.desc(), page.c.quality.desc(), page.c.id))


def search(db: Database, q: str | None, filters: Filters, window: Window) -> Found:
    """The best of what has these words, in the order of relevance. A cursor says behind how many to go on."""
    understood = understand(db.hot, q) if q else None
    if understood is not None and not understood.terms:
        return Found(Page([], 0), understood)
    offset = window.offset if window.after is None else _position(window.after)
    asked, values = values_of(db.hot, understood, filters)
    values["words"] = asked.words
    values["needed"] = offset + window.limit
    question = finding(asked.few is not None, filters.is_narrow, values["needed"] >= FIRST_CANDIDATES)
    rows = db.hot.ask(question, **values, limit=window.limit, offset=offset)
    # Beyond the last page there is no row to bring the count along.
    counted = rows or (db.hot.ask(question, **values, limit=1, offset=0) if offset else [])
    total, is_all = counted[0][2:] if counted else (0, True)
    total = min(total, CANDIDATES)
    end = offset + len(rows)
    hits = [Hit(FoundKind(kind), row) for kind, row, *_ in rows]
    return Found(
        Page(hits, total, total >= CANDIDATES or not is_all, (end,) if rows and end < total else None), understood
    )


def _position(after: Sequence[object]) -> int:
    match after:
        case [int(position)] if 0 < position <= CANDIDATES and not isinstance(position, bool):
            return position
    raise not_a_cursor()
