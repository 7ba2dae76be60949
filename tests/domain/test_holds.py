"""When held seats are free for others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.holds import hold_ends_at
from domain.policy import HoldPolicy

BOOKED = datetime(2026, 6, 1, 9, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("payment_started", "ends"),
    [
        (None, 15),
        (0, 15),
        (11.9, 15),
        (12, 15),
        (13, 16),
        (14.9, 17.9),
        (27, 30),
        (28, 30),
        (60, 30),
    ],
)
def test_a_hold_lasts_fifteen_minutes_or_three_from_the_payments_start_and_never_beyond_thirty(payment_started, ends):
    started = None if payment_started is None else BOOKED + minutes(payment_started)
    assert hold_ends_at(
        HoldPolicy(), booked_at=BOOKED, hold_expires_at=BOOKED + minutes(15), open_payment_started_at=started
    ) == BOOKED + minutes(ends)


def test_a_longer_hold_from_the_settings_is_bounded_alike():
    assert hold_ends_at(
        HoldPolicy(duration=minutes(45)),
        booked_at=BOOKED,
        hold_expires_at=BOOKED + minutes(45),
        open_payment_started_at=None,
    ) == BOOKED + minutes(30)
