"""Finding what concerns one person in any table, along the ways that the registry of personal data names."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, Table, or_, select

from domain.personal_data import Side, Way
from models.base import Base


def concerns(table: Table, side: Side, user_id: uuid.UUID) -> ColumnElement[bool]:
    """The condition under which a row of ``table`` is the user's, as one side of it sees it."""
    return or_(*(_leads_to(table, way, user_id) for way in side.ways))


def table_of(name: str) -> Table:
    return Base.metadata.tables[name]


def _leads_to(table: Table, way: Way, user_id: uuid.UUID) -> ColumnElement[bool]:
    column, rest = table.c[way[0]], way[1:]
    if not rest:
        return column == user_id
    (key,) = column.foreign_keys
    return column.in_(select(key.column).where(_leads_to(key.column.table, rest, user_id)))
