"""The one clock: the database's, moved by a fixed offset where a test or a demonstration needs another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session


@dataclass(slots=True)
class Clock:
    """Reads PostgreSQL's ``clock_timestamp()``; ``offset`` is refused in production by the settings."""

    offset: timedelta = timedelta(0)

    def now(self, session: Session) -> datetime:
        """The instant (aware, UTC). Rules read it after they have taken their locks, never before."""
        return session.scalar(select(func.clock_timestamp())) + self.offset

    def wall(self) -> datetime:
        """This machine's clock, moved alike: for the timestamps that providers want, never for rules."""
        return datetime.now(UTC) + self.offset
