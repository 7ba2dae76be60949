"""What arriving money does: it settles what is owed, finds seats again, or is sent back, and never anything in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.bookings import BookingState, BookingVerb
from domain.errors import Conflict
from domain.listings import Confirmation
from domain.notices import NoticeKind
from domain.schedules import slot_at
from models.bookings import ReceivableState
from models.catalogue import Listing
from models.jobs import finish_by_key
from models.payments import Attention, Payment, Refund, RefundReason
from services.availability.experiences import taken_between, timetable_of
from services.bookings import seats
from services.bookings.changes import move_booking
from services.bookings.locking import Held
from services.context import Context
from services.telling import tell


def money_arrived(session: Session, ctx: Context, held: Held, now: datetime) -> None:
    """A payment has just succeeded. Everything that it may move is locked."""
    if held.receivable.state == ReceivableState.SETTLED:
        resolve_surplus(session, ctx, held, now)
    elif held.booking.starts_at <= now:
        _send_back(session, ctx, held, now)
    elif held.booking.state is BookingState.PENDING:
        fulfil(session, ctx, held, now, late=False)
    elif held.booking.state is BookingState.EXPIRED and _reseat(session, ctx, held, now):
        fulfil(session, ctx, held, now, late=True)
    else:
        _send_back(session, ctx, held, now)


def fulfil(session: Session, ctx: Context, held: Held, now: datetime, *, late: bool) -> None:
    """The receivable is paid: the booking is confirmed, or waits for its guide."""
    booking = held.booking
    held.receivable.settle(now)
    held.payment.settles = True
    instant = booking.confirmation == Confirmation.INSTANT
    if late:
        verb = BookingVerb.RESEAT if instant else BookingVerb.RESEAT_AWAITING_GUIDE
    else:
        verb = BookingVerb.FULFIL if instant else BookingVerb.FULFIL_AWAITING_GUIDE
    move_booking(session, ctx, booking, verb, now, actor_id=ctx.actor.user_id)
    finish_by_key(session, seats.hold_key(booking.id), now)
    payment = {"payment_id": held.payment.id}
    if instant:
        tell(session, ctx, NoticeKind.BOOKING_CONFIRMED, booking.customer_id, booking, now=now, **payment)
    tell(session, ctx, NoticeKind.NEW_BOOKING, booking.host_id, booking, now=now, **payment)
    tell(session, ctx, NoticeKind.PAYMENT_RECEIPT, held.receivable.payer_id, booking, now=now, **payment)


def resolve_surplus(session: Session, ctx: Context, held: Held, now: datetime) -> None:
    """Money beyond what was due goes back, but only where two different receipts prove that it came twice.

    Called again when a receipt becomes known, for that may be the proof that was missing.
    """
    settling = next((one for one in held.payments if one.settles), None)
    if settling is None:
        return
    refunded = set(session.scalars(select(Refund.payment_id).where(Refund.payment_id.in_(p.id for p in held.payments))))
    for extra in held.payments:
        if not extra.is_paid or extra.settles or extra.id in refunded:
            continue
        if extra.receipt and settling.receipt and extra.receipt != settling.receipt:
            extra.attention = None
            _refund(session, ctx, held, extra, RefundReason.SURPLUS, NoticeKind.SURPLUS_REFUNDED, now)
        else:
            extra.attention = Attention.SURPLUS_WITHOUT_RECEIPT.value


def _reseat(session: Session, ctx: Context, held: Held, now: datetime) -> bool:
    """Take the seats again where they are still free and the listing is still offered; the cut-off does not matter."""
    booking = held.booking
    listing = session.get_one(Listing, booking.listing_id, populate_existing=True)
    if not listing.is_live:
        return False
    day = booking.starts_at.astimezone(listing.zone).date()
    timetable = replace(timetable_of(session, ctx, listing, day, day), cut_off=timedelta(0))
    taken = taken_between(session, listing.resource_id, booking.starts_at, booking.ends_at)
    slot = slot_at(timetable, booking.starts_at, taken, now)
    if slot is None or slot.seats_free < booking.seats:
        return False
    request = seats.SeatRequest(
        listing.id, listing.resource_id, booking.starts_at, booking.ends_at, booking.seats, listing.capacity
    )
    try:
        with session.begin_nested():
            seats.take_seats(session, [request])
    except Conflict:
        return False
    held.receivable.reopen()
    return True


def _send_back(session: Session, ctx: Context, held: Held, now: datetime) -> None:
    _refund(session, ctx, held, held.payment, RefundReason.LATE_MONEY, NoticeKind.LATE_MONEY_REFUNDED, now)


def _refund(
    session: Session,
    ctx: Context,
    held: Held,
    payment: Payment,
    reason: RefundReason,
    kind: NoticeKind,
    now: datetime,
) -> None:
    refund = Refund.of(payment, reason, payment.amount_minor, now, None)
    session.add(refund)
    session.flush()
    ctx.audit(session, "refund.requested", refund, now=now, data={"reason": reason.value, "minor": refund.amount_minor})
    ids = {"payment_id": payment.id, "refund_id": refund.id}
    tell(session, ctx, kind, held.receivable.payer_id, held.booking, now=now, about=refund.id, **ids)
