"""Asking M-Pesa until somebody knows: the certainty schedule, and what a query may and may not decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from domain.jobs import JobKind
from domain.provider_errors import Throttled, Unavailable
from services.bookings.cancelling import cancel_booking
from tests.support.hands import Hands
from tests.support.mpesa_story import Interrupted


def test_a_query_settles_when_the_callback_is_lost_and_the_receipt_stays_empty(story):
    story.sandbox.faults(drop_callback=True)
    story.pushed()
    story.pin()
    story.later(seconds=24)
    assert story.work() == []
    story.later(seconds=2)
    assert story.work() == ["payments.query_stk"]
    assert story.ends == ("succeeded", None, "confirmed")
    assert (story.payment.receipt, story.payment.next_query_at) == (None, None)
    assert story.job("query").done_at is not None


def test_a_late_callback_brings_the_receipt_and_nothing_else(story):
    story.sandbox.faults(delay_callback=0.7)
    story.pushed()
    story.pin()
    story.later(seconds=26)
    story.work()
    assert (story.payment.state, story.payment.receipt) == ("succeeded", None)
    news = story.told()
    story.callbacks_come()
    assert story.payment.receipt == story.sandbox.charges()[0]["receipt"]
    assert story.told() == news


def test_a_pending_answer_is_asked_again(story):
    story.sandbox.faults(drop_callback=True, query_pending=60)
    story.pushed()
    story.pin()
    for _ in range(3):
        story.later(seconds=26)
        assert story.work() == ["payments.query_stk"]
        assert story.ends == ("processing", None, "pending")
    story.sandbox.faults(query_pending=False)
    story.later(seconds=16)
    story.work()
    assert story.ends == ("succeeded", None, "confirmed")


def test_a_failed_query_is_not_believed_early_and_a_later_success_counts(story):
    story.sandbox.faults(contradiction=True, delay_callback=1)
    story.pushed()
    story.pin()
    story.later(seconds=26)
    story.work()
    assert story.said() == ["accepted", "query_failure_early"]
    assert story.ends == ("processing", None, "pending")
    story.later(minutes=2)
    story.work()
    assert story.ends == ("cancelled", "1032", "pending")
    story.callbacks_come()
    assert story.ends == ("succeeded", None, "confirmed")


def test_a_contradicting_query_never_undoes_a_success(story):
    story.sandbox.faults(contradiction=True)
    story.pushed()
    story.pin()
    story.callbacks_come()
    story.later(minutes=3)
    story.work()
    assert story.ends == ("succeeded", None, "confirmed")
    assert story.sandbox.calls("/stkpushquery/v1/query") == 0


def test_a_cancelled_prompt_whose_callback_is_lost_closes_after_two_minutes(story):
    story.sandbox.faults(drop_callback=True)
    story.pushed()
    story.sandbox.press_cancel(story.tourist.phone)
    story.later(seconds=110)
    story.work()
    assert story.ends == ("processing", None, "pending")
    story.later(seconds=11)
    story.work()
    assert story.ends == ("cancelled", "1032", "pending")
    assert story.job("query").done_at is not None


def test_the_schedule_ends_with_a_person_after_half_an_hour(story):
    story.pushed()
    pushed_at, asked = story.payment.pushed_at, []
    while (due := story.payment.next_query_at) is not None:
        asked.append((due - pushed_at).total_seconds())
        with story.db.reading() as session:
            story.clock.offset += due - story.clock.now(session)
        story.work("payments")
    # The time that the questions themselves take comes on top.
    assert asked[:8] == pytest.approx([25, 40, 55, 70, 85, 100, 115, 120], abs=5)
    gaps = [later - earlier for earlier, later in pairwise(asked[7:])]
    assert all(300 <= gap < 302 for gap in gaps[:-1])
    assert asked[-1] == 1_800
    assert story.sandbox.calls("/stkpushquery/v1/query") == len(asked)
    assert story.ends[:2] == ("needs_review", "unconfirmed")
    assert story.payment.attention == "unconfirmed"
    assert "payment_under_review" in story.told()
    story.work()
    story.pin()
    story.callbacks_come()
    assert story.payment.state == "succeeded", "its money may come even then"


def test_a_push_without_a_reference_is_watched_but_not_asked_about(story):
    story.sandbox.faults(push_5xx=True)
    story.begins()
    story.work()
    for _ in range(13):
        story.later(minutes=2, seconds=30)
        story.work("payments")
    assert story.ends[:2] == ("needs_review", "unconfirmed")
    assert story.sandbox.calls("/stkpushquery/v1/query") == 0


def test_a_query_that_fails_is_asked_again_on_schedule(story, runtime):
    story.sandbox.faults(drop_callback=True)
    story.pushed()
    story.pin()

    class Deaf:
        errors = [Unavailable("no", code="connect_error"), Throttled("no", code="500.003.02")]  # noqa: RUF012

        def query(self, _checkout: str):
            raise self.errors.pop()

    deaf = Hands(replace(runtime, mpesa=Deaf()))
    for seconds in (26, 16):
        story.later(seconds=seconds)
        assert deaf.work("payments") == ["payments.query_stk"]
        assert story.ends == ("processing", None, "pending")
    story.later(seconds=16)
    story.work()
    assert story.ends == ("succeeded", None, "confirmed")


def test_queries_are_limited_without_losing_the_payment(story):
    story.sandbox.faults(drop_callback=True)
    story.pushed()
    story.pin()
    story.sandbox.faults(spike_arrest=1)
    story.later(seconds=26)
    story.work()
    assert story.payment.state == "processing"
    story.later(seconds=16)
    story.work()
    assert story.payment.state == "succeeded"


def test_a_worker_killed_during_a_query_loses_nothing(story, runtime):
    story.sandbox.faults(drop_callback=True)
    story.pushed()
    story.pin()
    story.later(seconds=26)

    class Dying:
        def query(self, _checkout: str):
            raise Interrupted

    with pytest.raises(Interrupted):
        Hands(replace(runtime, mpesa=Dying())).work("payments")
    story.lease_runs_out(JobKind.QUERY_STK)
    story.work()
    assert story.ends == ("succeeded", None, "confirmed")


def test_a_superseded_prompts_money_is_found_by_its_query(story):
    payment = story.pushed()
    story.sandbox.faults(drop_callback=True)
    with story.db.transaction() as session:
        cancel_booking(session, story.make.acting(story.tourist), story.booking.id, None)
    story.pin()
    story.later(seconds=26)
    story.work()
    assert story.payment.state == "succeeded"
    assert story.refunds() == [(payment.id, "late_money")]


def test_a_superseded_prompt_that_was_not_answered_learns_its_reason_in_silence(story):
    first = story.pushed()
    story.sandbox.faults(drop_callback=True)
    story.later(seconds=91)
    story.pays_again(story.make.user().phone)
    story.work()
    story.sandbox.press_cancel(story.tourist.phone)
    story.later(minutes=2)
    story.work()
    first = story.make.reload(first)
    assert (first.state, first.failure_code, first.next_query_at) == ("cancelled", "1032", None)
    assert story.told() == []


def test_a_query_waits_for_its_time_however_often_it_is_run(story):
    story.pushed()
    story.later(seconds=26)
    story.work()
    due = story.payment.next_query_at
    assert story.work() == []
    assert due - story.payment.pushed_at >= timedelta(seconds=40)
