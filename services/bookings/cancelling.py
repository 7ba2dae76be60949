"""Giving up a booking: seats go back, open attempts are closed, and what was paid goes back by the frozen policy."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.bookings import BookingState, BookingVerb, next_state
from domain.cancellation import refund_percent
from domain.errors import Conflict, NotFound
from domain.money import Money
from domain.notices import NoticeKind
from models.bookings import Booking
from models.jobs import finish_by_key
from models.locks import lock_payments
from models.payments import Payment, Refund, RefundReason
from services.bookings import seats
from services.bookings.changes import move_booking
from services.bookings.locking import lock_booking
from services.context import Context
from services.money import paying
from services.telling import tell


@dataclass(frozen=True, slots=True)
class CancellationQuote:
    """What a cancellation now would give back; ``refund`` is None where nothing was paid."""

    percent: int
    refund: Money | None


def cancel_booking(session: Session, ctx: Context, booking_id: uuid.UUID, reason: str | None) -> Booking:
    """Cancel as tourist, guide or administrator; a second time changes nothing.

    Raises ``booking_not_found`` for somebody else's and ``booking_not_cancellable`` where the table refuses.
    """
    booking, departure = lock_booking(session, ctx, booking_id)
    by = _role_in(ctx, booking)
    payments = list(lock_payments(session, [booking.id]))
    now = ctx.now(session)
    was_pending = booking.state is BookingState.PENDING
    if not move_booking(session, ctx, booking, BookingVerb.CANCEL, now, actor_id=ctx.actor.user_id):
        return booking
    booking.cancelled_at, booking.cancelled_by, booking.cancellation_reason = now, by, reason
    seats.give_back_seats(session, departure, booking.seats)
    seats.void_receivables(session, booking)
    finish_by_key(session, seats.hold_key(booking.id), now)
    paying.supersede_open(session, ctx, payments, now)
    refund = _refund_paid(session, ctx, booking, payments, by, now)
    ctx.audit(session, "booking.cancelled", booking, now=now, data={"by": by})
    ids = {"refund_id": refund.id} if refund else {}
    for user_id in _concerned(booking, by, was_pending):
        tell(session, ctx, NoticeKind.BOOKING_CANCELLED, user_id, booking, now=now, **ids)
    return booking


def quote_cancellation(session: Session, ctx: Context, booking: Booking, paid: Payment | None) -> CancellationQuote:
    """What the actor would get back by cancelling now. Raises ``booking_not_cancellable`` where that is over."""
    if next_state(booking.state, BookingVerb.CANCEL) is None:
        raise Conflict("booking_not_cancellable", "The booking is cancelled.", extra={"booking_status": booking.status})
    if paid is None:
        return CancellationQuote(100, None)
    percent = refund_percent(
        booking.cancellation_tiers, ctx.now(session), by_tourist=_role_in(ctx, booking) == "tourist"
    )
    return CancellationQuote(percent, _share(paid, percent))


def _concerned(booking: Booking, by: str, was_pending: bool) -> tuple[uuid.UUID, ...]:
    """Who has to hear of it. A hold that nobody paid was never told to the guide, and whoever gave up an own one knows."""
    if not was_pending:
        return booking.customer_id, booking.host_id
    return () if by == "tourist" else (booking.customer_id,)


def _role_in(ctx: Context, booking: Booking) -> str:
    if ctx.actor.user_id == booking.customer_id:
        return "tourist"
    if ctx.actor.user_id == booking.host_id:
        return "guide"
    if ctx.actor.is_admin:
        return "admin"
    raise NotFound("booking_not_found", "There is no such booking.")


def _refund_paid(
    session: Session, ctx: Context, booking: Booking, payments: list[Payment], by: str, now: datetime
) -> Refund | None:
    paid = next((payment for payment in payments if payment.settles), None)
    if paid is None:
        return None
    share = _share(paid, refund_percent(booking.cancellation_tiers, now, by_tourist=by == "tourist"))
    if share.minor == 0:
        return None
    refund = Refund.of(paid, RefundReason.CANCELLATION, share.minor, now, ctx.actor.user_id)
    session.add(refund)
    session.flush()
    ctx.audit(session, "refund.requested", refund, now=now, data={"reason": "cancellation", "minor": share.minor})
    return refund


def _share(paid: Payment, percent: int) -> Money:
    """The part that goes back, in the units that the gateway can pay (whole shillings), never above the whole."""
    part = paid.amount.percent(percent).whole_units_up()
    return min(part, paid.amount, key=lambda money: money.minor)
