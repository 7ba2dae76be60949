"""When a listing can start: its hours in local time, less what is already taken, within cut-off and horizon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.clocks import ONE_DAY, even_midnight, shown_by_clocks
from domain.hours import (
    NO_DAY,
    Closings,
    DateException,
    Span,
    WeeklyRule,
    covers,
    is_overnight,
    openings,
    openings_before,
)
from domain.weeks import FreeDay, Slot, is_of_days, one_after_the_other, week_of

#: The most days that are shown at once, and how many where nobody says.
LONGEST_WINDOW, DEFAULT_WINDOW = timedelta(days=62), timedelta(days=30)
#: Hours of a body and of its listings may be in zones that are a day and two hours apart: so many days more are looked at.
DAYS_APART = 2
#: Exceptions of so many days before and after a start may decide about it, in whatever zones.
EXCEPTIONS_REACH = timedelta(days=6)
#: No clock is turned back by more, so that instants further apart than this are never shown on days in the wrong order.
_TURNED_BACK = timedelta(hours=3)
_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


class Taken(NamedTuple):
    """An existing departure of the same body: its time, and the buffer its own listing asks for."""

    starts_at: datetime
    ends_at: datetime
    buffer: timedelta
    listing_id: object
    capacity: int
    seats_taken: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """Everything that decides which starts a listing offers. Durations are real time, hours are local time.

    Of a tour that lasts longer than a day, which no opening does, the rules say when it may start: at their beginning.
    """

    listing_id: object
    zone: ZoneInfo
    duration: timedelta
    buffer: timedelta
    cut_off: timedelta
    horizon: timedelta
    capacity: int
    rules: Sequence[WeeklyRule]
    exceptions: Sequence[DateException]
    #: One party takes a whole departure, so that one with any seat taken has none left.
    is_private: bool = False


def shown_days(
    first: date | None, last: date | None, today: date, longest: timedelta = LONGEST_WINDOW
) -> tuple[date, date]:
    """The local days to look at; the past is left out, for nothing there can be booked."""
    start = max(first or today, today)
    return start, min(last or start + DEFAULT_WINDOW, start + longest)


def starts_on(timetable: Timetable, day: date) -> list[datetime]:
    """Starts offered on a local day, in UTC: from each opening, one after the other with the buffer between. Those after
    midnight are of the day that the clocks show then. Tours longer than a day start where an opening begins, if nothing is
    closed until they end.

    Local times that the clock skips do not exist and are not offered; a time that happens twice is the first of the two.
    """
    return _Openings(timetable, day, day).starts_on(day)


def is_offered(timetable: Timetable, start: datetime) -> bool:
    """Whether the schedule itself has this start, whatever is taken."""
    return start in starts_on(timetable, start.astimezone(timetable.zone).date())


def is_within_hours(timetable: Timetable, start: datetime, end: datetime) -> bool:
    """Whether it is open all the time from ``start`` to ``end``, whatever starts follow from the hours; what lasts longer than
    a day only begins while it is open, and nothing is closed until it ends."""
    first, last = (instant.astimezone(timetable.zone).date() for instant in (start, end))
    hours = _Openings(timetable, first, last)
    if not is_of_days(end - start):
        return covers(hours.touching(first, last), start, end)
    begins = any(opening <= start < closing for opening, closing in hours.touching(first, first))
    return begins and not hours.closings.touch(start, end)


class _Openings:
    """What is open in the days from ``first`` to ``last``, by whatever closes something there."""

    def __init__(self, timetable: Timetable, first: date, last: date):
        self._table = timetable
        self._before, self._after = _days_around(timetable)
        first, last = first - self._before, last + self._after + timetable.duration
        self.closings = Closings(timetable.exceptions, timetable.zone, first, last)

    def starts_on(self, day: date) -> list[datetime]:
        """See :func:`starts_on`."""
        midnight, starts = even_midnight(day, self._table.zone), self._starts(day)
        if midnight is not None:
            end = midnight + ONE_DAY
            return sorted(start for start in starts if midnight <= start < end)
        return sorted(start for start in starts if shown_by_clocks(start, self._table.zone)[0] == day)

    def touching(self, first: date, last: date) -> list[Span]:
        """The open hours that touch local days, and some around them."""
        return openings(
            self._table.rules, self._table.exceptions, self._table.zone, *self._days(first, last), self.closings
        )

    def _starts(self, day: date) -> set[datetime]:
        """The starts of a local day, and some around it."""
        table = self._table
        if not is_of_days(table.duration):
            return _starts_in(self.touching(day, day), table.duration, table.buffer)
        days = self._days(day, day)
        begun = openings_before(table.duration, table.rules, table.exceptions, table.zone, *days, self.closings)
        return {opening for opening, _ in begun}

    def _days(self, first: date, last: date) -> tuple[date, date]:
        return first - self._before, last + self._after


def _days_around(timetable: Timetable) -> tuple[timedelta, timedelta]:
    """How long before and after some days hours may begin that touch them: more where they are kept in another zone."""
    hours = [*timetable.rules, *timetable.exceptions]
    if any(each.zone for each in hours):
        return (DAYS_APART + 1) * ONE_DAY, DAYS_APART * ONE_DAY
    late = any(each.start is not None and each.end is not None and is_overnight(each.start, each.end) for each in hours)
    return (ONE_DAY if late else NO_DAY), NO_DAY


def _starts_in(openings: Iterable[Span], duration: timedelta, buffer: timedelta) -> set[datetime]:
    """The starts of openings that come in order. Where the starts of one would be those of another, none is worked out twice,
    however many overlap."""
    starts: set[datetime] = set()
    reached: dict[timedelta, datetime] = {}
    for opening, closing in openings:
        rhythm = (opening - _ANY_INSTANT) % (duration + buffer)
        first = max(opening, reached.get(rhythm, opening))
        found = list(one_after_the_other(first, closing, duration, buffer))
        starts.update(found)
        reached[rhythm] = found[-1] + duration + buffer if found else first
    return starts


def free_days(
    timetable: Timetable, first: date, last: date, taken: Iterable[Taken], now: datetime, party: int = 1
) -> list[FreeDay]:
    """The days from ``first`` to ``last`` (local, both included) that have starts with seats free for ``party``, at ``now``."""
    return list(each_free_day(timetable, first, last, taken, now, party))


def each_free_day(
    timetable: Timetable, first: date, last: date, taken: Iterable[Taken], now: datetime, party: int = 1
) -> Iterator[FreeDay]:
    """The same one by one: whoever needs no more of them has no more worked out."""
    soonest, latest = now + timetable.cut_off, now + timetable.horizon
    begins, ends = (instant.astimezone(timetable.zone).date().toordinal() for instant in (soonest, latest))
    days = range(max(first.toordinal(), begins - 1), min(last.toordinal(), ends + 1) + 1)
    if not days:
        return
    week = week_of(tuple(timetable.rules), timetable.duration, timetable.buffer, timetable.capacity, timetable.zone)
    special, busy = _special_days(timetable, week.is_overnight, days), _busy_days(timetable, taken)
    # What begins between is neither too soon nor too far off.
    inner, has_room, hours = range(begins + 1, ends), timetable.capacity >= party, None
    for ordinal in days:
        if ordinal not in busy and ordinal not in special and ordinal in inner:
            free = week.lasting.get(ordinal) or week.lasting_day(ordinal)
            if free is not None:
                if has_room and free.slots:
                    yield free
                continue
        starts, day = None if ordinal in special else week.starts(ordinal), date.fromordinal(ordinal)
        if starts is None:
            hours = hours or _Openings(timetable, date.fromordinal(days[0]), date.fromordinal(days[-1]))
            starts = hours.starts_on(day)
        near = busy.get(ordinal, ())
        offered = [_slot_among(timetable, start, near) for start in starts if soonest <= start <= latest]
        slots = tuple([slot for slot in offered if slot is not None and slot.seats_free >= party])
        if slots:
            yield FreeDay(day, slots)


def _special_days(timetable: Timetable, overnight: bool, days: range) -> set[int]:
    """Those of some local days about whose starts an exception may decide; a day too many does no harm."""
    special: set[int] = set()
    # Two more, for a start is late on its day, and clocks may skip a day.
    ahead = timetable.duration.days + 2 if is_of_days(timetable.duration) else 0
    for each in timetable.exceptions:
        before = after = 0
        if each.zone:
            before, after = DAYS_APART + 1, DAYS_APART + 2
        elif overnight or (each.start is not None and each.end is not None and is_overnight(each.start, each.end)):
            before, after = 1, 2
        begin = max(each.day.toordinal() - before - ahead, days.start)
        end = min(each.last.toordinal() + after, days.stop - 1)
        special.update(range(begin, end + 1))
    return special


class _Obstacle(NamedTuple):
    """Nothing else of the body may start between ``after`` and ``until``; whoever joins the departure itself may."""

    after: datetime
    until: datetime
    departure: Taken


def _obstacles(timetable: Timetable, taken: Iterable[Taken]) -> Iterator[_Obstacle]:
    for departure in taken:
        if departure.seats_taken:
            buffer = max(timetable.buffer, departure.buffer)
            after = departure.starts_at - timetable.duration - buffer
            yield _Obstacle(after, departure.ends_at + buffer, departure)


def _busy_days(timetable: Timetable, taken: Iterable[Taken]) -> dict[int, list[_Obstacle]]:
    """What is taken, by the local days of starts that it may stand in the way of; a day too many does no harm."""
    days: dict[int, list[_Obstacle]] = {}
    for obstacle in _obstacles(timetable, taken):
        first, _ = shown_by_clocks(obstacle.after - _TURNED_BACK, timetable.zone)
        last, _ = shown_by_clocks(obstacle.until + _TURNED_BACK, timetable.zone)
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            days.setdefault(ordinal, []).append(obstacle)
    return days


def slot_at(timetable: Timetable, start: datetime, taken: Iterable[Taken], now: datetime) -> Slot | None:
    """The slot that begins at ``start``, or None where it is too soon, too far off, or the body is busy elsewhere."""
    soonest, latest = now + timetable.cut_off, now + timetable.horizon
    return _slot_among(timetable, start, _obstacles(timetable, taken)) if soonest <= start <= latest else None


def _slot_among(timetable: Timetable, start: datetime, near: Iterable[_Obstacle]) -> Slot | None:
    end, capacity, seats_taken = start + timetable.duration, timetable.capacity, 0
    for after, until, departure in near:
        if after < start < until:
            if (departure.starts_at, departure.ends_at, departure.listing_id) != (start, end, timetable.listing_id):
                return None
            capacity, seats_taken = departure.capacity, departure.seats_taken
    free = 0 if timetable.is_private and seats_taken else capacity - seats_taken
    return Slot(start, end, free, capacity)
