"""An experience as its guide sees it, with what visitors are not shown."""

from __future__ import annotations

from typing import Any

from api.answers import money
from api.answers.experiences import coordinates, policy_answer, tier_answer
from api.answers.media import addresses
from domain.cancellation import CancellationPolicy
from domain.listings import NEEDED_TO_OFFER, missing_to_offer
from models.catalogue import Listing


def own_card(listing: Listing) -> dict[str, Any]:
    """One of the list."""
    return {
        "id": listing.id,
        "slug": listing.slug,
        "status": listing.status,
        "version": listing.version,
        "title": listing.title,
        "category": listing.category,
        "location": listing.location,
        "price": money(listing.price),
        "price_per": listing.price_per,
        "images": addresses(listing.images),
        "rating_average": float(listing.rating_average),
        "rating_count": listing.rating_count,
        "missing": missing_to_offer({name: getattr(listing, name) for name in NEEDED_TO_OFFER}),
        "hidden_reason": listing.hidden_reason,
    }


def own_experience_answer(listing: Listing) -> dict[str, Any]:
    """All of it."""
    return own_card(listing) | {
        "summary": listing.summary,
        "description": listing.description,
        "coordinates": coordinates(_degrees(listing.latitude), _degrees(listing.longitude)),
        "timezone": listing.timezone,
        "tiers": [tier_answer(each, listing.currency) for each in listing.tiers],
        "duration_minutes": listing.duration_minutes,
        "min_guests": listing.min_guests,
        "max_guests": listing.max_guests,
        "capacity": listing.capacity,
        "is_private": listing.is_private,
        "confirmation": listing.confirmation,
        "cut_off_hours": listing.cut_off_hours,
        "buffer_minutes": listing.buffer_minutes,
        "inclusions": listing.inclusions,
        "exclusions": listing.exclusions,
        "meeting_point": listing.meeting_point,
        "cancellation_policy": policy_answer(CancellationPolicy(listing.cancellation_policy)),
        "created_at": listing.created_at,
        "published_at": listing.published_at,
    }


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)
