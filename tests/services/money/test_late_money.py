"""Money that comes when the seats are gone, the booking is over, or the bill is paid already: re-seated or sent back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.payments import Evidence
from models import BookingEvent, Departure, Listing, Payment, Receivable
from services.bookings.reserving import expire_hold
from tests.support.evidence import receipt

PRICE = 550_000


@pytest.fixture
def lapsed(db, ctx, make, book, pay, mpesa, later):
    """A booking whose hold has ended while its prompt was still on the phone."""

    def lapsed(listing=None, *, job_ran=True):
        tourist = make.user()
        booking = book(tourist, listing or make.listing(), guests={"adult": 2})
        payment = mpesa.accepts(pay(tourist, booking))
        later(minutes=16)
        if job_ran:
            with db.transaction() as session:
                expire_hold(session, ctx, booking.id)
            assert make.reload(booking).status == "expired"
        return tourist, booking, payment

    return lapsed


@pytest.mark.parametrize(("confirmation", "status"), [("instant", "confirmed"), ("manual", "paid")])
def test_late_money_gets_its_seats_back_when_they_are_free(
    db, make, mpesa, lapsed, told, refunds, confirmation, status
):
    tourist, booking, payment = lapsed(make.listing(confirmation=confirmation))
    payment = mpesa.pays(payment)
    assert (payment.settles, make.reload(booking).status) == (True, status)
    with db.reading() as session:
        assert session.scalars(select(Departure.seats_taken)).one() == 2
        assert session.scalars(select(Receivable.state)).one() == "settled"
        verbs = session.scalars(select(BookingEvent.verb).order_by(BookingEvent.id)).all()
    assert verbs[0] == "expire"
    assert verbs[1].startswith("reseat")
    assert refunds() == []
    assert "payment_receipt" in told(tourist)


def test_late_money_counts_when_the_hold_has_ended_but_nobody_freed_it(make, mpesa, lapsed, refunds):
    _, booking, payment = lapsed(job_ran=False)
    mpesa.pays(payment)
    assert make.reload(booking).status == "confirmed"
    assert refunds() == []


def test_the_cut_off_does_not_matter_to_late_money(make, mpesa, lapsed, later):
    _, booking, payment = lapsed(make.listing(cut_off_hours=48))
    later(days=6)
    mpesa.pays(payment)
    assert make.reload(booking).status == "confirmed"


def test_late_money_gets_its_seats_when_only_an_ended_hold_stands_in_the_way(make, book, mpesa, lapsed, later, refunds):
    listing = make.listing(capacity=2, max_guests=2)
    _, booking, payment = lapsed(listing)
    squatter = book(make.user(), listing, guests={"adult": 2})
    later(minutes=16)
    mpesa.pays(payment)
    assert make.reload(booking).status == "confirmed"
    assert make.reload(squatter).status == "expired"
    assert refunds() == []


def test_late_money_gets_its_seats_when_an_ended_hold_of_another_tour_stands_in_the_way(
    make, book, mpesa, lapsed, later, refunds
):
    guide = make.guide()
    _, booking, payment = lapsed(make.listing(guide))
    book(make.user(), make.listing(guide, buffer_minutes=30))
    later(minutes=16)
    mpesa.pays(payment)
    assert make.reload(booking).status == "confirmed"
    assert refunds() == []


def sent_back(make, booking, payment, refunds, told, tourist) -> None:
    payment = make.reload(payment)
    assert (payment.state, payment.settles) == ("succeeded", False)
    assert refunds() == [(payment.id, PRICE, "late_money")]
    assert told(tourist)[-1] == "late_money_refunded"
    assert make.reload(booking).status in ("expired", "cancelled", "pending")


@pytest.mark.parametrize("paid", [True, False])
def test_late_money_is_sent_back_when_the_seats_are_taken(make, book, pay, mpesa, lapsed, told, refunds, paid):
    listing = make.listing(capacity=2, max_guests=2)
    tourist, booking, payment = lapsed(listing)
    other = make.user()
    taken = book(other, listing, guests={"adult": 1})
    if paid:
        mpesa.pays(pay(other, taken))
    mpesa.pays(payment)
    sent_back(make, booking, payment, refunds, told, tourist)
    assert make.reload(taken).status == ("confirmed" if paid else "pending")


def test_late_money_is_sent_back_when_the_guide_is_busy_elsewhere(make, book, mpesa, lapsed, told, refunds):
    guide = make.guide()
    tourist, booking, payment = lapsed(make.listing(guide))
    book(make.user(), make.listing(guide))
    mpesa.pays(payment)
    sent_back(make, booking, payment, refunds, told, tourist)


def test_late_money_is_sent_back_when_the_listing_was_hidden(db, make, mpesa, lapsed, told, refunds):
    tourist, booking, payment = lapsed()
    with db.transaction() as session:
        session.get_one(Listing, booking.listing_id).status = "hidden"
    mpesa.pays(payment)
    sent_back(make, booking, payment, refunds, told, tourist)


@pytest.mark.parametrize("job_ran", [True, False])
def test_late_money_is_sent_back_when_the_tour_has_started(make, mpesa, lapsed, told, refunds, later, job_ran):
    tourist, booking, payment = lapsed(job_ran=job_ran)
    later(days=8)
    mpesa.pays(payment)
    sent_back(make, booking, payment, refunds, told, tourist)


def test_late_money_is_sent_back_when_the_booking_was_cancelled(make, book, pay, mpesa, cancel, told, refunds):
    tourist = make.user()
    booking = book(tourist, make.listing())
    payment = mpesa.accepts(pay(tourist, booking))
    cancel(tourist, booking)
    mpesa.pays_unseen(payment)
    sent_back(make, booking, payment, refunds, told, tourist)
    mpesa.pays(payment)
    assert len(refunds()) == 1, "the receipt alone sends nothing back again"


def test_late_money_is_sent_back_once_whatever_else_is_said(make, mpesa, lapsed, refunds, later):
    *_, payment = lapsed()
    later(days=8)
    number = receipt()
    for _ in range(2):
        mpesa.pays_unseen(payment)
        mpesa.pays(payment, number)
        mpesa.fails(payment)
    assert refunds() == [(payment.id, PRICE, "late_money")]


@pytest.fixture
def twice(make, book, pay, mpesa, later):
    """Two attempts of one booking whose prompts may both be answered."""
    tourist = make.user()
    booking = book(tourist, make.listing())
    first = mpesa.accepts(pay(tourist, booking))
    later(seconds=91)
    second = mpesa.accepts(pay(tourist, booking))
    return tourist, booking, first, second


@pytest.mark.parametrize("early", [0, 1])
def test_money_that_came_twice_is_sent_back_when_both_receipts_prove_it(make, twice, mpesa, told, refunds, early):
    tourist, booking, *attempts = twice
    settling, surplus = attempts[early], attempts[1 - early]
    assert mpesa.pays(settling).settles
    extra = mpesa.pays(surplus)
    assert (extra.state, extra.settles, extra.attention) == ("succeeded", False, None)
    assert refunds() == [(surplus.id, PRICE, "surplus")]
    assert make.reload(booking).status == "confirmed"
    assert told(tourist) == ["booking_confirmed", "payment_receipt", "surplus_refunded"]


@pytest.mark.parametrize("missing", ["settling", "surplus", "both"])
def test_money_that_seems_to_have_come_twice_waits_for_the_receipts(db, twice, mpesa, refunds, missing):
    _, _, settling, surplus = twice
    (mpesa.pays_unseen if missing in ("settling", "both") else mpesa.pays)(settling)
    (mpesa.pays_unseen if missing in ("surplus", "both") else mpesa.pays)(surplus)
    with db.reading() as session:
        assert session.get_one(Payment, surplus.id).attention == "surplus_without_receipt"
    assert refunds() == []
    if missing in ("settling", "both"):
        mpesa.pays(settling)
    if missing in ("surplus", "both"):
        mpesa.pays(surplus)
    assert refunds() == [(surplus.id, PRICE, "surplus")]
    with db.reading() as session:
        assert session.get_one(Payment, surplus.id).attention is None


def test_a_first_attempts_late_money_settles_when_the_second_is_still_open(make, twice, mpesa, refunds):
    _, booking, first, second = twice
    assert mpesa.pays(first).settles
    assert make.reload(booking).status == "confirmed"
    assert make.reload(second).state == "processing", "its prompt may still be answered"
    mpesa.fails(second)
    assert refunds() == []


def test_surplus_after_a_cancellation_with_refund_goes_back_in_full(make, twice, mpesa, cancel, refunds):
    tourist, booking, first, second = twice
    mpesa.pays(first)
    cancel(tourist, booking)
    mpesa.pays(second)
    assert refunds() == [(first.id, PRICE, "cancellation"), (second.id, PRICE, "surplus")]


def test_a_mismatched_prompt_is_never_refunded_by_itself(make, twice, mpesa, refunds):
    _, _, first, second = twice
    mpesa.pays(first)
    assert mpesa.says(second, Evidence.MISMATCH, code="amount_mismatch").state == "needs_review"
    assert refunds() == []
