"""Experiences as visitors see them, from plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from api.answers import money
from api.answers.media import address, addresses
from domain.cancellation import CancellationPolicy, terms_of
from domain.money import Money
from domain.schedules import Slot
from models.catalogue import Listing


def card(row: Mapping[str, Any]) -> dict[str, Any]:
    """An experience in a list."""
    return {
        "id": row["id"],
        "slug": row["slug"],
        "title": row["title"],
        "summary": row["summary"],
        "category": row["category"],
        "location": row["location"],
        "coordinates": _coordinates(row),
        "price": money(Money(row["price_minor"], row["currency"])),
        "price_per": row["price_per"],
        "duration_minutes": row["duration_minutes"],
        "min_guests": row["min_guests"],
        "max_guests": row["max_guests"],
        "is_private": row["is_private"],
        "confirmation": row["confirmation"],
        "images": addresses(row["images"]),
        "rating_average": float(row["rating_average"]),
        "rating_count": row["rating_count"],
    }


def detail(row: Mapping[str, Any]) -> dict[str, Any]:
    """An experience on its own page. Where exactly to meet is told to those who have booked."""
    return card(row) | {
        "description": row["description"],
        "timezone": row["timezone"],
        "tiers": [_tier(tier, row["currency"]) for tier in row["tiers"]],
        "capacity": row["capacity"],
        "cut_off_hours": row["cut_off_hours"],
        "inclusions": row["inclusions"],
        "exclusions": row["exclusions"],
        "cancellation_policy": _policy(CancellationPolicy(row["cancellation_policy"])),
        "guide": {
            "id": row["guide_id"],
            "slug": row["guide_slug"],
            "name": f"{row['guide_first_name']} {row['guide_last_name']}".strip(),
            "avatar_url": address(row["guide_avatar_url"]),
            "bio": row["guide_bio"],
            "languages": row["guide_languages"] or [],
            "rating_average": float(row["guide_rating_average"] or 0),
            "rating_count": row["guide_rating_count"] or 0,
        },
    }


def availability(listing: Listing, first: date, last: date, seats: int, slots: Sequence[Slot]) -> dict[str, Any]:
    """The free starts of a listing, with their local day and time beside the instant."""
    return {
        "experience_id": listing.id,
        "timezone": listing.timezone,
        "from": first,
        "to": last,
        "guests": seats,
        "slots": [_slot(slot, listing) for slot in slots],
    }


def _slot(slot: Slot, listing: Listing) -> dict[str, Any]:
    local = slot.starts_at.astimezone(listing.zone)
    return {
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "date": local.date(),
        "time": f"{local:%H:%M}",
        "seats_free": slot.seats_free,
        "capacity": slot.capacity,
    }


def _coordinates(row: Mapping[str, Any]) -> dict[str, float] | None:
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return {"latitude": float(row["latitude"]), "longitude": float(row["longitude"])}


def _tier(tier: Mapping[str, Any], currency: str) -> dict[str, Any]:
    price = money(Money(tier["price_minor"], currency))
    return {"name": tier["name"], "price": price, "takes_seat": tier["takes_seat"]}


def _policy(policy: CancellationPolicy) -> dict[str, Any]:
    return {
        "name": policy.value,
        "tiers": [
            {"hours_before": int(before / timedelta(hours=1)), "refund_percent": percent}
            for before, percent in terms_of(policy)
        ],
    }
