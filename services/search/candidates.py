"""What a search looks at closely: the best few hundred documents that have what is sought, read band by band and no further
than the page that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    CTE,
    REAL,
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    Integer,
    Numeric,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from domain.searching import BANDS, CANDIDATES, FEW_OF_SEVERAL, FIRST_CANDIDATES, NEAR_BANDS
from models.search import SearchDocument

_FIRST, _MOST = (literal_column(str(most), Integer) for most in (FIRST_CANDIDATES, CANDIDATES))
_FEW = literal_column(str(FEW_OF_SEVERAL), Integer)
#: What a word counts in the title or the name, in the place, in the summary and in the rest, from the last to the first.
_WEIGHTS = literal_column("'{0.1, 0.2, 0.4, 1}'::real[]", ARRAY(REAL))
#: Whoever has five stars of many counts for a quarter more than somebody with none.
_LEAST, _A_STAR = (literal_column(f"{number}::double precision", Double) for number in ("0.8", "0.00004"))
#: Where to look, one after the other: titles of the best, whatever else they say, and titles of the bands beyond, which are
#: large.
_LOOKS = (
    *((band, "heads") for band in BANDS[:NEAR_BANDS]),
    *((band, "others") for band in BANDS[:NEAR_BANDS]),
    *((band, "heads") for band in BANDS[NEAR_BANDS:]),
)
_LOOKED_AT = (SearchDocument.id, SearchDocument.kind, SearchDocument.quality, SearchDocument.vector)


class Candidates(NamedTuple):
    """Rows of ``id``, ``kind``, ``stage``, ``score`` and ``quality``; how many these are, and whether there are no more."""

    rows: Subquery
    total: Any
    is_all: Any


def given(name: str, type_: Any) -> ColumnElement[Any]:
    """A parameter that PostgreSQL is told the type of."""
    return cast(bindparam(name), type_)


def in_band(band: int) -> ColumnElement[bool]:
    """Written out, for each band has an index of its own."""
    return SearchDocument.band == literal_column(str(band))


def ids(*, is_few: bool, is_narrowed: bool) -> Select[Any]:
    """The ids of the best, to be put in an order of their own: all of them are looked for, whatever page is asked for."""
    if is_few:
        return select(union_all(*_few([SearchDocument.id], is_narrowed)).subquery()).limit(_MOST)
    looks = (*_LOOKS, *((band, "others") for band in BANDS[NEAR_BANDS:]))
    bands = (_look(*look, [SearchDocument.id], is_narrowed) for look in looks)
    return select(union_all(*bands).subquery()).limit(_MOST)


def few(*, is_narrowed: bool) -> Candidates:
    """All that has a word of which there are few, and whatever else is sought."""
    found = _scored("few", literal_column("0"), list(_few(_LOOKED_AT, is_narrowed)), _FEW)
    total = select(func.count()).select_from(found).scalar_subquery()
    return Candidates(select(found).subquery("candidates"), total, true())


def many(*, is_narrowed: bool, is_deep: bool) -> Candidates:
    """The best hundred, or few hundred where a page ``is_deep``. What has the words in title or place comes first, and the better
    before the worse: as soon as there are enough, PostgreSQL reads no further. What has them elsewhere in a large band comes
    behind all that, and is looked for only where less than ``needed`` was found until then, or where there is nothing in the
    first of these bands yet."""
    most, place = _FIRST, literal_column("0")
    if is_deep:
        # Pages before this one showed the first of them in their order.
        most, place = _MOST, case((func.row_number().over() <= _FIRST, place), else_=literal_column("1"))
    looks = [_look(*look, _LOOKED_AT, is_narrowed) for look in _LOOKS]
    stages, goes_on = [_scored("near", place, looks, most)], true()
    met = _met(stages[0], literal_column("0"), most, goes_on)
    for stage, band in enumerate(BANDS[NEAR_BANDS:], 2):
        total, goes_on = (select(column).scalar_subquery() for column in (met.c.total, met.c.goes_on))
        look = _look(band, "others", _LOOKED_AT, is_narrowed, goes_on)
        stages.append(_scored(f"far_{band}", literal_column(str(stage)), [look], _MOST - total))
        met = _met(stages[-1], total, _MOST, goes_on)
    rows = union_all(*(select(found) for found in stages)).subquery("candidates")
    return Candidates(rows, select(met.c.total).scalar_subquery(), goes_on)


def _few(columns: Sequence[Any], is_narrowed: bool) -> Iterator[Select[Any]]:
    """PostgreSQL is not shown the rest as something that an index finds: it would read the lists of all other words besides."""
    has_rest = or_(given("rest", TSQUERY).is_(None), _says("rest"))
    return (_look(band, "few", columns, is_narrowed, has_rest) for band in BANDS)


def _met(stage: CTE, before: Any, most: Any, went_on: Any) -> CTE:
    """How many were found until the end of a stage, and whether another one follows it: none does where it may have left some
    out itself."""
    total = (func.count() + before).label("total")
    is_small = ~exists(select(literal_column("1")).where(in_band(NEAR_BANDS)))
    goes_on = and_(went_on, total < most, or_(total <= given("needed", BigInteger), is_small)).label("goes_on")
    return select(total, goes_on).select_from(stage).cte(f"{stage.name}_met")


def _scored(name: str, stage: Any, bands: Sequence[Select[Any]], most: Any) -> CTE:
    """Some of what is in these bands, with how much it has to do with ``words``."""
    some = select(union_all(*bands).subquery()).limit(most).subquery()
    relevance = func.ts_rank(_WEIGHTS, some.c.vector, given("words", TSQUERY))
    score = (relevance * (_LEAST + some.c.quality * _A_STAR)).label("score")
    return select(some.c.id, some.c.kind, stage.label("stage"), score, some.c.quality).cte(name)


def _look(band: int, lexemes: str, columns: Sequence[Any], is_narrowed: bool, *conditions: Any) -> Select[Any]:
    has = SearchDocument.vector.op("@@", is_comparison=True)(given(lexemes, TSQUERY))
    if lexemes == "others":
        # Found before; asked of the index it would read these lists, too.
        conditions = *conditions, ~_says("heads")
    return select(*columns).where(in_band(band), has, *conditions, *(_narrowed() if is_narrowed else ()))


def _says(lexemes: str) -> ColumnElement[bool]:
    """What an index could find, asked of what was found otherwise."""
    return func.ts_match_vq(SearchDocument.vector, given(lexemes, TSQUERY), type_=Boolean)


def _narrowed() -> Iterator[ColumnElement[bool]]:
    """Bounds that no lexeme tells exactly."""
    yield _unless("min_rating", Numeric, SearchDocument.rating_average.__ge__)
    yield _unless("currency", Text, SearchDocument.currency.__eq__)
    yield _unless("least", BigInteger, SearchDocument.price_minor.__ge__)
    yield _unless("most", BigInteger, SearchDocument.price_minor.__le__)
    yield _unless("guests", Integer, SearchDocument.min_guests.__le__)
    yield _unless("guests", Integer, SearchDocument.max_guests.__ge__)


def _unless(name: str, type_: Any, holds: Callable[[Any], Any]) -> ColumnElement[bool]:
    """A filter that holds for everything where its parameter is null."""
    return or_(given(name, type_).is_(None), holds(given(name, type_)))
