"""The facts that texts are made of: who reads them, and what that reader may know."""

from __future__ import annotations

import pytest

from domain.money import Money
from domain.payments import Evidence
from models import Refund
from services.messages.facts import booking_facts


@pytest.fixture
def facts(db, ctx):
    def facts(booking, reader, **ids):
        with db.reading() as session:
            return booking_facts(session, ctx, booking.id, reader.id, frontend_url="https://elite.example", **ids)

    return facts


@pytest.fixture
def parties(make, book):
    guide = make.guide(phone="+254712000010")
    tourist = make.user(phone="+254712000011")
    return guide, tourist, book(tourist, make.listing(guide, title="Bush breakfast"), special_requests="No nuts")


def test_facts_tell_of_the_booking_while_its_seats_are_held(facts, parties):
    guide, tourist, booking = parties
    told = facts(booking, tourist)
    assert (told.reference, told.title, told.seats, told.guests) == (
        booking.reference,
        "Bush breakfast",
        2,
        (("adult", 2),),
    )
    assert (told.total, [line.amount.minor for line in told.lines]) == (Money(550_000, "KES"), [500_000, 50_000])
    assert told.url == f"https://elite.example/bookings/{booking.id}"
    assert (told.hold_ends_at, told.special_requests) == (booking.hold_expires_at, "No nuts")
    assert (told.paid, told.receipt, told.refund, told.failure_code) == (None, None, None, None)
    assert (told.tourist.full_name, told.guide.full_name) == (tourist.full_name, guide.full_name)


@pytest.mark.parametrize(("reader", "audience"), [(0, "guide"), (1, "tourist")])
def test_facts_know_as_what_their_reader_is_told(facts, parties, reader, audience):
    told = facts(parties[2], parties[reader])
    assert (told.audience, told.reader.phone) == (audience, parties[reader].phone)


def test_a_guide_who_books_somebody_elses_tour_reads_as_tourist(facts, make, book):
    travelling_guide = make.guide()
    assert facts(book(travelling_guide, make.listing()), travelling_guide).audience == "tourist"


def test_phones_are_shared_from_the_confirmation_until_two_days_after_the_end(clock, facts, parties, pay, mpesa, make):
    guide, tourist, booking = parties
    shown = facts(booking, tourist)
    assert (shown.tourist.phone, shown.guide.phone) == (None, None)
    mpesa.pays(pay(tourist, booking))
    shown = facts(booking, tourist)
    assert (shown.tourist.phone, shown.guide.phone) == (tourist.phone, guide.phone)
    for hours, phone in ((47, guide.phone), (49, None)):
        clock.offset = booking.ends_at - booking.booked_at + hours * (booking.ends_at - booking.starts_at) / 3
        assert facts(booking, tourist).guide.phone == phone


def test_phones_are_not_shared_when_the_booking_was_cancelled(facts, parties, pay, mpesa, cancel):
    _, tourist, booking = parties
    mpesa.pays(pay(tourist, booking))
    cancel(tourist, booking, "Ill")
    told = facts(booking, tourist)
    assert (told.guide.phone, told.cancelled_by, told.reason) == (None, "tourist", "Ill")


def test_facts_tell_of_the_payment_and_its_refund(db, facts, parties, pay, mpesa, cancel):
    _, tourist, booking = parties
    payment = mpesa.fails(pay(tourist, booking), "2001")
    told = facts(booking, tourist, payment_id=payment.id)
    assert (told.provider, told.failure_code, told.paid) == ("mpesa", "2001", None)
    mpesa.pays(payment, "SGH7ZZZ007")
    cancel(tourist, booking)
    with db.reading() as session:
        refund = session.query(Refund).one()
    told = facts(booking, tourist, payment_id=payment.id, refund_id=refund.id)
    assert (told.paid, told.receipt, told.failure_code) == (Money(550_000, "KES"), "SGH7ZZZ007", None)
    assert (told.refund, told.paid_at is not None, told.hold_ends_at) == (Money(550_000, "KES"), True, None)


def test_money_is_in_doubt_while_somebody_may_have_paid(facts, parties, pay, mpesa):
    _, tourist, booking = parties
    assert facts(booking, tourist).payment_in_doubt is False
    payment = mpesa.accepts(pay(tourist, booking))
    assert facts(booking, tourist).payment_in_doubt is True
    mpesa.says(payment, Evidence.MISMATCH, code="amount_mismatch")
    assert facts(booking, tourist).payment_in_doubt is True


def test_money_is_not_in_doubt_after_an_end_that_is_known(facts, parties, pay, mpesa):
    _, tourist, booking = parties
    mpesa.fails(pay(tourist, booking))
    assert facts(booking, tourist).payment_in_doubt is False
