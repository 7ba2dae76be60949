"""Reviews: what a tourist says about a completed booking, and who may read it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

#: The stars there are, best first.
STARS = (5, 4, 3, 2, 1)
MOST_PHOTOS = 5


class ReviewStatus(StrEnum):
    """Only approved reviews are shown and counted."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


def average_of(histogram: Mapping[int, int]) -> Decimal:
    """The mean of ``{stars: votes}`` to two places, as ratings are kept; zero without a vote."""
    votes = sum(histogram.values())
    total = sum(stars * count for stars, count in histogram.items())
    return (Decimal(total) / votes).quantize(Decimal("0.01"), ROUND_HALF_UP) if votes else Decimal(0)


def public_name(first_name: str, last_name: str) -> str:
    """How a reviewer is shown to strangers: ``Ingrid L.``"""
    initial = last_name.strip()[:1].upper()
    return f"{first_name.strip()} {initial}." if initial else first_name.strip()
