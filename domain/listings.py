"""The vocabularies of what can be booked."""

from __future__ import annotations

from enum import StrEnum


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
