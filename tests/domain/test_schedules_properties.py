"""What holds for every timetable in every zone: nothing outside the hours, nothing on top of what is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.schedules import (
    DateException,
    Taken,
    Timetable,
    WeeklyRule,
    free_days,
    hours_on,
    is_offered,
    slot_at,
    starts_on,
)

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None, max_examples=60)

_NAMES = ("Europe/London", "America/New_York", "Africa/Nairobi", "Australia/Lord_Howe", "America/Nuuk")
ZONES = [ZoneInfo(name) for name in _NAMES]
#: Days on which clocks change in one of the zones, and their neighbours.
CHANGES = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25)]
CHANGES += [date(2026, 11, 1), date(2026, 3, 28), date(2026, 10, 24)]

days = st.one_of(
    st.builds(lambda day, by: day + timedelta(days=by), st.sampled_from(CHANGES), st.integers(-1, 1)),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
times = st.builds(lambda quarters: time(quarters // 4, quarters % 4 * 15), st.integers(0, 95))
windows = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1])
minutes = st.sampled_from([0, 10, 15, 30, 45, 60]).map(lambda number: timedelta(minutes=number))
rules = st.builds(lambda weekday, window: WeeklyRule(weekday, *window), st.integers(0, 6), windows)


@st.composite
def cases(draw) -> tuple[Timetable, date]:
    """A timetable and a day on which it has hours."""
    day = draw(days)
    openings = st.builds(lambda window: DateException(day, True, *window), windows)
    closings = st.builds(lambda window: DateException(day, False, *window), windows)
    table = Timetable(
        listing_id="a",
        zone=draw(st.sampled_from(ZONES)),
        duration=timedelta(minutes=draw(st.sampled_from([15, 30, 45, 60, 90, 180, 600]))),
        buffer=draw(minutes),
        cut_off=timedelta(0),
        horizon=timedelta(days=9999),
        capacity=4,
        rules=[WeeklyRule(day.weekday(), *draw(windows)), *draw(st.lists(rules, max_size=3))],
        exceptions=draw(st.lists(st.one_of(openings, closings), max_size=3)),
    )
    return table, day


def instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The first instant at which a clock on the wall shows this, found by trying both offsets around that day."""
    naive = datetime.combine(day, at)
    around = [datetime.combine(day + timedelta(days=by), time(0), tzinfo=UTC) for by in (-2, 3)]
    candidates = {(naive - moment.astimezone(zone).utcoffset()).replace(tzinfo=UTC) for moment in around}
    return min((one for one in candidates if one.astimezone(zone).replace(tzinfo=None) == naive), default=None)


def is_open_at(table: Timetable, day: date, minute: time) -> bool:
    """Whether a minute is inside the hours, straight from the words of the rules."""
    own = [exception for exception in table.exceptions if exception.day == day]
    if any(not e.is_available and e.start <= minute < e.end for e in own):
        return False
    return any(rule.holds_on(day) and rule.start <= minute < rule.end for rule in table.rules) or any(
        e.is_available and e.start <= minute < e.end for e in own
    )


@unhurried
@given(cases())
def test_the_hours_of_a_day_are_what_rules_and_exceptions_say(case):
    table, day = case
    hours = hours_on(table, day)
    for quarter in range(96):
        minute = time(quarter // 4, quarter % 4 * 15)
        assert any(start <= minute < end for start, end in hours) == is_open_at(table, day, minute)


@unhurried
@given(cases())
def test_no_start_is_offered_outside_the_hours_of_its_day(case):
    table, day = case
    bounds = [(instant(day, start, table.zone), instant(day, end, table.zone)) for start, end in hours_on(table, day)]
    for start in starts_on(table, day):
        assert start.astimezone(table.zone).date() == day
        assert any(o and c and o <= start and start + table.duration <= c for o, c in bounds)
        assert is_offered(table, start)


@unhurried
@given(cases())
def test_every_window_that_exists_offers_its_first_start(case):
    table, day = case
    starts = starts_on(table, day)
    for opening, closing in hours_on(table, day):
        start, end = instant(day, opening, table.zone), instant(day, closing, table.zone)
        if start and end and start + table.duration <= end:
            assert start in starts


@unhurried
@given(cases())
def test_no_start_is_a_local_time_that_the_clock_skips(case):
    table, day = case
    for start in starts_on(table, day):
        local = start.astimezone(table.zone)
        assert local.astimezone(UTC) == start
        first_of_two = instant(day, local.time(), table.zone)
        assert first_of_two is not None
        assert first_of_two <= start


@st.composite
def occupied_cases(draw) -> tuple[Timetable, date, list[Taken]]:
    table, day = draw(cases())
    midnight = datetime.combine(day, time(0), tzinfo=UTC)
    departures = []
    for _ in range(draw(st.integers(0, 4))):
        start = midnight + timedelta(minutes=15 * draw(st.integers(-48, 144)))
        length = timedelta(minutes=draw(st.sampled_from([15, 60, 180])))
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
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    free = free_days(table, day, day, departures, long_ago)
    offered = {slot.starts_at: slot for one in free for slot in one.slots}
    for start in starts_on(table, day):
        end = start + table.duration
        busy, seats = False, table.capacity
        for one in departures:
            if one.seats_taken and (one.listing_id, one.starts_at, one.ends_at) == ("a", start, end):
                seats = one.capacity - one.seats_taken
            elif one.seats_taken:
                gap = max(table.buffer, one.buffer)
                busy = busy or not (one.ends_at + gap <= start or end + gap <= one.starts_at)
        assert (start in offered) == (not busy and seats > 0)
        if start in offered:
            assert (offered[start].ends_at, offered[start].seats_free) == (end, seats)
    assert set(offered) <= set(starts_on(table, day))


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
    week = [replace(rule, valid_until=first + timedelta(days=6)) for rule in table.rules[1:]]
    table = replace(
        table,
        rules=[*table.rules[:1], *week],
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
