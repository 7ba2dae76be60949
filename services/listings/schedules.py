"""What guides do with their hours: add, change and remove weekly rules and exceptions, of themselves or of one experience.

Bookings that stand are left alone; whoever changes hours is told which of them lie outside. The body is locked as by whoever
books, so that no booking is made of hours that are gone.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.bookings import HOLDS_SEATS, KNOWN_TO_HOST, BookingState
from domain.contradictions import (
    Fault,
    closed_openings,
    crowded_dates,
    crowded_weekdays,
    repeated_exceptions,
    repeated_rules,
)
from domain.errors import Conflict, NotFound, RuleViolation, field_error
from domain.hours import DateException, WeeklyRule
from domain.schedules import EXCEPTIONS_REACH, is_within_hours
from models.bookings import Booking
from models.catalogue import AvailabilityException, Listing, Resource, ScheduleRule
from models.locks import lock_resources
from services.accounts.users import still_signed_in
from services.availability.experiences import timetable_from
from services.bookings import seats
from services.catalogue.guides import unknown_guide
from services.context import Context
from services.guides.profiles import acting_guide, is_named
from services.listings.own_experiences import own_experience

#: Of one guide, or of one experience; exceptions that are over do not count.
MOST_RULES, MOST_EXCEPTIONS = 100, 400
#: Exceptions of one date: everybody who asks for free times works all of them out.
MOST_ON_A_DATE = 20
#: Of one weekday or date, the hours of all together: three times around the clock is a departure every hour of tours of three
#: hours by day and by night, and 288 starts of the shortest ones.
LONGEST_DAY = timedelta(hours=72)
#: More bookings are not named at once.
MOST_NAMED = 50
#: Under this name guides find themselves.
ONESELF = "me"
Hours = ScheduleRule | AvailabilityException


@dataclass(frozen=True, slots=True)
class Dated:
    """An exception to be kept, with the guide's own word on it."""

    hours: DateException
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whose hours they are: a body's, for all its listings, or one listing's."""

    body: Resource
    listing: Listing | None = None

    @property
    def owner(self) -> Resource | Listing:
        return self.listing or self.body

    @property
    def zone(self) -> ZoneInfo:
        return self.owner.zone

    @property
    def columns(self) -> dict[str, uuid.UUID]:
        return {"listing_id": self.listing.id} if self.listing else {"resource_id": self.body.id}


#: How a keeper is found by the name in an address.
Find = Callable[[Session, Context, str], Keeper]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The hours of a keeper, exceptions that are over left out, and the bookings ahead that lie outside of them."""

    keeper: Keeper
    rules: Sequence[ScheduleRule]
    exceptions: Sequence[AvailabilityException]
    outside: Sequence[Booking]
    #: Bookings outside that wait for money, of which the guide has not heard yet.
    holds: int


def of_guide(session: Session, ctx: Context, named: str) -> Keeper:
    """The acting guide, by ``me``, id or slug. Raises ``not_a_guide``, and ``guide_not_found`` for others."""
    guide = acting_guide(session, ctx)
    if named != ONESELF and not is_named(guide, named):
        raise unknown_guide()
    return Keeper(session.scalars(select(Resource).where(Resource.user_id == guide.user_id)).one())


def of_experience(session: Session, ctx: Context, named: str) -> Keeper:
    """One of the acting guide's experiences, by id or slug. Raises ``experience_not_found``, for others' as well."""
    listing = own_experience(session, ctx, named)
    return Keeper(session.get_one(Resource, listing.resource_id), listing)


def schedule_of(session: Session, ctx: Context, keeper: Keeper) -> Schedule:
    """All hours of a keeper, in a fixed number of queries."""
    now = ctx.now(session)
    rules = session.scalars(
        select(ScheduleRule)
        .filter_by(**keeper.columns)
        .order_by(ScheduleRule.weekday, ScheduleRule.start_time, ScheduleRule.id)
    ).all()
    exceptions = _exceptions(session, keeper, now)
    outside = _bookings_outside(session, ctx, keeper, now)
    known = [booking for booking in outside if booking.state in KNOWN_TO_HOST]
    return Schedule(keeper, rules, exceptions, known, len(outside) - len(known))


def find_hours(session: Session, keeper: Keeper, hours_id: uuid.UUID) -> Hours:
    """A rule or an exception of a keeper. Raises ``hours_not_found``."""
    for table in (ScheduleRule, AvailabilityException):
        found = session.scalar(select(table).filter_by(id=hours_id, **keeper.columns))
        if found is not None:
            return found
    raise NotFound("hours_not_found", "There are no such hours.")


def add_hours(
    session: Session, ctx: Context, find: Find, named: str, rules: Sequence[WeeklyRule], exceptions: Sequence[Dated]
) -> Keeper:
    """Add all of these hours or none. Raises ``schedule_full``, and with every fault by its index ``invalid_fields`` for dates
    that are over, ``hours_duplicate`` and ``hours_contradict``."""
    keeper = _locked(session, ctx, find, named)
    now = ctx.now(session)
    there, ahead = _rules(session, keeper), _exceptions(session, keeper, now)
    if len(there) + len(rules) > MOST_RULES or len(ahead) + len(exceptions) > MOST_EXCEPTIONS:
        raise Conflict(
            "schedule_full",
            f"There can be {MOST_RULES} weekly rules and {MOST_EXCEPTIONS} exceptions ahead. Remove some of them first.",
        )
    _check(session, keeper, now, there, ahead, rules, exceptions)
    session.add_all(ScheduleRule(**keeper.columns, **_rule_columns(rule)) for rule in rules)
    session.add_all(AvailabilityException(**keeper.columns, **_exception_columns(dated)) for dated in exceptions)
    session.flush()
    added = {"rules": len(rules), "exceptions": len(exceptions)}
    ctx.audit(session, "hours.added", keeper.owner, now=now, data=added)
    return keeper


def change_hours(
    session: Session, ctx: Context, find: Find, named: str, hours_id: uuid.UUID, becomes: WeeklyRule | Dated
) -> Keeper:
    """Replace a rule or an exception; where it is that already, nothing is done. Raises ``hours_not_found``, and what adding
    raises."""
    keeper = _locked(session, ctx, find, named)
    row, now = find_hours(session, keeper, hours_id), ctx.now(session)
    if isinstance(becomes, WeeklyRule) and isinstance(row, ScheduleRule):
        columns, rules, exceptions = _rule_columns(becomes), [becomes], []
    elif isinstance(becomes, Dated) and isinstance(row, AvailabilityException):
        columns, rules, exceptions = _exception_columns(becomes), [], [becomes]
    else:
        given, is_kind = ("exception", "a weekly rule") if isinstance(becomes, Dated) else ("rule", "an exception")
        raise field_error(given, f"this is {is_kind} and stays one")
    changed = sorted(name for name, value in columns.items() if getattr(row, name) != value)
    if not changed:
        return keeper
    there = [rule for rule in _rules(session, keeper) if rule.id != row.id]
    ahead = [each for each in _exceptions(session, keeper, now) if each.id != row.id]
    _check(session, keeper, now, there, ahead, rules, exceptions, is_alone=True)
    for name in changed:
        setattr(row, name, columns[name])
    session.flush()
    ctx.audit(session, "hours.changed", row, now=now, data={"fields": changed})
    return keeper


def remove_hours(session: Session, ctx: Context, find: Find, named: str, hours_id: uuid.UUID) -> Keeper:
    """Take a rule or an exception away. Raises ``hours_not_found``."""
    keeper = _locked(session, ctx, find, named)
    row = find_hours(session, keeper, hours_id)
    session.delete(row)
    session.flush()
    ctx.audit(session, "hours.removed", row, now=ctx.now(session))
    return keeper


def keep_hours_in(session: Session, ctx: Context, timezone: str) -> Keeper:
    """Read the acting guide's own hours in this zone from now on; where they are already, nothing is done."""
    keeper = _locked(session, ctx, of_guide, ONESELF)
    if keeper.body.timezone != timezone:
        was, keeper.body.timezone = keeper.body.timezone, timezone
        session.flush()
        data = {"from": was, "to": timezone}
        ctx.audit(session, "hours.zone_changed", keeper.body, now=ctx.now(session), data=data)
    return keeper


def _locked(session: Session, ctx: Context, find: Find, named: str) -> Keeper:
    """The keeper, with everything locked that a booking of its hours locks."""
    still_signed_in(session, ctx)
    acting_guide(session, ctx)
    found = find(session, ctx, named)
    (body,) = lock_resources(session, [found.body.id])
    listing = found.listing
    if listing is not None:
        listing = session.get_one(Listing, listing.id, populate_existing=True)
    return Keeper(body, listing)


def _check(
    session: Session,
    keeper: Keeper,
    now: datetime,
    rules_there: Sequence[ScheduleRule],
    exceptions_there: Sequence[AvailabilityException],
    rules: Sequence[WeeklyRule],
    exceptions: Sequence[Dated],
    *,
    is_alone: bool = False,
) -> None:
    """Refuse hours that are over, too many of a date, there already, or closed; ``is_alone`` where there is one, which needs
    no index."""

    def places(**faults: Sequence[Fault]) -> dict[str, list[str]]:
        errors: dict[str, list[str]] = {}
        for kind, found in faults.items():
            for fault in found:
                place = kind.removesuffix("s") if is_alone else f"{kind}.{fault.index}"
                errors.setdefault(f"{place}.{fault.field}", []).append(fault.message)
        return errors

    hours, today = [each.hours for each in exceptions], _today(keeper, now)
    over = [
        Fault(at, "until" if each.until else "date", "Is over.") for at, each in enumerate(hours) if each.last < today
    ]
    if over:
        raise RuleViolation("invalid_fields", "Some fields are not valid; see errors.", errors=places(exceptions=over))
    own = [(str(each.id), each.hours(None)) for each in exceptions_there]
    weekly = [(str(rule.id), rule.hours(None)) for rule in rules_there]
    crowded = places(
        rules=crowded_weekdays((each for _, each in weekly), rules, LONGEST_DAY),
        exceptions=crowded_dates((each for _, each in own), hours, MOST_ON_A_DATE, LONGEST_DAY),
    )
    if crowded:
        raise Conflict("schedule_full", "Some days have too many hours; see errors.", errors=crowded)
    twice = places(
        rules=repeated_rules(weekly, rules),
        exceptions=repeated_exceptions(own, hours),
    )
    if twice:
        raise Conflict("hours_duplicate", "Some of these hours are there already; see errors.", errors=twice)
    closed = closed_openings(own + _of_body(session, keeper, now), hours, keeper.zone)
    if closed:
        raise Conflict(
            "hours_contradict", "Some of these extra hours are closed; see errors.", errors=places(exceptions=closed)
        )


def _today(keeper: Keeper, now: datetime) -> date:
    return now.astimezone(keeper.zone).date()


def _rules(session: Session, keeper: Keeper) -> list[ScheduleRule]:
    found = select(ScheduleRule).filter_by(**keeper.columns).order_by(ScheduleRule.id)
    return list(session.scalars(found))


def _exceptions(session: Session, keeper: Keeper, now: datetime) -> list[AvailabilityException]:
    """Those that are not over, or that last past midnight of yesterday, in order."""
    last = func.coalesce(AvailabilityException.until_on, AvailabilityException.on_date)
    found = (
        select(AvailabilityException).filter_by(**keeper.columns).where(last >= _today(keeper, now) - timedelta(days=1))
    )
    return list(session.scalars(found.order_by(AvailabilityException.on_date, AvailabilityException.id)))


def _of_body(session: Session, keeper: Keeper, now: datetime) -> list[tuple[str, DateException]]:
    """What closes a listing besides its own exceptions."""
    if keeper.listing is None:
        return []
    elsewhere = None if keeper.body.timezone == keeper.listing.timezone else keeper.body.zone
    theirs = _exceptions(session, Keeper(keeper.body), now)
    return [(f"{each.id} of your own hours", each.hours(elsewhere)) for each in theirs]


def _rule_columns(rule: WeeklyRule) -> dict[str, Any]:
    return {
        "weekday": rule.weekday,
        "start_time": rule.start,
        "end_time": rule.end,
        "valid_from": rule.valid_from,
        "valid_until": rule.valid_until,
    }


def _exception_columns(dated: Dated) -> dict[str, Any]:
    hours = dated.hours
    return {
        "on_date": hours.day,
        "until_on": hours.until,
        "start_time": hours.start,
        "end_time": hours.end,
        "is_available": hours.is_available,
        "note": dated.note,
    }


def _bookings_outside(session: Session, ctx: Context, keeper: Keeper, now: datetime) -> list[Booking]:
    """The bookings that stand and begin later, at times at which the guide or the experience is not open."""
    concerned = Listing.id == keeper.listing.id if keeper.listing else Listing.resource_id == keeper.body.id
    ahead = session.execute(
        select(Booking, Listing)
        .join(Listing, Listing.id == Booking.listing_id)
        .where(concerned, Booking.status.in_(HOLDS_SEATS), Booking.starts_at > now)
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    listings = {listing.id: listing for _, listing in ahead}
    if not listings:
        return []
    timetables = _timetables(session, ctx, keeper.body, listings, now)
    runs = {(booking.listing_id, booking.starts_at, booking.ends_at) for booking, _ in ahead}
    shut = {run for run in runs if not is_within_hours(timetables[run[0]], run[1], run[2])}
    return [
        booking
        for booking, _ in ahead
        if (booking.listing_id, booking.starts_at, booking.ends_at) in shut
        and (booking.state is not BookingState.PENDING or seats.hold_end(session, ctx, booking) > now)
    ]


def _timetables(
    session: Session, ctx: Context, body: Resource, listings: Mapping[uuid.UUID, Listing], now: datetime
) -> dict[uuid.UUID, Any]:
    """The timetables of some listings of one body, from today on."""

    def rows(table: type[ScheduleRule] | type[AvailabilityException], *conditions: Any) -> Sequence[Any]:
        theirs = or_(table.resource_id == body.id, table.listing_id.in_(listings))
        return session.scalars(select(table).where(theirs, *conditions).order_by(table.id)).all()

    rules = rows(ScheduleRule)
    last = func.coalesce(AvailabilityException.until_on, AvailabilityException.on_date)
    exceptions = rows(AvailabilityException, last >= now.date() - EXCEPTIONS_REACH)
    return {
        listing.id: timetable_from(
            ctx,
            listing,
            body.timezone,
            [rule for rule in rules if rule.listing_id in (None, listing.id)],
            [each for each in exceptions if each.listing_id in (None, listing.id)],
        )
        for listing in listings.values()
    }
