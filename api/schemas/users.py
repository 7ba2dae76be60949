"""Users as they see themselves."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer
from domain.users import LOCALES, Role, UserStatus


class UserAnswer(Answer):
    id = fields.UUID(required=True)
    email = fields.Email(required=True, allow_none=True)
    email_verified = fields.Boolean(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    user_type = fields.String(
        required=True, validate=validate.OneOf(list(Role)), metadata={"description": "The strongest role"}
    )
    roles = fields.List(fields.String(validate=validate.OneOf(list(Role))), required=True)
    intends_to_guide = fields.Boolean(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(UserStatus)))
    locale = fields.String(required=True, validate=validate.OneOf(LOCALES))
    timezone = fields.String(required=True)
    currency = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
