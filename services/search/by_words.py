"""Finding experiences and guides by words, suggesting them while somebody types, and what others search for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, REAL, BigInteger, bindparam, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from domain.searching import CANDIDATES
from models.catalogue import Guide, Listing
from models.prepared import Question
from models.search import FoundKind
from models.session import Database
from models.users import User
from services.catalogue import experiences, guides
from services.pages import Page, Window, not_a_cursor
from services.search.matching import Filters, Understood, candidates, understand, values_of

#: What a word counts in the title or the name, in the place, in the summary and in the rest, from the last to the first.
_WEIGHTS = "'{0.1, 0.2, 0.4, 1}'"
#: Whoever has five stars of many counts for a quarter more than somebody with none.
_LEAST, _A_STAR = "0.8", "0.00004"


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


def _finding() -> Question:
    best = candidates()
    words = cast(bindparam("words"), TSQUERY)
    relevance = func.ts_rank(cast(literal_column(_WEIGHTS), ARRAY(REAL)), best.c.vector, words)
    score = relevance * (literal_column(_LEAST) + best.c.quality * literal_column(_A_STAR))
    order = (score.desc(), best.c.quality.desc(), best.c.id)
    place, total = func.row_number().over(order_by=order).label("place"), func.count().over().label("total")
    ranked = select(best.c.id, best.c.kind, place, total).order_by(*order)
    ranked = ranked.limit(bindparam("limit", type_=BigInteger)).offset(bindparam("offset", type_=BigInteger))
    page = ranked.subquery("page")
    is_experience = page.c.kind == literal_column(f"'{FoundKind.EXPERIENCE}'")
    card = case((is_experience, experiences.WRITTEN_CARD), else_=guides.WRITTEN_CARD)
    rows = select(page.c.kind, card, page.c.total).select_from(page)
    rows = rows.outerjoin(Listing, (Listing.id == page.c.id) & is_experience).outerjoin(Guide, Guide.id == page.c.id)
    return Question(rows.outerjoin(User, User.id == Guide.user_id).order_by(page.c.place))


FIND = _finding()


def search(db: Database, q: str | None, filters: Filters, window: Window) -> Found:
    """The best of what has these words, in the order of relevance. A cursor says behind how many to go on."""
    understood = understand(db.hot, q) if q else None
    if understood is not None and not understood.terms:
        return Found(Page([], 0), understood)
    offset = window.offset if window.after is None else _position(window.after)
    asked, values = values_of(db.hot, understood, filters)
    values["words"] = asked.words
    rows = db.hot.ask(FIND, **values, limit=window.limit, offset=offset)
    # Beyond the last page there is no row to bring the count along.
    counted = rows or (db.hot.ask(FIND, **values, limit=1, offset=0) if offset else [])
    total = counted[0][2] if counted else 0
    end = offset + len(rows)
    hits = [Hit(FoundKind(kind), row) for kind, row, _ in rows]
    return Found(Page(hits, total, total >= CANDIDATES, (end,) if rows and end < total else None), understood)


def _position(after: Sequence[object]) -> int:
    match after:
        case [int(position)] if 0 < position <= CANDIDATES and not isinstance(position, bool):
            return position
    raise not_a_cursor()
