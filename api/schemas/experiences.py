"""Finding experiences and their free times."""

from __future__ import annotations

from datetime import timedelta

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Amount, Answer, Day, Measure, Query, Rating, Text, Whole
from api.schemas.bookings import Party
from api.schemas.money import MoneyAnswer
from api.schemas.pages import CursorQuery, Pagination
from domain.listings import Category
from domain.money import EXPONENTS
from domain.schedules import LONGEST_WINDOW
from services.search.by_filters import SORTS

#: Days that are searched for a free start at once.
LONGEST_SEARCH = timedelta(days=31)
#: Kilometres around a place, where one is asked for.
USUAL_RADIUS, LEAST_RADIUS, MOST_RADIUS = 25.0, 0.1, 500.0


class ListQuery(CursorQuery):
    category = fields.String(validate=validate.OneOf(list(Category)))
    location = Text(longest=100)
    q = Text(longest=200, metadata={"description": "Words, typos forgiven"})
    currency = fields.String(validate=validate.OneOf(list(EXPONENTS)))
    min_price = Amount(metadata={"description": "In currency, KES where none is named"})
    max_price = Amount()
    rating = Rating(metadata={"description": "At least so many stars"})
    guests = Whole(least=1, most=1000, metadata={"description": "Parties of this size are welcome"})
    lat = Measure(least=-90, most=90, metadata={"description": "With lon: near this place, in degrees"})
    lon = Measure(least=-180, most=180)
    radius = Measure(
        least=LEAST_RADIUS, most=MOST_RADIUS, metadata={"description": f"In kilometres, {USUAL_RADIUS:g} where absent"}
    )
    date = Day(
        metadata={
            "description": "Only what has a free start on this local day, for guests where they are given. With days, the total "
            "is the least there is, and a page may hold fewer than limit: go on with next_cursor while has_next"
        }
    )
    date_from = Day(metadata={"description": "Like date, for a free start on any of some days"})
    date_to = Day(metadata={"description": "The last of them, at most 31 days with date_from; 31 days where absent"})
    sort = fields.String(
        load_default="rating",
        validate=validate.OneOf(SORTS),
        metadata={"description": "`distance` takes lat and lon; the nearest come first"},
    )

    @validates_schema
    def _placed(self, data: dict, **_: object) -> None:
        for name in ("lat", "lon"):
            if name not in data and (
                "lat" in data or "lon" in data or "radius" in data or data.get("sort") == "distance"
            ):
                raise ValidationError("Give lat and lon together: the place to be near.", name)

    @validates_schema
    def _dated(self, data: dict, **_: object) -> None:
        first, last = data.get("date_from"), data.get("date_to")
        if "date" in data and (first or last):
            raise ValidationError("Give date, or date_from and date_to.", "date")
        if last and not first:
            raise ValidationError("Give date_from, too.", "date_from")
        if first and last and not timedelta(0) <= last - first < LONGEST_SEARCH:
            raise ValidationError(
                f"Must not be before date_from, nor more than {LONGEST_SEARCH.days - 1} days after it.", "date_to"
            )

    @validates_schema
    def _ordered(self, data: dict, **_: object) -> None:
        if data.get("min_price") and data.get("max_price") and data["min_price"] > data["max_price"]:
            raise ValidationError("Must not be below min_price.", "max_price")


class AvailabilityQuery(Query):
    first = Day(data_key="from", metadata={"description": "First local day; today where absent"})
    last = Day(data_key="to", metadata={"description": "Last local day, at most 62 days on"})
    guests = Party(
        metadata={
            "description": "How many come, or how many of each kind, such as `adult:2,infant:1`: whoever takes no seat needs "
            "none. The experience's min_guests where absent"
        }
    )

    @validates_schema
    def _bounded(self, data: dict, **_: object) -> None:
        first, last = data.get("first"), data.get("last")
        if first and last and not timedelta(0) <= last - first <= LONGEST_WINDOW:
            raise ValidationError(f"Must not be before from, nor more than {LONGEST_WINDOW.days} days after it.", "to")


class Coordinates(Answer):
    latitude = fields.Float(required=True)
    longitude = fields.Float(required=True)


class ExperienceCard(Answer):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    category = fields.String(required=True)
    location = fields.String(required=True)
    coordinates = fields.Nested(Coordinates, required=True, allow_none=True)
    price = fields.Nested(MoneyAnswer, required=True, metadata={"description": "Before the service fee"})
    price_per = fields.String(required=True, validate=validate.OneOf(["person", "group"]))
    duration_minutes = fields.Integer(required=True)
    min_guests = fields.Integer(required=True)
    max_guests = fields.Integer(required=True)
    is_private = fields.Boolean(required=True)
    confirmation = fields.String(required=True, validate=validate.OneOf(["instant", "manual"]))
    images = fields.List(fields.String(), required=True)
    rating_average = fields.Float(required=True)
    rating_count = fields.Integer(required=True)


class ExperienceInList(ExperienceCard):
    distance_km = fields.Float(
        metadata={"description": "From lat and lon along the great circle, where they are given; to ten metres"}
    )


class ExperiencePage(Answer):
    items = fields.List(fields.Nested(ExperienceInList), required=True)
    pagination = fields.Nested(Pagination, required=True)


class TierAnswer(Answer):
    name = fields.String(required=True)
    price = fields.Nested(MoneyAnswer, required=True)
    takes_seat = fields.Boolean(required=True)


class PolicyTier(Answer):
    hours_before = fields.Integer(required=True)
    refund_percent = fields.Integer(required=True)


class PolicyAnswer(Answer):
    name = fields.String(required=True)
    tiers = fields.List(fields.Nested(PolicyTier), required=True)


class GuideCard(Answer):
    id = fields.UUID(required=True, allow_none=True)
    slug = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)
    bio = fields.String(required=True, allow_none=True)
    languages = fields.List(fields.String(), required=True)
    rating_average = fields.Float(required=True)
    rating_count = fields.Integer(required=True)


class Picture(Answer):
    url = fields.String(required=True, metadata={"description": "The largest that there is"})
    alt_text = fields.String(required=True, metadata={"description": "What it shows; empty where nobody has said"})
    variants = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "WebP by its width in pixels: 320, 800 and 1600; empty for drawings, which fit every width"
        },
    )


class ExperienceDetail(ExperienceCard):
    pictures = fields.List(fields.Nested(Picture), required=True, metadata={"description": "Of images, in their order"})
    description = fields.String(required=True)
    timezone = fields.String(required=True)
    tiers = fields.List(fields.Nested(TierAnswer), required=True)
    capacity = fields.Integer(required=True)
    cut_off_hours = fields.Integer(required=True)
    inclusions = fields.List(fields.String(), required=True)
    exclusions = fields.List(fields.String(), required=True)
    cancellation_policy = fields.Nested(PolicyAnswer, required=True)
    guide = fields.Nested(GuideCard, required=True)


class SlotAnswer(Answer):
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    date = fields.Date(required=True, metadata={"description": "The local day"})
    time = fields.String(required=True, metadata={"description": "The local time"})
    seats_free = fields.Integer(required=True)
    capacity = fields.Integer(required=True)


class AvailabilityAnswer(Answer):
    experience_id = fields.UUID(required=True)
    timezone = fields.String(required=True)
    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")
    guests = fields.Integer(required=True, metadata={"description": "How many each slot has seats for"})
    slots = fields.List(fields.Nested(SlotAnswer), required=True)
