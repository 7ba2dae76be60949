"""Cancelling: who may, what goes back by the frozen policy, and what is told to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import Conflict, NotFound
from domain.money import Money
from models import BookingEvent, Departure, Receivable
from services.bookings.cancelling import quote_cancellation
from services.bookings.details import settling_payment
from tests.factories import start_in
from tests.support.refusals import refused, unchanged

PRICE = 550_000


@pytest.fixture
def paid(make, book, pay, mpesa):
    """A confirmed booking and its parties."""

    def paid(**listing):
        guide, tourist = make.guide(), make.user()
        booking = book(tourist, make.listing(guide, **listing), starts_at=start_in(20))
        payment = mpesa.pays(pay(tourist, booking))
        return tourist, guide, make.reload(booking), payment

    return paid


def test_cancelling_before_paying_gives_the_seats_back_and_owes_nothing(db, make, book, cancel, jobs, told, refunds):
    guide, tourist = make.guide(), make.user()
    booking = book(tourist, make.listing(guide))
    cancelled = cancel(tourist, booking, "Flight moved")
    assert (cancelled.status, cancelled.cancelled_by, cancelled.cancellation_reason) == (
        "cancelled",
        "tourist",
        "Flight moved",
    )
    with db.reading() as session:
        assert session.scalars(select(Departure.seats_taken)).one() == 0
        assert session.scalars(select(Receivable.state)).one() == "void"
        event = session.scalars(select(BookingEvent)).one()
        assert (event.verb, event.from_status, event.to_status, event.actor_id) == (
            "cancel",
            "pending",
            "cancelled",
            tourist.id,
        )
    assert jobs("hold:")[0].done_at is not None
    assert (told(tourist), told(guide)) == ([], []), "nobody was told of the hold, and the tourist knows"
    assert refunds() == []


@pytest.mark.parametrize("by", ["guide", "admin"])
def test_a_hold_that_somebody_else_cancels_is_told_to_the_tourist_alone(make, book, cancel, told, by):
    guide, tourist = make.guide(), make.user()
    booking = book(tourist, make.listing(guide))
    cancel(guide if by == "guide" else make.user(roles=["admin"]), booking)
    assert (told(tourist), told(guide)) == (["booking_cancelled"], [])


@pytest.mark.parametrize(
    ("policy", "before_start", "percent"),
    [
        ("flexible", timedelta(hours=25), 100),
        ("flexible", timedelta(hours=23), 0),
        ("moderate", timedelta(days=6), 100),
        ("moderate", timedelta(days=4), 50),
        ("moderate", timedelta(hours=23), 0),
        ("strict", timedelta(days=8), 50),
        ("strict", timedelta(days=6), 0),
    ],
)
def test_a_tourist_gets_back_what_the_policy_promises(
    db, make, paid, cancel, clock, refunds, policy, before_start, percent
):
    tourist, _, booking, payment = paid(cancellation_policy=policy)
    clock.offset = booking.starts_at - before_start - booking.booked_at
    with db.reading() as session:
        quote = quote_cancellation(session, make.acting(tourist), booking, settling_payment(session, booking.id))
    assert (quote.percent, quote.refund.minor) == (percent, PRICE * percent // 100)
    cancel(tourist, booking)
    expected = [(payment.id, PRICE * percent // 100, "cancellation")] if percent else []
    assert refunds() == expected


@pytest.mark.parametrize("by", ["guide", "admin"])
def test_a_guides_or_administrators_cancellation_gives_everything_back(make, paid, cancel, clock, told, refunds, by):
    tourist, guide, booking, payment = paid(cancellation_policy="strict")
    clock.offset = booking.starts_at - timedelta(hours=1) - booking.booked_at
    actor = guide if by == "guide" else make.user(roles=["admin"])
    assert cancel(actor, booking).cancelled_by == by
    assert refunds() == [(payment.id, PRICE, "cancellation")]
    assert "booking_cancelled" in told(tourist)
    assert "booking_cancelled" in told(guide)


def test_a_part_that_is_no_whole_shilling_is_rounded_in_the_tourists_favour(make, paid, cancel, clock, refunds):
    tourist, _, booking, payment = paid(price_minor=250_050, cancellation_policy="moderate")
    assert payment.amount_minor == 550_200, "M-Pesa charges whole shillings, rounded up"
    clock.offset = booking.starts_at - timedelta(days=2) - booking.booked_at
    cancel(tourist, booking)
    assert refunds() == [(payment.id, 275_100, "cancellation")]


def test_cancelling_twice_changes_nothing(db, paid, cancel):
    tourist, guide, booking, _ = paid()
    cancel(tourist, booking)
    for actor in (tourist, guide):
        with unchanged(db):
            assert cancel(actor, booking).cancelled_by == "tourist"


def test_somebody_elses_booking_does_not_exist(db, make, book, cancel):
    booking = book(make.user(), make.listing())
    for stranger in (make.user(), make.guide()):
        with refused(db, "booking_not_found", NotFound):
            cancel(stranger, booking)
    assert make.reload(booking).status == "pending"


def test_an_expired_booking_cannot_be_cancelled(db, make, ctx, book, cancel, later):
    from services.bookings.reserving import expire_hold

    tourist = make.user()
    booking = book(tourist, make.listing())
    later(minutes=16)
    with db.transaction() as session:
        expire_hold(session, ctx, booking.id)
    with refused(db, "booking_not_cancellable", Conflict) as refusal:
        cancel(tourist, booking)
    assert refusal.value.extra == {"booking_status": "expired"}


def test_an_open_attempt_is_superseded_and_its_late_money_goes_back(make, book, pay, mpesa, cancel, told, refunds):
    tourist = make.user()
    booking = book(tourist, make.listing())
    payment = mpesa.accepts(pay(tourist, booking))
    cancel(tourist, booking)
    payment = make.reload(payment)
    assert (payment.state, payment.failure_code) == ("cancelled", "superseded")
    payment = mpesa.pays(payment)
    assert (payment.state, payment.settles) == ("succeeded", False)
    assert refunds() == [(payment.id, PRICE, "late_money")]
    assert make.reload(booking).status == "cancelled"
    assert told(tourist) == ["late_money_refunded"]


def test_a_quote_before_paying_gives_nothing_back(db, make, book):
    tourist = make.user()
    booking = book(tourist, make.listing())
    with unchanged(db), db.reading() as session:
        quote = quote_cancellation(session, make.acting(tourist), booking, None)
    assert (quote.percent, quote.refund) == (100, None)


def test_there_is_no_quote_for_what_is_cancelled(db, make, paid, cancel):
    tourist, _, booking, payment = paid()
    cancelled = cancel(tourist, booking)
    with db.reading() as session, pytest.raises(Conflict) as refusal:
        quote_cancellation(session, make.acting(tourist), cancelled, payment)
    assert (refusal.value.code, refusal.value.extra) == ("booking_not_cancellable", {"booking_status": "cancelled"})


def test_the_freed_seats_can_be_booked_again(make, paid, book, cancel):
    tourist, _, booking, _ = paid(capacity=2, max_guests=2)
    cancel(tourist, booking)
    from services.catalogue.experiences import get_live_listing

    with make.db.reading() as session:
        listing = get_live_listing(session, booking.listing_id)
    assert book(make.user(), listing, starts_at=booking.starts_at).status == "pending"


def test_a_quote_is_in_the_currency_that_was_charged(db, make, paid):
    tourist, _, booking, payment = paid()
    with db.reading() as session:
        quote = quote_cancellation(session, make.acting(tourist), booking, payment)
    assert quote.refund == Money(PRICE, "KES")
