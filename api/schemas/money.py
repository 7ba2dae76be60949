"""Amounts on the wire: decimal strings, because JSON's numbers lose cents."""

from __future__ import annotations

from marshmallow import fields

from api.schemas.base import Answer


class MoneyAnswer(Answer):
    amount = fields.String(required=True, metadata={"description": "In major units", "example": "2500.00"})
    currency = fields.String(required=True, metadata={"example": "KES"})
