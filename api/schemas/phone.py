"""Codes by SMS: where to send one, and the one that came."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from api.schemas.base import Phone, Request
from domain.one_time import CODE_DIGITS


class Code(fields.String):
    """The digits of a code, with or without blanks between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        digits = "".join(super()._deserialize(value, attr, data, **kwargs).split())
        if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
            raise ValidationError(f"Must be the {CODE_DIGITS} digits of the SMS.")
        return digits


class SendCodeRequest(Request):
    aliases: ClassVar = {"phone_number": "phone"}

    phone = Phone(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The account's own where absent; another one becomes it with its code. Also: phone_number"
        },
    )


class VerifyCodeRequest(Request):
    code = Code(required=True, metadata={"description": "Six digits"})
