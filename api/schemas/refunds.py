"""Money that goes back."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer
from api.schemas.money import MoneyAnswer
from models.payments import RefundReason, RefundState


class RefundAnswer(Answer):
    amount = fields.Nested(MoneyAnswer, required=True)
    reason = fields.String(required=True, validate=validate.OneOf(list(RefundReason)))
    state = fields.String(required=True, validate=validate.OneOf(list(RefundState)))
    requested_at = fields.AwareDateTime(required=True)
