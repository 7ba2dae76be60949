"""Starting to pay, and payments as their payer sees them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from api.schemas.base import Amount, Answer, Phone, Request
from api.schemas.pages import CursorQuery, Pagination
from api.schemas.refunds import RefundAnswer
from domain.gateways import ABILITIES
from domain.mpesa_results import MEANINGS
from domain.payments import PaymentState

#: A code that nobody documented asks for nothing: none is among them.
ACTIONS = sorted({meaning.action for meaning in MEANINGS.values()} | {"none"})
_AMOUNT = {"description": "What the client believes is due; compared, never used"}


class MpesaPaymentRequest(Request):
    booking_id = fields.UUID(required=True)
    phone = Phone(required=True, mpesa=True, metadata={"description": "The number that gets the PIN prompt"})
    amount = Amount(load_default=None, metadata=_AMOUNT)

    @post_load
    def _provider(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {"provider": "mpesa"} | data


class PaymentRequest(MpesaPaymentRequest):
    provider = fields.String(required=True, validate=validate.OneOf(sorted(ABILITIES)))


class PaymentsQuery(CursorQuery):
    booking_id = fields.UUID(metadata={"description": "Only the payments of this booking"})


class FailureAnswer(Answer):
    code = fields.String(required=True, allow_none=True)
    action = fields.String(
        required=True, validate=validate.OneOf(ACTIONS), metadata={"description": "A stable word to act on"}
    )
    message = fields.String(required=True)
    retry_after_seconds = fields.Integer(required=True, allow_none=True)


class PaymentAnswer(Answer):
    id = fields.UUID(required=True)
    booking_id = fields.UUID(required=True)
    provider = fields.String(required=True)
    attempt = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(PaymentState)))
    amount = fields.String(required=True)
    currency = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True, metadata={"description": "Masked"})
    receipt = fields.String(required=True, allow_none=True)
    failure = fields.Nested(FailureAnswer, required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True)
    paid_at = fields.AwareDateTime(required=True, allow_none=True)
    refunds = fields.List(fields.Nested(RefundAnswer), required=True)
    next_step = fields.String(required=True, allow_none=True, metadata={"description": "What to do now, in words"})


class PaymentPage(Answer):
    items = fields.List(fields.Nested(PaymentAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)
