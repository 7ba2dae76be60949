"""Starting to pay and learning the outcome; waiting for it is the client's choice."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from api.answers import answer
from api.answers.payments import payment_answer
from api.auth import SignedInView
from api.context import context
from api.edge import edge
from api.examples import payments as examples
from api.idempotency import once
from api.openapi import IDEMPOTENCY_KEY, LOCATION, PREFER, REPLAYED, operation
from api.paging import Asked
from api.parsing import Blueprint
from api.schemas.payments import MpesaPaymentRequest, PaymentAnswer, PaymentPage, PaymentRequest, PaymentsQuery
from api.waiting import Waited, seconds_asked
from domain.money import Money
from services.bookings.details import refunds_of
from services.context import Context
from services.money import paying
from services.money.paying import PaymentStart

blueprint = Blueprint("payments", __name__, url_prefix="/api/payments", description="Paying for bookings")

_REFUSALS = {
    404: ("booking_not_found", "There is no such booking."),
    409: (
        (
            "prompt_on_phone",
            "A payment prompt is already on the phone. Answer it, or try again in 60 seconds.",
            {"payment_id": examples.PAYMENT["id"]},
        ),
        (
            "payment_under_review",
            "We are still checking an earlier payment for this booking. Please do not pay again.",
            {"payment_id": examples.PAYMENT["id"]},
        ),
        ("hold_expired", "The seats are no longer held. Book again."),
        ("already_paid", "This booking is already paid."),
    ),
    429: ("too_many_stk_phone", "Too many attempts. Try again in 10 minutes."),
}
_STARTED = {"Location": LOCATION, "Idempotent-Replayed": REPLAYED}
#: What M-Pesa charges in; a client's amount is compared with what is due in it.
_CURRENCY = "KES"


@blueprint.route("")
class Payments(SignedInView):
    @operation("startPayment", "Start to pay", refusals=_REFUSALS, parameters=(IDEMPOTENCY_KEY, PREFER))
    @blueprint.arguments(PaymentRequest, example=examples.PAYMENT_REQUEST)
    @blueprint.response(202, PaymentAnswer, example=examples.PAYMENT, headers=_STARTED)
    @blueprint.alt_response(200, schema=PaymentAnswer, example=examples.PAID, description="The outcome, waited for")
    def post(self, body: dict[str, Any]) -> Response:
        return _start(body)

    @operation("listPayments", "List one's payments, newest first")
    @blueprint.arguments(PaymentsQuery, location="query")
    @blueprint.response(200, PaymentPage, example=examples.PAYMENTS)
    def get(self, query: dict[str, Any]) -> Response:
        ctx = context()
        asked = Asked(query, "payments", ctx.actor.user_id)
        with edge().db.reading() as session:
            found = paying.payments_of(session, ctx, asked.window, booking_id=query.get("booking_id"))
            refunds = refunds_of(session, [payment.id for payment, _ in found.rows])
        items = [payment_answer(each, booking_id, refunds[each.id], ctx.locale) for each, booking_id in found.rows]
        return answer(asked.answer(items, found))


@blueprint.route("/mpesa/initiate")
class MpesaPayments(SignedInView):
    @operation("startMpesaPayment", "Ask a phone to pay", refusals=_REFUSALS, parameters=(IDEMPOTENCY_KEY, PREFER))
    @blueprint.arguments(MpesaPaymentRequest, example=examples.MPESA_REQUEST)
    @blueprint.response(202, PaymentAnswer, example=examples.PAYMENT, headers=_STARTED)
    @blueprint.alt_response(200, schema=PaymentAnswer, example=examples.PAID, description="The outcome, waited for")
    def post(self, body: dict[str, Any]) -> Response:
        return _start(body)


@blueprint.route("/<uuid:payment_id>/status")
class PaymentStatus(SignedInView):
    @operation(
        "getPaymentStatus",
        "Learn what became of a payment",
        refusals={404: ("payment_not_found", "There is no such payment.")},
        parameters=(PREFER,),
    )
    @blueprint.response(200, PaymentAnswer, example=examples.PAID)
    @blueprint.alt_response(
        202, schema=PaymentAnswer, example=examples.PAYMENT, description="Waiting is not possible now"
    )
    def get(self, payment_id: uuid.UUID) -> Response:
        ctx = context()
        # Whose it is comes before any waiting.
        shown = _shown(ctx, payment_id)
        waited = _wait(payment_id)
        if waited is Waited.REFUSED:
            return answer(shown, 202, {"Retry-After": "1"})
        return answer(shown if waited is Waited.NOT_ASKED else _shown(ctx, payment_id), 200, _applied(waited))


def _start(body: dict[str, Any]) -> Response:
    ctx = context()
    with once(ctx) as effect:
        if effect.resource_id is None:
            payment = paying.start_payment(effect.session, ctx, _wanted(body))
            effect.complete(payment.id, 202, _address(payment.id))
    payment_id = effect.resource_id
    waited = _wait(payment_id)
    headers = effect.headers | _applied(waited) | {"Location": _address(payment_id)}
    if waited is Waited.REFUSED:
        headers["Retry-After"] = "1"
    return answer(_shown(ctx, payment_id), 200 if waited is Waited.ANSWERED else 202, headers)


def _wanted(body: dict[str, Any]) -> PaymentStart:
    amount = Money.parse(body["amount"], _CURRENCY) if body["amount"] is not None else None
    return PaymentStart(body["booking_id"], body["provider"], body["phone"], amount)


def _shown(ctx: Context, payment_id: uuid.UUID) -> dict[str, Any]:
    with edge().db.reading() as session:
        payment, booking_id = paying.find_payment(session, ctx, payment_id)
        return payment_answer(payment, booking_id, refunds_of(session, [payment_id])[payment_id], ctx.locale)


def _wait(payment_id: uuid.UUID) -> Waited:
    return edge().waits.for_payment(payment_id, seconds_asked(request.headers.get("Prefer", "")))


def _applied(waited: Waited) -> dict[str, str]:
    """RFC 7240: say so where the preference was honoured."""
    honoured = waited in (Waited.ANSWERED, Waited.TIMED_OUT)
    return {"Preference-Applied": "wait"} if honoured else {}


def _address(payment_id: uuid.UUID) -> str:
    return f"/api/payments/{payment_id}/status"
