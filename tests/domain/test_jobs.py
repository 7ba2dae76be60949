"""Kinds of work: the queue of each, how long it may take, and when it is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.jobs import MAX_CRASHES, OFFER, QUEUE_NAMES, JobKind, JobRules, retry_delay, rules_for

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)

SECOND = timedelta(seconds=1)
RULES = JobRules(first_retry=2 * SECOND, longest_retry=60 * SECOND)


def test_every_kind_has_a_queue_that_exists():
    assert {kind.queue for kind in JobKind} <= set(QUEUE_NAMES)


def test_money_and_messages_wait_in_different_queues():
    assert JobKind.PUSH_STK.queue == JobKind.QUERY_STK.queue == "payments"
    assert JobKind.MPESA_CALLBACK.queue == JobKind.EXPIRE_HOLD.queue == "webhooks"
    assert JobKind.NOTIFY.queue == JobKind.SEND_EMAIL.queue == JobKind.SEND_SMS.queue == "deliveries"


def test_every_queue_has_its_canary():
    assert {kind.queue for kind in JobKind if kind.value.endswith(".canary")} == set(QUEUE_NAMES)


@pytest.mark.parametrize("kind", JobKind)
def test_a_lease_is_longer_than_the_longest_run_and_an_offer_shorter_than_any_lease(kind):
    rules = rules_for(kind)
    assert timedelta(0) < rules.time_limit < rules.lease
    assert rules.lease > OFFER


@pytest.mark.parametrize("kind", JobKind)
def test_failures_are_retried_at_least_once_before_the_deadline(kind):
    rules = rules_for(kind)
    assert timedelta(0) < rules.first_retry <= rules.longest_retry < rules.deadline


def test_a_customer_with_the_phone_in_hand_waits_a_minute_for_the_push():
    assert rules_for(JobKind.PUSH_STK).deadline == timedelta(minutes=1)


@pytest.mark.parametrize("kind", JobKind)
def test_five_crashes_are_forgiven_and_two_of_a_check_whose_owner_waits(kind):
    assert rules_for(kind).crashes == (2 if kind.value.startswith("media.process") else MAX_CRASHES)
    assert MAX_CRASHES == 5


@pytest.mark.parametrize(
    ("failures", "least", "most"),
    [(0, 1, 2), (1, 2, 4), (2, 4, 8), (3, 8, 16), (4, 16, 32), (5, 30, 60), (6, 30, 60), (10_000, 30, 60)],
)
def test_the_pause_doubles_up_to_the_longest_and_jitter_spreads_its_last_half(failures, least, most):
    assert retry_delay(RULES, failures, 0.0) == least * SECOND
    assert retry_delay(RULES, failures, 0.5) == (least + most) / 2 * SECOND
    assert retry_delay(RULES, failures, 0.999999) < most * SECOND


@unhurried
@given(st.sampled_from(JobKind), st.integers(0, 10**6), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_longer_than_the_longest_nor_shorter_than_half_the_first(kind, failures, jitter):
    rules = rules_for(kind)
    assert rules.first_retry / 2 <= retry_delay(rules, failures, jitter) <= rules.longest_retry
