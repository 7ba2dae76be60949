"""Writing experiences, and one's own as their guide sees them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from api.parsing import NotJson, read_json
from api.schemas.base import Amount, Answer, Request, Text, Whole, YesNo
from api.schemas.experiences import Coordinates, PolicyAnswer, TierAnswer
from api.schemas.money import MoneyAnswer
from api.schemas.pages import CursorQuery, Pagination
from api.schemas.users import TimeZone
from domain.cancellation import CancellationPolicy
from domain.listings import (
    CURRENCIES,
    GUIDES_CHOICE,
    HOURS,
    LONGEST_ALT,
    LONGEST_DESCRIPTION,
    LONGEST_ITEM,
    LONGEST_LOCATION,
    LONGEST_MEETING_POINT,
    LONGEST_MINUTES,
    LONGEST_SUMMARY,
    LONGEST_TIER,
    LONGEST_TITLE,
    MOST_BUFFER_MINUTES,
    MOST_CUT_OFF_HOURS,
    MOST_GUESTS,
    MOST_IMAGES,
    MOST_ITEMS,
    MOST_LATITUDE,
    MOST_LONGITUDE,
    MOST_TIERS,
    NEEDED_TO_OFFER,
    SHORTEST_MINUTES,
    SHORTEST_TITLE,
    Category,
    Confirmation,
    ListingStatus,
)
from domain.media import MediaState
from domain.pricing import PricePer

_MICRODEGREE = Decimal("0.000001")


class Degrees(fields.Float):
    """A latitude or longitude, exact to a millionth of a degree."""

    def __init__(self, bound: int, **kwargs: Any):
        super().__init__(validate=validate.Range(min=-bound, max=bound), **kwargs)
        self._bound = bound

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise self.make_error("invalid", input=value)
        try:
            degrees = Decimal(value)
        except ArithmeticError:
            raise self.make_error("invalid", input=value) from None
        if not degrees.is_finite() or abs(degrees) > self._bound:
            raise ValidationError(f"Must be from -{self._bound} to {self._bound}.")
        return degrees.quantize(_MICRODEGREE)


def _positive(amount: Decimal) -> None:
    if not amount:
        raise ValidationError("Must be more than nothing.")


class TierRequest(Request):
    name = Text(required=True, longest=LONGEST_TIER)
    price = Amount(required=True)
    takes_seat = YesNo(load_default=True, metadata={"description": "An infant on a lap takes none"})


def _items(what: str) -> fields.List:
    return fields.List(
        Text(longest=LONGEST_ITEM), validate=validate.Length(max=MOST_ITEMS), metadata={"description": what}
    )


class _Experience(Request):
    title = Text(shortest=SHORTEST_TITLE, longest=LONGEST_TITLE)
    category = fields.String(validate=validate.OneOf(list(Category)))
    price = Amount(
        validate=_positive, metadata={"description": "What a guest, or the whole group, pays before the fee"}
    )
    currency = fields.String(
        validate=validate.OneOf(CURRENCIES), metadata={"description": "Another one needs its prices along"}
    )
    price_per = fields.String(validate=validate.OneOf(list(PricePer)))
    tiers = fields.List(
        fields.Nested(TierRequest),
        validate=validate.Length(max=MOST_TIERS),
        metadata={"description": "Kinds of guest with prices of their own; price is that of one of them"},
    )
    duration_minutes = Whole(least=SHORTEST_MINUTES, most=LONGEST_MINUTES)
    min_guests = Whole(least=1, most=MOST_GUESTS, metadata={"description": "The smallest party"})
    max_guests = Whole(least=1, most=MOST_GUESTS, metadata={"description": "The largest party"})
    capacity = Whole(least=1, most=MOST_GUESTS, metadata={"description": "Seats of one run, whoever books them"})
    is_private = YesNo(metadata={"description": "One party has a run to itself"})
    summary = Text(shortest=0, longest=LONGEST_SUMMARY)
    description = Text(shortest=0, longest=LONGEST_DESCRIPTION, multiline=True)
    location = Text(shortest=0, longest=LONGEST_LOCATION, metadata={"description": "Town or region"})
    meeting_point = Text(
        shortest=0, longest=LONGEST_MEETING_POINT, metadata={"description": "Told to those who have booked"}
    )
    latitude = Degrees(MOST_LATITUDE, allow_none=True)
    longitude = Degrees(MOST_LONGITUDE, allow_none=True)
    timezone = TimeZone(metadata={"description": "An IANA name; the schedule is in its local time"})
    confirmation = fields.String(validate=validate.OneOf(list(Confirmation)))
    cut_off_hours = Whole(least=0, most=MOST_CUT_OFF_HOURS, metadata={"description": "Booking closes so long before"})
    buffer_minutes = Whole(least=0, most=MOST_BUFFER_MINUTES, metadata={"description": "Free time around each run"})
    inclusions = _items("What the price includes")
    exclusions = _items("What it does not")
    cancellation_policy = fields.String(validate=validate.OneOf(list(CancellationPolicy)))
    status = fields.String(
        validate=validate.OneOf(GUIDES_CHOICE), metadata={"description": "active offers it, draft takes it back"}
    )


class ExperienceChange(_Experience):
    """Only what is given changes. Lists are given whole."""

    version = Whole(
        least=1,
        most=2**31 - 1,
        metadata={"description": "The one that was read; 409 experience_changed where it is another by now"},
    )


class ExperienceRequest(_Experience):
    """A new experience. What is tapped is asked for at once; what is typed may come later."""

    title = Text(required=True, shortest=SHORTEST_TITLE, longest=LONGEST_TITLE)
    category = fields.String(required=True, validate=validate.OneOf(list(Category)))
    price = Amount(required=True, validate=_positive, metadata={"description": "Of a guest, or of the whole group"})
    currency = fields.String(load_default="KES", validate=validate.OneOf(CURRENCIES))
    price_per = fields.String(load_default=PricePer.PERSON.value, validate=validate.OneOf(list(PricePer)))
    tiers = fields.List(
        fields.Nested(TierRequest),
        load_default=list,
        validate=validate.Length(max=MOST_TIERS),
        metadata={"description": "Kinds of guest with prices of their own; price is that of one of them"},
    )
    duration_minutes = Whole(required=True, least=SHORTEST_MINUTES, most=LONGEST_MINUTES)
    max_guests = Whole(required=True, least=1, most=MOST_GUESTS, metadata={"description": "The largest party"})

    @post_load
    def _complete(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """What was left out is what most would say."""
        usual = {
            "min_guests": 1,
            "capacity": max(data["max_guests"], data.get("min_guests", 1)),
            "is_private": False,
            "summary": "",
            "description": "",
            "location": "",
            "meeting_point": "",
            "latitude": None,
            "longitude": None,
            "timezone": "Africa/Nairobi",
            "confirmation": Confirmation.INSTANT.value,
            "cut_off_hours": 2,
            "buffer_minutes": 0,
            "inclusions": [],
            "exclusions": [],
            "cancellation_policy": CancellationPolicy.MODERATE.value,
        }
        return usual | data


class Flag(YesNo):
    """Yes or no as the text of a form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        return super()._deserialize({"true": True, "false": False}.get(value, value), attr, data, **kwargs)


class ExperienceForm(ExperienceRequest):
    """The same as the texts of a form, in which a list is several parts of one name, or one part with a list in JSON. Kinds of
    guest are JSON in either way."""

    is_private = Flag(metadata={"description": "One party has a run to itself"})

    @pre_load
    def _listed(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        given = {name: _parts(data[name]) for name in ("inclusions", "exclusions", "tiers") if name in data}
        lists = {name: [item for part in parts for item in _items_in(name, part)] for name, parts in given.items()}
        return data | lists


def _parts(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said


def _items_in(name: str, part: str) -> list[Any]:
    """What one part of a form brings to a list: a whole one in JSON, one kind of guest in JSON, or a text as it is."""
    if name != "tiers" and not part.lstrip().startswith("["):
        return [part]
    try:
        read = read_json(part.encode())
    except NotJson:
        raise ValidationError("Not valid JSON.", name) from None
    return read if isinstance(read, list) else [read]


class OwnExperiencesQuery(CursorQuery):
    status = fields.String(validate=validate.OneOf(list(ListingStatus)))


class OwnExperienceCard(Answer):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(ListingStatus)))
    version = fields.Integer(required=True, metadata={"description": "Changes with every change"})
    title = fields.String(required=True)
    category = fields.String(required=True)
    location = fields.String(required=True)
    price = fields.Nested(MoneyAnswer, required=True, metadata={"description": "Before the service fee"})
    price_per = fields.String(required=True)
    images = fields.List(fields.String(), required=True)
    rating_average = fields.Float(required=True)
    rating_count = fields.Integer(required=True)
    missing = fields.List(
        fields.String(validate=validate.OneOf([*NEEDED_TO_OFFER, HOURS])),
        required=True,
        metadata={
            "description": "What its guide still has to say: fields without which it cannot be offered, and `hours` where "
            "neither the experience nor its guide has any ahead, so that nobody can book it, offered or not"
        },
    )
    hidden_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "While an administrator hides it: why"}
    )


class ImageTexts(Request):
    """What a form says beside its file."""

    alt_text = Text(
        load_default="",
        shortest=0,
        longest=LONGEST_ALT,
        metadata={"description": "What it shows, for who does not see it"},
    )


class ImageRequest(ImageTexts):
    media_id = fields.UUID(
        required=True, metadata={"description": "One's own image, as `POST /api/upload/image` made it"}
    )


class PlacedImage(Request):
    id = fields.UUID(required=True)
    alt_text = Text(shortest=0, longest=LONGEST_ALT, metadata={"description": "As it is where it is left out"})


class ImageOrder(Request):
    images = fields.List(
        fields.Nested(PlacedImage),
        required=True,
        validate=validate.Length(max=MOST_IMAGES),
        metadata={"description": "All of them, the first first"},
    )


class OwnPicture(Answer):
    id = fields.UUID(required=True)
    media_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Null for a drawing of ours"})
    state = fields.String(
        required=True,
        validate=validate.OneOf([state for state in MediaState if state is not MediaState.REMOVED]),
        metadata={"description": "Shown once it is ready"},
    )
    refusal = fields.String(required=True, allow_none=True, metadata={"description": "Why it was refused"})
    alt_text = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)
    variants = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class OwnPictures(Answer):
    items = fields.List(fields.Nested(OwnPicture), required=True)


class OwnExperienceAnswer(OwnExperienceCard):
    pictures = fields.List(
        fields.Nested(OwnPicture),
        required=True,
        metadata={"description": "Those on their way and refused ones included"},
    )
    summary = fields.String(required=True)
    description = fields.String(required=True)
    coordinates = fields.Nested(Coordinates, required=True, allow_none=True)
    timezone = fields.String(required=True)
    tiers = fields.List(fields.Nested(TierAnswer), required=True)
    duration_minutes = fields.Integer(required=True)
    min_guests = fields.Integer(required=True)
    max_guests = fields.Integer(required=True)
    capacity = fields.Integer(required=True)
    is_private = fields.Boolean(required=True)
    confirmation = fields.String(required=True)
    cut_off_hours = fields.Integer(required=True)
    buffer_minutes = fields.Integer(required=True)
    inclusions = fields.List(fields.String(), required=True)
    exclusions = fields.List(fields.String(), required=True)
    meeting_point = fields.String(required=True)
    cancellation_policy = fields.Nested(PolicyAnswer, required=True)
    created_at = fields.AwareDateTime(required=True)
    published_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "From then on the slug stays as it is"}
    )


class OwnExperiencePage(Answer):
    items = fields.List(fields.Nested(OwnExperienceCard), required=True)
    pagination = fields.Nested(Pagination, required=True)
