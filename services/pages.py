"""Lists by the page: rows in an order without ties, a page behind a number of others or behind a row, and their count."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import BigInteger, Select, SmallInteger, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from domain.errors import RuleViolation, field_error

Row = TypeVar("Row")
#: Beyond this nobody counts: a page says "more than" instead.
COUNT_CAP = 10_000
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?")
#: Years that a row of ours can be of.
_YEARS = range(1900, 2300)


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows are asked for: ``limit`` of them, after ``offset`` others or else after the row with the keys ``after``."""

    limit: int = 20
    offset: int = 0
    after: Sequence[Any] | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, and how many there are (at least so many where ``is_capped``). ``next_keys`` are where the next page begins, None
    at the end of the list."""

    rows: Sequence[Row]
    total: int
    is_capped: bool = False
    next_keys: tuple[Any, ...] | None = None

    @classmethod
    def counted(cls, rows: Sequence[Row], total: int, next_keys: tuple[Any, ...] | None) -> Page[Row]:
        """A page with a count that went on to :data:`COUNT_CAP` + 1 at most."""
        return cls(rows, min(total, COUNT_CAP), total > COUNT_CAP, next_keys)


class Key(NamedTuple):
    """One column of an order. ``name`` is what rows call it."""

    column: Any
    descends: bool
    name: str
    kind: type


def rising(column: Any, name: str | None = None) -> Key:
    """Small ones first."""
    return Key(column, False, name or column.key, column.type.python_type)


def falling(column: Any, name: str | None = None) -> Key:
    """Great ones first."""
    return Key(column, True, name or column.key, column.type.python_type)


class Order:
    """The order of a list. Its last key is one that no two rows share, so that each row has its place whatever is added or
    taken away around it."""

    def __init__(self, *keys: Key):
        self.keys = keys
        self.columns = tuple(key.column.desc() if key.descends else key.column.asc() for key in keys)

    def after(self, bounds: Sequence[Any]) -> Any:
        """What holds of the rows behind the one with these keys."""
        columns = [key.column for key in self.keys]
        directions = {key.descends for key in self.keys}
        if len(columns) == 1:
            return _behind(self.keys[0], bounds[0])
        if len(directions) == 1:
            # One comparison of rows, which an index answers by going straight to its place.
            row, bound = tuple_(*columns), tuple_(*bounds, types=[column.type for column in columns])
            return row < bound if directions.pop() else row > bound
        behind = false()
        for position, key in enumerate(self.keys):
            alike = [column == bound for column, bound in zip(columns[:position], bounds, strict=False)]
            behind = or_(behind, and_(*alike, _behind(key, bounds[position])))
        return behind

    def keys_of(self, row: Any) -> tuple[Any, ...]:
        """The keys of a row."""
        return tuple(getattr(row, key.name) for key in self.keys)

    def read(self, given: Sequence[Any]) -> list[Any]:
        """Keys that came back from a client, as values. Raises a refusal of ``cursor``."""
        try:
            return [_read(key, value) for key, value in zip(self.keys, given, strict=True)]
        except (ValueError, TypeError) as error:
            raise not_a_cursor() from error

    def page(
        self,
        session: Session,
        rows: Select[Any],
        window: Window,
        total: int,
        *,
        of: Callable[[Any], Any] = lambda row: row[0],
    ) -> Page[Any]:
        """One page of ``rows``, read in one query. ``of`` is the part of a row that has the keys, by default the first."""
        if window.after is not None:
            rows = rows.where(self.after(self.read(window.after)))
        # One more than is shown tells whether there is a next page.
        found = session.execute(rows.order_by(*self.columns).limit(window.limit + 1).offset(window.offset)).all()
        shown = found[: window.limit]
        next_keys = self.keys_of(of(shown[-1])) if len(found) > window.limit else None
        return Page.counted(shown, total, next_keys)

    def scalars(self, session: Session, rows: Select[Any], window: Window, total: int) -> Page[Any]:
        """The same for rows of one entity."""
        found = self.page(session, rows, window, total)
        return Page([row[0] for row in found.rows], found.total, found.is_capped, found.next_keys)


def count(session: Session, rows: Select[Any]) -> int:
    """How many rows there are, never counted beyond :data:`COUNT_CAP` + 1."""
    return session.scalar(select(func.count()).select_from(rows.limit(COUNT_CAP + 1).subquery())) or 0


def not_a_cursor() -> RuleViolation:
    return field_error("cursor", "Not a cursor of this list: begin again at its first page.")


def writable(key: Any) -> Any:
    """A key as JSON has it; :meth:`Order.read` is the way back."""
    return key.isoformat() if isinstance(key, date) else str(key) if isinstance(key, uuid.UUID | Decimal) else key


def _behind(key: Key, bound: Any) -> Any:
    return key.column < bound if key.descends else key.column > bound


def _read(key: Key, value: Any) -> Any:
    read = _READERS[key.kind](value)
    if key.kind is int and abs(read) >= 2 ** _bits(key.column.type):
        raise ValueError
    return read


def _bits(type_: Any) -> int:
    """Of a whole number that the database can compare with such a column."""
    return 63 if isinstance(type_, BigInteger) else 15 if isinstance(type_, SmallInteger) else 31


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError
    return value


def _id(value: Any) -> uuid.UUID:
    if not isinstance(value, str):
        raise TypeError
    return uuid.UUID(value)


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None or instant.year not in _YEARS:
        raise ValueError
    return instant.astimezone(UTC)


def _day(value: Any) -> date:
    day = date.fromisoformat(value)
    if day.year not in _YEARS:
        raise ValueError
    return day


def _decimal(value: Any) -> Decimal:
    if not _DECIMAL.fullmatch(value):
        raise ValueError
    return Decimal(value)


def _float(value: Any) -> float:
    if type(value) is not float or not math.isfinite(value):
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    # Half characters are none that the database knows.
    value.encode()
    return value


_READERS: dict[type, Callable[[Any], Any]] = {
    int: _whole,
    uuid.UUID: _id,
    datetime: _instant,
    date: _day,
    Decimal: _decimal,
    float: _float,
    str: _text,
}
