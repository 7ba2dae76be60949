"""What is wrong with hours that somebody wants to add to those that are there: they are there already, or are closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from domain.hours import Closings, DateException, WeeklyRule, days, opened, openings

Hours = TypeVar("Hours", WeeklyRule, DateException)
#: Hours, and what to call them.
Named = tuple[str, Hours]


class Fault(NamedTuple):
    """What is wrong with the hours at a place of a request."""

    index: int
    field: str
    message: str


def repeated_rules(there: Sequence[Named[WeeklyRule]], new: Sequence[WeeklyRule]) -> list[Fault]:
    """Rules that hold on the same days at the same time as another. Those that merely overlap are no fault."""
    return [
        Fault(index, "weekday", f"These hours are there already, as {name}.")
        for index, rule, others in _each(new, there, "rules")
        for name, other in others
        if (rule.weekday, rule.start, rule.end) == (other.weekday, other.start, other.end)
        and _overlap(rule.valid_from, rule.valid_until, other.valid_from, other.valid_until)
    ]


def repeated_exceptions(there: Sequence[Named[DateException]], new: Sequence[DateException]) -> list[Fault]:
    """Exceptions that say of a date what another says."""
    return [
        Fault(index, "date", f"This is there already, as {name}.")
        for index, each, others in _each(new, there, "exceptions")
        for name, other in others
        if (each.is_available, each.start, each.end) == (other.is_available, other.start, other.end)
        and _overlap(each.day, each.last, other.day, other.last)
    ]


def closed_openings(there: Sequence[Named[DateException]], new: Sequence[DateException], zone: ZoneInfo) -> list[Fault]:
    """Extra hours of which closings leave nothing on one of their dates. A closing of hours that are open is no fault: that is
    what it is for."""
    closings = [one for one in (*there, *_named(new, "exceptions")) if not one[1].is_available]
    extra = [(index, each) for index, each in enumerate(new) if each.is_available]
    if not closings or not extra:
        return []
    first, last = min(each.day for _, each in extra), max(each.last for _, each in extra)
    closed = Closings((hours for _, hours in closings), zone, first, last)
    return [
        Fault(index, "date", f"On {day} nothing of these hours is left by {_closing(each, day, closings, zone)}.")
        for index, each in extra
        for day in _first_closed(each, closed, zone)
    ]


def crowded_dates(there: Iterable[DateException], new: Sequence[DateException], most: int) -> list[Fault]:
    """Exceptions on a date of which more than ``most`` others say something, or so many of one request."""
    on: Counter[int] = Counter()
    for each in (*there, *new):
        on.update(range(each.day.toordinal(), each.last.toordinal() + 1))
    crowded = sorted(ordinal for ordinal, number in on.items() if number > most)
    return [
        Fault(index, "date", f"On {date.fromordinal(found[0])} there can be {most} exceptions.")
        for index, each in enumerate(new)
        if (found := [ordinal for ordinal in crowded if each.day.toordinal() <= ordinal <= each.last.toordinal()])
    ]


def _first_closed(extra: DateException, closed: Closings, zone: ZoneInfo) -> Iterator[date]:
    if extra.start is None or extra.end is None:
        return
    for day in days(extra.day, extra.last):
        span = opened(day, extra.start, extra.end, extra.zone or zone)
        if span is not None and not any(closed.left_of(span)):
            yield day
            return


def _closing(extra: DateException, day: date, closings: Sequence[Named[DateException]], zone: ZoneInfo) -> str:
    """What to call the closing that leaves nothing of a day, or the first of several that do so together."""
    near = [one for one in closings if abs((max(one[1].day, min(day, one[1].last)) - day).days) <= 3]
    whole = (name for name, hours in near if not openings([], [extra, hours], zone, day, day))
    return next(whole, near[0][0])


def _each(
    new: Sequence[Hours], there: Sequence[Named[Hours]], called: str
) -> Iterator[tuple[int, Hours, list[Named[Hours]]]]:
    """Each of the new hours with those before it."""
    named = _named(new, called)
    for index, hours in enumerate(new):
        yield index, hours, [*there, *named[:index]]


def _named(new: Sequence[Hours], called: str) -> list[Named[Hours]]:
    return [(f"{called}.{index} of this request", hours) for index, hours in enumerate(new)]


def _overlap(first: date | None, last: date | None, other_first: date | None, other_last: date | None) -> bool:
    return (last is None or other_first is None or other_first <= last) and (
        other_last is None or first is None or first <= other_last
    )
