"""Users as they see themselves."""

from __future__ import annotations

from marshmallow import fields

from api.schemas.base import Answer


class UserAnswer(Answer):
    id = fields.UUID(required=True)
    email = fields.Email(required=True, allow_none=True)
    email_verified = fields.Boolean(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    user_type = fields.String(required=True, metadata={"description": "The strongest role"})
    roles = fields.List(fields.String(), required=True)
    intends_to_guide = fields.Boolean(required=True)
    status = fields.String(required=True)
    locale = fields.String(required=True)
    timezone = fields.String(required=True)
    currency = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
