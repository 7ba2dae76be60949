"""What providers call us with, for the documentation; domain/daraja.py reads it."""

from __future__ import annotations

from marshmallow import INCLUDE, Schema, fields

from api.schemas.base import Answer


class DarajaCallback(Schema):
    """Safaricom's own shape: ``{"Body": {"stkCallback": {...}}}``."""

    class Meta:
        unknown = INCLUDE

    Body = fields.Dict(required=True)


class AcceptedAnswer(Answer):
    ResultCode = fields.Integer(required=True)
    ResultDesc = fields.String(required=True)
