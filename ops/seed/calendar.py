"""Which starts the demo's guides could really have run: their schedules, with what is taken already left out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.schedules import Taken, Timetable, slot_at, starts_on
from domain.weeks import Slot
from models import AvailabilityException, Departure, Listing, ScheduleRule
from services.availability.experiences import LONGEST_BUFFER


@dataclass(slots=True)
class Run:
    """A departure to be written, and how many of its seats are taken."""

    listing: Listing
    starts_at: datetime
    ends_at: datetime
    seats_taken: int = 0


@dataclass
class Calendar:
    """Schedules and taken time of many bodies, read once; what is planned here is taken from then on."""

    today: date
    timetables: dict[uuid.UUID, Timetable]
    runs: dict[tuple[uuid.UUID, datetime], Run] = field(default_factory=dict)
    _taken: dict[uuid.UUID, dict[date, list[Taken]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    @classmethod
    def of(cls, session: Session, listings: Sequence[Listing], today: date) -> Calendar:
        """Everything about these listings and their bodies, in three queries."""
        bodies = {listing.resource_id for listing in listings}
        # All of the demo is in one zone, so that nobody's hours are read in another.
        own, shared, closed = defaultdict(list), defaultdict(list), defaultdict(list)
        for rule in session.scalars(select(ScheduleRule)):
            (own[rule.listing_id] if rule.listing_id else shared[rule.resource_id]).append(rule.hours(None))
        for each in session.scalars(select(AvailabilityException)):
            closed[each.listing_id or each.resource_id].append(each.hours(None))
        timetables = {
            listing.id: Timetable(
                listing_id=listing.id,
                zone=listing.zone,
                duration=listing.duration,
                buffer=timedelta(minutes=listing.buffer_minutes),
                # What was booked in time stands, however soon it starts; and what is past was once ahead.
                cut_off=timedelta(0),
                horizon=timedelta(days=3650),
                capacity=listing.capacity,
                rules=own[listing.id] or shared[listing.resource_id],
                exceptions=closed[listing.id] + closed[listing.resource_id],
            )
            for listing in listings
        }
        calendar = cls(today, timetables)
        calendar._note(session, bodies)
        return calendar

    def starts(self, listing: Listing, day: date) -> list[datetime]:
        """The starts that the schedule offers on a local day, whatever is taken."""
        return starts_on(self.timetables[listing.id], day)

    def slot(self, listing: Listing, start: datetime) -> Slot | None:
        """The seats at this start; None where the body is busy elsewhere."""
        day = start.date()
        near = self._taken[listing.resource_id]
        taken = [each for shift in (-1, 0, 1) for each in near[day + timedelta(days=shift)]]
        return slot_at(self.timetables[listing.id], start, taken, start - timedelta(days=1))

    def take(self, listing: Listing, start: datetime, seats: int) -> Run:
        """Take seats of a start that :meth:`slot` has offered."""
        run = self.runs.get((listing.id, start))
        day = self._taken[listing.resource_id][start.date()]
        if run is None:
            run = self.runs[(listing.id, start)] = Run(listing, start, start + listing.duration)
        else:
            day[:] = [each for each in day if (each.listing_id, each.starts_at) != (listing.id, start)]
        run.seats_taken += seats
        buffer = timedelta(minutes=listing.buffer_minutes)
        if run.seats_taken:
            day.append(Taken(start, run.ends_at, buffer, listing.id, listing.capacity, run.seats_taken))
        return run

    def _note(self, session: Session, bodies: Iterable[uuid.UUID]) -> None:
        """Runs that exist already: somebody may have worked with this database before. None of them is joined."""
        rows = session.execute(
            select(Departure.resource_id, func.lower(Departure.during), func.upper(Departure.during)).where(
                Departure.resource_id.in_(bodies)
            )
        )
        for body, start, end in rows:
            elsewhere = Taken(start, end, LONGEST_BUFFER / 24, None, 1, 1)
            self._taken[body][start.date()].append(elsewhere)
