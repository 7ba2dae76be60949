"""What is wrong with hours that somebody wants to add to those that are there: they are there already, or are closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from domain.clocks import ONE_DAY
from domain.hours import Closings, DateException, WeeklyRule, days, is_overnight, opened, openings

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


def crowded_weekdays(there: Iterable[WeeklyRule], new: Sequence[WeeklyRule], longest: timedelta) -> list[Fault]:
    """Rules on a weekday on which all together, one beside the other, would be open for more than ``longest``."""
    rules = [*there, *new]
    # What holds on a day may only become more where another rule begins to hold.
    beginnings = {rule.valid_from or date.min for rule in rules}
    crowded = {
        (weekday, day)
        for weekday in {rule.weekday for rule in new}
        for day in beginnings
        if sum((_length(rule) for rule in rules if _holds(rule, weekday, day)), timedelta()) > longest
    }
    return [
        Fault(index, "weekday", f"Rules of one weekday can be open for {_hours(longest)} hours together.")
        for index, rule in enumerate(new)
        if any(_holds(rule, weekday, day) for weekday, day in crowded)
    ]


def crowded_dates(
    there: Iterable[DateException], new: Sequence[DateException], most: int, longest: timedelta
) -> list[Fault]:
    """Exceptions on a date of which more than ``most`` others say something, or so many of one request; or on which extra hours
    would be open for more than ``longest`` together."""
    on: Counter[int] = Counter()
    seconds: Counter[int] = Counter()
    for each in (*there, *new):
        touched = range(each.day.toordinal(), each.last.toordinal() + 1)
        on.update(touched)
        if each.is_available:
            seconds.update(dict.fromkeys(touched, int(_length(each).total_seconds())))
    limit = longest.total_seconds()
    crowded = sorted(ordinal for ordinal, number in on.items() if number > most or seconds[ordinal] > limit)
    said = f"there can be {most} exceptions, open for {_hours(longest)} hours together"
    return [
        Fault(index, "date", f"On {date.fromordinal(found[0])} {said}.")
        for index, each in enumerate(new)
        if (found := [ordinal for ordinal in crowded if each.day.toordinal() <= ordinal <= each.last.toordinal()])
    ]


def _holds(rule: WeeklyRule, weekday: int, day: date) -> bool:
    """Whether a rule of a weekday holds at the time of a day, whatever weekday that is."""
    return rule.weekday == weekday and (rule.valid_from or date.min) <= day <= (rule.valid_until or date.max)


def _length(hours: WeeklyRule | DateException) -> timedelta:
    """As the clock shows it."""
    if hours.start is None or hours.end is None:
        return timedelta()
    opening, closing = (datetime.combine(date.min, at) for at in (hours.start, hours.end))
    return closing - opening + (ONE_DAY if is_overnight(hours.start, hours.end) else timedelta())


def _hours(span: timedelta) -> int:
    return span // timedelta(hours=1)


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
