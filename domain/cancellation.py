"""What goes back when a booking is cancelled: policies as tiers, frozen on the booking when it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class CancellationPolicy(StrEnum):
    FLEXIBLE = "flexible"
    MODERATE = "moderate"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class RefundTier:
    """Until ``until`` (exclusive) ``percent`` of what was paid goes back."""

    until: datetime
    percent: int


_TIERS: dict[CancellationPolicy, tuple[tuple[timedelta, int], ...]] = {
    CancellationPolicy.FLEXIBLE: ((timedelta(hours=24), 100),),
    CancellationPolicy.MODERATE: ((timedelta(days=5), 100), (timedelta(hours=24), 50)),
    CancellationPolicy.STRICT: ((timedelta(days=7), 50),),
}


def tiers_for(policy: CancellationPolicy, starts_at: datetime) -> tuple[RefundTier, ...]:
    """The policy as instants before this start, earliest first."""
    return tuple(RefundTier(starts_at - before, percent) for before, percent in _TIERS[policy])


def terms_of(policy: CancellationPolicy) -> tuple[tuple[timedelta, int], ...]:
    """The policy as (how long before the start, per cent back) pairs, most generous first."""
    return _TIERS[policy]


def refund_percent(tiers: Sequence[RefundTier], now: datetime, *, by_tourist: bool) -> int:
    """Per cent of the price that a cancellation now gives back; a guide's or an administrator's gives all."""
    if not by_tourist:
        return 100
    return next((tier.percent for tier in tiers if now < tier.until), 0)
