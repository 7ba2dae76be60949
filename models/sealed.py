"""Columns that hold sealed texts: one type marks them, so that whoever rotates keys knows them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Dialect, Text, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator

from domain.vault import is_sealed
from models.base import Base


class SealedText(TypeDecorator[str]):
    """Text that only a vault can have made; anything else is refused before it reaches the database.

    ``when_lost`` says, for operators, what helps where no key opens a value; one that ``heals`` needs nobody's help.
    """

    impl = Text
    cache_ok = True

    def __init__(self, when_lost: str, *, heals: bool = False):
        super().__init__()
        self.when_lost = when_lost
        self.heals = heals

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and not is_sealed(value):
            raise ValueError("only sealed text is kept in this column")
        return value


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed texts, in a table whose rows are known by one column."""

    column: Column[Any]

    @property
    def name(self) -> str:
        return f"{self.column.table.name}.{self.column.name}"

    @property
    def key(self) -> Column[Any]:
        (key,) = self.column.table.primary_key.columns
        return key

    @property
    def when_lost(self) -> str:
        return self.column.type.when_lost

    @property
    def heals(self) -> bool:
        return self.column.type.heals

    def place(self, key: Any) -> str:
        """What the text of a row is sealed for."""
        return f"{self.name}:{key}"

    def batch(self, session: Session, after: Any, limit: int) -> Sequence[tuple[Any, str]]:
        """Keys and texts of the next rows, in order of their keys; ``after`` None for the first."""
        query = select(self.key, self.column).where(self.column.is_not(None)).order_by(self.key).limit(limit)
        return [(key, text) for key, text in session.execute(query if after is None else query.where(self.key > after))]

    def replace(self, session: Session, key: Any, before: str, after: str) -> bool:
        """Write a text anew where nobody has meanwhile; no two sealings are alike, so an old one never comes back."""
        changed = update(self.column.table).where(self.key == key, self.column == before).values({self.column: after})
        return session.execute(changed).rowcount == 1


def place_of(attribute: InstrumentedAttribute[Any], key: Any) -> str:
    """What a text is sealed for that stands in this attribute of the row with this key."""
    (column,) = attribute.property.columns
    return SealedColumn(column).place(key)


def sealed_columns() -> list[SealedColumn]:
    """Every column of ours that holds sealed texts."""
    tables = Base.metadata.sorted_tables
    return [SealedColumn(column) for table in tables for column in table.columns if isinstance(column.type, SealedText)]
