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
    #: Was offered until its host left or was suspended; offered again if they come back.
    WITHDRAWN = "withdrawn"


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
