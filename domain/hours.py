"""When somebody is open: weekly rules and dates that differ, each in its own zone, as spans of instants."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.clocks import MIDNIGHT, ONE_DAY, first_past, first_shown

NO_DAY = timedelta(0)
#: Days whose closings may touch hours that begin on a day, in whatever zones.
_TOUCHING = timedelta(days=3)
#: A stretch of time, the end not included.
Span = tuple[datetime, datetime]


def is_overnight(start: time, end: time) -> bool:
    """Hours that end no later than they begin end on the next day: 20:00 to 02:00, and midnight to midnight is a whole day."""
    return end <= start


class WeeklyRule(NamedTuple):
    """Open hours that begin on one weekday (0 is Monday), local time; ``valid_until`` is included.

    ``zone`` is only said where it is not that of the timetable.
    """

    weekday: int
    start: time
    end: time
    valid_from: date | None = None
    valid_until: date | None = None
    zone: ZoneInfo | None = None

    def holds_on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.valid_from is None or day >= self.valid_from)
            and (self.valid_until is None or day <= self.valid_until)
        )


class DateException(NamedTuple):
    """A date that differs from the week, or each date up to ``until``: more hours, fewer, or (without times) the whole day.

    Hours may be overnight, as a rule's. ``zone`` is only said where it is not that of the timetable.
    """

    day: date
    is_available: bool
    start: time | None = None
    end: time | None = None
    until: date | None = None
    zone: ZoneInfo | None = None

    @property
    def last(self) -> date:
        return self.until or self.day

    @property
    def is_whole_day(self) -> bool:
        return self.start is None or self.end is None

    def holds_on(self, day: date) -> bool:
        return self.day <= day <= self.last


def openings(
    rules: Sequence[WeeklyRule],
    exceptions: Sequence[DateException],
    zone: ZoneInfo,
    first: date,
    last: date,
    closings: Closings | None = None,
) -> list[Span]:
    """The open hours that begin on the days from ``first`` to ``last``, in order; those of two rules may overlap. ``closings``
    are those of these days and any others, where they have been found before.

    Closed hours are cut out. A closed day is more than its hours: what would begin on it does not begin at all, not even the
    part after midnight, and what began the evening before ends at its midnight.
    """
    spans = _begun(rules, exceptions, zone, first, last)
    if spans and exceptions:
        closings = closings or Closings(exceptions, zone, first, last)
        spans = {part for span in spans for part in closings.left_of(span)}
    return sorted(spans)


def openings_before(
    length: timedelta,
    rules: Sequence[WeeklyRule],
    exceptions: Sequence[DateException],
    zone: ZoneInfo,
    first: date,
    last: date,
    closings: Closings,
) -> list[Span]:
    """The open hours that begin on the days from ``first`` to ``last``, as they are written, where nothing is closed for
    ``length`` from their beginning on."""
    spans = _begun(rules, exceptions, zone, first, last)
    if spans and exceptions:
        spans = {span for span in spans if not closings.touch(span[0], span[0] + length)}
    return sorted(spans)


def covers(spans: Iterable[Span], start: datetime, end: datetime) -> bool:
    """Whether it is open all the time from ``start`` to ``end``; ``spans`` come in order."""
    for opening, closing in spans:
        if opening > start:
            return False
        # What closes here may open at once by another rule.
        start = max(start, closing)
        if start >= end:
            return True
    return False


def days(first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last``, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _begun(
    rules: Sequence[WeeklyRule], exceptions: Sequence[DateException], zone: ZoneInfo, first: date, last: date
) -> set[Span]:
    """What is opened on the days from ``first`` to ``last``, whatever is closed."""
    extra = [each for each in exceptions if each.is_available]
    spans = set()
    for day in days(first, last):
        for each in (*rules, *extra):
            if each.holds_on(day) and each.start is not None and each.end is not None:
                span = opened(day, each.start, each.end, each.zone or zone)
                if span is not None:
                    spans.add(span)
    return spans


def opened(day: date, start: time, end: time, zone: ZoneInfo) -> Span | None:
    """The span of hours on a day. Those that begin at a time which the clocks skip do not begin; those that end at one end when
    the clocks jump."""
    opening = first_shown(day, start, zone)
    if opening is None:
        return None
    closing = first_past(day + ONE_DAY if is_overnight(start, end) else day, end, zone)
    return (opening, closing) if opening < closing else None


class Closings:
    """What closes openings that begin on the days from ``first`` to ``last``. Guides may write hundreds of exceptions: each
    opening finds those that concern it without looking at the others."""

    def __init__(self, exceptions: Iterable[DateException], zone: ZoneInfo, first: date, last: date):
        holes = list(_holes(exceptions, zone, first - _TOUCHING, last + _TOUCHING))
        self._closed = _united(hole for hole, _ in holes)
        self._ends = [end for _, end in self._closed]
        self._whole_days = _united(hole for hole, is_whole_day in holes if is_whole_day)
        self._ends_of_days = [end for _, end in self._whole_days]

    def touch(self, start: datetime, end: datetime) -> bool:
        """Whether anything is closed at any time from ``start`` to ``end``."""
        at = bisect_right(self._ends, start)
        return at < len(self._closed) and self._closed[at][0] < end

    def left_of(self, span: Span) -> Iterator[Span]:
        """The parts of an opening that stay open."""
        start, end = span
        at = bisect_right(self._ends_of_days, start)
        if at < len(self._whole_days) and self._whole_days[at][0] <= start:
            return
        for from_, until in self._closed[bisect_right(self._ends, start) :]:
            if from_ >= end:
                break
            if start < from_:
                yield start, from_
            start = until
        if start < end:
            yield start, end


def _holes(exceptions: Iterable[DateException], zone: ZoneInfo, first: date, last: date) -> Iterator[tuple[Span, bool]]:
    """What is closed on the days from ``first`` to ``last``, and whether it is a day as a whole."""
    for each in exceptions:
        if each.is_available or each.day > last or each.last < first:
            continue
        start, end = each.start or MIDNIGHT, each.end or MIDNIGHT
        at, length = each.zone or zone, ONE_DAY if is_overnight(start, end) else NO_DAY
        for day in days(max(each.day, first), min(each.last, last)):
            yield (first_past(day, start, at), first_past(day + length, end, at)), each.is_whole_day


def _united(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, with nothing that touches; hours that the clocks skip are none."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united
