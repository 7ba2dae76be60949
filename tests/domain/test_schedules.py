"""Which starts a listing offers: hours, exceptions, what is taken, and how soon or late one may book."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from domain import weeks
from domain.clocks import local_instant
from domain.hours import DateException, WeeklyRule, openings
from domain.schedules import Taken, Timetable, free_days, is_offered, is_within_hours, slot_at, starts_on
from domain.weeks import Slot

NAIROBI, LONDON, NEW_YORK = ZoneInfo("Africa/Nairobi"), ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MONDAY = date(2026, 6, 1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
EIGHT_TO_EIGHTEEN = WeeklyRule(0, time(8), time(18))


def timetable(**changes) -> Timetable:
    """Tours of three hours by listing "a" in Nairobi, Mondays from 08:00 to 18:00, six seats, no buffer."""
    values = {
        "listing_id": "a",
        "zone": NAIROBI,
        "duration": 3 * HOUR,
        "buffer": timedelta(0),
        "cut_off": 2 * HOUR,
        "horizon": timedelta(days=365),
        "capacity": 6,
        "rules": [EIGHT_TO_EIGHTEEN],
        "exceptions": [],
    }
    return Timetable(**values | changes)


def at(hour: int, minute: int = 0, day: date = MONDAY, zone: ZoneInfo = NAIROBI) -> datetime:
    return local_instant(day, time(hour, minute), zone)


def taken(start: datetime, end: datetime, *, listing: str = "b", buffer: timedelta = timedelta(0), seats: int = 1):
    return Taken(start, end, buffer, listing, 6, seats)


def local_times(starts: Iterable[datetime], zone: ZoneInfo = NAIROBI) -> list[str]:
    return [start.astimezone(zone).strftime("%H:%M") for start in starts]


def hours_on(table: Timetable, first: date = MONDAY, last: date | None = None) -> list[tuple[str, str]]:
    """The hours that begin on a day, as clocks show them."""
    spans = openings(table.rules, table.exceptions, table.zone, first, last or first)
    return [tuple(local_times(span, table.zone)) for span in spans]


def test_starts_follow_one_another_while_the_whole_tour_fits():
    assert local_times(starts_on(timetable(), MONDAY)) == ["08:00", "11:00", "14:00"]


def test_the_buffer_stands_between_two_starts():
    assert local_times(starts_on(timetable(buffer=30 * MINUTE), MONDAY)) == ["08:00", "11:30", "15:00"]


def test_a_tour_may_end_exactly_at_closing_time_and_not_a_minute_later():
    assert local_times(starts_on(timetable(duration=10 * HOUR), MONDAY)) == ["08:00"]
    assert starts_on(timetable(duration=10 * HOUR + MINUTE), MONDAY) == []


def test_a_day_without_a_rule_has_no_starts():
    assert starts_on(timetable(), MONDAY + timedelta(days=1)) == []


@pytest.mark.parametrize(("day", "is_open"), [(1, False), (8, True), (15, True), (22, False)])
def test_a_rule_holds_from_its_first_to_its_last_day_both_included(day, is_open):
    rule = WeeklyRule(0, time(8), time(18), date(2026, 6, 8), date(2026, 6, 15))
    assert bool(starts_on(timetable(rules=[rule]), date(2026, 6, day))) is is_open


@pytest.mark.parametrize(
    ("exception", "hours"),
    [
        (DateException(MONDAY, False), []),
        (DateException(MONDAY, False, time(6), time(20)), []),
        (DateException(MONDAY, False, time(11), time(12)), [(8, 11), (12, 18)]),
        (DateException(MONDAY, False, time(6), time(10)), [(10, 18)]),
        (DateException(MONDAY, False, time(16), time(20)), [(8, 16)]),
        (DateException(MONDAY, False, time(18), time(20)), [(8, 18)]),
        (DateException(MONDAY, True, time(19), time(22)), [(8, 18), (19, 22)]),
        (DateException(MONDAY + timedelta(days=7), False), [(8, 18)]),
    ],
)
def test_an_exception_changes_the_hours_of_its_date_alone(exception, hours):
    assert hours_on(timetable(exceptions=[exception])) == [(f"{a:02d}:00", f"{b:02d}:00") for a, b in hours]


def test_an_exception_opens_a_day_that_the_week_leaves_closed():
    sunday = MONDAY - timedelta(days=1)
    opened = timetable(exceptions=[DateException(sunday, True, time(0), time(4))])
    assert local_times(starts_on(opened, sunday)) == ["00:00"]


def test_a_closing_wins_over_an_opening_of_the_same_date():
    exceptions = [DateException(MONDAY, False, time(9), time(21)), DateException(MONDAY, True, time(19), time(22))]
    assert hours_on(timetable(exceptions=exceptions)) == [("08:00", "09:00"), ("21:00", "22:00")]


def test_a_slot_counts_the_seats_of_its_own_departure():
    own = taken(at(8), at(11), listing="a", seats=4)
    assert slot_at(timetable(), at(8), [own], LONG_AGO) == Slot(at(8), at(11), 2, 6)


def test_a_departure_keeps_the_capacity_it_was_made_with():
    own = taken(at(8), at(11), listing="a", seats=4)
    assert slot_at(timetable(capacity=20), at(8), [own], LONG_AGO) == Slot(at(8), at(11), 2, 6)


def test_a_departure_without_seats_taken_blocks_nobody():
    assert slot_at(timetable(), at(8), [taken(at(9), at(12), seats=0)], LONG_AGO) is not None


@pytest.mark.parametrize(
    ("start", "minutes_long"),
    [(at(7), 61), (at(10, 59), 60), (at(8), 180), (at(9), 30), (at(6), 600)],
)
def test_a_start_is_not_offered_when_the_body_is_busy_elsewhere(start, minutes_long):
    busy = taken(start, start + minutes_long * MINUTE)
    assert slot_at(timetable(), at(8), [busy], LONG_AGO) is None


@pytest.mark.parametrize(
    ("own", "other", "gap", "is_free"),
    [
        (0, 0, 0, True),
        (30, 0, 30, True),
        (30, 0, 29, False),
        (0, 30, 30, True),
        (0, 30, 29, False),
        (30, 45, 45, True),
        (30, 45, 44, False),
        (45, 30, 45, True),
        (45, 30, 44, False),
    ],
)
def test_the_larger_of_the_two_buffers_stands_between_two_tours(own, other, gap, is_free):
    table = timetable(buffer=own * MINUTE)
    before = taken(at(6), at(8) - gap * MINUTE, buffer=other * MINUTE)
    after = taken(at(11) + gap * MINUTE, at(17), buffer=other * MINUTE)
    assert (slot_at(table, at(8), [before], LONG_AGO) is not None) is is_free
    assert (slot_at(table, at(8), [after], LONG_AGO) is not None) is is_free


@pytest.mark.parametrize(("other_end", "listing"), [(at(11), "b"), (at(12), "a")])
def test_only_the_same_run_of_the_same_listing_shares_its_seats(other_end, listing):
    assert slot_at(timetable(), at(8), [taken(at(8), other_end, listing=listing)], LONG_AGO) is None


def test_booking_closes_at_the_cut_off_and_opens_at_the_horizon():
    table = timetable(cut_off=2 * HOUR, horizon=timedelta(days=30))
    assert slot_at(table, at(8), [], at(6)) is not None
    assert slot_at(table, at(8), [], at(6) + timedelta(microseconds=1)) is None
    assert slot_at(table, at(8), [], at(8) - timedelta(days=30)) is not None
    assert slot_at(table, at(8), [], at(8) - timedelta(days=30, microseconds=1)) is None


def test_all_slots_of_a_period_are_listed_in_order_without_those_that_are_full():
    next_monday = MONDAY + timedelta(days=7)
    occupied = [
        taken(at(11), at(14), listing="a", seats=6),
        taken(at(14), at(17), listing="a", seats=5),
        taken(at(9, day=next_monday), at(10, day=next_monday)),
    ]
    found = free_days(timetable(), MONDAY, next_monday, occupied, LONG_AGO)
    assert [(slot.starts_at, slot.seats_free) for day in found for slot in day.slots] == [
        (at(8), 6),
        (at(14), 1),
        (at(11, day=next_monday), 6),
        (at(14, day=next_monday), 6),
    ]


def test_only_starts_of_the_timetable_are_offered_whatever_zone_they_are_written_in():
    assert is_offered(timetable(), at(8))
    assert is_offered(timetable(), at(8).astimezone(NEW_YORK))
    assert not is_offered(timetable(), at(8, 1))
    assert not is_offered(timetable(), at(8) + timedelta(days=1))


def test_a_local_time_is_the_same_on_the_wall_in_summer_and_winter():
    winter, summer = date(2026, 1, 5), date(2026, 7, 6)
    table = timetable(zone=LONDON)
    assert starts_on(table, winter)[0] == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert starts_on(table, summer)[0] == datetime(2026, 7, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "skipped"),
    [(LONDON, date(2026, 3, 29), time(1, 30)), (NEW_YORK, date(2026, 3, 8), time(2, 30))],
)
def test_a_local_time_that_the_clock_skips_does_not_exist(zone, day, skipped):
    with pytest.raises(ValueError, match="does not exist"):
        local_instant(day, skipped, zone)
    rule = WeeklyRule(6, skipped, time(9))
    assert starts_on(timetable(zone=zone, duration=6 * HOUR, rules=[rule]), day) == []
    assert starts_on(timetable(zone=zone, duration=6 * HOUR, rules=[rule]), day + timedelta(days=7)) != []


@pytest.mark.parametrize(
    ("zone", "day", "first_of_two"),
    [
        (LONDON, date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (NEW_YORK, date(2026, 11, 1), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_local_time_that_happens_twice_is_the_first_of_the_two(zone, day, first_of_two):
    assert local_instant(day, time(1, 30), zone) == first_of_two


def test_tours_last_as_long_as_they_last_when_the_clock_moves_during_them():
    night = WeeklyRule(6, time(0), time(6))
    spring = starts_on(timetable(zone=LONDON, duration=HOUR, rules=[night]), date(2026, 3, 29))
    autumn = starts_on(timetable(zone=LONDON, duration=HOUR, rules=[night]), date(2026, 10, 25))
    assert local_times(spring, LONDON) == ["00:00", "02:00", "03:00", "04:00", "05:00"]
    assert local_times(autumn, LONDON) == ["00:00", "01:00", "01:00", "02:00", "03:00", "04:00", "05:00"]


FRIDAY = date(2026, 6, 5)
SATURDAY, SUNDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)
NIGHT = WeeklyRule(4, time(20), time(2))


def night_out(**changes) -> Timetable:
    """Tours of 90 minutes by listing "a" in Nairobi, Fridays from 20:00 until 02:00 on Saturdays."""
    return timetable(**{"duration": 90 * MINUTE, "rules": [NIGHT]} | changes)


def test_hours_that_end_before_they_begin_end_on_the_next_day():
    assert local_times(starts_on(night_out(), FRIDAY)) == ["20:00", "21:30", "23:00"]
    assert local_times(starts_on(night_out(), SATURDAY)) == ["00:30"]
    assert starts_on(night_out(), SUNDAY) == []
    assert is_offered(night_out(), at(0, 30, SATURDAY))


def test_from_midnight_to_midnight_is_a_whole_day_and_until_midnight_the_rest_of_one():
    around = timetable(rules=[WeeklyRule(0, time(0), time(0))], duration=8 * HOUR)
    assert local_times(starts_on(around, MONDAY)) == ["00:00", "08:00", "16:00"]
    evening = timetable(rules=[WeeklyRule(0, time(18), time(0))], duration=6 * HOUR)
    assert local_times(starts_on(evening, MONDAY)) == ["18:00"]


def test_a_rule_of_the_evening_holds_for_the_night_after_its_last_day():
    last = WeeklyRule(4, time(20), time(2), None, FRIDAY)
    assert local_times(starts_on(night_out(rules=[last]), SATURDAY)) == ["00:30"]
    assert starts_on(night_out(rules=[last]), SATURDAY + timedelta(days=7)) == []


def test_the_days_shown_have_the_starts_that_their_clocks_show():
    shown = free_days(night_out(), SATURDAY, SATURDAY, [], LONG_AGO)
    assert [local_times(slot.starts_at for slot in day.slots) for day in shown] == [["00:30"]]


@pytest.mark.parametrize(
    ("closing", "friday", "saturday"),
    [
        # A closed Friday takes its whole night along, a closed Saturday ends Friday's night at midnight.
        (DateException(FRIDAY, False), [], []),
        (DateException(SATURDAY, False), ["20:00", "21:30"], []),
        (DateException(FRIDAY - timedelta(days=1), False), ["20:00", "21:30", "23:00"], ["00:30"]),
        (DateException(SUNDAY, False), ["20:00", "21:30", "23:00"], ["00:30"]),
        (DateException(date(2026, 6, 1), False, until=FRIDAY), [], []),
        (DateException(SATURDAY, False, time(0), time(1)), ["20:00", "21:30"], []),
        (DateException(FRIDAY, False, time(23), time(0, 15)), ["20:00", "21:30"], ["00:15"]),
        (DateException(FRIDAY, False, time(23), time(12)), ["20:00", "21:30"], []),
        (DateException(FRIDAY - timedelta(days=1), False, time(22), time(21)), ["21:00", "22:30"], ["00:00"]),
    ],
)
def test_a_closing_on_either_day_of_a_night_cuts_what_it_touches(closing, friday, saturday):
    table = night_out(exceptions=[closing])
    assert local_times(starts_on(table, FRIDAY)) == friday
    assert local_times(starts_on(table, SATURDAY)) == saturday


def test_extra_hours_may_last_past_midnight_on_each_of_several_days():
    festival = DateException(MONDAY, True, time(22), time(1), MONDAY + timedelta(days=2))
    table = timetable(duration=HOUR, rules=[], exceptions=[festival])
    shown = free_days(table, MONDAY, MONDAY + timedelta(days=6), [], LONG_AGO)
    assert [local_times(slot.starts_at for slot in day.slots) for day in shown] == [
        ["22:00", "23:00"],
        ["00:00", "22:00", "23:00"],
        ["00:00", "22:00", "23:00"],
        ["00:00"],
    ]


def test_a_holiday_of_two_weeks_is_one_exception():
    daily = [WeeklyRule(day, time(8), time(18)) for day in range(7)]
    away = DateException(date(2026, 6, 8), False, until=date(2026, 6, 21))
    shown = free_days(timetable(rules=daily, exceptions=[away]), MONDAY, date(2026, 6, 28), [], LONG_AGO)
    assert [day.slots[0].starts_at.date().day for day in shown] == [*range(1, 8), *range(22, 29)]


def test_starts_of_overlapping_rules_are_all_offered_and_each_once():
    rules = [EIGHT_TO_EIGHTEEN, WeeklyRule(0, time(9), time(15)), WeeklyRule(0, time(11), time(17))]
    found = local_times(starts_on(timetable(rules=rules), MONDAY))
    assert found == ["08:00", "09:00", "11:00", "12:00", "14:00"]


@pytest.mark.parametrize(
    ("day", "times"),
    [
        (date(2026, 3, 28), ["20:00", "22:00", "00:00", "03:00"]),
        (date(2026, 10, 24), ["20:00", "22:00", "00:00", "01:00", "03:00"]),
    ],
)
def test_a_night_in_which_the_clocks_change_has_the_hours_it_really_has(day, times):
    table = timetable(zone=LONDON, duration=2 * HOUR, rules=[WeeklyRule(5, time(20), time(5))])
    both = [*starts_on(table, day), *starts_on(table, day + timedelta(days=1))]
    assert local_times(both, LONDON) == times
    assert all(later - sooner == 2 * HOUR for sooner, later in pairwise(both))


def test_hours_that_end_at_a_time_the_clocks_skip_end_when_they_jump():
    table = timetable(zone=NEW_YORK, duration=HOUR, rules=[WeeklyRule(5, time(22), time(2, 30))])
    assert local_times(starts_on(table, date(2026, 3, 8)), NEW_YORK) == ["00:00", "01:00"]


def test_a_guides_hours_are_read_in_the_guides_zone_and_a_listings_in_its_own():
    kigali = ZoneInfo("Africa/Kigali")
    table = timetable(zone=kigali, duration=HOUR, rules=[WeeklyRule(0, time(8), time(10), zone=NAIROBI)])
    assert local_times(starts_on(table, MONDAY), kigali) == ["07:00", "08:00"]
    dentist = DateException(MONDAY, False, time(14), time(16), zone=NAIROBI)
    table = timetable(zone=kigali, duration=HOUR, rules=[WeeklyRule(0, time(12), time(17))], exceptions=[dentist])
    assert local_times(starts_on(table, MONDAY), kigali) == ["12:00", "15:00", "16:00"]


def test_a_day_that_a_guide_is_away_is_the_guides_own_day_wherever_the_tour_is():
    honolulu = ZoneInfo("Pacific/Honolulu")
    around = [WeeklyRule(day, time(0), time(0)) for day in range(7)]
    away = DateException(MONDAY, False, zone=NAIROBI)
    table = timetable(zone=honolulu, duration=HOUR, rules=around, exceptions=[away])
    shown = [
        slot.starts_at
        for day in free_days(table, MONDAY - timedelta(days=3), MONDAY, [], LONG_AGO)
        for slot in day.slots
    ]
    assert not [start for start in shown if at(0) <= start < at(0) + 24 * HOUR]
    assert at(0) - HOUR in shown


def test_a_private_start_with_any_seat_taken_is_gone():
    own = taken(at(8), at(11), listing="a", seats=1)
    assert slot_at(timetable(is_private=True), at(8), [own], LONG_AGO) == Slot(at(8), at(11), 0, 6)
    shown = free_days(timetable(is_private=True), MONDAY, MONDAY, [own], LONG_AGO)
    assert [slot.starts_at for day in shown for slot in day.slots] == [at(11), at(14)]


@pytest.mark.parametrize(
    ("start", "end", "is_within"),
    [
        ((20, FRIDAY), (2, SATURDAY), True),
        ((21, FRIDAY), (23, FRIDAY), True),
        ((1, SATURDAY), (2, SATURDAY), True),
        ((19, FRIDAY), (21, FRIDAY), False),
        ((1, SATURDAY), (3, SATURDAY), False),
        ((20, SATURDAY), (21, SATURDAY), False),
    ],
)
def test_a_run_is_within_the_hours_where_it_is_open_from_its_start_to_its_end(start, end, is_within):
    # Two rules that follow one another are open throughout.
    rules = [WeeklyRule(4, time(20), time(23)), WeeklyRule(4, time(23), time(2))]
    instants = [at(hour, day=day) for hour, day in (start, end)]
    assert is_within_hours(night_out(rules=rules), *instants) is is_within


def test_what_is_kept_of_many_calendars_stays_within_bounds(monkeypatch):
    monkeypatch.setattr(weeks, "MOST_KEPT", 500)
    monkeypatch.setattr(weeks._WholeDays, "kept", 0)
    weeks._whole_days.cache_clear()
    weeks.week_of.cache_clear()
    last = MONDAY + timedelta(days=60)
    for minutes in range(60, 100):
        table = timetable(duration=timedelta(minutes=minutes), cut_off=timedelta(0), horizon=timedelta(days=9999))
        first = free_days(table, MONDAY, last, [], LONG_AGO)
        assert [day.slots for day in free_days(table, MONDAY, last, [], LONG_AGO)] == [day.slots for day in first]
        assert weeks._WholeDays.kept <= 501 + 24
