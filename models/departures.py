"""One run of a listing: the counter and the constraints that refuse to sell a seat, or a guide, twice."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import column, text

from models.base import Base, Created, WithId


class Departure(WithId, Created, Base):
    """Made when its first seats are taken; ``during`` is half-open and never changes, ``capacity`` is copied when made."""

    __tablename__ = "departures"
    __table_args__ = (
        CheckConstraint("seats_taken BETWEEN 0 AND capacity", name="seats_within_capacity"),
        CheckConstraint("NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)", name="during_half_open"),
        UniqueConstraint("listing_id", "resource_id", "during"),
        ExcludeConstraint(
            (column("resource_id"), "="),
            (column("during"), "&&"),
            where=text("seats_taken > 0"),
            name="ex_departures_resource_busy",
            using="gist",
        ),
    )

    listing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("listings.id"))
    resource_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resources.id"))
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    capacity: Mapped[int] = mapped_column(SmallInteger)
    seats_taken: Mapped[int] = mapped_column(SmallInteger, server_default="0")
