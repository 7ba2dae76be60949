"""The declarative base: names for every constraint, UUIDv7 keys and the few column shapes that all tables share."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import uuid_utils.compat
from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Minor = Annotated[int, mapped_column(BigInteger)]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]


def new_id() -> uuid.UUID:
    """A UUIDv7: ordered by time, so that indexes grow at one end."""
    return uuid_utils.compat.uuid7()


class Base(DeclarativeBase):
    """All tables of the product."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: Text, datetime: DateTime(timezone=True)}  # noqa: RUF012  (SQLAlchemy reads it as is)


class WithId:
    """A table whose rows are known by a UUIDv7."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)


class Created:
    """A table that remembers when its rows were written (the database's own clock, never moved)."""

    created_at: Mapped[Instant] = mapped_column(server_default=func.clock_timestamp(), sort_order=90)


def one_of(column: str, *vocabularies: type[StrEnum]) -> CheckConstraint:
    """A named CHECK that keeps a text column inside the domain's vocabularies."""
    values = ", ".join(f"'{member.value}'" for vocabulary in vocabularies for member in vocabulary)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")
