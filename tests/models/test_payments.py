"""One open attempt, one that settles, one receipt: money's uniqueness is the database's own."""

from __future__ import annotations

import pytest

from domain.payments import PaymentState
from models import Payment, PaymentEvent, Receivable, Refund, WebhookEvent
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)
OPEN = ("pending", "processing")


@pytest.fixture
def receivable_id(db, make):
    booking = make.booking()
    with db.reading() as session:
        return session.query(Receivable.id).filter_by(booking_id=booking.id).scalar()


@pytest.fixture
def pay(db, receivable_id):
    """Writes attempts to pay one receivable."""

    def write(attempt, state="failed", **values):
        defaults = {"receivable_id": receivable_id, "provider": "mpesa", "amount_minor": 550_000, "currency": "KES"}
        with db.transaction() as session:
            row = Payment(**defaults | {"attempt": attempt, "state": state, "started_at": NOW} | values)
            session.add(row)
        return row

    return write


@pytest.mark.parametrize("first", OPEN)
@pytest.mark.parametrize("second", OPEN)
def test_a_receivable_has_one_open_payment(pay, refused, first, second):
    pay(1, first)
    with refused("uq_payments_one_open"):
        pay(2, second)


def test_payments_that_are_not_open_may_be_many(pay):
    pay(1, "pending")
    for attempt, state in enumerate(sorted(set(PaymentState) - set(OPEN)), start=2):
        pay(attempt, state)


def test_a_receivable_is_settled_by_one_payment(pay, refused):
    pay(1, "succeeded", settles=True)
    pay(2, "succeeded")
    with refused("uq_payments_one_settles"):
        pay(3, "succeeded", settles=True)


def test_an_attempt_has_its_own_number(pay, refused):
    pay(1)
    with refused("uq_payments_receivable_id_attempt"):
        pay(1)
    with refused("ck_payments_attempt_positive"):
        pay(0)


def test_a_receipt_proves_one_payment_of_its_provider(pay, refused):
    pay(1, "succeeded", receipt="QGH7X8Y9Z0")
    pay(2, "succeeded", receipt="QGH7X8Y9Z0", provider="other")
    pay(3)
    pay(4)
    with refused("uq_payments_provider_receipt"):
        pay(5, "succeeded", receipt="QGH7X8Y9Z0")


def test_a_providers_own_id_is_of_one_payment(pay, refused):
    pay(1, provider_reference="ws_CO_1")
    with refused("uq_payments_provider_provider_reference"):
        pay(2, provider_reference="ws_CO_1")


def test_callback_tokens_are_unguessable_and_never_shared(pay, refused):
    first, second = pay(1), pay(2)
    assert first.callback_token != second.callback_token
    assert len(first.callback_token) >= 43
    with refused("uq_payments_callback_token"):
        pay(3, callback_token=first.callback_token)


@pytest.mark.parametrize("minor", [0, -1])
def test_nothing_and_less_is_not_an_amount_to_charge_or_to_give_back(db, pay, refused, minor):
    with refused("ck_payments_amount_positive"):
        pay(1, amount_minor=minor)
    payment = pay(1)
    with refused("ck_refunds_amount_positive"), db.transaction() as session:
        session.add(
            Refund(payment_id=payment.id, amount_minor=minor, currency="KES", reason="surplus", requested_at=NOW)
        )


def test_the_same_thing_said_twice_about_a_payment_is_kept_once(db, pay, refused):
    payment = pay(1)
    for key in ("callback:1", "callback:2"):
        with db.transaction() as session:
            session.add(PaymentEvent(payment_id=payment.id, key=key, evidence="accepted", at=NOW))
    with refused("uq_payment_events_payment_id_key"), db.transaction() as session:
        session.add(PaymentEvent(payment_id=payment.id, key="callback:1", evidence="accepted", at=NOW))


def test_one_reason_gives_money_back_once(db, pay, refused):
    payment = pay(1, "succeeded")

    def give_back(reason):
        with db.transaction() as session:
            session.add(Refund(payment_id=payment.id, amount_minor=1, currency="KES", reason=reason, requested_at=NOW))

    give_back("surplus")
    give_back("cancellation")
    with refused("uq_refunds_payment_id_reason"):
        give_back("surplus")


def test_a_providers_call_is_stored_once(db, refused):
    def receive(provider="mpesa", event_id="1"):
        with db.transaction() as session:
            session.add(WebhookEvent(provider=provider, event_id=event_id, body=b"{}", received_at=NOW))

    receive()
    receive(event_id="2")
    receive(provider="other")
    with refused("uq_webhook_inbox_provider_event_id"):
        receive()
