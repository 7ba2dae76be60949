"""Putting the prompt on the phone, once: what each answer of Daraja's leads to, and each way of getting none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, Payment
from models.jobs import Job
from providers.payments.daraja_answers import PushAccepted
from services.bookings.cancelling import cancel_booking
from tests.support.hands import Hands
from tests.support.mpesa_story import Interrupted
from tests.workers.conftest import HASTY


def test_a_push_puts_one_prompt_on_the_phone(story):
    payment = story.pushed()
    (prompt,) = story.prompts()
    assert (prompt["amount"], prompt["account_reference"]) == (5_500, f"{story.booking.reference}-1")
    assert prompt["callback_url"].endswith(f"/{payment.callback_token}")
    assert (payment.provider_reference, payment.merchant_request_id) == (
        prompt["checkout_request_id"],
        prompt["merchant_request_id"],
    )
    query = story.job("query")
    assert query.due_at == payment.next_query_at == payment.pushed_at + timedelta(seconds=25)
    assert story.said() == ["accepted"]
    assert story.work() == []


def test_nothing_is_pushed_when_the_booking_was_cancelled_meanwhile(story):
    payment = story.begins()
    with story.db.transaction() as session:
        cancel_booking(session, story.make.acting(story.tourist), story.booking.id, None)
    story.work()
    assert story.prompts() == []
    assert (story.make.reload(payment).state, story.make.reload(payment).call_started_at) == ("cancelled", None)


def test_nothing_is_pushed_when_the_hold_has_ended(story):
    story.begins()
    story.later(minutes=16)
    assert "payments.push_stk" in story.work()
    assert story.prompts() == []
    assert story.ends == ("failed", "push_busy", "expired")


def test_nothing_is_pushed_when_an_earlier_attempt_was_paid(story):
    story.pushed()
    story.later(seconds=91)
    story.pays_again(story.make.user().phone)
    story.pin()
    story.callbacks_come()
    assert (story.payment.attempt, story.payment.state) == (2, "failed")
    assert len(story.sandbox.charges()) == 1
    assert story.booking.status == "confirmed"


def test_a_push_is_retried_while_daraja_limits_us(story):
    story.sandbox.faults(spike_arrest=3)
    payment = story.begins()
    tries = 0
    while story.payment.state == "pending":
        assert story.prompts() == []
        tries += len(story.work())
        assert story.payment.call_started_at is None or story.payment.state == "processing"
        story.later(seconds=3)
    assert tries == 4
    assert len(story.prompts()) == 1
    assert story.job("push").failures == 3
    assert story.make.reload(payment).provider_reference


def test_a_push_is_given_up_when_daraja_limits_us_for_a_minute(story):
    story.sandbox.faults(spike_arrest=1_000)
    story.begins()
    for _ in range(40):
        story.work()
        story.later(seconds=2)
    assert story.ends == ("failed", "push_busy", "pending")
    assert story.told() == ["payment_failed"]
    assert story.job("push").done_at is not None
    assert story.pays_again().attempt == 2, "the customer may try again"


def test_a_push_that_waits_too_long_for_a_worker_is_not_made(story):
    story.begins()
    story.later(seconds=61)
    story.work()
    assert story.prompts() == []
    assert story.ends == ("failed", "push_busy", "pending")


def test_a_locked_subscriber_fails_the_attempt_with_its_code(story):
    story.sandbox.faults(subscriber_lock=True)
    story.begins()
    story.work()
    assert story.ends == ("failed", "1001", "pending")
    assert story.told() == ["payment_failed"]
    assert story.prompts() == []


def test_a_rejected_push_fails_the_attempt(story, runtime, settings):
    from providers.payments.mpesa import MpesaClient

    story.begins()
    client = MpesaClient(replace(runtime.mpesa._config, passkey="wrong"), runtime.mpesa._tokens, story.clock.wall)
    Hands(replace(runtime, mpesa=client)).work("payments")
    client.close()
    assert story.ends == ("failed", "push_rejected", "pending")


def test_an_expired_token_is_renewed_without_anybody_noticing(story):
    story.pushed()
    story.sandbox.faults(expired_token=True)
    story.pushed()
    assert story.sandbox.calls("/oauth/v1/generate") == 2


def test_a_push_that_ends_in_a_server_error_is_unknown_and_not_repeated(story):
    story.sandbox.faults(push_5xx=True)
    story.begins()
    story.work()
    assert story.ends == ("unknown", "push_outcome_unknown", "pending")
    assert story.job("query").done_at is None
    for _ in range(12):
        story.later(seconds=30)
        story.work()
    assert story.sandbox.calls("/stkpush/v1/processrequest") == 1
    assert story.sandbox.calls("/stkpushquery/v1/query") == 0, "there is nothing to ask about"


def test_a_customer_starts_anew_when_the_first_push_stayed_unknown(story):
    story.sandbox.faults(push_5xx=1)
    first = story.begins()
    story.work()
    story.later(seconds=91)
    story.pays_again()
    story.work()
    story.pin()
    story.callbacks_come()
    assert story.ends == ("succeeded", None, "confirmed")
    assert story.make.reload(first).state == "unknown"


def test_a_push_that_times_out_is_unknown_until_its_callback_settles_it(story, runtime, mpesa_client):
    story.sandbox.faults(late_success_hang=1)
    story.begins()
    Hands(replace(runtime, mpesa=mpesa_client(HASTY))).work("payments")
    assert story.ends == ("unknown", "push_outcome_unknown", "pending")
    story.callbacks_come()
    assert story.ends == ("succeeded", None, "confirmed")
    payment = story.payment
    assert payment.provider_reference.startswith("ws_CO_"), "learned from the callback"
    assert payment.receipt == story.sandbox.charges()[0]["receipt"]


def test_a_callback_may_overtake_the_answer_of_its_push(story, meddling):
    story.sandbox.faults(early_callback=True)
    story.begins()
    hands = meddling(story.callbacks_come)
    hands.work("payments")
    assert story.said() == ["callback_success", "settled", "accepted"]
    assert story.ends == ("succeeded", None, "confirmed")
    assert story.payment.provider_reference == story.sandbox.charges()[0]["checkout_request_id"]
    story.later(seconds=30)
    assert story.work() == ["payments.query_stk"]
    assert story.sandbox.calls("/stkpushquery/v1/query") == 0, "nobody asks about a success"


def test_a_worker_killed_between_call_and_record_never_prompts_twice(story, dying):
    story.begins()
    with pytest.raises(Interrupted):
        dying.work("payments")
    assert story.payment.state == "pending"
    assert story.work() == [], "the lease still stands"
    story.lease_runs_out()
    assert story.work() == ["payments.push_stk", "payments.query_stk"]
    assert story.ends == ("unknown", "push_outcome_unknown", "pending")
    assert len(story.prompts()) == 1
    assert story.job("push").crashes == 1
    story.pin()
    story.callbacks_come()
    assert story.ends == ("succeeded", None, "confirmed")
    assert len(story.prompts()) == 1


def test_a_push_that_died_and_was_superseded_is_watched_until_a_person_looks(story, dying, make):
    first = story.begins()
    with pytest.raises(Interrupted):
        dying.work("payments")
    story.later(seconds=91)
    story.pays_again(phone="+254711999888")
    assert make.reload(first).failure_code == "superseded"
    story.later(seconds=40)
    story.work("payments")
    assert len(story.prompts()) == 1, "its prompt may be on the phone, and is not repeated"
    for _ in range(30):
        story.later(minutes=1, seconds=10)
        story.work()
    lost = make.reload(first)
    assert (lost.state, lost.attention, lost.next_query_at) == ("cancelled", "unconfirmed", None)


def test_the_answer_to_a_slow_push_is_recorded_although_its_lease_ran_out(story, meddling):
    story.begins()

    def somebody_else_takes_over() -> None:
        story.lease_runs_out()
        story.work()
        assert story.payment.state == "unknown"

    hands = meddling(somebody_else_takes_over)
    hands.do(hands.due("payments")[0])
    payment = story.payment
    assert payment.provider_reference == story.prompts()[0]["checkout_request_id"]
    assert payment.state == "processing"
    assert story.job("push").attempt == 2
    assert story.job("push").crashes == 1


def test_a_slow_pushs_answer_opens_no_second_attempt_when_the_customer_has_started_anew(story, meddling):
    first = story.begins()

    def the_customer_starts_anew() -> None:
        story.lease_runs_out()
        story.work()
        story.pays_again(story.make.user().phone)

    hands = meddling(the_customer_starts_anew)
    hands.do(hands.due("payments")[0])
    first = story.make.reload(first)
    assert (first.state, first.failure_code) == ("cancelled", "superseded")
    assert first.provider_reference == story.prompts()[0]["checkout_request_id"]
    assert story.payment.state == "pending"


def test_a_slow_pushs_refusal_is_recorded_although_its_lease_ran_out(story, runtime):
    story.begins()
    from domain.provider_errors import Rejected

    class Slow:
        def push(self, **_call) -> PushAccepted:
            story.lease_runs_out()
            story.work()
            raise Rejected("no", code="400.002.02")

    hands = Hands(replace(runtime, mpesa=Slow()))
    hands.do(hands.due("payments")[0])
    assert story.ends == ("failed", "push_rejected", "pending")


def test_no_connection_is_held_while_daraja_is_called(story, meddling):
    story.begins()
    held: list[int] = []
    meddling(lambda: held.append(story.db.engine.pool.checkedout())).work("payments")
    assert held == [0]


def test_an_answer_that_cannot_be_recorded_leaves_the_push_unknown_and_unrepeated(story, meddling, monkeypatch):
    from workers import payments

    story.begins()
    real = payments.lock_payment

    def fails_once(*args):
        monkeypatch.setattr(payments, "lock_payment", real)
        raise TimeoutError("the database is gone")

    meddling(lambda: monkeypatch.setattr(payments, "lock_payment", fails_once)).work("payments")
    story.later(seconds=3)
    story.work()
    assert story.ends == ("unknown", "push_outcome_unknown", "pending")
    assert len(story.prompts()) == 1
    story.pin()
    story.callbacks_come()
    assert story.ends == ("succeeded", None, "confirmed")


def test_an_answer_is_kept_while_the_database_is_away_for_a_moment(story, meddling, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from workers import payments, running

    story.begins()
    monkeypatch.setattr(running, "RECORD_WAITS", (0.01, 0.01))
    real, away = payments.lock_payment, iter([True, True])

    def away_twice(*args):
        if next(away, False):
            raise OperationalError("SELECT", {}, Exception("the server closed the connection"))
        return real(*args)

    meddling(lambda: monkeypatch.setattr(payments, "lock_payment", away_twice)).work("payments")
    assert story.payment.state == "processing"
    assert story.payment.provider_reference == story.prompts()[0]["checkout_request_id"]


def test_the_log_of_what_moved_names_no_phone(story):
    story.pushed()
    with story.db.reading() as session:
        written = " ".join(str(entry.data) for entry in session.scalars(select(AuditEntry)))
        jobs = " ".join(f"{job.payload} {job.last_error}" for job in session.scalars(select(Job)))
        phone = session.scalars(select(Payment.phone)).one()
    assert phone[-9:] not in written + jobs
