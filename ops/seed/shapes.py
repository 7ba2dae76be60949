"""The few shapes that the demo data is written in, so that its modules hold facts and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
NOT_MONDAYS = (1, 2, 3, 4, 5, 6)
NOT_FRIDAYS = (0, 1, 2, 3, 5, 6)
NOT_SUNDAYS = (0, 1, 2, 3, 4, 5)
THURSDAYS_TO_SATURDAYS = (3, 4, 5)
FRIDAYS_AND_SATURDAYS = (4, 5)


class Scene(StrEnum):
    """What an experience's pictures show."""

    BEACH = "beach"
    BIRDS = "birds"
    BOAT = "boat"
    CAMELS = "camels"
    CANYON = "canyon"
    CAVE = "cave"
    CITY = "city"
    CITY_NIGHT = "city_night"
    COFFEE = "coffee"
    CRAFTS = "crafts"
    CYCLING = "cycling"
    DANCING = "dancing"
    DESERT = "desert"
    DHOW = "dhow"
    FARM = "farm"
    FOOD = "food"
    FOREST = "forest"
    FORT = "fort"
    HORSES = "horses"
    HOTSPRING = "hotspring"
    LAKE = "lake"
    MARKET = "market"
    MOUNTAIN = "mountain"
    REEF = "reef"
    RIVER = "river"
    RUNNING = "running"
    SAVANNAH = "savannah"
    STARS = "stars"
    TEA = "tea"
    VILLAGE = "village"
    WATERFALL = "waterfall"
    WETLAND = "wetland"


class Mood(StrEnum):
    """The light of the pictures."""

    DAWN = "dawn"
    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Hours:
    """Open hours, local time, that begin on some weekdays (0 is Monday) and may end on the next day."""

    days: tuple[int, ...]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class GuideProfile:
    """A guide: the person, the public profile and the week. Their ratings follow from their experiences'."""

    slug: str
    first_name: str
    last_name: str
    email: str
    phone: str
    region: str
    bio: str
    languages: tuple[str, ...]
    specializations: tuple[str, ...]
    years: int
    licence: str
    hours: tuple[Hours, ...]
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """Something to book. Prices are whole shillings, for a person unless ``per_group``; ``at`` is latitude, longitude.

    ``child`` is the price of a child, where it differs; with ``infants`` the smallest come along free, on a lap.
    Without ``hours`` the guide's own hold. ``rating`` is the average and the number of votes, none where it is new.
    """

    guide: str
    title: str
    summary: str
    description: tuple[str, str]
    category: Category
    scene: Scene
    location: str
    at: tuple[str, str]
    meeting_point: str
    price: int
    minutes: int
    capacity: int
    inclusions: tuple[str, ...]
    exclusions: tuple[str, ...]
    policy: CancellationPolicy
    cut_off_hours: int
    buffer_minutes: int = 30
    min_guests: int = 1
    max_guests: int | None = None
    child: int | None = None
    infants: bool = False
    per_group: bool = False
    private: bool = False
    confirmation: Confirmation = Confirmation.INSTANT
    hours: tuple[Hours, ...] = ()
    mood: Mood = Mood.DAY
    rating: tuple[str, int] = ("0", 0)

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower().replace("'", ""))
