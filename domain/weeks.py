"""The days that follow from weekly rules alone: most of anybody's, and each is worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from domain.clocks import MIDNIGHT, ONE_DAY, even_midnight, offset_on
from domain.hours import WeeklyRule, is_overnight

#: Starts that are kept once they are worked out, some 250 bytes each; beyond them all are forgotten, so that a crawler who
#: walks every listing's calendar cannot fill the memory.
MOST_KEPT = 60_000
Hours = tuple[tuple[time, time], ...]
When = TypeVar("When", datetime, timedelta)


class Slot(NamedTuple):
    """A start that can be booked, with the seats still free."""

    starts_at: datetime
    ends_at: datetime
    seats_free: int
    capacity: int


@dataclass(frozen=True, eq=False, slots=True)
class FreeDay:
    """The free starts of one local day. One that is ``is_lasting`` comes again, itself, whenever somebody asks for it."""

    day: date
    slots: tuple[Slot, ...]
    is_lasting: bool = False


class Week:
    """What rules open on each weekday, by ordinals modulo 7, in days about which the clocks of their zone run evenly."""

    def __init__(
        self, rules: Sequence[WeeklyRule], duration: timedelta, buffer: timedelta, capacity: int, zone: ZoneInfo
    ):
        self._length, self._zone = (duration, buffer), zone
        self._rules: list[list[WeeklyRule]] = [[] for _ in range(7)]
        for rule in rules:
            # The first ordinal is a Monday's.
            self._rules[(rule.weekday + 1) % 7].append(rule)
        self.is_overnight = any(is_overnight(rule.start, rule.end) for rule in rules)
        self._is_elsewhere = any(rule.zone for rule in rules)
        self._whole = [self._whole_days(number, capacity) for number in range(7)]
        #: By ordinals, as they are asked for.
        self.lasting: dict[int, FreeDay] = {}

    def lasting_day(self, ordinal: int) -> FreeDay | None:
        """A day of which nothing is taken; None where it does not follow from the weekday."""
        found, whole = self.lasting.get(ordinal), self._whole[ordinal % 7]
        if found is None and whole is not None:
            day = date.fromordinal(ordinal)
            midnight = self._midnight(day)
            if midnight is not None:
                found = whole.on(midnight, day)
                _WholeDays.kept += 1
                self.lasting[ordinal] = found
        return found

    def starts(self, ordinal: int) -> list[datetime] | None:
        """All starts of a day, in UTC; None where they do not follow from the rules as long as the clocks run evenly."""
        lasting = self.lasting_day(ordinal)
        if lasting is not None:
            return [slot.starts_at for slot in lasting.slots]
        day, number = date.fromordinal(ordinal), ordinal % 7
        midnight = self._midnight(day)
        if midnight is None:
            return None
        hours = _hours(rule for rule in self._rules[number] if rule.holds_on(day))
        late = _hours(rule for rule in self._late(number) if rule.holds_on(day - ONE_DAY))
        return [midnight + after for after in _after_midnight(hours, late, *self._length)]

    def _midnight(self, day: date) -> datetime | None:
        """The first instant of a day about which the clocks run evenly."""
        if self._is_elsewhere:
            return None
        if self.is_overnight:
            return even_midnight(day, self._zone)
        offset = offset_on(self._zone, day)
        return None if offset is None else datetime.combine(day, MIDNIGHT, UTC) - offset

    def _whole_days(self, number: int, capacity: int) -> _WholeDays | None:
        rules, late = self._rules[number], self._late(number)
        if any(rule.valid_from or rule.valid_until for rule in (*rules, *late)):
            return None
        return _whole_days(_hours(rules), _hours(late), *self._length, capacity)

    def _late(self, number: int) -> Sequence[WeeklyRule]:
        """The rules whose hours the day before last until this one."""
        return [rule for rule in self._rules[number - 1] if is_overnight(rule.start, rule.end)]


@lru_cache(maxsize=1024)
def week_of(
    rules: tuple[WeeklyRule, ...], duration: timedelta, buffer: timedelta, capacity: int, zone: ZoneInfo
) -> Week:
    """The week of such rules, which remembers its days."""
    return Week(rules, duration, buffer, capacity, zone)


class _WholeDays:
    """Days alike but for their date: the clock runs evenly and nothing is taken. Each is worked out once."""

    #: Starts and days that are kept by all of them together.
    kept = 0

    def __init__(self, after: Sequence[timedelta], duration: timedelta, capacity: int):
        self._after, self._duration, self._capacity = after, duration, capacity
        self._days: dict[datetime, FreeDay] = {}

    def on(self, midnight: datetime, day: date) -> FreeDay:
        """The day that begins at ``midnight`` (UTC)."""
        found = self._days.get(midnight)
        if found is None or found.day != day:
            starts = (midnight + after for after in self._after)
            slots = tuple(Slot(start, start + self._duration, self._capacity, self._capacity) for start in starts)
            found = FreeDay(day, slots, is_lasting=True)
            if _WholeDays.kept + len(slots) > MOST_KEPT:
                _whole_days.cache_clear()
                week_of.cache_clear()
                _WholeDays.kept = 0
            _WholeDays.kept += len(slots) + 1
            self._days[midnight] = found
        return found


@lru_cache(maxsize=1024)
def _whole_days(hours: Hours, late: Hours, duration: timedelta, buffer: timedelta, capacity: int) -> _WholeDays:
    return _WholeDays(_after_midnight(hours, late, duration, buffer), duration, capacity)


@lru_cache(maxsize=4096)
def _after_midnight(hours: Hours, late: Hours, duration: timedelta, buffer: timedelta) -> tuple[timedelta, ...]:
    """How long after midnight each start is, on days about which the clock runs evenly: most are alike. ``late`` are the
    overnight hours of the evening before."""
    own = {start for each in hours for start in _evenly(each, duration, buffer) if start < ONE_DAY}
    spilled = {start - ONE_DAY for each in late for start in _evenly(each, duration, buffer) if start >= ONE_DAY}
    return tuple(sorted(own | spilled))


def _evenly(hours: tuple[time, time], duration: timedelta, buffer: timedelta) -> Iterator[timedelta]:
    opening, closing = map(_since_midnight, hours)
    return one_after_the_other(opening, closing + ONE_DAY if is_overnight(*hours) else closing, duration, buffer)


def one_after_the_other(start: When, end: When, duration: timedelta, buffer: timedelta) -> Iterator[When]:
    """The starts of an opening; of what lasts longer than any opening, its beginning."""
    if is_of_days(duration):
        yield start
        return
    while start + duration <= end:
        yield start
        start += duration + buffer


def is_of_days(duration: timedelta) -> bool:
    """Whether it lasts longer than any opening."""
    return duration > ONE_DAY


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _hours(rules: Iterable[WeeklyRule]) -> Hours:
    return tuple((rule.start, rule.end) for rule in rules)
