"""Starting to pay, and giving up an attempt: one open attempt per receivable, never two prompts on one phone."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.bookings import BookingState
from domain.errors import Conflict, DomainError, NotFound, field_error
from domain.gateways import ABILITIES, NotChargeable, chargeable
from domain.jobs import JobKind
from domain.money import Money
from domain.payments import SUPERSEDED, Evidence, PaymentState
from models.bookings import Booking, Receivable, ReceivableState
from models.locks import lock_bookings, lock_payments
from models.payments import Payment
from services.bookings import seats
from services.bookings.changes import move_payment
from services.context import Context
from services.limits import enforce
from services.money import evidence
from services.pages import Order, Page, Window, count, falling


@dataclass(frozen=True, slots=True)
class PaymentStart:
    """How the actor wants to pay. ``amount`` is what the client believes is due; it is compared, never used."""

    booking_id: uuid.UUID
    provider: str
    phone: str
    amount: Money | None = None


def start_payment(session: Session, ctx: Context, start: PaymentStart) -> Payment:
    """Write the attempt and the job that pushes it; an older attempt is superseded."""
    booking = _lock_payable(session, ctx, start.booking_id)
    payments = lock_payments(session, [booking.id])
    now = ctx.now(session)
    receivable = _due(session, ctx, booking, now)
    _check_amount(start, receivable)
    try:
        charge = chargeable(receivable.amount, start.provider)
    except NotChargeable as error:
        raise field_error("provider", str(error), "not_chargeable") from error
    _refuse_second_prompt(ctx, payments, now)
    _refuse_while_in_doubt(payments)
    limits = ctx.policy.limits
    enforce(session, ctx, "stk_phone", start.phone, limits.stk_phone)
    enforce(session, ctx, "stk_user", str(ctx.actor.user_id), limits.stk_user)
    supersede_open(session, ctx, payments, now)
    session.flush()
    payment = Payment(
        receivable_id=receivable.id,
        provider=start.provider,
        attempt=len(payments) + 1,
        amount_minor=charge.minor,
        currency=charge.currency,
        phone=start.phone,
        state=PaymentState.PENDING.value,
        started_at=now,
    )
    session.add(payment)
    session.flush()
    ctx.enqueue(session, JobKind.PUSH_STK, push_key(payment.id), {"payment_id": payment.id}, now=now)
    ctx.audit(session, "payment.started", payment, now=now, data={"provider": payment.provider, "minor": charge.minor})
    return payment


def supersede_open(session: Session, ctx: Context, payments: Sequence[Payment], now: datetime) -> None:
    """Give up the attempts that are still open; they stay watched, for their money may still come."""
    for payment in payments:
        if payment.is_open:
            evidence.record(session, payment, Evidence.SUPERSEDED, key="superseded", at=now)
            ctx.audit(session, "payment.superseded", payment, now=now, data={"from": payment.state})
            move_payment(session, ctx, payment, PaymentState.CANCELLED, SUPERSEDED, now)


def find_payment(session: Session, ctx: Context, payment_id: uuid.UUID) -> tuple[Payment, uuid.UUID]:
    """A payment of the actor's and its booking's id; somebody else's does not exist."""
    row = session.execute(
        select(Payment, Receivable.booking_id, Receivable.payer_id)
        .join(Receivable, Receivable.id == Payment.receivable_id)
        .where(Payment.id == payment_id)
    ).first()
    if row is None or not (ctx.actor.is_admin or row.payer_id == ctx.actor.user_id):
        raise NotFound("payment_not_found", "There is no such payment.")
    return row.Payment, row.booking_id


_NEWEST_FIRST = Order(falling(Payment.started_at), falling(Payment.id))


def payments_of(
    session: Session, ctx: Context, window: Window, *, booking_id: uuid.UUID | None = None
) -> Page[tuple[Payment, uuid.UUID]]:
    """One page of the actor's payments (of one booking, where given) with their bookings' ids, newest first."""
    mine = [Receivable.payer_id == ctx.actor.user_id]
    if booking_id is not None:
        mine.append(Receivable.booking_id == booking_id)
    join = Receivable.id == Payment.receivable_id
    total = count(session, select(Payment.id).join(Receivable, join).where(*mine))
    rows = select(Payment, Receivable.booking_id).join(Receivable, join).where(*mine)
    return _NEWEST_FIRST.page(session, rows, window, total)


def push_key(payment_id: uuid.UUID) -> str:
    """The key of the job that asks the customer to pay."""
    return f"push:{payment_id}"


def query_key(payment_id: uuid.UUID) -> str:
    """The key of the job that asks the provider what became of it."""
    return f"query:{payment_id}"


def _lock_payable(session: Session, ctx: Context, booking_id: uuid.UUID) -> Booking:
    owner = session.scalar(select(Booking.customer_id).where(Booking.id == booking_id))
    if owner is None or owner != ctx.actor.user_id:
        raise NotFound("booking_not_found", "There is no such booking.")
    (booking,) = lock_bookings(session, [booking_id])
    return booking


def _due(session: Session, ctx: Context, booking: Booking, now: datetime) -> Receivable:
    if booking.state in (BookingState.PAID, BookingState.CONFIRMED, BookingState.COMPLETED, BookingState.NO_SHOW):
        raise Conflict("already_paid", "This booking is already paid.")
    expired = booking.state is BookingState.EXPIRED
    if expired or (booking.state is BookingState.PENDING and seats.hold_end(session, ctx, booking) <= now):
        raise Conflict("hold_expired", "The seats are no longer held. Book again.")
    if booking.state is not BookingState.PENDING:
        raise Conflict("booking_not_payable", f"The booking is {booking.state}.")
    return session.scalars(
        select(Receivable).where(Receivable.booking_id == booking.id, Receivable.state == ReceivableState.OPEN)
    ).one()


def _check_amount(start: PaymentStart, receivable: Receivable) -> None:
    if start.provider not in ABILITIES:
        raise field_error("provider", f"must be one of {', '.join(sorted(ABILITIES))}", "unknown_provider")
    if start.amount is not None and start.amount != receivable.amount:
        raise field_error("amount", f"{receivable.amount} is due", "amount_mismatch")


def _refuse_second_prompt(ctx: Context, payments: Sequence[Payment], now: datetime) -> None:
    for payment in payments:
        if not payment.is_open and payment.state != PaymentState.UNKNOWN:
            continue
        wait = payment.started_at + ctx.policy.certainty.prompt_lock - now
        if wait.total_seconds() > 0:
            raise _prompt_on_phone(payment, math.ceil(wait.total_seconds()))


def _refuse_while_in_doubt(payments: Sequence[Payment]) -> None:
    """Money may have been taken in a way that only a person can sort out, and we have asked not to pay again."""
    doubtful = next((payment for payment in payments if payment.state == PaymentState.NEEDS_REVIEW), None)
    if doubtful is not None:
        raise Conflict(
            "payment_under_review",
            "We are still checking an earlier payment for this booking. Please do not pay again.",
            extra={"payment_id": str(doubtful.id)},
        )


def _prompt_on_phone(payment: Payment, seconds: int) -> DomainError:
    return Conflict(
        "prompt_on_phone",
        f"A payment prompt is already on the phone. Answer it, or try again in {seconds} seconds.",
        extra={"payment_id": str(payment.id)},
        retry_after=seconds,
    )
