"""An experience as its guide sees it, with what visitors are not shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.answers import money
from api.answers.experiences import coordinates, policy_answer, tier_answer
from api.answers.media import address, addresses
from domain.cancellation import CancellationPolicy
from domain.listings import NEEDED_TO_OFFER, missing_to_be_booked
from domain.media import MediaState
from models.catalogue import Listing
from models.listing_images import ListingImage
from models.media import Media
from services.catalogue.pictures import Picture


def own_card(listing: Listing, *, has_hours: bool) -> dict[str, Any]:
    """One of the list."""
    typed = {name: getattr(listing, name) for name in NEEDED_TO_OFFER}
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
        "missing": missing_to_be_booked(typed, has_hours=has_hours),
        "hidden_reason": listing.hidden_reason,
    }


def own_experience_answer(listing: Listing, pictures: Sequence[Picture], *, has_hours: bool) -> dict[str, Any]:
    """All of it."""
    return own_card(listing, has_hours=has_hours) | {
        "pictures": [picture_answer(*picture) for picture in pictures],
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


def picture_answer(image: ListingImage, media: Media | None) -> dict[str, Any]:
    """A picture, with its files once they are there."""
    variants = media.variants if media is not None and media.state == MediaState.READY else {}
    shown = dict(zip(variants, addresses(list(variants.values())), strict=True))
    return {
        "id": image.id,
        "media_id": image.media_id,
        "state": media.state if media else MediaState.READY.value,
        "refusal": media.refusal if media else None,
        "alt_text": image.alt_text,
        "url": shown[max(shown, key=int)] if shown else address(image.key),
        "variants": shown,
    }


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)
