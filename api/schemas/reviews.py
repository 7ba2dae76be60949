"""Reading reviews."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer
from api.schemas.pages import CursorQuery, Pagination
from domain.reviews import STARS
from services.catalogue.reviews import SORTS


class ReviewsQuery(CursorQuery):
    sort = fields.String(load_default="newest", validate=validate.OneOf(SORTS))


class ReviewerAnswer(Answer):
    name = fields.String(required=True, metadata={"description": "First name and initial"})


class ReviewedExperience(Answer):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)


class ReviewResponse(Answer):
    text = fields.String(required=True)
    responded_at = fields.AwareDateTime(required=True)


class ReviewAnswer(Answer):
    id = fields.UUID(required=True)
    rating = fields.Integer(required=True, validate=validate.Range(min=min(STARS), max=max(STARS)))
    comment = fields.String(required=True)
    photos = fields.List(fields.String(), required=True)
    reviewer = fields.Nested(ReviewerAnswer, required=True)
    experience = fields.Nested(ReviewedExperience, required=True)
    response = fields.Nested(ReviewResponse, required=True, allow_none=True, metadata={"description": "The guide's"})
    helpful_count = fields.Integer(required=True)
    submitted_at = fields.AwareDateTime(required=True)


class RatingSummary(Answer):
    average = fields.Float(required=True)
    count = fields.Integer(required=True)
    histogram = fields.Dict(
        keys=fields.String(validate=validate.OneOf([str(stars) for stars in STARS])),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Votes by number of stars, from 5 to 1"},
    )


class ReviewPageAnswer(Answer):
    items = fields.List(fields.Nested(ReviewAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)
    summary = fields.Nested(RatingSummary, required=True)
