"""Users as they see themselves, and what they may change of it."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

from api.schemas.base import Answer, Code, Name, Phone, Request, Secret
from domain.identities import Provider
from domain.money import EXPONENTS
from domain.users import LOCALES, Role, UserStatus

#: The longest name of a person that an account takes.
LONGEST_NAME = 80
#: The longest password that is looked at.
LONGEST_PASSWORD = 200
#: Some systems list what stands for their own setting beside the zones of IANA.
TIME_ZONES = frozenset(available_timezones() - {"Factory", "localtime"})


class TimeZone(fields.String):
    """A time zone by its IANA name, spelled as IANA does."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs).strip()
        if name not in TIME_ZONES:
            raise ValidationError("Not a time zone: use an IANA name, such as Africa/Nairobi.")
        return name


class DetailsRequest(Request):
    """Only what is given changes. An address of mail is proved elsewhere, so it is not among these."""

    aliases: ClassVar = {"phone_number": "phone"}

    first_name = Name(longest=LONGEST_NAME)
    last_name = Name(longest=LONGEST_NAME, shortest=0, metadata={"description": "Empty for who has one name alone"})
    phone = Phone(allow_none=True, metadata={"description": "null removes it. Also: phone_number"})
    locale = fields.String(validate=validate.OneOf(LOCALES))
    timezone = TimeZone(metadata={"description": "An IANA name"})
    currency = fields.String(validate=validate.OneOf(list(EXPONENTS)))


class DeleteAccountRequest(Request):
    password = Secret(required=True, longest=LONGEST_PASSWORD)
    code = Code(
        metadata={"description": "Only where two-factor sign-in is on: six digits of the app, or a backup code"},
    )


class UserAnswer(Answer):
    id = fields.UUID(required=True)
    email = fields.Email(required=True, allow_none=True)
    email_verified = fields.Boolean(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    phone_verified = fields.Boolean(required=True)
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
    two_factor_enabled = fields.Boolean(required=True)
    must_set_up_two_factor = fields.Boolean(
        required=True, metadata={"description": "An administrator without it: admin routes do not open yet"}
    )
    created_at = fields.AwareDateTime(required=True)


class OwnAccountAnswer(UserAnswer):
    has_password = fields.Boolean(required=True, metadata={"description": "Whether one can sign in by a password"})
    identities = fields.List(
        fields.String(validate=validate.OneOf(list(Provider))),
        required=True,
        metadata={"description": "By whom else one can sign in"},
    )
