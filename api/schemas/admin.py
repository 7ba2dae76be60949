"""What administrators ask for, and accounts as they see them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer, Request, Text
from api.schemas.pages import CursorQuery, Pagination
from api.schemas.users import UserAnswer
from domain.users import LONGEST_REASON, Role, UserStatus

#: Shorter words are in nearly every name, and no index finds them.
SHORTEST_SOUGHT, LONGEST_SOUGHT = 3, 100


class UsersQuery(CursorQuery):
    status = fields.String(validate=validate.OneOf(list(UserStatus)))
    user_type = fields.String(
        validate=validate.OneOf(list(Role)), metadata={"description": "The strongest role of the account"}
    )
    q = Text(
        shortest=SHORTEST_SOUGHT,
        longest=LONGEST_SOUGHT,
        metadata={"description": "Part of a name or of an e-mail address, whatever its case"},
    )


class SuspendRequest(Request):
    reason = Text(
        required=True,
        longest=LONGEST_REASON,
        multiline=True,
        metadata={"description": "For colleagues: the owner of the account is not shown it"},
    )


class SuspensionAnswer(Answer):
    since = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class AccountAnswer(UserAnswer):
    suspension = fields.Nested(SuspensionAnswer, required=True, allow_none=True)


class AccountPage(Answer):
    items = fields.List(fields.Nested(AccountAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)
