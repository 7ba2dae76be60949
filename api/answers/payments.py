"""A payment as its payer sees it, with the next step in plain words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from api.answers.refunds import refund_answers
from domain import mpesa_results, phones
from domain.payments import CLOSED_STATES, PAID_STATES, PaymentState
from models.payments import Payment, Refund

_STEPS = {
    PaymentState.PENDING: {
        "en": "We are sending a payment request to {phone}.",
        "sw": "Tunatuma ombi la malipo kwa {phone}.",
    },
    PaymentState.PROCESSING: {
        "en": "Enter your M-Pesa PIN on {phone}.",
        "sw": "Weka PIN yako ya M-Pesa kwenye simu {phone}.",
    },
    PaymentState.UNKNOWN: {
        "en": "We are asking M-Pesa what became of this payment. Please do not pay again yet.",
        "sw": "Tunauliza M-Pesa kuhusu malipo haya. Tafadhali usilipe tena kwa sasa.",
    },
    PaymentState.NEEDS_REVIEW: {
        "en": "We are checking this payment and will write to you. Please do not pay again.",
        "sw": "Tunakagua malipo haya na tutakuandikia. Tafadhali usilipe tena.",
    },
    PaymentState.SUCCEEDED: {
        "en": "Your payment has arrived. There is nothing more to do.",
        "sw": "Malipo yako yamefika. Huhitaji kufanya lolote zaidi.",
    },
}
_REFUNDED = {"en": "{amount} is going back to you.", "sw": "Tunakurudishia {amount}."}
#: States in which something is to be explained.
_EXPLAINED = CLOSED_STATES | {PaymentState.UNKNOWN, PaymentState.NEEDS_REVIEW}


def payment_answer(payment: Payment, booking_id: uuid.UUID, refunds: Sequence[Refund], locale: str) -> dict[str, Any]:
    """One attempt to pay. What to do after a failure is said in its message."""
    phone = phones.mask(payment.phone) if payment.phone else None
    return {
        "id": payment.id,
        "booking_id": booking_id,
        "provider": payment.provider,
        "attempt": payment.attempt,
        "state": payment.state,
        "amount": payment.amount.decimal,
        "currency": payment.currency,
        "phone": phone,
        "receipt": payment.receipt,
        "failure": _failure(payment, locale),
        "started_at": payment.started_at,
        "paid_at": payment.paid_at,
        "refunds": refund_answers(refunds),
        "next_step": _next_step(payment, refunds, phone, locale),
    }


def _failure(payment: Payment, locale: str) -> dict[str, Any] | None:
    if payment.state not in _EXPLAINED:
        return None
    meaning = mpesa_results.meaning(payment.failure_code or "")
    return {
        "code": payment.failure_code,
        "action": meaning.action,
        "message": meaning.message_sw if locale == "sw" else meaning.message_en,
        "retry_after_seconds": meaning.retry_after_seconds,
    }


def _next_step(payment: Payment, refunds: Sequence[Refund], phone: str | None, locale: str) -> str | None:
    if refunds and payment.state in PAID_STATES:
        first, *rest = (refund.amount for refund in refunds)
        return _REFUNDED[locale].format(amount=sum(rest, start=first))
    step = _STEPS.get(PaymentState(payment.state))
    return step[locale].format(phone=phone) if step else None
