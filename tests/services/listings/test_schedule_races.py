"""Hours that change while somebody books: no booking is made of hours that are gone, and none that was made is lost sight of."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from domain.errors import DomainError
from domain.hours import DateException
from services.bookings import reserving
from services.listings import schedules
from services.listings.schedules import ONESELF, Dated, add_hours, of_experience, of_guide, schedule_of
from tests.factories import NAIROBI, start_in


@pytest.fixture
def close(db, make):
    """Close the day of a start as its guide; answers the references of the bookings that lie outside, and how many holds."""

    def close(guide, start: datetime, listing=None) -> tuple[list[str], int]:
        day = start.astimezone(NAIROBI).date()
        find, named = (of_experience, listing.slug) if listing else (of_guide, ONESELF)
        ctx = make.acting(guide)
        with db.transaction() as session:
            keeper = add_hours(session, ctx, find, named, [], [Dated(DateException(day, False))])
            schedule = schedule_of(session, ctx, keeper)
            return [booking.reference for booking in schedule.outside], schedule.holds

    return close


@pytest.fixture
def meeting(monkeypatch):
    """Somebody who books stops where the hours have been looked at and the booking is not yet written; the blackout begins
    then. ``meeting()`` lets the booking go on."""
    looked, go_on = threading.Event(), threading.Event()
    check = reserving._check_own_holds

    def stopping(*args):
        looked.set()
        # Where the blackout waits for the booking, nobody says when to go on.
        go_on.wait(1.5)
        return check(*args)

    monkeypatch.setattr(reserving, "_check_own_holds", stopping)
    return looked, go_on


def race(make, book, close, meeting) -> tuple[str, tuple[list[str], int]]:
    """A booking and a blackout of its day at once: how the booking ended, and what the guide was told."""
    looked, go_on = meeting
    guide, tourist = make.guide(), make.user()
    listing = make.listing(guide)

    def try_to_book() -> str:
        try:
            return book(tourist, listing).status
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as threads:
        booked = threads.submit(try_to_book)
        assert looked.wait(10)
        closed = threads.submit(close, guide, start_in())
        told = closed.result(timeout=20)
        go_on.set()
        return booked.result(timeout=20), told


def test_a_booking_in_flight_is_waited_for_and_the_guide_is_told_of_it(make, book, close, meeting):
    booked, told = race(make, book, close, meeting)
    assert (booked, told) == ("pending", ([], 1))


def test_without_the_lock_of_the_body_a_booking_gets_in_after_the_blackout(make, book, close, meeting, monkeypatch):
    """The negative control: whoever changes hours does not wait for who books."""
    lock = schedules.lock_resources
    monkeypatch.setattr(
        schedules, "lock_resources", lambda session, ids: [session.get(schedules.Resource, id_) for id_ in ids]
    )
    assert lock is not schedules.lock_resources
    booked, told = race(make, book, close, meeting)
    assert (booked, told) == ("pending", ([], 0)), "the guide was told of nobody, and somebody booked"


@pytest.mark.parametrize("whose", ["guide", "listing"])
def test_after_a_committed_blackout_nobody_gets_in(db, make, book, close, whose):
    guide = make.guide()
    listing = make.listing(guide)
    tourists = [make.user() for _ in range(6)]
    barrier, closed = threading.Barrier(7), threading.Event()

    def try_to_book(tourist) -> tuple[bool, str]:
        barrier.wait()
        outcomes = []
        for _ in range(3):
            was_closed = closed.is_set()
            try:
                book(tourist, listing, guests={"adult": 1})
                outcomes.append((was_closed, "booked"))
            except DomainError as refusal:
                outcomes.append((was_closed, refusal.code))
        return outcomes

    def shut() -> tuple[list[str], int]:
        barrier.wait()
        told = close(guide, start_in(), listing if whose == "listing" else None)
        closed.set()
        return told

    with ThreadPoolExecutor(7) as threads:
        trying = [threads.submit(try_to_book, tourist) for tourist in tourists]
        known, holds = threads.submit(shut).result(timeout=30)
        outcomes = [outcome for each in trying for outcome in each.result(timeout=30)]

    booked = [was_closed for was_closed, outcome in outcomes if outcome == "booked"]
    assert True not in booked
    assert (known, holds) == ([], len(booked))
    with pytest.raises(DomainError) as refusal:
        book(make.user(), listing)
    assert refusal.value.code == "start_not_offered"
