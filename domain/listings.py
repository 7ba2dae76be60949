"""What can be booked: its vocabularies, its bounds, and what has to agree before it is offered."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from domain.pricing import PricePer


class ListingKind(StrEnum):
    EXPERIENCE = "experience"


class ListingStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"
    HIDDEN = "hidden"
    #: Was offered until an obstacle came up with its host; offered again once there is none.
    WITHDRAWN = "withdrawn"


class Obstacle(StrEnum):
    """Why nothing of a host is offered. Each holds or not whatever the others do."""

    SUSPENDED = "suspended"
    LEFT = "left"
    LICENCE_EXPIRED = "licence_expired"


class Category(StrEnum):
    NIGHTLIFE = "nightlife"
    CULTURAL = "cultural"
    ADVENTURE = "adventure"
    FOOD = "food"
    NATURE = "nature"


class Confirmation(StrEnum):
    INSTANT = "instant"
    MANUAL = "manual"


class ResourceKind(StrEnum):
    PERSON = "person"


#: Bounds that the tables' CHECKs have as well, from here.
SHORTEST_MINUTES, LONGEST_MINUTES = 15, 30 * 24 * 60
MOST_BUFFER_MINUTES, MOST_CUT_OFF_HOURS = 24 * 60, 30 * 24
MOST_GUESTS = 500
LARGEST_PRICE_MINOR = 10**12
MOST_LATITUDE, MOST_LONGITUDE = 90, 180
MOST_IMAGES = 12

SHORTEST_TITLE, LONGEST_TITLE = 3, 120
LONGEST_SUMMARY, LONGEST_DESCRIPTION = 300, 6000
LONGEST_LOCATION, LONGEST_MEETING_POINT = 100, 300
MOST_ITEMS, LONGEST_ITEM = 20, 120
MOST_TIERS, LONGEST_TIER = 10, 40
LONGEST_ALT = 200
LONGEST_SLUG = 80
#: What prices may be in: quotes and totals know these.
CURRENCIES = ("KES", "USD")
#: What takes typing may come later: a draft does without, and nothing is offered without.
NEEDED_TO_OFFER = ("summary", "description", "location", "meeting_point")
#: Without which it may be offered, and nobody can book it: its own or its guide's, who may say when they are free later.
HOURS = "hours"

#: The statuses that a guide gives; the others are given by what happens.
GUIDES_CHOICE = (ListingStatus.DRAFT, ListingStatus.ACTIVE)


def missing_to_offer(listing: Mapping[str, Any]) -> list[str]:
    """The fields without which an experience cannot be offered."""
    return [name for name in NEEDED_TO_OFFER if not listing[name]]


def missing_to_be_booked(listing: Mapping[str, Any], *, has_hours: bool) -> list[str]:
    """What its guide still has to say before anybody can book an experience."""
    return missing_to_offer(listing) + ([] if has_hours else [HOURS])


def faults_of(listing: Mapping[str, Any]) -> dict[str, list[str]]:
    """What does not agree among the fields of a listing, each of which is within its own bounds; by the name of the field
    that a client shows it beside."""
    faults = {
        "max_guests": listing["max_guests"] < listing["min_guests"] and "Must not be below min_guests.",
        "capacity": listing["capacity"] < listing["max_guests"] and "Must not be below max_guests.",
        "latitude": listing["latitude"] is None is not listing["longitude"] and "Comes together with longitude.",
        "longitude": listing["longitude"] is None is not listing["latitude"] and "Comes together with latitude.",
        "tiers": _fault_of_tiers(listing),
        "price": _fault_of_price(listing),
    }
    return {name: [fault] for name, fault in faults.items() if fault}


def _fault_of_tiers(listing: Mapping[str, Any]) -> str | None:
    tiers = listing["tiers"]
    names = [tier["name"].casefold() for tier in tiers]
    if len(set(names)) < len(names):
        return "Each needs a name of its own."
    if tiers and listing["price_per"] == PricePer.GROUP:
        return "A price for the whole group has none."
    if tiers and not any(tier["takes_seat"] for tier in tiers):
        return "At least one must take a seat."
    return None


def _fault_of_price(listing: Mapping[str, Any]) -> str | None:
    """The price that lists show and sort by is one that somebody can pay."""
    paid = {tier["price_minor"] for tier in listing["tiers"] if tier["takes_seat"]}
    return "Must be the price of a tier that takes a seat." if paid and listing["price_minor"] not in paid else None


def slug_of(title: str) -> str:
    """A title as the end of an address: small ASCII letters, digits and hyphens; never what could be an id."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:LONGEST_SLUG].strip("-")
    try:
        uuid.UUID(slug)
    except ValueError:
        return slug or ListingKind.EXPERIENCE.value
    return f"{ListingKind.EXPERIENCE}-{slug}"
