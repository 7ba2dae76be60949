"""Public lists as plain rows: a page and its count in one prepared question for each set of filters and order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)

from models.prepared import Question
from models.session import Database
from services.pages import COUNT_CAP, Order, Page, Window

#: For so long a count is told again without counting, and so many of them are remembered.
REMEMBERED_SECONDS, MOST_REMEMBERED = 10.0, 4_096


_LIMIT = bindparam("limit", type_=BigInteger)


class Totals:
    """How many passed which filters a moment ago: counting them costs a third of a list."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._counted: dict[tuple[Any, ...], tuple[int, float]] = {}

    def recall(self, key: tuple[Any, ...]) -> int | None:
        total, until = self._counted.get(key, (0, 0.0))
        return total if self._clock() < until else None

    def remember(self, key: tuple[Any, ...], total: int) -> None:
        with self._lock:
            if len(self._counted) >= MOST_REMEMBERED:
                self._counted.clear()
            self._counted[key] = total, self._clock() + REMEMBERED_SECONDS

    def forget(self) -> None:
        self._counted.clear()


class HotList:
    """What one list is made of: its rows' id, the tables they come from, what is always asked of them, what they are shown
    as, and the filters and orders that there are by name. ``extra`` are more columns, by the filter that brings them, and
    ``counted`` is how many pass some filters where that is known without counting, else None."""

    def __init__(
        self,
        row_id: Any,
        source: Any,
        live: Any,
        shown: Any,
        filters: Mapping[str, Any],
        orders: Mapping[str, Order],
        *,
        extra: Mapping[str, Any] | None = None,
        counted: Callable[[tuple[str, ...]], Select[Any] | None] = lambda asked: None,
    ):
        self._id, self._source, self._live, self._shown = row_id, source, live, shown
        self._filters, self._orders = filters, orders
        self._extra = extra or {}
        self._known = counted
        self.question = lru_cache(maxsize=1024)(self._question)
        self._count_question = lru_cache(maxsize=256)(lambda asked: Question(self._counted(asked)))

    def find(
        self,
        db: Database,
        totals: Totals,
        asked: tuple[str, ...],
        values: Mapping[str, Any],
        sort: str,
        window: Window,
        *,
        total: int | None = None,
    ) -> Page[Sequence[Any]]:
        """One page of rows (what is shown, then extra columns) of those that pass the filters ``asked`` with ``values``.

        They are counted at this moment, or were some seconds ago where there is a next page; or ``total`` is known.
        """
        key = self._key(asked, values)
        known = totals.recall(key) if total is None else total
        places = {} if window.after is None else self.bounds(sort, window.after)
        question = self.question(asked, sort, bool(places))
        places |= {"limit": window.limit + 1, "offset": window.offset, "counts": known is None}
        rows = db.hot.ask(question, **values, **places)
        is_last = len(rows) <= window.limit
        if total is None:
            if is_last and window.after is None and (rows or not window.offset):
                total = window.offset + len(rows)
            elif known is not None:
                total = max(known, window.offset + len(rows)) if rows else known
            else:
                # Beyond the last page there is no row to bring the count along.
                total = rows[0][1] if rows else db.hot.ask(self._count_question(asked), **values)[0][0]
            totals.remember(key, total)
        shown = rows[: window.limit]
        next_keys = None if is_last else tuple(orjson.loads(shown[-1][0]))
        return Page.counted([row[2:] for row in shown], total, next_keys)

    def total(self, db: Database, totals: Totals, asked: tuple[str, ...], values: Mapping[str, Any]) -> int:
        """How many pass, at this moment or some seconds ago; never counted beyond :data:`COUNT_CAP` + 1."""
        key = self._key(asked, values)
        known = totals.recall(key)
        if known is None:
            known = db.hot.ask(self._count_question(asked), **values)[0][0]
            totals.remember(key, known)
        return known

    def _key(self, asked: tuple[str, ...], values: Mapping[str, Any]) -> tuple[Any, ...]:
        return self._source, asked, *(str(value) for value in values.values())

    def _question(self, asked: tuple[str, ...], sort: str, by_cursor: bool = False) -> Question:
        """A page, and the count where that is asked for."""
        found = self.found(asked, sort, by_cursor)
        counts = cast(bindparam("counts"), Boolean)
        if not by_cursor:
            # Whoever gets all that is left knows the count without counting; by cursor nobody knows how much came before.
            counts = and_(counts, select(func.count()).select_from(found).scalar_subquery() == _LIMIT)
        total = case((counts, self._counted(asked).scalar_subquery()))
        return Question(self.rows(found, asked, sort, total))

    def found(self, asked: tuple[str, ...], sort: str, by_cursor: bool) -> CTE:
        """The ids of a page: ``limit`` behind ``offset`` others, by cursor behind the row with the keys ``after_0`` and so on.
        They are found in an index, and only their own rows are read."""
        order = self._orders[sort]
        conditions = [self._live, *(self._filters[name] for name in asked)]
        if by_cursor:
            conditions.append(order.after([bindparam(f"after_{number}") for number in range(len(order.keys))]))
        found = select(self._id).select_from(self._source).where(*conditions).order_by(*order.columns)
        return found.limit(_LIMIT).offset(bindparam("offset", type_=BigInteger)).cte("found")

    def rows(self, found: CTE, asked: tuple[str, ...], sort: str, *columns: Any) -> Select[Any]:
        """The rows of those ids in their order: their keys as JSON, ``columns``, what is shown and what ``extra`` adds."""
        order = self._orders[sort]
        extra = [column for name, column in self._extra.items() if name in asked]
        page = select(_written_keys(order), *columns, self._shown, *extra)
        return page.select_from(self._source).join(found, found.c.id == self._id).order_by(*order.columns)

    def bounds(self, sort: str, after: Sequence[Any]) -> dict[str, Any]:
        """Keys that came back from a client as parameters. Raises a refusal of ``cursor``."""
        keys = self._orders[sort].read(after)
        # The last one is an id, which PREPARE takes as text.
        return {f"after_{number}": str(key) if number == len(keys) - 1 else key for number, key in enumerate(keys)}

    def _counted(self, asked: tuple[str, ...]) -> Select[Any]:
        if (known := self._known(asked)) is not None:
            return known
        conditions = (self._live, *(self._filters[name] for name in asked))
        capped = select(literal_column("1")).select_from(self._source).where(*conditions)
        return select(func.count()).select_from(capped.limit(literal_column(str(COUNT_CAP + 1))).subquery())


def _written_keys(order: Order) -> Any:
    """The keys of a row as :meth:`Order.read` reads them; decimals are text, for JSON would make floats of them."""
    columns = (cast(key.column, Text) if key.kind is Decimal else key.column for key in order.keys)
    return cast(func.json_build_array(*columns), Text)
