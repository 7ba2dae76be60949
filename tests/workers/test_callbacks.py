"""Callbacks from the sandbox over real HTTP into the inbox, read by the worker: every outcome, every disguise."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from domain.jobs import JobKind, rules_for
from models import Job, Listing, WebhookEvent
from services.bookings.cancelling import cancel_booking
from tests.support.database import row_counts
from tests.support.mpesa_story import Interrupted


def success(checkout: str, *, amount: float = 5_500, receipt: str = "SGH1FAKE01", merchant: str = "1-2-3") -> bytes:
    """A callback of success as Daraja writes it."""
    items = [{"Name": "Amount", "Value": amount}, {"Name": "MpesaReceiptNumber", "Value": receipt}]
    callback = {
        "MerchantRequestID": merchant,
        "CheckoutRequestID": checkout,
        "ResultCode": 0,
        "ResultDesc": "Processed",
        "CallbackMetadata": {"Item": items},
    }
    return json.dumps({"Body": {"stkCallback": callback}}).encode()


def failure(checkout: str, code: int) -> bytes:
    callback = {"MerchantRequestID": "1-2-3", "CheckoutRequestID": checkout, "ResultCode": code, "ResultDesc": "No"}
    return json.dumps({"Body": {"stkCallback": callback}}).encode()


def test_the_right_pin_confirms_the_booking(story):
    story.pushed()
    story.pin()
    story.callbacks_come()
    assert story.ends == ("succeeded", None, "confirmed")
    (charge,) = story.sandbox.charges()
    payment = story.payment
    assert (payment.receipt, payment.settles) == (charge["receipt"], True)
    with story.db.reading() as session:
        event = session.scalars(select(WebhookEvent)).one()
    assert (event.outcome, event.payment_id) == ("callback_success", payment.id)
    assert event.processed_at is not None
    assert story.told() == ["booking_confirmed", "payment_receipt"]


@pytest.mark.parametrize(
    ("fault", "typed", "state", "code"),
    [
        ("insufficient_funds", "1234", "failed", "1"),
        ("wrong_pin", "1234", "failed", "2001"),
        (None, "9999", "failed", "2001"),
        (None, None, "cancelled", "1032"),
        ("cancel", "", "cancelled", "1032"),
    ],
)
def test_a_prompt_that_is_not_paid_fails_with_its_code_and_can_be_tried_again(story, fault, typed, state, code):
    if fault:
        story.sandbox.faults(**{fault: True})
    story.pushed()
    if typed:
        story.pin(typed)
    elif typed is None:
        story.sandbox.press_cancel(story.tourist.phone)
    story.callbacks_come()
    assert story.ends == (state, code, "pending")
    assert story.told() == ["payment_failed"]
    story.sandbox.faults(**{fault: False} if fault else {})
    story.pays_again()
    story.work()
    story.pin()
    story.callbacks_come(2)
    assert story.ends == ("succeeded", None, "confirmed")


def test_a_phone_out_of_reach_is_asked_about_before_it_fails(story):
    story.sandbox.faults(phone_off=True)
    story.pushed()
    assert story.callbacks_come() == ["webhooks.mpesa_callback", "payments.query_stk"]
    assert story.said() == ["accepted", "callback_inconclusive", "query_failure_early"]
    assert story.ends == ("failed", "1037", "pending")


def test_an_unknown_code_is_never_paid_and_waits_for_a_person(story):
    story.sandbox.faults(unknown_code=True)
    story.pushed()
    story.pin()
    story.callbacks_come()
    assert story.ends == ("needs_review", "7777", "pending")
    assert story.payment.attention == "unknown_code"
    assert story.told() == ["payment_under_review"]


def test_another_amount_confirms_nothing(story):
    story.is_disputed = True
    story.sandbox.faults(wrong_amount=True)
    story.pushed()
    story.pin()
    story.callbacks_come()
    assert story.sandbox.charges()[0]["amount"] == 5_499
    assert story.ends == ("needs_review", "amount_mismatch", "pending")
    assert (story.payment.receipt, story.payment.attention) == (None, "amount_mismatch")
    story.later(seconds=30)
    story.work()
    assert story.ends == ("needs_review", "amount_mismatch", "pending"), "no query talks us out of it"
    assert story.refunds() == []


def test_repeated_bytes_are_stored_and_read_once(story):
    story.sandbox.faults(duplicate_callback=3)
    story.pushed()
    story.pin()
    story.callbacks_come(3)
    assert row_counts(story.db.engine)["webhook_inbox"] == 1
    assert story.said() == ["accepted", "callback_success", "settled"]
    assert story.told() == ["booking_confirmed", "payment_receipt"]


def test_the_same_meaning_in_other_bytes_has_no_second_effect(story):
    story.pushed()
    story.pin()
    story.callbacks_come()
    with story.db.reading() as session:
        body = bytes(session.scalars(select(WebhookEvent.body)).one())
    before = row_counts(story.db.engine)
    assert story.desk.receive(story.payment.callback_token, body + b"\n") == 200
    story.work()
    after = row_counts(story.db.engine)
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed == {"webhook_inbox": 1, "jobs": 1}
    assert story.ends == ("succeeded", None, "confirmed")


def test_a_failure_after_a_success_changes_nothing(story):
    story.pushed()
    story.pin()
    story.callbacks_come()
    story.desk.receive(story.payment.callback_token, failure(story.payment.provider_reference, 1032))
    story.work()
    assert story.ends == ("succeeded", None, "confirmed")
    assert story.told() == ["booking_confirmed", "payment_receipt"]


def test_a_success_after_a_failure_counts(story):
    story.pushed()
    story.desk.receive(story.payment.callback_token, failure(story.payment.provider_reference, 1032))
    story.work()
    assert story.ends == ("cancelled", "1032", "pending")
    story.pin()
    story.callbacks_come(2)
    assert story.ends == ("succeeded", None, "confirmed")


def test_a_callback_about_another_prompt_is_a_mismatch(story):
    story.is_disputed = True
    story.pushed()
    story.desk.receive(story.payment.callback_token, success("ws_CO_19112026120000000712345678"))
    story.work()
    assert story.ends == ("needs_review", "identity_mismatch", "pending")
    assert (story.payment.receipt, story.refunds()) == (None, [])


def test_a_callback_about_somebody_elses_prompt_is_a_mismatch_where_our_own_is_not_known(story, dying):
    other = story.pushed()
    lost = story.begins()
    with pytest.raises(Interrupted):
        dying.work("payments")
    story.desk.receive(lost.callback_token, success(other.provider_reference))
    story.work("webhooks")
    assert story.ends == ("needs_review", "identity_mismatch", "pending")
    assert (story.payment.provider_reference, story.payment.receipt) == (None, None)


@pytest.mark.parametrize(
    "disguise",
    [
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body.decode().encode("utf-16"),
        lambda body: body.replace(b'{"Body"', b'{"x": "\\ud800", "Body"'),
        lambda body: body.replace(b'{"Body"', b'{"z": 1e999, "Body"'),
    ],
    ids=["byte order mark", "utf-16", "lone surrogate", "endless number"],
)
def test_what_the_edge_acknowledges_the_worker_can_read(story, http, disguise):
    payment = story.pushed()
    story.is_disputed = True
    body = disguise(success(payment.provider_reference))
    answer = http.post(f"/api/payments/mpesa/callback/{payment.callback_token}", data=body)
    assert answer.status_code == 200
    story.work("webhooks")
    assert story.ends == ("succeeded", None, "confirmed")


def test_a_receipt_that_paid_for_something_else_is_a_mismatch(story):
    story.pushed()
    story.pin()
    story.callbacks_come()
    receipt = story.payment.receipt
    second = story.pushed()
    story.desk.receive(second.callback_token, success(second.provider_reference, receipt=receipt))
    story.work()
    assert story.ends == ("needs_review", "receipt_reused", "pending")


def test_somebody_elses_token_is_refused_and_stored_nowhere(story):
    story.pushed()
    before = row_counts(story.db.engine)
    assert story.desk.receive("A" * 43, success(story.payment.provider_reference)) == 404
    assert row_counts(story.db.engine) == before
    assert story.work() == []


@pytest.mark.parametrize("body", [b"", b"[1]", b"\xff\xfe", b'{"Body": {"stkCallback": {"ResultCode": 0}}}'])
def test_a_garbled_callback_moves_nothing_and_is_dead_in_the_end(story, body):
    story.pushed()
    story.desk.receive(story.payment.callback_token, body)
    story.work()
    assert story.ends == ("processing", None, "pending")
    (event,) = _events(story)
    assert event.processed_at is None
    story.clock.offset += rules_for(JobKind.MPESA_CALLBACK).deadline
    story.work("webhooks")
    assert story.payment.receipt is None
    with story.db.reading() as session:
        job = session.scalars(select(Job).where(Job.key == f"inbox:{event.id}")).one()
    assert job.dead_at is not None
    assert re.fullmatch(r"\w+", job.last_error), "a type and nothing of the body"


def _events(story) -> list[WebhookEvent]:
    with story.db.reading() as session:
        return list(session.scalars(select(WebhookEvent)))


def test_a_superseded_prompt_answered_first_settles_and_the_second_is_surplus(story):
    first = story.pushed()
    second_phone = story.make.user().phone
    story.later(seconds=91)
    second = story.pays_again(second_phone)
    story.work()
    assert story.make.reload(first).failure_code == "superseded"
    story.pin()
    story.callbacks_come()
    assert story.make.reload(first).settles
    story.pin(phone=second_phone)
    story.callbacks_come(2)
    assert story.make.reload(second).state == "succeeded"
    assert story.refunds() == [(second.id, "surplus")]
    assert story.told().count("surplus_refunded") == 1


def test_a_superseded_prompt_answered_last_is_surplus(story):
    first = story.pushed()
    second_phone = story.make.user().phone
    story.later(seconds=91)
    second = story.pays_again(second_phone)
    story.work()
    story.pin(phone=second_phone)
    story.callbacks_come()
    story.pin()
    story.callbacks_come(2)
    assert story.make.reload(second).settles
    assert story.refunds() == [(first.id, "surplus")]


def test_a_prompt_answered_after_the_cancellation_is_sent_back(story):
    payment = story.pushed()
    with story.db.transaction() as session:
        cancel_booking(session, story.make.acting(story.tourist), story.booking.id, None)
    story.pin()
    story.callbacks_come()
    assert story.booking.status == "cancelled"
    assert story.refunds() == [(payment.id, "late_money")]


@pytest.mark.parametrize("seats_are_free", [True, False])
def test_a_prompt_answered_after_the_hold_is_seated_again_or_sent_back(story, seats_are_free):
    payment = story.pushed(capacity=2, max_guests=2)
    story.sandbox.faults(query_pending=30)
    story.later(minutes=18, seconds=5)
    assert "bookings.expire_hold" in story.work()
    assert story.booking.status == "expired"
    if not seats_are_free:
        with story.db.reading() as session:
            listing = session.get_one(Listing, story.booking.listing_id)
        story.make.booking(listing=listing)
    story.pin()
    story.callbacks_come()
    assert story.booking.status == ("confirmed" if seats_are_free else "expired")
    assert story.refunds() == ([] if seats_are_free else [(payment.id, "late_money")])
