"""Hours that are there already, and extra hours of which closings leave nothing."""

from __future__ import annotations

import time as clock
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.contradictions import (
    closed_openings,
    crowded_dates,
    crowded_weekdays,
    repeated_exceptions,
    repeated_rules,
)
from domain.hours import DateException, WeeklyRule

NAIROBI, KIGALI = ZoneInfo("Africa/Nairobi"), ZoneInfo("Africa/Kigali")
MONDAY = date(2026, 6, 1)
DAY = timedelta(days=1)
MORNING = WeeklyRule(0, time(8), time(12))
EVENING = DateException(MONDAY, True, time(19), time(22))


def places(faults) -> list[tuple[int, str]]:
    return [(fault.index, fault.field) for fault in faults]


@pytest.mark.parametrize(
    ("other", "is_repeated"),
    [
        (MORNING, True),
        (MORNING._replace(valid_until=MONDAY), True),
        (MORNING._replace(weekday=1), False),
        (MORNING._replace(end=time(13)), False),
        (WeeklyRule(0, time(9), time(11)), False),
    ],
)
def test_the_same_hours_on_the_same_days_are_there_already_and_overlapping_ones_are_not(other, is_repeated):
    assert bool(repeated_rules([("x", MORNING)], [other])) is is_repeated
    assert places(repeated_rules([], [MORNING, other])) == ([(1, "weekday")] if is_repeated else [])


def test_a_season_may_follow_another_with_the_same_hours():
    low, high = MORNING._replace(valid_until=MONDAY), MORNING._replace(valid_from=MONDAY + DAY)
    assert repeated_rules([("x", low)], [high]) == []
    assert places(repeated_rules([("x", low)], [high._replace(valid_from=MONDAY)])) == [(0, "weekday")]


def test_a_fault_says_what_is_in_the_way():
    (there,) = repeated_rules([("the first", MORNING)], [MORNING])
    (before,) = repeated_exceptions([], [EVENING, EVENING])
    assert "the first" in there.message
    assert "exceptions.0" in before.message


@pytest.mark.parametrize(
    ("other", "is_repeated"),
    [
        (EVENING, True),
        (EVENING._replace(day=MONDAY - 3 * DAY, until=MONDAY), True),
        (EVENING._replace(day=MONDAY + DAY), False),
        (EVENING._replace(is_available=False), False),
        (EVENING._replace(start=time(18)), False),
    ],
)
def test_an_exception_that_says_the_same_of_a_date_is_there_already(other, is_repeated):
    assert bool(repeated_exceptions([("x", EVENING)], [other])) is is_repeated


@pytest.mark.parametrize(
    ("closing", "day"),
    [
        (DateException(MONDAY, False), MONDAY),
        (DateException(MONDAY - 7 * DAY, False, until=MONDAY + 7 * DAY), MONDAY),
        (DateException(MONDAY, False, time(18), time(23)), MONDAY),
        (DateException(MONDAY - DAY, False, time(23), time(22)), MONDAY),
        (DateException(MONDAY, False, time(19), time(21)), None),
        (DateException(MONDAY + DAY, False), None),
        # Until 21:00 in Nairobi.
        (DateException(MONDAY, False, time(12), time(20), zone=KIGALI), None),
        (DateException(MONDAY, False, time(12), time(21), zone=KIGALI), MONDAY),
    ],
)
def test_extra_hours_contradict_closings_that_leave_nothing_of_them(closing, day):
    faults = closed_openings([("the closing", closing)], [EVENING], NAIROBI)
    assert places(faults) == ([] if day is None else [(0, "date")])
    assert all(str(day) in fault.message and "the closing" in fault.message for fault in faults)


def test_closings_of_one_request_count_and_closing_open_hours_contradicts_nothing():
    closed = DateException(MONDAY, False)
    assert places(closed_openings([], [closed, EVENING], NAIROBI)) == [(1, "date")]
    assert closed_openings([("x", EVENING)], [closed], NAIROBI) == []


def test_of_several_days_the_first_closed_one_is_named():
    festival = EVENING._replace(until=MONDAY + 6 * DAY)
    (fault,) = closed_openings([("x", DateException(MONDAY + 2 * DAY, False))], [festival], NAIROBI)
    assert str(MONDAY + 2 * DAY) in fault.message


def test_a_date_bears_only_so_many_exceptions():
    there = [EVENING._replace(until=MONDAY + 9 * DAY), EVENING._replace(day=MONDAY + 9 * DAY)]
    before, on = EVENING._replace(day=MONDAY - DAY), EVENING._replace(day=MONDAY + 5 * DAY, until=MONDAY + 20 * DAY)
    assert crowded_dates(there, [before, on], 3, 3 * DAY) == []
    (fault,) = crowded_dates(there, [before, on], 2, 3 * DAY)
    assert (fault.index, fault.field) == (1, "date")
    assert str(MONDAY + 9 * DAY) in fault.message


def test_a_date_bears_only_so_many_extra_hours():
    all_day = DateException(MONDAY, True, time(0), time(0), MONDAY + 5 * DAY)
    there = [all_day, DateException(MONDAY + DAY, False), all_day._replace(start=time(1), end=time(1))]
    again = all_day._replace(start=time(2), end=time(2), day=MONDAY + 4 * DAY, until=MONDAY + 9 * DAY)
    assert crowded_dates(there, [again], 9, 3 * DAY) == []
    assert crowded_dates(there, [EVENING._replace(day=MONDAY + 6 * DAY)], 9, 2 * DAY) == []
    assert places(crowded_dates(there, [EVENING._replace(day=MONDAY + 6 * DAY), again], 9, 2 * DAY)) == [(1, "date")]


ALL_DAY = WeeklyRule(0, time(0), time(0))


@pytest.mark.parametrize(
    ("there", "new", "crowded"),
    [
        ([], [MORNING] * 12, []),
        ([], [MORNING] * 13, list(range(13))),
        ([ALL_DAY, ALL_DAY], [WeeklyRule(0, time(20), time(2)), MORNING._replace(weekday=1)], [0]),
        ([ALL_DAY, ALL_DAY], [MORNING._replace(weekday=1)], []),
        ([ALL_DAY._replace(valid_until=MONDAY)] * 2, [ALL_DAY._replace(valid_from=MONDAY + DAY)] * 2, []),
        ([ALL_DAY._replace(valid_until=MONDAY)] * 2, [ALL_DAY._replace(valid_from=MONDAY)], [0]),
        ([ALL_DAY] * 3, [MORNING._replace(weekday=3)], []),
    ],
    ids=["full", "more", "by night", "another weekday", "one after the other", "meeting on a day", "old ones"],
)
def test_a_weekday_bears_only_so_many_hours(there, new, crowded):
    assert places(crowded_weekdays(there, new, 2 * DAY)) == [(index, "weekday") for index in crowded]


def test_a_year_of_extra_hours_is_soon_compared_with_hundreds_of_closings():
    year = MONDAY + 366 * DAY
    closed = [(str(at), DateException(MONDAY, False, time(at // 60, at % 60), time(4), year)) for at in range(40)]
    new = [DateException(MONDAY, True, time(5, at), time(6), year) for at in range(20)]
    began = clock.process_time()
    assert closed_openings(closed, new, NAIROBI) == []
    assert clock.process_time() - began < 2
