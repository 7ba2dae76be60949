"""What is wrong with hours that somebody wants to add to those that are there: they are there already, or are closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from domain.hours import DateException, WeeklyRule, days, openings

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
    return [
        Fault(index, "date", f"On {day} nothing of these hours is left by {name}.")
        for index, each in enumerate(new)
        if each.is_available
        for day, name in _first_closed(each, closings, zone)
    ]


def _first_closed(
    extra: DateException, closings: Sequence[Named[DateException]], zone: ZoneInfo
) -> Iterator[tuple[date, str]]:
    for day in days(extra.day, extra.last):
        near = [one for one in closings if abs((max(one[1].day, min(day, one[1].last)) - day).days) <= 3]
        if not near or not openings([], [extra], zone, day, day):
            continue
        if not openings([], [extra, *(hours for _, hours in near)], zone, day, day):
            whole = [name for name, hours in near if not openings([], [extra, hours], zone, day, day)]
            yield day, (whole or [name for name, _ in near])[0]
            return


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
