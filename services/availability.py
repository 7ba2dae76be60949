"""When a listing can be booked: its timetable and what is taken, read in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Session

from domain.listings import MOST_BUFFER_MINUTES
from domain.schedules import DateException, FreeDay, Slot, Taken, Timetable, WeeklyRule, free_days, shown_days
from models.catalogue import AvailabilityException, Listing, ScheduleRule
from models.departures import Departure
from models.prepared import Question
from models.session import Database
from services.catalogue import listing_id, unknown_listing
from services.context import Context

#: No listing asks for a longer break between two tours than this.
LONGEST_BUFFER = timedelta(minutes=MOST_BUFFER_MINUTES)


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


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """The free starts of a listing from ``first`` to ``last`` (local days, both included) for a party of ``guests``."""

    listing_id: str
    zone: ZoneInfo
    first: date
    last: date
    guests: int
    days: list[FreeDay]

    @property
    def slots(self) -> list[Slot]:
        return [slot for day in self.days for slot in day.slots]


def find_free_times(
    db: Database, ctx: Context, id_or_slug: str, first: date | None, last: date | None, guests: int | None
) -> FreeTimes:
    """Starts with enough seats free, for the days that :func:`shown_days` makes of ``first`` and ``last``; without a party
    the smallest that may come. One question, however many days. Raises ``experience_not_found``.

    Seats whose hold has just ended count as taken until they are freed; booking alone decides.
    """
    known = listing_id(id_or_slug)
    question = BY_ID if known else BY_SLUG
    rows = db.hot.ask(question, name=known or id_or_slug, first=first, last=last, moved=ctx.clock.offset)
    if not rows:
        raise unknown_listing()
    found = _Found._make(rows[0])
    zone = ZoneInfo(found.timezone)
    first, last = shown_days(first, last, found.now.astimezone(zone).date())
    party = guests or found.min_guests
    timetable = _timetable(ctx, found, zone)
    taken = [_taken(*row) for row in found.taken or ()]
    return FreeTimes(found.id, zone, first, last, party, free_days(timetable, first, last, taken, found.now, party))


class _Found(NamedTuple):
    id: str
    timezone: str
    duration_minutes: int
    buffer_minutes: int
    cut_off_hours: int
    capacity: int
    min_guests: int
    now: datetime
    rules: list[list[Any]] | None
    exceptions: list[list[Any]] | None
    taken: list[list[Any]] | None


def _question(column: str) -> Question:
    """Everything that free times follow from. ``span`` is wider than the days in question: which day it is in the
    listing's zone is known only with the answer."""
    return Question(
        text(
            f"""
            WITH listing AS (
              SELECT id, resource_id, timezone, duration_minutes, buffer_minutes, cut_off_hours, capacity, min_guests,
                clock_timestamp() + CAST(:moved AS interval) AS now
              FROM listings WHERE {column} = :name AND kind = 'experience' AND status = 'active'
            ), span AS (
              SELECT since, greatest(since, least(since + 66, CAST(:last AS date) + 1)) AS until
              FROM (
                SELECT greatest(CAST(clock_timestamp() + CAST(:moved AS interval) AS date), CAST(:first AS date)) - 1 AS since
              ) AS begins
            )
            SELECT id, timezone, duration_minutes, buffer_minutes, cut_off_hours, capacity, min_guests, now,
              (SELECT json_agg(json_build_array(
                  r.listing_id IS NOT NULL, r.weekday, r.start_time, r.end_time, r.valid_from, r.valid_until))
                FROM schedule_rules r WHERE r.listing_id = listing.id OR r.resource_id = listing.resource_id),
              (SELECT json_agg(json_build_array(e.on_date, e.is_available, e.start_time, e.end_time))
                FROM availability_calendar e
                WHERE (e.listing_id = listing.id OR e.resource_id = listing.resource_id)
                  AND e.on_date BETWEEN span.since AND span.until),
              (SELECT json_agg(json_build_array(
                  lower(d.during), upper(d.during), l.buffer_minutes, d.listing_id, d.capacity, d.seats_taken))
                FROM departures d JOIN listings l ON l.id = d.listing_id
                WHERE d.resource_id = listing.resource_id AND d.seats_taken > 0
                  AND d.during && tstzrange(span.since - 2, span.until + 3))
            FROM listing, span
            """  # noqa: S608 - the column is one of the two below
        )
    )


BY_ID, BY_SLUG = _question("id"), _question("slug")


def _timetable(ctx: Context, found: _Found, zone: ZoneInfo) -> Timetable:
    rules = found.rules or ()
    own = [rule for rule in rules if rule[0]]
    return Timetable(
        listing_id=found.id,
        zone=zone,
        duration=timedelta(minutes=found.duration_minutes),
        buffer=timedelta(minutes=found.buffer_minutes),
        cut_off=timedelta(hours=found.cut_off_hours),
        horizon=ctx.policy.horizon,
        capacity=found.capacity,
        rules=[
            WeeklyRule(weekday, _time(start), _time(end), _day(since), _day(until))
            for _, weekday, start, end, since, until in own or rules
        ],
        exceptions=[
            DateException(
                date.fromisoformat(day), is_available, _time(start) if start else None, _time(end) if end else None
            )
            for day, is_available, start, end in found.exceptions or ()
        ],
    )


def _taken(start: str, end: str, buffer: int, listing: str, capacity: int, seats: int) -> Taken:
    lower, upper = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return Taken(lower, upper, timedelta(minutes=buffer), listing, capacity, seats)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


@lru_cache(maxsize=1440)
def _time(written: str) -> time:
    return time.fromisoformat(written)
