"""What goes back under each policy, to the microsecond at which it changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.cancellation import CancellationPolicy, refund_percent, tiers_for

START = datetime(2026, 6, 20, 5, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("policy", "before_start", "percent"),
    [
        ("flexible", 30 * DAY, 100),
        ("flexible", DAY + INSTANT, 100),
        ("flexible", DAY, 0),
        ("flexible", timedelta(0), 0),
        ("moderate", 30 * DAY, 100),
        ("moderate", 5 * DAY + INSTANT, 100),
        ("moderate", 5 * DAY, 50),
        ("moderate", DAY + INSTANT, 50),
        ("moderate", DAY, 0),
        ("strict", 30 * DAY, 50),
        ("strict", 7 * DAY + INSTANT, 50),
        ("strict", 7 * DAY, 0),
        ("strict", -DAY, 0),
    ],
)
def test_a_tourist_gets_back_what_the_policy_says_at_that_time(policy, before_start, percent):
    tiers = tiers_for(CancellationPolicy(policy), START)
    assert refund_percent(tiers, START - before_start, by_tourist=True) == percent


@pytest.mark.parametrize("policy", CancellationPolicy)
@pytest.mark.parametrize("before_start", [30 * DAY, timedelta(0), -DAY])
def test_a_guide_or_an_administrator_gives_back_everything_at_any_time(policy, before_start):
    assert refund_percent(tiers_for(policy, START), START - before_start, by_tourist=False) == 100


@pytest.mark.parametrize("policy", CancellationPolicy)
def test_tiers_are_frozen_earliest_first_and_most_generous_first(policy):
    tiers = tiers_for(policy, START)
    assert sorted(tiers, key=lambda tier: tier.until) == list(tiers)
    assert sorted(tiers, key=lambda tier: -tier.percent) == list(tiers)


def test_a_booking_without_tiers_gives_nothing_back_to_its_tourist():
    assert refund_percent([], START - 30 * DAY, by_tourist=True) == 0
