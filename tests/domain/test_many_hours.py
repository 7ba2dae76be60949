"""Hours by the hundred, and hours that decide about nothing: neither costs those who look at a calendar anything."""

from __future__ import annotations

import time as clock
from datetime import date, time, timedelta

from domain import schedules
from domain.hours import DateException, WeeklyRule
from domain.schedules import free_days, starts_on
from tests.domain.test_schedules import LONDON, MINUTE, MONDAY, at, timetable


def test_a_closing_at_hours_that_the_clocks_skip_closes_nothing():
    day = date(2026, 3, 29)
    early = WeeklyRule(6, time(0), time(6))
    skipped = DateException(day, False, time(1, 15), time(1, 45))
    table = timetable(zone=LONDON, duration=45 * MINUTE, rules=[early])
    closed = timetable(zone=LONDON, duration=45 * MINUTE, rules=[early], exceptions=[skipped])
    assert starts_on(closed, day) == starts_on(table, day) != []


def test_hundreds_of_exceptions_are_no_burden():
    """One guide's hours must not keep everybody waiting who looks at them."""
    until = MONDAY + timedelta(days=366)
    times = [time(number // 60, number % 60) for number in range(601)]
    extra = [DateException(MONDAY, True, times[begin + 1], times[begin], until) for begin in range(200)]
    closed = [DateException(MONDAY, False, times[begin], times[begin + 1], until) for begin in range(0, 600, 3)]
    table = timetable(duration=15 * MINUTE, rules=[], exceptions=extra + closed)
    began = clock.process_time()
    starts = starts_on(table, MONDAY)
    assert len(starts) == len(set(starts)) > 20
    assert clock.process_time() - began < 0.3


def test_days_that_are_too_soon_or_too_late_are_not_worked_out(monkeypatch):
    asked = []
    monkeypatch.setattr(schedules._Openings, "starts_on", lambda _hours, day: asked.append(day) or [])
    night = [DateException(MONDAY, True, time(20), time(23), MONDAY + timedelta(days=60))]
    table = timetable(exceptions=night, cut_off=timedelta(days=20), horizon=timedelta(days=30))
    free_days(table, MONDAY, MONDAY + timedelta(days=60), [], at(12))
    assert asked == [MONDAY + timedelta(days=number) for number in range(19, 32)]
