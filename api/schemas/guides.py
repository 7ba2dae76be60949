"""Guides as everybody meets them, and as they see and change themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate

from api.schemas.base import Answer, Rating, Request, Text, Whole
from api.schemas.experiences import ExperienceCard
from api.schemas.licences import OwnLicenceAnswer
from api.schemas.pages import CursorQuery, Pagination
from domain.languages import language_named
from domain.listings import ListingStatus, Obstacle
from services.catalogue.guides import SORTS

LONGEST_BIO, LONGEST_REGION, LONGEST_WORD = 2_000, 80, 60
#: So many languages and specializations are a profile's at most.
MOST_WORDS = 15
MOST_YEARS = 80


class Words(fields.List):
    """Some short texts, each once whatever its case, in the order in which they were given."""

    def __init__(self, **kwargs: Any):
        super().__init__(Text(longest=LONGEST_WORD), validate=validate.Length(max=MOST_WORDS), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        given = super()._deserialize(value[: MOST_WORDS + 1], attr, data, **kwargs)
        return list({word.lower(): word for word in reversed(given)}.values())[::-1]


class Languages(Words):
    """Languages by name or ISO 639-1 code, kept by their English names."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        given = super()._deserialize(value, attr, data, **kwargs)
        return list(dict.fromkeys(map(language_named, given)))


class Language(Text):
    """A language by its English name, from its name or ISO 639-1 code."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return language_named(super()._deserialize(value, attr, data, **kwargs))


class GuidesQuery(CursorQuery):
    aliases: ClassVar = {"rating": "min_rating"}

    region = Text(longest=LONGEST_REGION, metadata={"description": "The whole name, whatever its case"})
    specialization = Text(longest=LONGEST_WORD, metadata={"description": "The whole name, whatever its case"})
    language = Language(
        longest=LONGEST_WORD, metadata={"description": "Its name, or its ISO 639-1 code: Swahili or sw"}
    )
    min_rating = Rating(metadata={"description": "At least so many stars. Also: rating"})
    sort = fields.String(load_default="rating", validate=validate.OneOf(SORTS))


class GuideListItem(Answer):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)
    summary = fields.String(required=True, metadata={"description": "How the biography begins"})
    region = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    specializations = fields.List(fields.String(), required=True)
    years_experience = fields.Integer(required=True)
    is_licensed = fields.Boolean(required=True, metadata={"description": "We have seen a licence that holds"})
    rating_average = fields.Float(required=True)
    rating_count = fields.Integer(required=True)
    experience_count = fields.Integer(required=True, metadata={"description": "How many can be booked"})


class GuidePage(Answer):
    items = fields.List(fields.Nested(GuideListItem), required=True)
    pagination = fields.Nested(Pagination, required=True)


class GuideDetail(GuideListItem):
    bio = fields.String(required=True)
    experiences = fields.List(
        fields.Nested(ExperienceCard), required=True, metadata={"description": "The best rated that can be booked"}
    )
    reviews_url = fields.String(required=True, metadata={"description": "Where what travellers say can be read"})


class GuideRequest(Request):
    """Only what is given changes. A licence, money and hours have addresses of their own."""

    bio = Text(longest=LONGEST_BIO, multiline=True)
    region = Text(longest=LONGEST_REGION)
    languages = Languages(metadata={"description": "Names, or ISO 639-1 codes"})
    specializations = Words()
    years_experience = Whole(least=0, most=MOST_YEARS)

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **kwargs: Any) -> None:
        """A list's faults are told under its own name, whichever of its words they are about."""
        raise ValidationError({name: _flat(faults) for name, faults in error.normalized_messages().items()})


def _flat(faults: Any) -> list[str]:
    each = faults.values() if isinstance(faults, dict) else [faults]
    return list(dict.fromkeys(fault for some in each for fault in (_flat(some) if isinstance(some, dict) else some)))


class OwnGuideAnswer(GuideListItem):
    bio = fields.String(required=True)
    user_id = fields.UUID(required=True)
    licence = fields.Nested(OwnLicenceAnswer, required=True)
    missing = fields.List(fields.String(), required=True, metadata={"description": "What a whole profile has besides"})
    listings = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(ListingStatus))),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many experiences are in each state"},
    )
    not_offered_because = fields.List(
        fields.String(validate=validate.OneOf(list(Obstacle))),
        required=True,
        metadata={"description": "While there is any of these, experiences are neither found nor booked"},
    )
    created_at = fields.AwareDateTime(required=True)
