"""The figures that rules are computed with."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.policy import CertaintyPolicy, Policy

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)

CERTAINTY = CertaintyPolicy()

#: Seconds after the push: after 25 s, then every 15 s to 2 min, then every 5 min to 30 min.
QUERIES = [25, 40, 55, 70, 85, 100, 115, 120, 420, 720, 1020, 1320, 1620, 1800]


def test_a_payment_is_asked_about_at_exactly_these_times_and_then_no_more():
    asked, elapsed = [], timedelta(0)
    while (elapsed := CERTAINTY.next_query_after(elapsed)) is not None:
        asked.append(elapsed.total_seconds())
    assert asked == QUERIES


@pytest.mark.parametrize(
    ("elapsed", "then"),
    [(0, 25), (24.9, 25), (25, 40), (30, 45), (119, 120), (120, 420), (130, 430), (1799, 1800), (1800, None)],
)
def test_the_next_question_counts_from_when_the_last_one_was_really_asked(elapsed, then):
    following = CERTAINTY.next_query_after(timedelta(seconds=elapsed))
    assert (following and following.total_seconds()) == then


@unhurried
@given(st.integers(0, 4000))
def test_questions_only_go_forward_and_end(elapsed):
    following = CERTAINTY.next_query_after(timedelta(seconds=elapsed))
    assert following is None or timedelta(seconds=elapsed) < following <= timedelta(minutes=30)


def test_the_figures_are_those_that_were_agreed():
    policy = Policy()
    assert policy.service_fee_percent == Decimal(10)
    assert policy.hold.duration == timedelta(minutes=15)
    assert policy.hold.payment_grace == timedelta(minutes=3)
    assert policy.hold.longest == timedelta(minutes=30)
    assert policy.hold.max_open_per_user == 3
    assert policy.certainty.prompt_lock == policy.certainty.sweep_after == timedelta(seconds=90)
    assert policy.certainty.query_failure_after == timedelta(minutes=2)
    assert (policy.limits.stk_phone.count, policy.limits.stk_phone.window) == (3, timedelta(minutes=10))
