"""Free times as a traveller is shown them: the timetable less what is taken, in a fixed number of queries."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from models import AvailabilityException, Resource, ScheduleRule
from models.prepared import HotReads
from services.availability.experiences import find_free_times
from tests.factories import NAIROBI, start_in


def local(slot) -> str:
    return f"{slot.starts_at.astimezone(NAIROBI):%H:%M}"


@pytest.fixture
def shown(db, ctx):
    """Free starts of a listing on one day, or over several, as (local time, seats free)."""

    def shown(listing, day: date | None = None, *, seats: int = 1, days: int = 1):
        day = day or start_in().astimezone(NAIROBI).date()
        free = find_free_times(db, ctx, str(listing.id), day, day + timedelta(days=days - 1), seats)
        return [(local(slot), slot.seats_free) for slot in free.slots]

    return shown


def test_a_day_shows_one_start_after_the_other(make, shown):
    assert shown(make.listing()) == [("08:00", 8), ("11:00", 8), ("14:00", 8)]


def test_the_buffer_is_kept_between_starts(make, shown):
    assert shown(make.listing(buffer_minutes=60)) == [("08:00", 8), ("12:00", 8)]


def test_taken_seats_are_subtracted_and_full_departures_left_out(make, book, shown):
    listing = make.listing()
    book(make.user(), listing, guests={"adult": 5})
    assert shown(listing) == [("08:00", 3), ("11:00", 8), ("14:00", 8)]
    assert shown(listing, seats=4) == [("11:00", 8), ("14:00", 8)]
    book(make.user(), listing, guests={"adult": 3})
    assert shown(listing) == [("11:00", 8), ("14:00", 8)]


def test_seats_come_back_when_a_booking_is_cancelled(make, book, cancel, shown):
    tourist, listing = make.user(), make.listing()
    booking = book(tourist, listing, guests={"adult": 8})
    cancel(tourist, booking)
    assert shown(listing)[0] == ("08:00", 8)


def test_another_tour_of_the_guide_takes_its_time_and_buffer(make, book, shown):
    guide = make.guide()
    listing = make.listing(guide)
    book(make.user(), make.listing(guide, buffer_minutes=30))
    assert shown(listing) == [("14:00", 8)]


def test_a_day_too_soon_or_too_far_shows_nothing(make, shown):
    listing = make.listing(cut_off_hours=24 * 7)
    today = start_in(0).astimezone(NAIROBI).date()
    assert shown(listing, today + timedelta(days=3)) == []
    assert shown(listing, today + timedelta(days=9)) != []
    assert shown(listing, today + timedelta(days=190)) == []


def test_exceptions_of_the_listing_and_of_its_guide_both_count(db, make, shown):
    listing = make.listing()
    day = start_in().astimezone(NAIROBI).date()
    with db.transaction() as session:
        session.add(AvailabilityException(listing_id=listing.id, on_date=day, is_available=False, note="Holiday"))
        session.add(
            AvailabilityException(
                resource_id=listing.resource_id,
                on_date=day + timedelta(days=1),
                is_available=False,
                start_time=time(8),
                end_time=time(12),
            )
        )
    assert shown(listing) == []
    assert shown(listing, day + timedelta(days=1)) == [("12:00", 8), ("15:00", 8)]
    assert len(shown(listing, day + timedelta(days=2))) == 3


def test_a_listing_without_hours_has_those_of_its_guide(db, make, shown):
    guide = make.guide()
    listing = make.listing(guide, rules=False)
    assert shown(listing) == []
    with db.transaction() as session:
        resource = session.query(Resource).filter_by(user_id=guide.id).one()
        session.add_all(
            ScheduleRule(resource_id=resource.id, weekday=day, start_time=time(9), end_time=time(12))
            for day in range(7)
        )
    assert shown(listing) == [("09:00", 8)]
    assert len(shown(make.listing(guide))) == 3, "its own hours replace the guide's"


def test_a_month_costs_one_question_like_a_day(db, make, book, shown, monkeypatch):
    listing = make.listing()
    for days in (3, 4, 9):
        book(make.user(), listing, starts_at=start_in(days))
    asked: list[str] = []
    ask = HotReads.ask

    def listening(self, question, **values):
        asked.append(question.text)
        return ask(self, question, **values)

    monkeypatch.setattr(HotReads, "ask", listening)
    for days in (1, 31):
        asked.clear()
        shown(listing, days=days)
        assert len(asked) == 1


@pytest.mark.parametrize("ahead", [0, 20, 61])
def test_every_day_of_the_longest_window_counts_its_exceptions_and_departures(db, ctx, make, book, ahead):
    listing = make.listing(cut_off_hours=0)
    today = start_in(0).astimezone(NAIROBI).date()
    closed, busy = today + timedelta(days=ahead + 1), start_in(ahead + 2)
    with db.transaction() as session:
        session.add(AvailabilityException(listing_id=listing.id, on_date=closed, is_available=False))
    book(make.user(), listing, starts_at=busy, guests={"adult": 5})

    free = find_free_times(db, ctx, listing.slug, today + timedelta(days=2), today + timedelta(days=90), None)

    by_day = {slot.starts_at.astimezone(NAIROBI).date() for slot in free.slots}
    assert (free.first, free.last) == (today + timedelta(days=2), today + timedelta(days=64))
    assert len(by_day) == (63 if ahead == 0 else 62)
    assert closed not in by_day
    assert min(slot.seats_free for slot in free.slots) == 3


def test_free_times_follow_the_moved_clock(db, ctx, clock, make, book):
    listing = make.listing()
    busy = start_in(70)
    clock.offset = timedelta(days=60)
    book(make.user(), listing, starts_at=busy, guests={"adult": 5})

    free = find_free_times(db, ctx, listing.slug, None, None, None)

    assert free.first == start_in(60).astimezone(NAIROBI).date()
    assert [slot.seats_free for slot in free.slots if slot.starts_at == busy] == [3]


def test_a_guides_day_off_is_theirs_whatever_zones_their_listings_are_in(db, make, shown):
    guide = make.guide()
    at_home, abroad = make.listing(guide), make.listing(guide, timezone="Africa/Kigali")
    day = start_in().astimezone(NAIROBI).date()
    with db.transaction() as session:
        dentist = {"start_time": time(14), "end_time": time(16), "is_available": False}
        session.add(AvailabilityException(resource_id=at_home.resource_id, on_date=day, **dentist))
    assert shown(at_home, day) == [("08:00", 8), ("11:00", 8)]
    # From 13:00 to 15:00 in Kigali, told here in Nairobi's time.
    assert shown(abroad, day) == [("09:00", 8), ("16:00", 8)]


def test_a_holiday_of_many_days_is_seen_from_any_of_them(db, make, shown):
    listing = make.listing()
    day = start_in(10).astimezone(NAIROBI).date()
    with db.transaction() as session:
        away = {"on_date": day, "until_on": day + timedelta(days=20), "is_available": False}
        session.add(AvailabilityException(resource_id=listing.resource_id, **away))
    assert len(shown(listing, day - timedelta(days=1))) == 3
    assert [shown(listing, day + timedelta(days=n)) for n in (0, 10, 20)] == [[], [], []]
    assert len(shown(listing, day + timedelta(days=21))) == 3
