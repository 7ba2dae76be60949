"""Writing down what was said about a payment and folding it into a state, under the locks of everything it may move."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain import mpesa_results
from domain.notices import NoticeKind
from domain.payments import CLOSED_STATES, SUPERSEDED, Evidence, PaymentState, Verdict, fold
from models.base import new_id
from models.payments import Attention, Payment, PaymentEvent
from services.bookings.changes import move_payment
from services.bookings.locking import Held
from services.context import Context
from services.money import settlement
from services.telling import tell

#: Result codes whose failure is the customer's own choice, or the prompt's end.
OUTCOMES = {
    code: PaymentState(meaning.outcome)
    for code, meaning in mpesa_results.MEANINGS.items()
    if meaning.outcome in (PaymentState.CANCELLED, PaymentState.EXPIRED)
}
_ATTENTION = {
    "contradiction": Attention.CONTRADICTION,
    "amount_mismatch": Attention.AMOUNT_MISMATCH,
    "identity_mismatch": Attention.IDENTITY_MISMATCH,
    "receipt_reused": Attention.RECEIPT_REUSED,
    "unconfirmed": Attention.UNCONFIRMED,
}


def record(
    session: Session,
    payment: Payment,
    evidence: Evidence,
    *,
    key: str,
    at: datetime,
    code: str = "",
    receipt: str | None = None,
    amount_minor: int | None = None,
    detail: dict[str, Any] | None = None,
) -> bool:
    """Append one piece of evidence; False where the same was said before."""
    written = session.execute(
        insert(PaymentEvent)
        .values(
            id=new_id(),
            payment_id=payment.id,
            key=key,
            evidence=evidence.value,
            code=code,
            receipt=receipt,
            amount_minor=amount_minor,
            at=at,
            detail=detail or {},
        )
        .on_conflict_do_nothing(index_elements=["payment_id", "key"])
        .returning(PaymentEvent.id)
    ).first()
    return written is not None


def apply(session: Session, ctx: Context, held: Held, now: datetime) -> None:
    """Fold all the evidence and carry out what the new state means for booking, seats, money and people."""
    payment = held.payment
    events = session.scalars(select(PaymentEvent).where(PaymentEvent.payment_id == payment.id))
    verdict = fold((event.said() for event in events), outcome_of_failure=OUTCOMES)
    _note_attention(payment, verdict)
    receipt_learned = verdict.receipt is not None and payment.receipt is None
    if receipt_learned:
        payment.receipt = verdict.receipt
    if payment.is_paid:
        if receipt_learned:
            settlement.resolve_surplus(session, ctx, held, now)
        return
    if verdict.state == payment.state:
        # A superseded attempt whose end becomes known keeps its state and learns its reason.
        move_payment(session, ctx, payment, verdict.state, verdict.code or None, now)
        return
    ctx.audit(session, "payment.moved", payment, now=now, data={"from": payment.state, "to": verdict.state.value})
    was_given_up = payment.failure_code == SUPERSEDED
    move_payment(session, ctx, payment, verdict.state, verdict.code or None, now)
    if verdict.state is PaymentState.SUCCEEDED:
        record(session, payment, Evidence.SETTLED, key="settled", at=now)
        payment.paid_at = now
        settlement.money_arrived(session, ctx, held, now)
    elif verdict.state is PaymentState.NEEDS_REVIEW:
        _tell_payer(session, ctx, held, NoticeKind.PAYMENT_UNDER_REVIEW, now)
    elif verdict.state in CLOSED_STATES and not was_given_up and verdict.code != SUPERSEDED:
        _tell_payer(session, ctx, held, NoticeKind.PAYMENT_FAILED, now)


def receipt_is_taken(session: Session, payment: Payment, receipt: str) -> bool:
    """Whether another payment already stands on this proof of money."""
    other = select(Payment.id).where(
        Payment.provider == payment.provider, Payment.receipt == receipt, Payment.id != payment.id
    )
    return session.scalar(other) is not None


def reference_is_taken(session: Session, payment: Payment, provider_reference: str) -> bool:
    """Whether another payment already goes by this id of the provider's."""
    other = select(Payment.id).where(
        Payment.provider == payment.provider,
        Payment.provider_reference == provider_reference,
        Payment.id != payment.id,
    )
    return session.scalar(other) is not None


def _note_attention(payment: Payment, verdict: Verdict) -> None:
    if verdict.state is PaymentState.NEEDS_REVIEW:
        payment.attention = _ATTENTION.get(verdict.code, Attention.UNKNOWN_CODE).value
    elif verdict.is_contradicted:
        payment.attention = Attention.CONTRADICTION.value


def _tell_payer(session: Session, ctx: Context, held: Held, kind: NoticeKind, now: datetime) -> None:
    payer = held.receivable.payer_id
    tell(session, ctx, kind, payer, held.booking, now=now, about=held.payment.id, payment_id=held.payment.id)
