"""Free times as a traveller is shown them: the timetable less what is taken, in a fixed number of queries."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import event

from models import AvailabilityException, Listing, Resource, ScheduleRule
from services.availability import free_slots
from tests.factories import NAIROBI, start_in


def local(slot) -> str:
    return f"{slot.starts_at.astimezone(NAIROBI):%H:%M}"


@pytest.fixture
def shown(db, ctx):
    """Free starts of a listing on one day, or over several, as (local time, seats free)."""

    def shown(listing, day: date | None = None, *, seats: int = 1, days: int = 1):
        day = day or start_in().astimezone(NAIROBI).date()
        with db.reading() as session:
            listing = session.get_one(Listing, listing.id)
            slots = free_slots(session, ctx, listing, day, day + timedelta(days=days - 1), seats)
        return [(local(slot), slot.seats_free) for slot in slots]

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


def test_a_month_costs_as_many_queries_as_a_day(db, make, book, shown):
    listing = make.listing()
    for days in (3, 4, 9):
        book(make.user(), listing, starts_at=start_in(days))
    asked: list[str] = []

    def count(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    counts = []
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        for days in (1, 31):
            asked.clear()
            shown(listing, days=days)
            counts.append(len(asked))
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert counts[0] == counts[1] <= 5
