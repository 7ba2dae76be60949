"""What holds for every timetable in every zone, against somebody who walks through the days minute by minute."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.hours import DateException, WeeklyRule
from domain.schedules import Taken, Timetable, free_days, is_offered, is_within_hours, slot_at, starts_on
from domain.weeks import Slot

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None, max_examples=60)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_NAMES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca")
_NAMES += ("America/Nuuk", "Pacific/Apia", "Africa/Nairobi")
ZONES = [ZoneInfo(name) for name in _NAMES]


def changes(zone: ZoneInfo, year: int) -> list[date]:
    """The days of a year on which the clocks of a zone change."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    offsets = [datetime.combine(day, time(0), tzinfo=zone).utcoffset() for day in (*days, date(year + 1, 1, 1))]
    return [day for day, before, after in zip(days, offsets, offsets[1:], strict=False) if before != after]


#: Days that clocks change, and Apia's friday that never was.
CHANGES = [(zone, day) for zone in ZONES for day in changes(zone, 2026)]
CHANGES += [(ZoneInfo("Pacific/Apia"), date(2011, 12, 30))] * 3

around_changes = st.builds(
    lambda zone_and_day, by: (zone_and_day[0], zone_and_day[1] + by * DAY), st.sampled_from(CHANGES), st.integers(-2, 2)
)
anywhere = st.tuples(st.sampled_from(ZONES), st.dates(date(2026, 1, 5), date(2026, 12, 20)))
times = st.builds(lambda quarters: time(quarters // 4, quarters % 4 * 15), st.integers(0, 95))
durations = st.sampled_from([15, 30, 45, 60, 90, 180, 600, 1440]).map(lambda number: timedelta(minutes=number))
#: Tours that last longer than any opening.
of_days = st.sampled_from([1441, 1470, 1500, 2160, 2880, 4320, 4500]).map(lambda number: timedelta(minutes=number))
minutes = st.sampled_from([0, 10, 15, 30, 45, 60]).map(lambda number: timedelta(minutes=number))


@st.composite
def cases(draw, *, foreign: bool = True) -> tuple[Timetable, date]:
    """A timetable and a day near which it has hours; hours and exceptions are sometimes kept in another zone."""
    zone, day = draw(st.one_of(around_changes, around_changes, anywhere))
    other = st.sampled_from([None, None, *ZONES]) if foreign else st.none()
    near = st.integers(-2, 2).map(lambda by: day + by * DAY)
    soon = st.integers(-2, 6).map(lambda by: day + by * DAY)
    rules_zone = draw(other)
    bounds = st.one_of(st.none(), near)
    rules = st.builds(WeeklyRule, near.map(date.weekday), times, times, bounds, bounds, st.just(rules_zone))
    until = st.one_of(st.none(), st.integers(0, 3))

    def exception(
        on: date, is_available: bool, hours: tuple[time, time] | None, length: int | None, at: ZoneInfo | None
    ):
        start, end = hours or (None, None)
        return DateException(on, is_available, start, end, None if length is None else on + length * DAY, at)

    hours = st.tuples(times, times)
    opened = st.builds(exception, near, st.just(True), hours, until, other)
    closed = st.builds(exception, soon, st.just(False), st.one_of(st.none(), hours), until, other)
    table = Timetable(
        listing_id="a",
        zone=zone,
        duration=draw(st.one_of(durations, of_days)),
        buffer=draw(minutes),
        cut_off=timedelta(0),
        horizon=timedelta(days=9999),
        capacity=4,
        rules=draw(st.lists(rules, min_size=1, max_size=3)),
        exceptions=draw(st.lists(st.one_of(opened, closed), max_size=3)),
        is_private=draw(st.booleans()),
    )
    return table, day


@dataclass(frozen=True)
class Walk:
    """Every minute of some days, and what the clocks of a zone show in it; ``reached`` never goes back."""

    instants: list[datetime]
    shown: list[datetime]
    reached: list[datetime]

    def first(self, day: date, at: time) -> int | None:
        """The first minute in which the clocks show this."""
        wanted = datetime.combine(day, at)
        found = self.past(day, at)
        return found if found < len(self.shown) and self.shown[found] == wanted else None

    def past(self, day: date, at: time) -> int:
        """The first minute in which the clocks show this or more."""
        return bisect_left(self.reached, datetime.combine(day, at))


@lru_cache(maxsize=64)
def walk(zone: ZoneInfo, day: date) -> Walk:
    """From eight days before a day to fourteen after it."""
    first = datetime.combine(day - 8 * DAY, time(0), UTC)
    instants = [first + number * MINUTE for number in range(22 * 24 * 60)]
    shown = [instant.astimezone(zone).replace(tzinfo=None) for instant in instants]
    reached, most = [], shown[0]
    for one in shown:
        most = max(most, one)
        reached.append(most)
    return Walk(instants, shown, reached)


def end_of(day: date, start: time, end: time) -> date:
    return day if end > start else day + DAY


def written_minutes(table: Timetable, day: date) -> list[set[int]]:
    """The minutes of each opening that begins within five days of a day, whatever is closed, straight from the words."""
    found = []
    for number in range(-5, 6):
        on = day + number * DAY
        for each in (*table.rules, *(one for one in table.exceptions if one.is_available)):
            clocks = walk(each.zone or table.zone, day)
            first = clocks.first(on, each.start)
            if each.holds_on(on) and first is not None:
                found.append(set(range(first, clocks.past(end_of(on, each.start, each.end), each.end))))
    return [opening for opening in found if opening]


def closed_minutes(table: Timetable, day: date) -> list[tuple[range, bool]]:
    """The minutes of each closing about a day, and whether it is a day as a whole."""
    found = []
    for each in table.exceptions:
        clocks = walk(each.zone or table.zone, day)
        for number in range(-7, 12):
            on = day + number * DAY
            if not each.is_available and each.holds_on(on):
                start, end = each.start or time(0), each.end or time(0)
                closed = range(clocks.past(on, start), clocks.past(end_of(on, start, end), end))
                found.append((closed, each.start is None))
    return found


def open_minutes(table: Timetable, day: date) -> list[set[int]]:
    """The minutes of each opening that closings leave."""
    found, closings = written_minutes(table, day), closed_minutes(table, day)
    # What would begin on a closed day does not begin at all.
    whole = [closed for closed, is_day in closings if is_day]
    found = [opening for opening in found if not any(min(opening) in closed for closed in whole)]
    return [opening.difference(*(closed for closed, _ in closings)) for opening in found]


def is_of_days(length: timedelta) -> bool:
    return length > DAY


def walked_starts(table: Timetable, day: date) -> list[datetime]:
    """The starts of a local day, found by walking through each opening; what lasts days starts where one begins, and each of
    its minutes is looked at."""
    clocks, starts = walk(table.zone, day), set()
    length, step = table.duration // MINUTE, (table.duration + table.buffer) // MINUTE
    if is_of_days(table.duration):
        closed = set().union(*(minutes for minutes, _ in closed_minutes(table, day)))
        starts = {min(opening) for opening in written_minutes(table, day)}
        starts = {start for start in starts if not any(one in closed for one in range(start, start + length))}
    for opening in [] if is_of_days(table.duration) else open_minutes(table, day):
        for minute in sorted(opening):
            if minute - 1 in opening:
                continue
            start = minute
            while all(one in opening for one in range(start, start + length)):
                starts.add(start)
                start += step
    return [clocks.instants[start] for start in sorted(starts) if clocks.shown[start].date() == day]


@unhurried
@given(cases())
def test_a_day_has_the_starts_that_somebody_finds_who_walks_through_it(case):
    table, day = case
    assert starts_on(table, day) == walked_starts(table, day)


def test_hours_that_the_clocks_jump_over_close_nothing():
    zone, day = ZoneInfo("America/New_York"), date(2026, 3, 8)
    rules, gone = [WeeklyRule(6, time(0), time(8))], DateException(day, False, time(2, 15), time(2, 45))
    table = Timetable("a", zone, 3 * 60 * MINUTE, 0 * DAY, 0 * DAY, 9999 * DAY, 4, rules, [gone])
    starts = starts_on(table, day)
    assert [start.astimezone(zone).hour for start in starts] == [0, 4]
    assert starts == walked_starts(table, day)


@unhurried
@given(cases(), st.integers(-48, 48), st.one_of(durations, of_days))
def test_a_run_is_within_the_hours_where_each_of_its_minutes_is(case, quarters, length):
    table, day = case
    clocks = walk(table.zone, day)
    first = 8 * 24 * 60 + quarters * 15
    minutes_of_it = range(first, first + length // MINUTE)
    open_at = set().union(*open_minutes(table, day))
    start = clocks.instants[first]
    expected = all(one in open_at for one in minutes_of_it)
    if is_of_days(length):
        closed = set().union(*(minutes for minutes, _ in closed_minutes(table, day)))
        expected = first in open_at and not any(one in closed for one in minutes_of_it)
    assert is_within_hours(table, start, start + length) == expected


@unhurried
@given(cases())
def test_no_start_is_a_local_time_that_the_clock_skips_and_each_lasts_as_long_as_it_lasts(case):
    table, day = case
    for start in starts_on(table, day):
        assert start.astimezone(table.zone).astimezone(UTC) == start
        assert start.astimezone(table.zone).date() == day
    for free in free_days(table, day, day, [], LONG_AGO):
        assert all(slot.ends_at - slot.starts_at == table.duration for slot in free.slots)


@unhurried
@given(around_changes, times)
def test_an_opening_that_happens_twice_is_the_first_of_the_two_and_one_that_never_happens_is_none(where, at):
    zone, day = where
    table = Timetable(
        "a", zone, MINUTE, timedelta(0), timedelta(0), 9999 * DAY, 4, [WeeklyRule(day.weekday(), at, at)], []
    )
    shown = [minute for minute in walk(zone, day).shown if minute == datetime.combine(day, at)]
    first = walk(zone, day).first(day, at)
    assert (first is None) == (not shown)
    starts = starts_on(table, day)
    if first is not None:
        assert starts[0] == walk(zone, day).instants[first]
    elif datetime.combine(day, at) not in walk(zone, day).shown:
        assert not starts


@st.composite
def occupied_cases(draw, *, foreign: bool = True) -> tuple[Timetable, date, list[Taken]]:
    table, day = draw(cases(foreign=foreign))
    midnight = datetime.combine(day, time(0), tzinfo=UTC)
    departures = []
    for _ in range(draw(st.integers(0, 4))):
        start = midnight + timedelta(minutes=15 * draw(st.one_of(st.integers(-48, 144), st.integers(96, 480))))
        length = timedelta(minutes=draw(st.sampled_from([15, 60, 180, 2880])))
        seats = draw(st.integers(0, 4))
        departures.append(Taken(start, start + length, draw(minutes), draw(st.sampled_from(["a", "b"])), 4, seats))
    for start in starts_on(table, day)[:3]:
        if draw(st.booleans()):
            departures.append(Taken(start, start + table.duration, table.buffer, "a", 4, draw(st.integers(0, 4))))
    return table, day, departures


@unhurried
@given(occupied_cases())
def test_no_slot_overlaps_what_is_taken_nor_the_larger_buffer_around_it(case):
    table, day, departures = case
    free = free_days(table, day, day, departures, LONG_AGO)
    offered = {slot.starts_at: slot for one in free for slot in one.slots}
    for start in starts_on(table, day):
        end = start + table.duration
        busy, seats = False, table.capacity
        for one in departures:
            if one.seats_taken and (one.listing_id, one.starts_at, one.ends_at) == ("a", start, end):
                seats = 0 if table.is_private else one.capacity - one.seats_taken
            elif one.seats_taken:
                gap = max(table.buffer, one.buffer)
                busy = busy or not (one.ends_at + gap <= start or end + gap <= one.starts_at)
        assert (start in offered) == (not busy and seats > 0)
        if start in offered:
            assert (offered[start].ends_at, offered[start].seats_free) == (end, seats)
    assert set(offered) <= set(starts_on(table, day))


@unhurried
@given(occupied_cases(), st.integers(-2 * 24 * 60, 24 * 60), st.sampled_from([0, 2, 48]), st.integers(1, 5))
def test_every_start_that_is_shown_can_be_booked_and_no_other(case, minutes_on, cut_off, party):
    """What booking asks of a start is asked of every fifth minute, for starts lie on those."""
    table, day, departures = case
    now = datetime.combine(day, time(0), tzinfo=UTC) + minutes_on * MINUTE
    table = replace(table, cut_off=timedelta(hours=cut_off), horizon=3 * DAY)
    shown = [slot for free in free_days(table, day, day, departures, now, party) for slot in free.slots]

    def booked(start: datetime) -> Slot | None:
        slot = slot_at(table, start, departures, now) if is_offered(table, start) else None
        return slot if slot is not None and slot.seats_free >= party else None

    clocks = walk(table.zone, day)
    tried = [one for one, local in zip(clocks.instants[::5], clocks.shown[::5], strict=True) if local.date() == day]
    assert shown == [slot for start in tried if (slot := booked(start)) is not None]


@unhurried
@given(
    occupied_cases(),
    st.integers(1, 12),
    st.integers(-3 * 24 * 60, 3 * 24 * 60),
    st.sampled_from([0, 2, 48]),
    st.integers(1, 20),
    st.integers(1, 5),
    st.integers(0, 4),
)
def test_days_together_offer_what_each_start_alone_would(case, length, minutes_on, cut_off, horizon, party, capacity):
    """Whole days are worked out once and kept; the long way is to ask for each start by itself."""
    table, first, departures = case
    week = [rule._replace(valid_from=None, valid_until=None) for rule in table.rules[:2]]
    table = replace(
        table,
        rules=[*week, *table.rules[2:]],
        cut_off=timedelta(hours=cut_off),
        horizon=timedelta(days=horizon),
        capacity=capacity,
    )
    now = datetime.combine(first, time(0), tzinfo=UTC) + timedelta(minutes=minutes_on)
    last = first + timedelta(days=length)
    alone = [
        slot
        for number in range(length + 1)
        for start in starts_on(table, first + timedelta(days=number))
        if (slot := slot_at(table, start, departures, now)) is not None and slot.seats_free >= party
    ]
    for _ in range(2):
        found = free_days(table, first, last, departures, now, party)
        assert [slot for day in found for slot in day.slots] == alone
        assert all(day.slots for day in found)
