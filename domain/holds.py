"""How long seats are held: one expression for those who want the seats and for the job that frees them."""

from __future__ import annotations

from datetime import datetime

from domain.policy import HoldPolicy


def hold_ends_at(
    policy: HoldPolicy, *, booked_at: datetime, hold_expires_at: datetime, open_payment_started_at: datetime | None
) -> datetime:
    """When the hold ends: later while a payment is open, never beyond the longest hold after booking."""
    ends = hold_expires_at
    if open_payment_started_at is not None:
        ends = max(ends, open_payment_started_at + policy.payment_grace)
    return min(ends, booked_at + policy.longest)
