"""Push tokens as apps and browsers send them; they are never sent back."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from api.schemas.base import Answer, Request, Text
from api.schemas.pages import Pagination
from domain.devices import LONGEST_TOKEN, Platform


class PushToken(Text):
    """What a push service calls one device: printable ASCII without blanks."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        token = super()._deserialize(value, attr, data, **kwargs)
        if not token.isascii() or " " in token:
            raise ValidationError("Not a push token.")
        return token


class DeviceRequest(Request):
    token = PushToken(required=True, longest=LONGEST_TOKEN, metadata={"description": "From the push service"})
    platform = fields.String(required=True, validate=validate.OneOf(list(Platform)))


class DeviceAnswer(Answer):
    id = fields.UUID(required=True, metadata={"description": "For taking the device away; the token is not sent back"})
    platform = fields.String(required=True, validate=validate.OneOf(list(Platform)))
    registered_at = fields.AwareDateTime(required=True, metadata={"description": "When it last registered"})


class DevicePage(Answer):
    items = fields.List(fields.Nested(DeviceAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)
