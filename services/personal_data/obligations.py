"""What an account still owes or is owed: while there is any of it, its owner has to stay reachable."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import Session

from domain.bookings import BookingState
from domain.payments import SUPERSEDED, WATCHED_STATES, PaymentState
from models.bookings import Booking, Receivable
from models.payments import Payment, Refund, RefundState

#: More are not named at once.
MOST = 20
_AHEAD = (BookingState.PENDING, BookingState.PAID, BookingState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that is not settled. ``reference`` is the booking's, by which people know it."""

    kind: str
    id: uuid.UUID
    reference: str
    reason: str


def obligations_of(session: Session, user_id: uuid.UUID, now: datetime) -> list[Obligation]:
    """Bookings ahead, as tourist or as host, payments that nobody is sure of, and money that is to go back; the first few."""
    return [*_bookings(session, user_id, now), *_payments(session, user_id), *_refunds(session, user_id)][:MOST]


def _bookings(session: Session, user_id: uuid.UUID, now: datetime) -> list[Obligation]:
    ahead = (Booking.status.in_(_AHEAD), Booking.ends_at > now)
    # Two questions, each along its index, rather than one that reads all that is ahead.
    asked = [
        select(Booking.id, Booking.reference, Booking.status, literal(role), Booking.starts_at)
        .where(mine == user_id, *ahead)
        .order_by(Booking.starts_at)
        .limit(MOST)
        for role, mine in (("tourist", Booking.customer_id), ("guide", Booking.host_id))
    ]
    return [
        Obligation("booking", row.id, row.reference, f"is {row.status} and not over, with you as its {row[3]}")
        for each in asked
        for row in session.execute(each)
    ]


def _payments(session: Session, user_id: uuid.UUID) -> list[Obligation]:
    unsure = or_(
        Payment.state.in_(WATCHED_STATES | {PaymentState.NEEDS_REVIEW, PaymentState.DISPUTED}),
        and_(Payment.failure_code == SUPERSEDED, Payment.next_query_at.is_not(None)),
    )
    asked = (
        select(Payment.id, Booking.reference, Payment.state)
        .join(Receivable, Receivable.id == Payment.receivable_id)
        .join(Booking, Booking.id == Receivable.booking_id)
        .where(Booking.customer_id == user_id, unsure)
        .limit(MOST)
    )
    reason = "its outcome is not certain yet"
    return [Obligation("payment", row.id, row.reference, reason) for row in session.execute(asked)]


def _refunds(session: Session, user_id: uuid.UUID) -> list[Obligation]:
    asked = (
        select(Refund.id, Booking.reference)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Receivable, Receivable.id == Payment.receivable_id)
        .join(Booking, Booking.id == Receivable.booking_id)
        .where(Booking.customer_id == user_id, Refund.state == RefundState.WAITING)
        .limit(MOST)
    )
    return [Obligation("refund", row.id, row.reference, "is still to be sent to you") for row in session.execute(asked)]
