"""Reading what providers called us with: each stored callback becomes evidence about its payment."""

from __future__ import annotations

import json

import structlog
from sqlalchemy.orm import Session

from domain import mpesa_results
from domain.daraja import StkCallback, parse_callback
from domain.jobs import JobKind
from domain.payments import Evidence
from models.inbox import WebhookEvent
from models.jobs import Claim, bring_forward
from models.payments import Payment
from services.bookings.locking import lock_payment
from services.context import Context
from services.money import evidence
from services.money.paying import query_key
from services.personal_data.erasing import nameless_callback
from workers.payload import uuid_of
from workers.running import transactional
from workers.runtime import Runtime

logger = structlog.get_logger(__name__)


@transactional(JobKind.MPESA_CALLBACK)
def read_mpesa_callback(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Fold one callback into its payment. Path token, CheckoutRequestID, amount and receipt must all agree."""
    event = session.get_one(WebhookEvent, uuid_of(job, "event_id"))
    held = lock_payment(session, ctx, event.payment_id)
    payment, now = held.payment, ctx.now(session)
    if payment.phone is None:
        # The payer is erased: what comes this late must not bring their number back, and is known by what is left of it.
        event.body = nameless_callback(event.body, "", payment)
    # The standard library's reader, as at the edge: what was acknowledged there must be readable here.
    callback = parse_callback(json.loads(event.body))
    what, code = _judge(session, payment, callback)
    if what is not Evidence.MISMATCH and payment.provider_reference is None:
        # The callback overtook the push's own answer, or that answer was lost.
        payment.provider_reference = callback.checkout_request_id
        payment.merchant_request_id = callback.merchant_request_id
    evidence.record(
        session,
        payment,
        what,
        key=f"callback:{callback.result_code}:{callback.receipt or ''}:{code}",
        at=now,
        code=code,
        receipt=callback.receipt if what is Evidence.CALLBACK_SUCCESS else None,
        amount_minor=callback.amount.minor if callback.amount else None,
        detail={"event_id": str(event.id)},
    )
    evidence.apply(session, ctx, held, now)
    if what is Evidence.CALLBACK_INCONCLUSIVE:
        bring_forward(session, query_key(payment.id), now)
    if what is Evidence.MISMATCH:
        logger.error("mpesa.callback_mismatch", payment_id=str(payment.id), reason=code)
    event.processed_at, event.outcome = now, what.value


def _judge(session: Session, payment: Payment, callback: StkCallback) -> tuple[Evidence, str]:
    """What a callback is evidence of, and the code that explains it."""
    if payment.provider_reference not in (None, callback.checkout_request_id) or evidence.reference_is_taken(
        session, payment, callback.checkout_request_id
    ):
        return Evidence.MISMATCH, "identity_mismatch"
    code = callback.result_code
    outcome = mpesa_results.meaning(code).outcome
    if outcome == "paid":
        if callback.amount != payment.amount or not callback.receipt:
            return Evidence.MISMATCH, "amount_mismatch"
        if evidence.receipt_is_taken(session, payment, callback.receipt):
            return Evidence.MISMATCH, "receipt_reused"
        return Evidence.CALLBACK_SUCCESS, ""
    if outcome == "unknown":
        return Evidence.UNKNOWN_CODE, code
    if outcome == "inconclusive":
        return Evidence.CALLBACK_INCONCLUSIVE, code
    return Evidence.CALLBACK_FAILURE, code
