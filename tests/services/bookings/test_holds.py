"""Holds: how long seats wait, who frees them, and what the one who waited is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import Departure
from services.bookings.reserving import expire_hold
from services.bookings.seats import hold_end
from tests.support.refusals import refused, unchanged


@pytest.fixture
def expire(db, ctx):
    def expire(booking):
        with db.transaction() as session:
            return expire_hold(session, ctx, booking.id)

    return expire


@pytest.fixture
def ends(db, ctx):
    """Minutes after booking at which the hold ends."""

    def ends(booking) -> float:
        with db.reading() as session:
            return (hold_end(session, ctx, booking) - booking.booked_at) / timedelta(minutes=1)

    return ends


def seats_taken(db, booking) -> int:
    with db.reading() as session:
        return session.get_one(Departure, booking.departure_id).seats_taken


def test_a_hold_ends_when_its_time_has_come(db, make, book, expire, later, jobs, told):
    tourist = make.user()
    booking = book(tourist, make.listing())
    later(minutes=15, seconds=1)
    assert expire(booking) is None
    assert make.reload(booking).status == "expired"
    assert seats_taken(db, booking) == 0
    assert jobs("hold:")[0].done_at is not None
    assert told(tourist) == ["hold_expired"]


def test_a_hold_is_left_alone_when_its_time_has_not_come(db, make, book, expire, later):
    booking = book(make.user(), make.listing())
    later(minutes=14)
    with unchanged(db):
        assert expire(booking) == booking.hold_expires_at
    assert make.reload(booking).status == "pending"


def test_expiring_again_does_nothing(db, make, book, expire, later):
    booking = book(make.user(), make.listing())
    later(minutes=16)
    expire(booking)
    with unchanged(db):
        assert expire(booking) is None


def test_a_paid_booking_never_expires(db, make, book, pay, mpesa, expire, later):
    tourist = make.user()
    booking = book(tourist, make.listing())
    mpesa.pays(pay(tourist, booking))
    later(minutes=40)
    with unchanged(db):
        assert expire(booking) is None
    assert make.reload(booking).status == "confirmed"


def test_an_ended_hold_gives_way_to_the_next_taker_when_its_job_never_ran(db, make, book, later, jobs, told):
    waited, listing = make.user(), make.listing()
    booking = book(waited, listing, guests={"adult": 8})
    latecomer = make.user()
    later(minutes=14, seconds=50)
    with refused(db, "seats_sold_out"):
        book(latecomer, listing)
    later(seconds=11)
    book(latecomer, listing, guests={"adult": 8})
    assert make.reload(booking).status == "expired"
    assert told(waited) == ["hold_expired"]
    assert [job.done_at is None for job in jobs("hold:")] == [False, True]


def test_an_ended_hold_of_another_listing_of_the_guide_gives_way_too(db, make, book, later):
    guide = make.guide()
    booking = book(make.user(), make.listing(guide, buffer_minutes=60))
    later(minutes=16)
    assert book(make.user(), make.listing(guide)).status == "pending"
    assert make.reload(booking).status == "expired"


def test_ones_own_ended_hold_gives_way_to_a_new_one(make, book, later):
    tourist, listing = make.user(), make.listing()
    first = book(tourist, listing)
    later(minutes=16)
    assert book(tourist, listing).status == "pending"
    assert make.reload(first).status == "expired"


@pytest.mark.parametrize(("minute_of_payment", "ends_at"), [(1, 15), (12, 15), (14, 17), (None, 15)])
def test_an_open_payment_prolongs_a_hold_by_three_minutes(make, book, pay, ends, later, minute_of_payment, ends_at):
    tourist = make.user()
    booking = book(tourist, make.listing())
    if minute_of_payment:
        later(minutes=minute_of_payment)
        pay(tourist, booking)
    assert ends(booking) == pytest.approx(ends_at, abs=0.05)


def test_a_hold_is_never_prolonged_beyond_thirty_minutes(db, make, book, pay, ends, expire, later):
    tourist = make.user()
    booking = book(tourist, make.listing())
    for minutes in (14, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5):
        later(minutes=minutes)
        pay(tourist, booking, phone=make.user().phone)
    assert ends(booking) == 30
    later(minutes=1.1)
    assert expire(booking) is None
    assert make.reload(booking).status == "expired"


def test_the_prolonged_hold_keeps_others_out_and_sends_the_job_away(db, make, book, pay, expire, later):
    tourist, listing = make.user(), make.listing()
    booking = book(tourist, listing, guests={"adult": 8})
    later(minutes=14)
    pay(tourist, booking)
    later(minutes=2)
    latecomer = make.user()
    with refused(db, "seats_sold_out"):
        book(latecomer, listing)
    again = expire(booking)
    assert again - booking.booked_at == pytest.approx(timedelta(minutes=17), abs=timedelta(seconds=5))
    assert make.reload(booking).status == "pending"


def test_a_failed_payment_prolongs_nothing(make, book, pay, mpesa, ends, later):
    tourist = make.user()
    booking = book(tourist, make.listing())
    later(minutes=14)
    mpesa.fails(pay(tourist, booking))
    assert ends(booking) == 15
