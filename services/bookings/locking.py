"""Locking everything that one booking or payment may move: read the ids unlocked, lock in order, read again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.bookings import BookingState
from domain.errors import NotFound
from models.bookings import Booking, Receivable
from models.departures import Departure
from models.locks import lock_bookings, lock_departures, lock_payments, lock_resources
from models.payments import Payment
from services.bookings import seats
from services.context import Context


@dataclass(slots=True)
class Held:
    """A payment with everything that its state may move, locked and read anew."""

    payment: Payment
    payments: list[Payment]
    receivable: Receivable
    booking: Booking
    departure: Departure


def lock_booking(session: Session, ctx: Context, booking_id: uuid.UUID) -> tuple[Booking, Departure]:
    """A booking and its departure. For an expired booking, whose late money may want its seats back, holds that have
    ended around it are freed on the way. Raises ``booking_not_found``."""
    row = session.execute(
        select(Booking.departure_id, Booking.status, Booking.starts_at, Booking.ends_at, Departure.resource_id)
        .join(Departure, Departure.id == Booking.departure_id)
        .where(Booking.id == booking_id)
    ).first()
    if row is None:
        raise NotFound("booking_not_found", "There is no such booking.")
    lock_resources(session, [row.resource_id])
    if row.status == BookingState.EXPIRED:
        seats.free_ended_holds(
            session,
            ctx,
            row.resource_id,
            row.starts_at,
            row.ends_at,
            departure_id=row.departure_id,
            booking_id=booking_id,
        )
        return session.get_one(Booking, booking_id), session.get_one(Departure, row.departure_id)
    (departure,) = lock_departures(session, [row.departure_id])
    (booking,) = lock_bookings(session, [booking_id])
    return booking, departure


def lock_payment(session: Session, ctx: Context, payment_id: uuid.UUID) -> Held:
    """A payment, its siblings, and the booking they pay for. Raises ``payment_not_found``."""
    booking_id = session.scalar(
        select(Receivable.booking_id)
        .join(Payment, Payment.receivable_id == Receivable.id)
        .where(Payment.id == payment_id)
    )
    if booking_id is None:
        raise NotFound("payment_not_found", "There is no such payment.")
    booking, departure = lock_booking(session, ctx, booking_id)
    payments = list(lock_payments(session, [booking_id]))
    payment = next(one for one in payments if one.id == payment_id)
    receivable = session.get_one(Receivable, payment.receivable_id, populate_existing=True)
    return Held(payment, payments, receivable, booking, departure)
