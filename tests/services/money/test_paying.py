"""Starting to pay: what is written, what is refused, and never two prompts at once."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from domain.errors import Conflict, NotFound, RuleViolation, TooMany
from domain.money import Money
from domain.payments import Evidence
from models import AuditEntry, Payment, PaymentEvent
from services.bookings.reserving import expire_hold
from services.money.paying import find_payment, payments_of
from services.pages import Page, Window
from tests.factories import phone_number
from tests.support.database import row_counts
from tests.support.refusals import refused


@pytest.fixture
def held(make, book):
    """A tourist with seats on hold."""
    tourist = make.user()
    return tourist, book(tourist, make.listing())


def test_starting_to_pay_writes_the_attempt_and_the_job_that_pushes_it(db, held, pay, jobs):
    tourist, booking = held
    before = row_counts(db.engine)
    payment = pay(tourist, booking, amount=Money(550_000, "KES"))
    after = row_counts(db.engine)

    written = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert written == {"payments": 1, "jobs": 1, "audit_logs": 1, "audit_unchained": 1, "rate_limits": 2}
    assert (payment.provider, payment.attempt, payment.state) == ("mpesa", 1, "pending")
    assert (payment.amount, payment.phone) == (Money(550_000, "KES"), tourist.phone)
    assert len(payment.callback_token) >= 43
    (push,) = jobs("push:")
    assert (push.kind, push.payload) == ("payments.push_stk", {"payment_id": str(payment.id)})
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "payment.started")).one()
        assert (entry.entity_id, entry.data) == (payment.id, {"provider": "mpesa", "minor": 550_000})


def test_mpesa_is_charged_whole_shillings_rounded_up(make, book, pay):
    tourist = make.user()
    booking = book(tourist, make.listing(price_minor=12_345), guests={"adult": 1})
    assert pay(tourist, booking).amount == Money(13_600, "KES"), "KES 135.79 are due"


def test_somebody_elses_booking_cannot_be_paid(db, make, held, pay):
    _, booking = held
    stranger, guide = make.user(), SimpleNamespace(id=booking.host_id, roles=["guide"], phone=phone_number())
    for user in (stranger, guide):
        with refused(db, "booking_not_found", NotFound):
            pay(user, booking)
    with refused(db, "booking_not_found", NotFound):
        pay(stranger, SimpleNamespace(id=uuid.uuid4()))


def test_a_paid_booking_is_not_paid_again(db, held, pay, mpesa, later):
    tourist, booking = held
    mpesa.pays(pay(tourist, booking))
    later(minutes=2)
    with refused(db, "already_paid", Conflict):
        pay(tourist, booking)


@pytest.mark.parametrize("job_ran", [True, False])
def test_seats_that_are_no_longer_held_cannot_be_paid(db, ctx, held, pay, later, job_ran):
    tourist, booking = held
    later(minutes=16)
    if job_ran:
        with db.transaction() as session:
            expire_hold(session, ctx, booking.id)
    with refused(db, "hold_expired", Conflict):
        pay(tourist, booking)


def test_a_cancelled_booking_cannot_be_paid(db, held, pay, cancel):
    tourist, booking = held
    cancel(tourist, booking)
    with refused(db, "booking_not_payable", Conflict):
        pay(tourist, booking)


def test_a_second_prompt_waits_until_the_first_has_left_the_phone(db, held, pay, mpesa, later):
    tourist, booking = held
    payment = pay(tourist, booking)
    later(seconds=30)
    with refused(db, "prompt_on_phone", Conflict) as refusal:
        pay(tourist, booking)
    assert 58 <= refusal.value.retry_after <= 60
    assert refusal.value.extra == {"payment_id": str(payment.id)}
    mpesa.accepts(payment)
    later(seconds=55)
    with refused(db, "prompt_on_phone", Conflict):
        pay(tourist, booking, phone=phone_number())


def test_a_prompt_that_may_be_on_the_phone_is_waited_for_too(db, held, pay, mpesa, later):
    from domain.payments import Evidence

    tourist, booking = held
    first = mpesa.says(pay(tourist, booking), Evidence.OUTCOME_UNKNOWN, key="push")
    with refused(db, "prompt_on_phone", Conflict):
        pay(tourist, booking)
    later(seconds=91)
    second = pay(tourist, booking)
    assert (second.attempt, second.state) == (2, "pending")
    with db.reading() as session:
        assert session.get_one(Payment, first.id).state == "unknown", "its money may still come"


def test_a_failed_attempt_can_be_followed_at_once(held, pay, mpesa):
    tourist, booking = held
    assert mpesa.fails(pay(tourist, booking)).state == "cancelled"
    assert pay(tourist, booking).attempt == 2


def test_a_new_attempt_supersedes_the_open_one_after_ninety_seconds(db, held, pay, mpesa, later):
    tourist, booking = held
    first = mpesa.accepts(pay(tourist, booking))
    later(seconds=91)
    second = pay(tourist, booking)
    with db.reading() as session:
        states = {row.attempt: (row.state, row.failure_code) for row in session.scalars(select(Payment))}
        said = session.scalars(select(PaymentEvent.evidence).where(PaymentEvent.payment_id == first.id)).all()
    assert states == {1: ("cancelled", "superseded"), 2: ("pending", None)}
    assert said == ["accepted", "superseded"]
    assert second.callback_token != first.callback_token


def test_nobody_pays_again_while_a_payment_is_under_review(db, held, pay, mpesa):
    tourist, booking = held
    doubted = mpesa.says(mpesa.accepts(pay(tourist, booking)), Evidence.MISMATCH, code="amount_mismatch")
    with refused(db, "payment_under_review", Conflict) as refusal:
        pay(tourist, booking)
    assert refusal.value.extra == {"payment_id": str(doubted.id)}


def test_the_end_of_a_superseded_attempt_is_noted_and_not_told(held, pay, mpesa, later, told, make):
    tourist, booking = held
    first = mpesa.accepts(pay(tourist, booking))
    later(seconds=91)
    pay(tourist, booking)
    mpesa.fails(first, "1")
    ended = make.reload(first)
    assert (ended.state, ended.failure_code) == ("failed", "1")
    assert told(tourist) == [], "the customer is busy with another prompt"


def test_an_amount_that_is_not_due_is_refused(db, held, pay):
    tourist, booking = held
    for wrong in (Money(549_900, "KES"), Money(550_000, "USD")):
        with refused(db, "amount_mismatch", RuleViolation) as refusal:
            pay(tourist, booking, amount=wrong)
        assert "amount" in refusal.value.errors


def test_an_unknown_provider_is_refused(db, held, pay):
    tourist, booking = held
    with refused(db, "unknown_provider", RuleViolation) as refusal:
        pay(tourist, booking, provider="cowries")
    assert "mpesa" in refusal.value.errors["provider"][0]


@pytest.mark.parametrize(("listing", "guests"), [({"currency": "USD"}, 1), ({"price_minor": 23_000_000}, 1)])
def test_a_price_that_mpesa_cannot_charge_is_refused(db, make, book, pay, listing, guests):
    tourist = make.user()
    booking = book(tourist, make.listing(**listing), guests={"adult": guests})
    with refused(db, "not_chargeable", RuleViolation):
        pay(tourist, booking)


def test_a_phone_gets_three_prompts_in_ten_minutes(db, make, book, pay, mpesa, later):
    phone = phone_number()
    for _ in range(3):
        tourist = make.user()
        mpesa.fails(pay(tourist, book(tourist, make.listing()), phone=phone))
    tourist = make.user()
    booking = book(tourist, make.listing())
    with refused(db, "too_many_stk_phone", TooMany) as refusal:
        pay(tourist, booking, phone=phone)
    assert 590 <= refusal.value.retry_after <= 600
    assert pay(tourist, booking).attempt == 1, "another phone is not limited"
    later(minutes=10, seconds=1)
    assert pay(tourist, booking, phone=phone).phone == phone


def test_a_user_gets_ten_prompts_in_ten_minutes_on_whatever_phones(db, held, pay, mpesa):
    tourist, booking = held
    for _ in range(10):
        mpesa.fails(pay(tourist, booking, phone=phone_number()))
    with refused(db, "too_many_stk_user", TooMany):
        pay(tourist, booking, phone=phone_number())


def test_payments_are_found_and_listed_for_their_payer_alone(db, make, held, pay, mpesa):
    tourist, booking = held
    first = mpesa.fails(pay(tourist, booking))
    second = pay(tourist, booking)
    stranger, administrator = make.user(), make.user(roles=["admin"])
    with db.reading() as session:
        for user in (tourist, administrator):
            payment, booking_id = find_payment(session, make.acting(user), first.id)
            assert (payment.id, booking_id) == (first.id, booking.id)
        page = payments_of(session, make.acting(tourist), Window(1))
        assert ([payment.id for payment, _ in page.rows], page.total) == ([second.id], 2)
        assert payments_of(session, make.acting(stranger), Window()) == Page([], 0)
    for code in ("payment_not_found",):
        with refused(db, code, NotFound), db.reading() as session:
            find_payment(session, make.acting(stranger), first.id)
