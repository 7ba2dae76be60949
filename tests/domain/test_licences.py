"""A licence holds throughout its last day, wherever its guide is and whatever the clocks do that day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.licences import LicenceState, local_day, state_on

LAST = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 11, 30), LicenceState.VALID),
        (date(2026, 12, 1), LicenceState.EXPIRING),
        (date(2026, 12, 31), LicenceState.EXPIRING),
        (date(2027, 1, 1), LicenceState.EXPIRED),
    ],
)
def test_thirty_days_before_its_last_day_it_is_expiring_and_the_day_after_it_has_expired(day, state):
    assert state_on(day, LAST) is state


def test_without_a_licence_nothing_expires():
    assert state_on(date(9999, 12, 31), None) is LicenceState.NONE


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Africa/Nairobi", datetime(2026, 12, 31, 21, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 12, 31, 10, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2027, 1, 1, 8, tzinfo=UTC)),
        # The day on which clocks go back lasts twenty-five hours, the one on which they go forward twenty-three.
        ("Europe/Berlin", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 28, 22, tzinfo=UTC)),
        # Here midnight itself is left out of a year: that day begins at one.
        ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ],
)
def test_the_day_changes_at_the_guides_midnight(zone, midnight):
    today = local_day(midnight, zone)

    assert local_day(midnight - timedelta(seconds=1), zone) == today - timedelta(days=1)
    assert state_on(local_day(midnight - timedelta(seconds=1), zone), today - timedelta(days=1)) is not (
        LicenceState.EXPIRED
    )
    assert state_on(today, today - timedelta(days=1)) is LicenceState.EXPIRED
