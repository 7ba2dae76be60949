"""Wishes that cannot be met: each refusal has its name, says what a client needs to go on, and leaves no trace."""

from __future__ import annotations

import uuid
from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete

from domain.errors import Conflict, NotFound, RuleViolation, TooMany
from models import Listing, ScheduleRule, SearchDocument
from models.listing_counts import ListingCount
from services.bookings.reserving import Wish, quote
from tests.factories import start_in
from tests.support.refusals import refused


def open_at(db, listing, opening: time, closing: time = time(18)) -> None:
    """Give a listing hours of its own, every day."""
    with db.transaction() as session:
        session.add_all(
            ScheduleRule(listing_id=listing.id, weekday=day, start_time=opening, end_time=closing) for day in range(7)
        )


def test_an_unknown_listing_is_refused(db, make, book):
    tourist = make.user()
    with refused(db, "experience_not_found", NotFound):
        book(tourist, SimpleNamespace(id=uuid.uuid4()))


@pytest.mark.parametrize("status", ["draft", "hidden", "archived"])
def test_a_listing_that_is_not_live_is_refused(db, make, book, status):
    tourist, listing = make.user(), make.listing(status=status)
    with refused(db, "experience_not_found", NotFound):
        book(tourist, listing)


def test_a_listing_hidden_while_waiting_for_the_lock_is_refused(db, make, book, monkeypatch):
    tourist, listing = make.user(), make.listing()

    def forget_what_hiding_writes(session):
        # It comes and goes with whoever hides the listing, and not with who is refused.
        session.execute(delete(SearchDocument).where(SearchDocument.id == listing.id))
        session.execute(delete(ListingCount))

    with db.transaction() as session:
        forget_what_hiding_writes(session)
    from services.bookings import reserving

    def hidden_meanwhile(session, ids):
        with db.transaction() as other:
            other.get_one(Listing, listing.id).status = "hidden"
            other.flush()
            forget_what_hiding_writes(other)
        return lock(session, ids)

    lock = reserving.lock_resources
    monkeypatch.setattr(reserving, "lock_resources", hidden_meanwhile)
    with refused(db, "experience_not_found", NotFound):
        book(tourist, listing)


@pytest.mark.parametrize(
    ("listing", "guests", "said"),
    [
        ({}, {"adult": 9}, "at most 8 guests"),
        ({"min_guests": 3}, {"adult": 2}, "at least 3 guests"),
        ({}, {}, "at least one guest"),
        ({}, {"adult": 1, "robot": 1}, "unknown kind of guest 'robot'"),
        (
            {"tiers": [{"name": "infant", "price_minor": 0, "takes_seat": False}]},
            {"infant": 1},
            "at least one guest must take a seat",
        ),
    ],
)
def test_a_party_that_does_not_fit_is_refused(db, make, book, listing, guests, said):
    tourist, listing = make.user(), make.listing(**listing)
    with refused(db, "invalid_field", RuleViolation) as refusal:
        book(tourist, listing, guests=guests)
    assert said in refusal.value.errors["guests"][0]


def test_another_currency_is_refused(db, make, book):
    tourist, listing = make.user(), make.listing()
    with refused(db, "currency_not_offered", RuleViolation) as refusal:
        book(tourist, listing, currency="USD")
    assert "KES" in refusal.value.errors["currency"][0]


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (lambda: start_in(-1), "start_in_past"),
        (lambda: start_in(181), "start_too_far"),
        (lambda: start_in(1), "booking_closed"),
        (lambda: start_in(7, time(9)), "start_not_offered"),
        (lambda: start_in(7, time(17)), "start_not_offered"),
        (lambda: start_in(7) + timedelta(seconds=1), "start_not_offered"),
    ],
)
@pytest.mark.parametrize("verb", ["book", "quote"])
def test_a_start_that_cannot_be_booked_is_refused(db, make, book, starts_at, code, verb):
    tourist, listing = make.user(), make.listing(cut_off_hours=48)
    with refused(db, code, RuleViolation) as refusal:
        if verb == "book":
            book(tourist, listing, starts_at=starts_at())
        else:
            with db.transaction() as session:
                quote(session, make.acting(tourist), listing, Wish(listing.id, starts_at(), {"adult": 2}))
    assert "starts_at" in refusal.value.errors


def test_too_few_seats_are_refused_with_how_many_are_left(db, make, book):
    listing = make.listing()
    book(make.user(), listing, guests={"adult": 5})
    tourist = make.user()
    with refused(db, "seats_sold_out", Conflict) as refusal:
        book(tourist, listing, guests={"adult": 4})
    assert refusal.value.extra == {"seats_free": 3}
    assert book(tourist, listing, guests={"adult": 3}).seats == 3
    latecomer = make.user()
    with refused(db, "seats_sold_out", Conflict) as refusal:
        book(latecomer, listing, guests={"adult": 1})
    assert refusal.value.extra == {"seats_free": 0}


def test_the_guide_cannot_be_in_two_places(db, make, book):
    guide = make.guide()
    walk, ride = make.listing(guide), make.listing(guide)
    book(make.user(), walk)
    tourist = make.user()
    with refused(db, "guide_busy", Conflict):
        book(tourist, ride)
    assert book(tourist, make.listing()).status == "pending", "another guide is free"


@pytest.mark.parametrize(
    ("buffers", "opening", "is_busy"),
    [
        ((0, 60), time(11), True),
        ((60, 0), time(11), True),
        ((60, 60), time(12), False),
        ((0, 0), time(11), False),
    ],
)
def test_the_larger_of_two_buffers_keeps_tours_apart(db, make, book, buffers, opening, is_busy):
    guide, tourist = make.guide(), make.user()
    first = make.listing(guide, buffer_minutes=buffers[0])
    second = make.listing(guide, rules=False, buffer_minutes=buffers[1])
    open_at(db, second, opening)
    book(make.user(), first)
    if is_busy:
        with refused(db, "guide_busy", Conflict):
            book(tourist, second, starts_at=start_in(7, opening))
    else:
        assert book(tourist, second, starts_at=start_in(7, opening)).status == "pending"


def test_seats_held_already_are_refused_with_the_bookings_id(db, make, book):
    tourist, listing = make.user(), make.listing()
    first = book(tourist, listing)
    with refused(db, "already_held", Conflict) as refusal:
        book(tourist, listing)
    assert refusal.value.extra == {"booking_id": str(first.id)}


def test_a_fourth_hold_is_refused_with_the_ids_of_the_others(db, make, book):
    tourist = make.user()
    held = {str(book(tourist, make.listing()).id) for _ in range(3)}
    listing = make.listing()
    with refused(db, "too_many_holds", Conflict) as refusal:
        book(tourist, listing)
    assert set(refusal.value.extra["booking_ids"]) == held


def test_a_hold_that_has_ended_elsewhere_does_not_count_when_its_job_never_ran(db, make, book, later):
    tourist = make.user()
    for _ in range(3):
        book(tourist, make.listing())
    later(minutes=16)
    assert book(tourist, make.listing()).status == "pending"


def test_seats_that_are_taken_and_given_back_in_turn_are_counted(db, make, book, cancel, later):
    tourist, listing = make.user(), make.listing()
    for _ in range(20):
        cancel(tourist, book(tourist, listing))
    with refused(db, "too_many_holds_user", TooMany) as refusal:
        book(tourist, listing)
    assert 0 < refusal.value.retry_after <= 3600
    assert book(make.user(), listing).status == "pending", "others are not in the way"
    later(hours=1)
    assert book(tourist, listing).status == "pending"
