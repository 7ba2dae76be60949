"""Whether the house is up, and whether it can do its work."""

from __future__ import annotations

from marshmallow import fields

from api.schemas.base import Answer


class AliveAnswer(Answer):
    status = fields.String(required=True)


class CheckAnswer(Answer):
    ok = fields.Boolean(required=True)
    detail = fields.String(required=True)


class ReadyAnswer(Answer):
    status = fields.String(required=True)
    checks = fields.Dict(keys=fields.String(), values=fields.Nested(CheckAnswer), required=True)
