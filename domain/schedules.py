"""When a listing can start: weekly hours in local time, exceptions by date, and what is already taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

#: The most days that are shown at once, and how many where nobody says.
LONGEST_WINDOW, DEFAULT_WINDOW = timedelta(days=62), timedelta(days=30)
#: No clock is turned back by more, so that instants further apart than this are never shown on days in the wrong order.
_TURNED_BACK = timedelta(hours=3)
_MIDNIGHT, _ONE_DAY = time(0), timedelta(days=1)
#: Starts that are kept once they are worked out, some 250 bytes each; beyond them all are forgotten, so that a crawler who
#: walks every listing's calendar cannot fill the memory.
MOST_KEPT = 60_000
Hours = tuple[tuple[time, time], ...]
When = TypeVar("When", datetime, timedelta)


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Open hours on one weekday (0 is Monday), local time; ``valid_until`` is included."""

    weekday: int
    start: time
    end: time
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or day >= self.valid_from)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class DateException:
    """One date that differs from the week: more hours, fewer, or (without times) the whole day."""

    day: date
    is_available: bool
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """An existing departure of the same body: its time, and the buffer its own listing asks for."""

    starts_at: datetime
    ends_at: datetime
    buffer: timedelta
    listing_id: object
    capacity: int
    seats_taken: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """Everything that decides which starts a listing offers. Durations are real time, hours are local time."""

    listing_id: object
    zone: ZoneInfo
    duration: timedelta
    buffer: timedelta
    cut_off: timedelta
    horizon: timedelta
    capacity: int
    rules: Sequence[WeeklyRule]
    exceptions: Sequence[DateException]


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


def shown_days(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The local days to look at; the past is left out, for nothing there can be booked."""
    start = max(first or today, today)
    return start, min(last or start + DEFAULT_WINDOW, start + LONGEST_WINDOW)


def hours_on(timetable: Timetable, day: date) -> list[tuple[time, time]]:
    """Open windows on a local day: rules, plus exceptions that open, minus exceptions that close."""
    windows = [(rule.start, rule.end) for rule in timetable.rules if rule.holds_on(day)]
    return _changed(windows, [exception for exception in timetable.exceptions if exception.day == day])


def _changed(windows: list[tuple[time, time]], exceptions: Sequence[DateException]) -> list[tuple[time, time]]:
    windows = windows + [(e.start, e.end) for e in exceptions if e.is_available and e.start and e.end]
    for closing in exceptions:
        if not closing.is_available:
            if closing.start is None or closing.end is None:
                return []
            windows = [part for window in windows for part in _minus(window, (closing.start, closing.end))]
    return sorted(set(windows))


def starts_on(timetable: Timetable, day: date) -> list[datetime]:
    """Starts offered on a local day, in UTC: from each window's beginning, one after the other with the buffer between.

    Local times that the clock skips do not exist and are not offered; a time that happens twice is the first of the two.
    """
    return _starts(timetable, day, hours_on(timetable, day))


def _starts(timetable: Timetable, day: date, hours: Sequence[tuple[time, time]]) -> list[datetime]:
    offset = _offset_on(timetable.zone, day)
    if offset is not None:
        midnight = datetime.combine(day, _MIDNIGHT, UTC) - offset
        return [midnight + after for after in _after_midnight(tuple(hours), timetable.duration, timetable.buffer)]
    starts: set[datetime] = set()
    for opening, closing in hours:
        start = _instant(day, opening, timetable.zone)
        end = _instant(day, closing, timetable.zone)
        if start is not None and end is not None:
            starts.update(_one_after_the_other(start, end, timetable.duration, timetable.buffer))
    return sorted(starts)


@lru_cache(maxsize=4096)
def _after_midnight(hours: Hours, duration: timedelta, buffer: timedelta) -> tuple[timedelta, ...]:
    """How long after midnight each start is, on days throughout which the clock runs evenly: most are alike."""
    return tuple(
        sorted(
            {
                after
                for opening, closing in hours
                for after in _one_after_the_other(_since_midnight(opening), _since_midnight(closing), duration, buffer)
            }
        )
    )


def _one_after_the_other(start: When, end: When, duration: timedelta, buffer: timedelta) -> Iterator[When]:
    while start + duration <= end:
        yield start
        start += duration + buffer


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def free_days(
    timetable: Timetable, first: date, last: date, taken: Iterable[Taken], now: datetime, party: int = 1
) -> list[FreeDay]:
    """The days from ``first`` to ``last`` (local, both included) that have starts with seats free for ``party``, at ``now``."""
    zone, soonest, latest = timetable.zone, now + timetable.cut_off, now + timetable.horizon
    exceptions, busy = _by_day(timetable.exceptions), _busy_days(timetable, taken)
    weekdays = [_Weekday(timetable, number) for number in range(7)]
    found = []
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        weekday, offset = weekdays[day.weekday()], _offset_on(zone, day)
        if weekday.whole is not None and offset is not None and not (day in busy or day in exceptions):
            midnight = datetime.combine(day, _MIDNIGHT, UTC) - offset
            if soonest <= midnight and midnight + _ONE_DAY <= latest:
                whole = weekday.whole.on(midnight)
                if whole.slots and timetable.capacity >= party:
                    found.append(whole)
                continue
        hours = _changed(weekday.hours_on(day), exceptions.get(day, ()))
        starts = (start for start in _starts(timetable, day, hours) if soonest <= start <= latest)
        offered = (_slot_among(timetable, start, busy.get(day, ())) for start in starts)
        free = FreeDay(tuple(slot for slot in offered if slot is not None and slot.seats_free >= party))
        if free.slots:
            found.append(free)
    return found


class _Weekday:
    """What the rules open on one weekday: ``whole`` where that is the same on all its days."""

    def __init__(self, timetable: Timetable, number: int):
        self._rules = [rule for rule in timetable.rules if rule.weekday == number]
        self.whole: _WholeDays | None = None
        if not any(rule.valid_from or rule.valid_until for rule in self._rules):
            hours = tuple((rule.start, rule.end) for rule in self._rules)
            self.whole = _whole_days(hours, timetable.duration, timetable.buffer, timetable.capacity)

    def hours_on(self, day: date) -> list[tuple[time, time]]:
        return [(rule.start, rule.end) for rule in self._rules if rule.holds_on(day)]


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
                _WholeDays.kept = 0
            _WholeDays.kept += len(slots) + 1
            self._days[midnight] = found
        return found


@lru_cache(maxsize=1024)
def _whole_days(hours: Hours, duration: timedelta, buffer: timedelta, capacity: int) -> _WholeDays:
    return _WholeDays(_after_midnight(hours, duration, buffer), duration, capacity)


def _by_day(exceptions: Iterable[DateException]) -> dict[date, list[DateException]]:
    days: dict[date, list[DateException]] = {}
    for exception in exceptions:
        days.setdefault(exception.day, []).append(exception)
    return days


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
    return Slot(start, end, capacity - seats_taken, capacity)


def is_offered(timetable: Timetable, start: datetime) -> bool:
    """Whether the schedule itself has this start, whatever is taken."""
    return start in starts_on(timetable, start.astimezone(timetable.zone).date())


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a local time; raises ValueError where the clock skips it."""
    instant = _instant(day, at, zone)
    if instant is None:
        raise ValueError("this local time does not exist on that day")
    return instant


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    offset = _offset_on(zone, day)
    if offset is not None:
        return datetime.combine(day, at, UTC) - offset
    local = datetime.combine(day, at, tzinfo=zone)
    instant = local.astimezone(UTC)
    return instant if instant.astimezone(zone).replace(fold=0) == local.replace(fold=0) else None


@lru_cache(maxsize=8192)
def _offset_on(zone: ZoneInfo, day: date) -> timedelta | None:
    """How far the clocks of a zone are ahead of UTC throughout a day; None on days that change it."""
    first = datetime.combine(day, _MIDNIGHT, tzinfo=zone).utcoffset()
    # Not the day's last moment, which some clocks skip.
    after = datetime.combine(day + _ONE_DAY, _MIDNIGHT, tzinfo=zone).utcoffset()
    return first if first == after else None


def shown_by_clocks(instant: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """What the clocks of a zone show at an instant (in UTC): the day, and the minutes since its midnight."""
    offset = _offset_on(zone, instant.date())
    if offset is not None:
        local = instant + offset
        day = local.date()
        if local.day == instant.day or _offset_on(zone, day) == offset:
            return day, local.hour * 60 + local.minute
    local = instant.astimezone(zone)
    return local.date(), local.hour * 60 + local.minute


def _minus(window: tuple[time, time], hole: tuple[time, time]) -> list[tuple[time, time]]:
    start, end = window
    from_, until = hole
    if until <= start or from_ >= end:
        return [window]
    parts = [(start, from_), (until, end)]
    return [(left, right) for left, right in parts if left < right]
