"""Tours of several days: an opening says when they may start, and nobody is away or busy until they end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.hours import DateException, WeeklyRule
from domain.schedules import Taken, Timetable, free_days, is_offered, is_within_hours, slot_at, starts_on
from tests.domain.test_schedules import FRIDAY, HOUR, LONDON, LONG_AGO, MINUTE, MONDAY, at, local_times, timetable

DAY = timedelta(days=1)
#: Fridays, one leaves between six and eight.
LEAVING = WeeklyRule(4, time(6), time(8))


def safari(**changes) -> Timetable:
    """Three days and nights by listing "a" from Fridays at 06:00 in Nairobi."""
    return timetable(**{"duration": 3 * DAY, "rules": [LEAVING]} | changes)


def shown(table: Timetable, departures: list[Taken] | None = None, weeks: int = 1) -> list[str]:
    """The starts from a monday on, as clocks show them; booking says the same of each."""
    days = free_days(table, MONDAY, MONDAY + timedelta(days=7 * weeks - 1), departures or [], LONG_AGO)
    starts = [slot.starts_at for day in days for slot in day.slots]
    assert all(is_offered(table, one) and slot_at(table, one, departures or [], LONG_AGO) for one in starts)
    return [f"{start.astimezone(table.zone):%a %d %H:%M}" for start in starts]


def test_an_opening_has_one_start_where_it_begins():
    assert shown(safari(), weeks=2) == ["Fri 05 06:00", "Fri 12 06:00"]
    assert [slot.ends_at for day in free_days(safari(), FRIDAY, FRIDAY, [], LONG_AGO) for slot in day.slots] == [
        at(6, day=FRIDAY + 3 * DAY)
    ]
    assert not is_offered(safari(), at(7, day=FRIDAY))


def test_what_lasts_a_day_still_has_to_fit_into_an_opening():
    assert shown(safari(duration=DAY)) == []
    assert shown(safari(duration=DAY + MINUTE)) == ["Fri 05 06:00"]
    around = WeeklyRule(4, time(0), time(0))
    assert shown(safari(duration=DAY, rules=[around])) == ["Fri 05 00:00"]


def test_the_longest_of_all_is_free_where_nothing_is_closed_for_a_month():
    assert shown(safari(duration=30 * DAY)) == ["Fri 05 06:00"]
    closed = DateException(FRIDAY + 29 * DAY, False)
    assert shown(safari(duration=30 * DAY, exceptions=[closed])) == []
    assert shown(safari(duration=30 * DAY, exceptions=[closed._replace(day=FRIDAY + 31 * DAY)])) != []


@pytest.mark.parametrize(
    ("closing", "is_free"),
    [
        (DateException(FRIDAY - DAY, False), True),
        (DateException(FRIDAY, False), False),
        (DateException(FRIDAY + DAY, False), False),
        (DateException(FRIDAY + 3 * DAY, False), False),
        (DateException(FRIDAY + 4 * DAY, False), True),
        (DateException(FRIDAY + 3 * DAY, False, time(5), time(7)), False),
        (DateException(FRIDAY + 3 * DAY, False, time(6), time(7)), True),
        (DateException(FRIDAY, False, time(5), time(6)), True),
        (DateException(FRIDAY, False, time(5), time(6, 1)), False),
        (DateException(FRIDAY - DAY, False, time(20), time(6, 30)), False),
        (DateException(FRIDAY + 2 * DAY, False, time(12), time(14)), False),
        (DateException(FRIDAY - 14 * DAY, False, until=FRIDAY + DAY), False),
        # What is read in Auckland's clocks is over, or begins, half a day sooner.
        (DateException(FRIDAY + 3 * DAY, False, time(14), time(16), zone=ZoneInfo("Pacific/Auckland")), False),
        (DateException(FRIDAY + 3 * DAY, False, time(15), time(16), zone=ZoneInfo("Pacific/Auckland")), True),
        (DateException(FRIDAY + DAY, True, time(3), time(4)), True),
    ],
)
def test_nothing_may_be_closed_until_it_ends(closing, is_free):
    table = safari(exceptions=[closing])
    assert ("Fri 05 06:00" in shown(table)) is is_free
    assert is_offered(table, at(6, day=FRIDAY)) is is_free
    assert is_within_hours(table, at(6, day=FRIDAY), at(6, day=FRIDAY + 3 * DAY)) is is_free


def test_hours_cut_at_their_beginning_have_no_later_start():
    """Who leaves at six leaves at six or not at all."""
    assert shown(safari(exceptions=[DateException(FRIDAY, False, time(6), time(7))])) == []


@pytest.mark.parametrize(
    ("starts", "is_free"),
    [
        (at(6, day=FRIDAY) - 4 * HOUR, True),
        (at(6, day=FRIDAY) - 3 * HOUR, False),
        (at(6, day=FRIDAY + DAY), False),
        (at(6, day=FRIDAY + 3 * DAY) + 59 * MINUTE, False),
        (at(6, day=FRIDAY + 3 * DAY) + HOUR, True),
    ],
)
def test_the_guide_is_not_busy_until_it_ends(starts, is_free):
    elsewhere = Taken(starts, starts + 3 * HOUR, HOUR, "b", 6, 1)
    assert shown(safari(), [elsewhere]) == (["Fri 05 06:00"] if is_free else [])
    assert (slot_at(safari(), at(6, day=FRIDAY), [elsewhere], LONG_AGO) is not None) is is_free


def test_others_are_not_free_while_it_lasts_and_its_own_next_run_neither():
    daily = [WeeklyRule(day, time(6), time(8)) for day in range(7)]
    run = Taken(at(6, day=FRIDAY), at(6, day=FRIDAY + 3 * DAY), timedelta(0), "a", 6, 2)
    assert shown(safari(rules=daily), [run]) == ["Mon 01 06:00", "Tue 02 06:00", "Fri 05 06:00"]
    walks = timetable(listing_id="b", rules=daily, duration=2 * HOUR)
    assert shown(walks, [run]) == [f"{day} 06:00" for day in ("Mon 01", "Tue 02", "Wed 03", "Thu 04")]


def test_horizon_and_cut_off_go_by_the_start():
    now = at(6, day=FRIDAY) - 10 * DAY
    for horizon, is_free in ((10 * DAY, True), (10 * DAY - MINUTE, False)):
        table = safari(horizon=horizon)
        assert (slot_at(table, at(6, day=FRIDAY), [], now) is not None) is is_free
        assert bool(free_days(table, FRIDAY, FRIDAY, [], now)) is is_free


def test_days_are_real_time_when_the_clocks_change_on_the_way():
    table = safari(zone=LONDON)
    (day,) = free_days(table, date(2026, 3, 27), date(2026, 3, 27), [], LONG_AGO)
    (slot,) = day.slots
    assert (slot.starts_at, slot.ends_at) == (
        datetime(2026, 3, 27, 6, tzinfo=UTC),
        datetime(2026, 3, 30, 6, tzinfo=UTC),
    )
    assert local_times(slot[:2], LONDON) == ["06:00", "07:00"]
    # Closed from half past six, which is before its end by the clocks of that day.
    closed = DateException(date(2026, 3, 30), False, time(6, 30), time(8))
    assert starts_on(safari(zone=LONDON, exceptions=[closed]), date(2026, 3, 27)) == []


def test_a_booking_stands_outside_once_its_start_is_not_open():
    run = at(6, day=FRIDAY), at(6, day=FRIDAY + 3 * DAY)
    assert is_within_hours(safari(), *run)
    assert is_within_hours(safari(rules=[WeeklyRule(4, time(5), time(7))]), *run)
    assert not is_within_hours(safari(rules=[WeeklyRule(4, time(7), time(9))]), *run)
