"""Opening an account, signing in and out, staying signed in, and another password."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from api.common_passwords import is_common
from api.schemas.base import Answer, Email, Name, NewEmail, Phone, Query, Request, Secret
from api.schemas.pages import Pagination
from api.schemas.users import LONGEST_NAME, LONGEST_PASSWORD, UserAnswer
from domain.users import LOCALES

SHORTEST_PASSWORD = 8


class RegisterRequest(Request):
    aliases: ClassVar = {"phone_number": "phone"}

    email = NewEmail(required=True)
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
    device_token = Secret(
        load_default=None,
        allow_none=True,
        longest=200,
        metadata={
            "description": "What the last sign-in on this device answered: its wrong passwords are then counted on their own, "
            "and nobody who guesses elsewhere keeps it waiting"
        },
    )


class GoogleSignInRequest(Request):
    id_token = Secret(required=True, longest=8192, metadata={"description": "Google's, as its own SDK hands it out"})
    nonce = Secret(
        required=True,
        longest=200,
        metadata={"description": "The very text that Google was given as nonce, of one's own making for this sign-in"},
    )
    user_type = fields.String(
        load_default="tourist",
        validate=validate.OneOf(["tourist", "guide"]),
        metadata={"description": "Of an account that is opened by this; guide marks an intent"},
    )
    locale = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(LOCALES),
        metadata={"description": "Of an account that is opened by this"},
    )


class RefreshRequest(Request):
    refresh_token = Secret(required=True, longest=200)


class ChangePasswordRequest(Request):
    current_password = Secret(required=True, longest=LONGEST_PASSWORD)
    new_password = Secret(required=True, shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)

    @validates_schema
    def _refuse_guessable_and_same(self, data: dict[str, str], **_: object) -> None:
        # Whether it is the account's own name is not known here.
        if is_common(data["new_password"], ""):
            raise ValidationError("is too easy to guess", "new_password")
        if data["new_password"] == data["current_password"]:
            raise ValidationError("is the password that you have", "new_password")


class LogoutQuery(Query):
    everywhere = fields.Boolean(load_default=False, metadata={"description": "Sign out on all devices"})


class SessionAnswer(Answer):
    id = fields.UUID(required=True)
    device = fields.String(
        required=True, allow_none=True, metadata={"description": "What the client called itself: its User-Agent"}
    )
    device_name = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The same in words for people, in their language; null where it tells nothing"},
    )
    ip = fields.String(required=True, allow_none=True, metadata={"description": "The address one signed in from"})
    created_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True, metadata={"description": "When the tokens were last refreshed"})
    is_current = fields.Boolean(required=True, metadata={"description": "Whether it is the one that asks"})


class SessionPage(Answer):
    items = fields.List(fields.Nested(SessionAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)


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
    device_token = fields.String(
        required=True,
        metadata={"description": "To be kept beyond signing out and sent with the next login; it lets nobody in"},
    )
    user = fields.Nested(UserAnswer, required=True)
