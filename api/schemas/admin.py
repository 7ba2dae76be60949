"""What administrators ask for, and accounts as they see them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer
from api.schemas.pages import PageQuery, Pagination
from api.schemas.users import UserAnswer
from domain.users import Role, UserStatus


class UsersQuery(PageQuery):
    status = fields.String(validate=validate.OneOf(list(UserStatus)))
    user_type = fields.String(
        validate=validate.OneOf(list(Role)), metadata={"description": "The strongest role of the account"}
    )


class UserPage(Answer):
    items = fields.List(fields.Nested(UserAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)
