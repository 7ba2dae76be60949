"""Searching, suggesting while somebody types, what others search for, and what one has searched for oneself."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Amount, Answer, Query, Rating, Request, Text
from api.schemas.experiences import ExperienceCard
from api.schemas.guides import GuideListItem
from api.schemas.pages import CursorQuery, Pagination
from domain.listings import Category
from domain.money import EXPONENTS
from models.search import FoundKind
from services.search.suggesting import SuggestionKind

LONGEST_SEARCH = 200
#: What ``type`` may be: each word for one kind or both.
TYPES = {"all": None, "experiences": FoundKind.EXPERIENCE, "guides": FoundKind.GUIDE}


class SearchQuery(CursorQuery):
    q = Text(longest=LONGEST_SEARCH, metadata={"description": "Words, typos forgiven; everything where absent"})
    type = fields.String(load_default="all", validate=validate.OneOf(list(TYPES)))
    category = fields.String(
        validate=validate.OneOf(list(Category)), metadata={"description": "Of experiences: guides have none"}
    )
    location = Text(longest=100, metadata={"description": "Words of the place, or their beginnings"})
    currency = fields.String(validate=validate.OneOf(list(EXPONENTS)))
    min_price = Amount(metadata={"description": "In currency, KES where none is named; guides have no price"})
    max_price = Amount()
    rating = Rating(metadata={"description": "At least so many stars"})

    @validates_schema
    def _ordered(self, data: dict, **_: object) -> None:
        if data.get("min_price") and data.get("max_price") and data["min_price"] > data["max_price"]:
            raise ValidationError("Must not be below min_price.", "max_price")


class Highlights(Answer):
    title = fields.String(required=True, metadata={"description": "The title, or the guide's name"})
    text = fields.String(required=True, metadata={"description": "The summary, or what the guide says there"})


class SearchHit(Answer):
    type = fields.String(required=True, validate=validate.OneOf(list(FoundKind)))
    experience = fields.Nested(ExperienceCard, required=True, allow_none=True)
    guide = fields.Nested(GuideListItem, required=True, allow_none=True)
    highlights = fields.Nested(
        Highlights,
        required=True,
        allow_none=True,
        metadata={
            "description": "HTML: everything is escaped but `<mark>` around what was searched for. Null without q"
        },
    )


class SearchAnswer(Answer):
    query = fields.String(required=True, allow_none=True, metadata={"description": "What was typed"})
    corrected_query = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What was searched for instead, its typos mended; null where nothing had to be"},
    )
    items = fields.List(fields.Nested(SearchHit), required=True)
    pagination = fields.Nested(
        Pagination,
        required=True,
        metadata={
            "description": "At most the best 200, and no more than the page needs, are looked for: total_is_capped where"
            " there may be more"
        },
    )


class SuggestQuery(Query):
    q = Text(required=True, longest=LONGEST_SEARCH, metadata={"description": "What is typed so far"})


class SuggestionAnswer(Answer):
    type = fields.String(required=True, validate=validate.OneOf(list(SuggestionKind)))
    text = fields.String(required=True)
    id = fields.UUID(required=True, allow_none=True, metadata={"description": "Of an experience or a guide"})
    slug = fields.String(required=True, allow_none=True)


class SuggestAnswer(Answer):
    items = fields.List(fields.Nested(SuggestionAnswer), required=True)


class PopularQuery(Answer):
    query = fields.String(required=True)


class PopularAnswer(Answer):
    items = fields.List(fields.Nested(PopularQuery), required=True)


class OwnSearchRequest(Request):
    q = Text(required=True, longest=LONGEST_SEARCH, metadata={"description": "What was searched for, as it was typed"})


class ForgetQuery(Query):
    q = Text(longest=LONGEST_SEARCH, metadata={"description": "The one to forget; all where absent"})


class OwnSearchAnswer(Answer):
    query = fields.String(required=True)
    searched_at = fields.AwareDateTime(required=True, metadata={"description": "When it was last searched for"})


class OwnSearchPage(Answer):
    items = fields.List(fields.Nested(OwnSearchAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)
