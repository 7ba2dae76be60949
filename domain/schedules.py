"""When a listing can start: its hours in local time, less what is already taken, within cut-off and horizon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from domain.clocks import MIDNIGHT, ONE_DAY, offset_on, shown_by_clocks
from domain.hours import DateException, Span, WeeklyRule, covers, is_closed, is_overnight, openings, openings_before

#: The most days that are shown at once, and how many where nobody says.
LONGEST_WINDOW, DEFAULT_WINDOW = timedelta(days=62), timedelta(days=30)
#: Hours of a body and of its listings may be in zones that are a day and two hours apart: so many days more are looked at.
DAYS_APART = 2
#: Exceptions of so many days before and after a start may decide about it, in whatever zones.
EXCEPTIONS_REACH = timedelta(days=6)
#: No clock is turned back by more, so that instants further apart than this are never shown on days in the wrong order.
_TURNED_BACK = timedelta(hours=3)
_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
#: Starts that are kept once they are worked out, some 250 bytes each; beyond them all are forgotten, so that a crawler who
#: walks every listing's calendar cannot fill the memory.
MOST_KEPT = 60_000
Hours = tuple[tuple[time, time], ...]
When = TypeVar("When", datetime, timedelta)


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


class Slot(NamedTuple):
    """A start that can be booked, with the seats still free."""

    starts_at: datetime
    ends_at: datetime
    seats_free: int
    capacity: int


@dataclass(frozen=True, eq=False, slots=True)
class FreeDay:
    """The free starts of one local day. One that is ``is_lasting`` comes again, itself, whenever somebody asks for it."""

    slots: tuple[Slot, ...]
    is_lasting: bool = False


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
    return sorted(start for start in _starts(timetable, day) if shown_by_clocks(start, timetable.zone)[0] == day)


def is_offered(timetable: Timetable, start: datetime) -> bool:
    """Whether the schedule itself has this start, whatever is taken."""
    return start in starts_on(timetable, start.astimezone(timetable.zone).date())


def is_within_hours(timetable: Timetable, start: datetime, end: datetime) -> bool:
    """Whether it is open all the time from ``start`` to ``end``, whatever starts follow from the hours; what lasts longer than
    a day only begins while it is open, and nothing is closed until it ends."""
    first, last = (instant.astimezone(timetable.zone).date() for instant in (start, end))
    if not is_of_days(end - start):
        return covers(_openings(timetable, first, last), start, end)
    begins = any(opening <= start < closing for opening, closing in _openings(timetable, first, first))
    return begins and not is_closed(timetable.exceptions, timetable.zone, start, end)


def is_of_days(duration: timedelta) -> bool:
    """Whether it lasts longer than any opening."""
    return duration > ONE_DAY


def _starts(timetable: Timetable, day: date) -> set[datetime]:
    """The starts of a local day, and some around it."""
    if not is_of_days(timetable.duration):
        return _starts_in(_openings(timetable, day, day), timetable.duration, timetable.buffer)
    days = _days_to_look_at(timetable, day, day)
    begun = openings_before(timetable.duration, timetable.rules, timetable.exceptions, timetable.zone, *days)
    return {opening for opening, _ in begun}


def _openings(timetable: Timetable, first: date, last: date) -> list[Span]:
    """The open hours that touch local days, and some around them."""
    days = _days_to_look_at(timetable, first, last)
    return openings(timetable.rules, timetable.exceptions, timetable.zone, *days)


def _days_to_look_at(timetable: Timetable, first: date, last: date) -> tuple[date, date]:
    """The days on which hours may begin that touch some: of those kept in another zone we look at more."""
    hours = [*timetable.rules, *timetable.exceptions]
    if any(each.zone for each in hours):
        first, last = first - (DAYS_APART + 1) * ONE_DAY, last + DAYS_APART * ONE_DAY
    elif any(each.start is not None and each.end is not None and is_overnight(each.start, each.end) for each in hours):
        first -= ONE_DAY
    return first, last


@lru_cache(maxsize=4096)
def _after_midnight(hours: Hours, late: Hours, duration: timedelta, buffer: timedelta) -> tuple[timedelta, ...]:
    """How long after midnight each start is, on days about which the clock runs evenly: most are alike. ``late`` are the
    overnight hours of the evening before."""
    own = {start for each in hours for start in _evenly(each, duration, buffer) if start < ONE_DAY}
    spilled = {start - ONE_DAY for each in late for start in _evenly(each, duration, buffer) if start >= ONE_DAY}
    return tuple(sorted(own | spilled))


def _evenly(hours: tuple[time, time], duration: timedelta, buffer: timedelta) -> Iterator[timedelta]:
    opening, closing = map(_since_midnight, hours)
    return _one_after_the_other(opening, closing + ONE_DAY if is_overnight(*hours) else closing, duration, buffer)


def _one_after_the_other(start: When, end: When, duration: timedelta, buffer: timedelta) -> Iterator[When]:
    if is_of_days(duration):
        yield start
        return
    while start + duration <= end:
        yield start
        start += duration + buffer


def _starts_in(openings: Iterable[Span], duration: timedelta, buffer: timedelta) -> set[datetime]:
    """The starts of openings that come in order. Where the starts of one would be those of another, none is worked out twice,
    however many overlap."""
    starts: set[datetime] = set()
    reached: dict[timedelta, datetime] = {}
    for opening, closing in openings:
        rhythm = (opening - _ANY_INSTANT) % (duration + buffer)
        first = max(opening, reached.get(rhythm, opening))
        found = list(_one_after_the_other(first, closing, duration, buffer))
        starts.update(found)
        reached[rhythm] = found[-1] + duration + buffer if found else first
    return starts


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


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
    first = max(first, soonest.astimezone(timetable.zone).date() - ONE_DAY)
    last = min(last, latest.astimezone(timetable.zone).date() + ONE_DAY)
    zone, last_whole = timetable.zone, latest - ONE_DAY
    week = _week(tuple(timetable.rules), timetable.duration, timetable.buffer, timetable.capacity)
    special, busy = _special_days(timetable, week.is_overnight, first, last), _busy_days(timetable, taken)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        whole, starts = week.whole[ordinal % 7], None
        midnight = None if day in special else week.midnight(day, zone)
        if midnight is None:
            starts = starts_on(timetable, day)
        elif whole is None:
            starts = week.starts(day, midnight)
        elif day in busy or midnight < soonest or midnight > last_whole:
            starts = [slot.starts_at for slot in whole.on(midnight).slots]
        else:
            free = whole.on(midnight)
            if free.slots and timetable.capacity >= party:
                yield free
            continue
        near = busy.get(day, ())
        offered = [_slot_among(timetable, start, near) for start in starts if soonest <= start <= latest]
        slots = tuple([slot for slot in offered if slot is not None and slot.seats_free >= party])
        if slots:
            yield FreeDay(slots)


class _Week:
    """What rules open on each weekday; ``whole`` has those whose days are all alike. Weekdays go by ordinals modulo 7."""

    def __init__(self, rules: Sequence[WeeklyRule], duration: timedelta, buffer: timedelta, capacity: int):
        self._length, self._capacity = (duration, buffer), capacity
        self._rules: list[list[WeeklyRule]] = [[] for _ in range(7)]
        for rule in rules:
            # The first ordinal is a Monday's.
            self._rules[(rule.weekday + 1) % 7].append(rule)
        self.is_overnight = any(is_overnight(rule.start, rule.end) for rule in rules)
        self._is_elsewhere = any(rule.zone for rule in rules)
        self.whole = [self._whole(number) for number in range(7)]

    def midnight(self, day: date, zone: ZoneInfo) -> datetime | None:
        """The day's first instant, where its starts follow from the rules as long as the clocks run evenly, and they do."""
        offset = offset_on(zone, day)
        if offset is None or self._is_elsewhere:
            return None
        if self.is_overnight and not offset_on(zone, day - ONE_DAY) == offset == offset_on(zone, day + ONE_DAY):
            return None
        return datetime.combine(day, MIDNIGHT, UTC) - offset

    def starts(self, day: date, midnight: datetime) -> list[datetime]:
        """All starts of a day that begins at ``midnight`` (UTC)."""
        number = day.toordinal() % 7
        hours = _hours(rule for rule in self._rules[number] if rule.holds_on(day))
        late = _hours(rule for rule in self._late(number) if rule.holds_on(day - ONE_DAY))
        return [midnight + after for after in _after_midnight(hours, late, *self._length)]

    def _whole(self, number: int) -> _WholeDays | None:
        rules, late = self._rules[number], self._late(number)
        if any(rule.valid_from or rule.valid_until for rule in (*rules, *late)):
            return None
        return _whole_days(_hours(rules), _hours(late), *self._length, self._capacity)

    def _late(self, number: int) -> Sequence[WeeklyRule]:
        """The rules whose hours the day before last until this one."""
        return [rule for rule in self._rules[number - 1] if is_overnight(rule.start, rule.end)]


@lru_cache(maxsize=1024)
def _week(rules: tuple[WeeklyRule, ...], duration: timedelta, buffer: timedelta, capacity: int) -> _Week:
    return _Week(rules, duration, buffer, capacity)


def _hours(rules: Iterable[WeeklyRule]) -> Hours:
    return tuple((rule.start, rule.end) for rule in rules)


def _special_days(timetable: Timetable, overnight: bool, first: date, last: date) -> set[date]:
    """The local days from ``first`` to ``last`` about whose starts an exception may decide; a day too many does no harm."""
    special: set[date] = set()
    # Two more, for a start is late on its day, and clocks may skip a day.
    ahead = timetable.duration.days + 2 if is_of_days(timetable.duration) else 0
    for each in timetable.exceptions:
        before = after = 0
        if each.zone:
            before, after = DAYS_APART + 1, DAYS_APART + 2
        elif overnight or (each.start is not None and each.end is not None and is_overnight(each.start, each.end)):
            before, after = 1, 2
        begin = max(each.day.toordinal() - before - ahead, first.toordinal())
        end = min(each.last.toordinal() + after, last.toordinal())
        special.update(map(date.fromordinal, range(begin, end + 1)))
    return special


class _WholeDays:
    """Days alike but for their date: the clock runs evenly and nothing is taken. Each is worked out once."""

    #: Starts that are kept by all of them together.
    kept = 0

    def __init__(self, after: Sequence[timedelta], duration: timedelta, capacity: int):
        self._after, self._duration, self._capacity = after, duration, capacity
        self._days: dict[datetime, FreeDay] = {}

    def on(self, midnight: datetime) -> FreeDay:
        """The day that begins at ``midnight`` (UTC)."""
        found = self._days.get(midnight)
        if found is None:
            starts = (midnight + after for after in self._after)
            slots = tuple(Slot(start, start + self._duration, self._capacity, self._capacity) for start in starts)
            found = FreeDay(slots, is_lasting=True)
            if _WholeDays.kept + len(slots) > MOST_KEPT:
                _whole_days.cache_clear()
                _week.cache_clear()
                _WholeDays.kept = 0
            _WholeDays.kept += len(slots) + 1
            self._days[midnight] = found
        return found


@lru_cache(maxsize=1024)
def _whole_days(hours: Hours, late: Hours, duration: timedelta, buffer: timedelta, capacity: int) -> _WholeDays:
    return _WholeDays(_after_midnight(hours, late, duration, buffer), duration, capacity)


def _busy_days(timetable: Timetable, taken: Iterable[Taken]) -> dict[date, list[Taken]]:
    """What is taken, by the local days of starts that it may stand in the way of; a day too many does no harm."""
    days: dict[date, list[Taken]] = {}
    for departure in sorted(taken, key=lambda one: one.starts_at):
        gap = max(timetable.buffer, departure.buffer) + _TURNED_BACK
        first, _ = shown_by_clocks(departure.starts_at - timetable.duration - gap, timetable.zone)
        last, _ = shown_by_clocks(departure.ends_at + gap, timetable.zone)
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            days.setdefault(date.fromordinal(ordinal), []).append(departure)
    return days


def slot_at(timetable: Timetable, start: datetime, taken: Iterable[Taken], now: datetime) -> Slot | None:
    """The slot that begins at ``start``, or None where it is too soon, too far off, or the body is busy elsewhere."""
    soonest, latest = now + timetable.cut_off, now + timetable.horizon
    return _slot_among(timetable, start, taken) if soonest <= start <= latest else None


def _slot_among(timetable: Timetable, start: datetime, taken: Iterable[Taken]) -> Slot | None:
    end = start + timetable.duration
    capacity, seats_taken = timetable.capacity, 0
    for departure in taken:
        if departure.seats_taken == 0:
            continue
        if (departure.listing_id, departure.starts_at, departure.ends_at) == (timetable.listing_id, start, end):
            capacity, seats_taken = departure.capacity, departure.seats_taken
            continue
        buffer = max(timetable.buffer, departure.buffer)
        if start < departure.ends_at + buffer and departure.starts_at < end + buffer:
            return None
    free = 0 if timetable.is_private and seats_taken else capacity - seats_taken
    return Slot(start, end, free, capacity)
