"""Opening an account, signing in and staying signed in."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from api.common_passwords import is_common
from api.schemas.base import Answer, Email, Name, Phone, Request, Secret
from api.schemas.users import LONGEST_NAME, UserAnswer
from domain.users import LOCALES

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200


class RegisterRequest(Request):
    aliases: ClassVar = {"phone_number": "phone"}

    email = Email(required=True)
    password = Secret(required=True, shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)
    first_name = Name(required=True, longest=LONGEST_NAME)
    last_name = Name(required=True, longest=LONGEST_NAME)
    phone = Phone(load_default=None, allow_none=True, metadata={"description": "Also: phone_number"})
    user_type = fields.String(
        load_default="tourist",
        validate=validate.OneOf(["tourist", "guide"]),
        metadata={"description": "guide marks an intent; a guide exists after approval"},
    )
    locale = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LOCALES))

    @validates_schema
    def _refuse_guessable(self, data: dict[str, str], **_: object) -> None:
        if is_common(data["password"], data["email"]):
            raise ValidationError("is too easy to guess", "password")


class LoginRequest(Request):
    email = Email(required=True)
    password = Secret(required=True, longest=LONGEST_PASSWORD)


class RefreshRequest(Request):
    refresh_token = Secret(required=True, longest=200)


class ForgotPasswordRequest(Request):
    email = Email(required=True)


class OneTimeTokenRequest(Request):
    token = Secret(required=True, longest=200)


class ResetPasswordRequest(OneTimeTokenRequest):
    #: Whether it can be guessed is looked at when it is known whose it becomes.
    password = Secret(required=True, shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)


class MessageAnswer(Answer):
    message = fields.String(required=True, metadata={"description": "What happens now, in a sentence for people"})


class TokensAnswer(Answer):
    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds the access token lives"})


class SignedInAnswer(TokensAnswer):
    user = fields.Nested(UserAnswer, required=True)
