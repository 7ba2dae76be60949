"""When a listing can be booked: its timetable and what is taken, read in a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Session

from domain.hours import DateException, WeeklyRule
from domain.listings import MOST_BUFFER_MINUTES
from domain.pricing import DEFAULT_TIER, check_party, seats_taken_by
from domain.schedules import EXCEPTIONS_REACH, Taken, Timetable, free_days, shown_days
from domain.weeks import FreeDay, Slot
from models.catalogue import AvailabilityException, Listing, Resource, ScheduleRule
from models.departures import Departure
from models.prepared import Question
from models.session import Database
from services.catalogue.experiences import listing_id, unknown_listing
from services.context import Context

#: No listing asks for a longer break between two tours than this.
LONGEST_BUFFER = timedelta(minutes=MOST_BUFFER_MINUTES)


def timetable_of(session: Session, ctx: Context, listing: Listing, first: date, last: date) -> Timetable:
    """What decides about a listing's starts from ``first`` to ``last``, and its tours until they end: its own hours, or its
    body's where it has none, and the exceptions of both."""
    rows = session.execute(
        select(Resource.timezone, ScheduleRule)
        .outerjoin(
            ScheduleRule, or_(ScheduleRule.listing_id == listing.id, ScheduleRule.resource_id == listing.resource_id)
        )
        .where(Resource.id == listing.resource_id)
    ).all()
    exceptions = session.scalars(
        select(AvailabilityException).where(
            or_(
                AvailabilityException.listing_id == listing.id,
                AvailabilityException.resource_id == listing.resource_id,
            ),
            AvailabilityException.on_date <= last + EXCEPTIONS_REACH + listing.duration,
            func.coalesce(AvailabilityException.until_on, AvailabilityException.on_date) >= first - EXCEPTIONS_REACH,
        )
    ).all()
    return timetable_from(ctx, listing, rows[0][0], [rule for _, rule in rows if rule is not None], exceptions)


def timetable_from(
    ctx: Context,
    listing: Listing,
    body_zone: str,
    rules: Sequence[ScheduleRule],
    exceptions: Sequence[AvailabilityException],
) -> Timetable:
    """A timetable of rows that are at hand: those of the listing and of its body."""
    elsewhere = None if body_zone == listing.timezone else ZoneInfo(body_zone)
    own = [rule for rule in rules if rule.listing_id is not None]
    return Timetable(
        listing_id=listing.id,
        zone=listing.zone,
        duration=listing.duration,
        buffer=timedelta(minutes=listing.buffer_minutes),
        cut_off=timedelta(hours=listing.cut_off_hours),
        horizon=ctx.policy.horizon,
        capacity=listing.capacity,
        rules=[rule.hours(None if own else elsewhere) for rule in own or rules],
        exceptions=[each.hours(None if each.listing_id else elsewhere) for each in exceptions],
        is_private=listing.is_private,
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
    db: Database,
    ctx: Context,
    id_or_slug: str,
    first: date | None,
    last: date | None,
    guests: int | Mapping[str, int] | None,
) -> FreeTimes:
    """Starts with enough seats free, for the days that :func:`shown_days` makes of ``first`` and ``last``. A party is a number,
    who all take seats, or says how many come of each tier; without one the smallest that may come. One question, however many
    days. Raises ``experience_not_found``, and of a party that cannot book what booking raises.

    Seats whose hold has just ended count as taken until they are freed; booking alone decides.
    """
    known = listing_id(id_or_slug)
    question = BY_ID if known else BY_SLUG
    rows = db.hot.ask(question, name=known or id_or_slug, first=first, last=last, moved=ctx.clock.offset)
    if not rows:
        raise unknown_listing()
    found = _Found._make(rows[0])
    party, seats = _party(found, guests)
    zone = ZoneInfo(found.timezone)
    first, last = shown_days(first, last, found.now.astimezone(zone).date())
    written = Written._make(found[: len(Written._fields)])
    timetable = read_timetable(ctx, written, zone, found.body_zone, found.rules or (), found.exceptions or ())
    taken = [read_taken(*row) for row in found.taken or ()]
    return FreeTimes(found.id, zone, first, last, party, free_days(timetable, first, last, taken, found.now, seats))


class Written(NamedTuple):
    """What a timetable is made of besides hours, as the database writes it."""

    id: str
    timezone: str
    duration_minutes: int
    buffer_minutes: int
    cut_off_hours: int
    capacity: int
    is_private: bool


class _Found(NamedTuple):
    id: str
    timezone: str
    duration_minutes: int
    buffer_minutes: int
    cut_off_hours: int
    capacity: int
    is_private: bool
    min_guests: int
    max_guests: int
    tiers: str
    body_zone: str
    now: datetime
    rules: list[list[Any]] | None
    exceptions: list[list[Any]] | None
    taken: list[list[Any]] | None


#: The columns that rules and exceptions are read from, after whether they are the listing's own; and what is taken.
RULE = "r.weekday, r.start_time, r.end_time, r.valid_from, r.valid_until"
EXCEPTION = "e.on_date, e.is_available, e.start_time, e.end_time, e.until_on"
TAKEN = "lower(d.during), upper(d.during), l.buffer_minutes, d.listing_id, d.capacity, d.seats_taken"
#: The days in question, and some more: which day it is in the listing's zone is known only with the answer.
SPAN = """
    SELECT since, greatest(since, least(since + 66, CAST(:last AS date) + 1)) AS until
    FROM (
      SELECT greatest(CAST(clock_timestamp() + CAST(:moved AS interval) AS date), CAST(:first AS date)) - 1 AS since
    ) AS begins
"""


def reached(minutes: str) -> str:
    """The exceptions that may decide about tours of so many minutes (in SQL) in those days."""
    return (
        f"e.on_date <= span.until + {EXCEPTIONS_REACH.days} + {minutes} / 1440"
        f" AND coalesce(e.until_on, e.on_date) >= span.since - {EXCEPTIONS_REACH.days}"
    )


def busy(minutes: str) -> str:
    """The departures that may stand in the way of such tours."""
    return f"d.seats_taken > 0 AND d.during && tstzrange(span.since - 2, span.until + 3 + {minutes} / 1440)"


def followed_from(listing: str) -> tuple[str, ...]:
    """What free times of a listing (a table in SQL) follow from beside its own row: the zone of its body, the rules and the
    exceptions of both, and what is taken of the body."""
    either = f"listing_id = {listing}.id OR {{row}}.resource_id = {listing}.resource_id"
    return (
        f"(SELECT b.timezone FROM resources b WHERE b.id = {listing}.resource_id)",  # noqa: S608 - names of ours
        f"""(SELECT json_agg(json_build_array(r.listing_id IS NOT NULL, {RULE}))
            FROM schedule_rules r WHERE r.{either.format(row="r")})""",  # noqa: S608
        f"""(SELECT json_agg(json_build_array(e.listing_id IS NOT NULL, {EXCEPTION}))
            FROM availability_calendar e
            WHERE (e.{either.format(row="e")}) AND {reached(f"{listing}.duration_minutes")})""",  # noqa: S608
        f"""(SELECT json_agg(json_build_array({TAKEN}))
            FROM departures d JOIN listings l ON l.id = d.listing_id
            WHERE d.resource_id = {listing}.resource_id AND {busy(f"{listing}.duration_minutes")})""",  # noqa: S608
    )


def _question(column: str) -> Question:
    """Everything that free times follow from."""
    zone, rules, exceptions, taken = followed_from("listing")
    return Question(
        text(
            f"""
            WITH listing AS (
              SELECT id, resource_id, timezone, duration_minutes, buffer_minutes, cut_off_hours, capacity, is_private,
                min_guests, max_guests, tiers, clock_timestamp() + CAST(:moved AS interval) AS now
              FROM listings WHERE {column} = :name AND kind = 'experience' AND status = 'active'
            ), span AS ({SPAN})
            SELECT id, timezone, duration_minutes, buffer_minutes, cut_off_hours, capacity, is_private,
              min_guests, max_guests, CAST(tiers AS text),
              {zone}, now, {rules}, {exceptions}, {taken}
            FROM listing, span
            """  # noqa: S608 - the column is one of the two below
        )
    )


BY_ID, BY_SLUG = _question("id"), _question("slug")


def _party(found: _Found, guests: int | Mapping[str, int] | None) -> tuple[int, int]:
    """How many come, and how many seats of a shared run they need."""
    if guests is None:
        return found.min_guests, found.min_guests
    if isinstance(guests, int):
        check_party(found.min_guests, found.max_guests, guests)
        return guests, guests
    tiers = {tier["name"]: tier["takes_seat"] for tier in orjson.loads(found.tiers)} or {DEFAULT_TIER: True}
    return sum(guests.values()), seats_taken_by(guests, tiers, found.min_guests, found.max_guests)


def read_timetable(
    ctx: Context,
    listing: Written,
    zone: ZoneInfo,
    body_zone: str,
    rules: Sequence[list[Any]],
    exceptions: Sequence[list[Any]],
) -> Timetable:
    """A timetable of what the database wrote; rules and exceptions say first whether they are the listing's own."""
    elsewhere = None if body_zone == listing.timezone else ZoneInfo(body_zone)
    own = [rule for rule in rules if rule[0]]
    kept_in = None if own else elsewhere
    return Timetable(
        listing_id=listing.id,
        zone=zone,
        duration=timedelta(minutes=listing.duration_minutes),
        buffer=timedelta(minutes=listing.buffer_minutes),
        cut_off=timedelta(hours=listing.cut_off_hours),
        horizon=ctx.policy.horizon,
        capacity=listing.capacity,
        rules=[
            WeeklyRule(weekday, _time(start), _time(end), _day(since), _day(until), kept_in)
            for _, weekday, start, end, since, until in own or rules
        ],
        exceptions=[
            DateException(
                date.fromisoformat(day),
                is_available,
                _time(start) if start else None,
                _time(end) if end else None,
                _day(until),
                None if is_own else elsewhere,
            )
            for is_own, day, is_available, start, end, until in exceptions
        ],
        is_private=listing.is_private,
    )


def read_taken(start: str, end: str, buffer: int, listing: str, capacity: int, seats: int) -> Taken:
    """A departure as the database wrote it."""
    lower, upper = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return Taken(lower, upper, timedelta(minutes=buffer), listing, capacity, seats)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


@lru_cache(maxsize=1440)
def _time(written: str) -> time:
    return time.fromisoformat(written)
