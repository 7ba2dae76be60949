"""Hiding experiences, and what administrators are answered."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer, Request, Text
from domain.listings import ListingStatus
from domain.users import LONGEST_REASON


class HideRequest(Request):
    reason = Text(
        required=True,
        longest=LONGEST_REASON,
        multiline=True,
        metadata={"description": "For its guide, who gets it by mail and sees it beside the experience"},
    )


class ModeratedExperience(Answer):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    host_id = fields.UUID(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(ListingStatus)))
    hidden_reason = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
