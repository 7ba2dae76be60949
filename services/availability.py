"""When a listing can be booked: its timetable and what is taken, read in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Session

from domain.schedules import DateException, Slot, Taken, Timetable, WeeklyRule, slots
from models.catalogue import AvailabilityException, Listing, ScheduleRule
from models.departures import Departure
from services.context import Context

#: No listing asks for a longer break between two tours than this.
LONGEST_BUFFER = timedelta(days=1)


def timetable_of(session: Session, ctx: Context, listing: Listing, first: date, last: date) -> Timetable:
    """The listing's own hours, or its body's where it has none; exceptions of both count."""
    rules = session.scalars(
        select(ScheduleRule).where(
            or_(ScheduleRule.listing_id == listing.id, ScheduleRule.resource_id == listing.resource_id)
        )
    ).all()
    own = [rule for rule in rules if rule.listing_id is not None]
    exceptions = session.scalars(
        select(AvailabilityException).where(
            or_(
                AvailabilityException.listing_id == listing.id,
                AvailabilityException.resource_id == listing.resource_id,
            ),
            AvailabilityException.on_date.between(first, last),
        )
    )
    return Timetable(
        listing_id=listing.id,
        zone=listing.zone,
        duration=listing.duration,
        buffer=timedelta(minutes=listing.buffer_minutes),
        cut_off=timedelta(hours=listing.cut_off_hours),
        horizon=ctx.policy.horizon,
        capacity=listing.capacity,
        rules=[WeeklyRule(r.weekday, r.start_time, r.end_time, r.valid_from, r.valid_until) for r in own or rules],
        exceptions=[DateException(e.on_date, e.is_available, e.start_time, e.end_time) for e in exceptions],
    )


def taken_between(session: Session, resource_id: uuid.UUID, start: datetime, end: datetime) -> Sequence[Taken]:
    """Departures of a body that have seats taken and whose time, with the longest buffer, touches [start, end)."""
    window = Range(start - LONGEST_BUFFER, end + LONGEST_BUFFER)
    rows = session.execute(
        select(
            func.lower(Departure.during),
            func.upper(Departure.during),
            Listing.buffer_minutes,
            Departure.listing_id,
            Departure.capacity,
            Departure.seats_taken,
        )
        .join(Listing, Listing.id == Departure.listing_id)
        .where(
            Departure.resource_id == resource_id,
            Departure.seats_taken > 0,
            Departure.during.overlaps(func.tstzrange(window.lower, window.upper, type_=TSTZRANGE)),
        )
    )
    return [Taken(lower, upper, timedelta(minutes=buffer), *rest) for lower, upper, buffer, *rest in rows]


def free_slots(session: Session, ctx: Context, listing: Listing, first: date, last: date, seats: int) -> list[Slot]:
    """Starts from ``first`` to ``last`` (local days, both included) with at least ``seats`` free.

    Seats whose hold has just ended count as taken until they are freed; booking alone decides.
    """
    if last < first:
        return []
    timetable = timetable_of(session, ctx, listing, first, last)
    day = timedelta(days=1)
    start = datetime.combine(first, datetime.min.time(), tzinfo=listing.zone) - day
    end = datetime.combine(last, datetime.min.time(), tzinfo=listing.zone) + 2 * day
    taken = taken_between(session, listing.resource_id, start, end)
    return [slot for slot in slots(timetable, first, last, taken, ctx.now(session)) if slot.seats_free >= seats]
