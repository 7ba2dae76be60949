"""Seats: taking them under lock, giving them back, and freeing those whose hold has ended."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.bookings import BookingState, BookingVerb
from domain.errors import Conflict
from domain.holds import hold_ends_at
from domain.notices import NoticeKind
from domain.payments import OPEN_STATES
from models.base import new_id
from models.bookings import Booking, Receivable
from models.departures import Departure
from models.jobs import finish_by_key
from models.locks import lock_bookings, lock_departures
from models.payments import Payment
from services.availability.experiences import LONGEST_BUFFER
from services.bookings.changes import move_booking
from services.context import Context
from services.telling import tell


@dataclass(frozen=True, slots=True)
class SeatRequest:
    """Seats of one run of a listing; ``capacity`` counts only where the run is made by this request."""

    listing_id: uuid.UUID
    resource_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    seats: int
    capacity: int


def take_seats(session: Session, requests: Sequence[SeatRequest]) -> list[Departure]:
    """Take all the seats or none. The caller holds the locks of the resources, and goes on after a refusal only where it
    asked within a savepoint.

    Raises ``seats_sold_out`` where the counter refuses, ``guide_busy`` where the exclusion constraint does.
    """
    return [_take(session, request) for request in requests]


def give_back_seats(session: Session, departure: Departure, seats: int) -> None:
    """The counter's CHECK refuses to go below zero."""
    session.execute(
        update(Departure)
        .where(Departure.id == departure.id)
        .values(seats_taken=Departure.seats_taken - seats)
        .execution_options(synchronize_session=False)
    )
    session.refresh(departure)


def hold_end(session: Session, ctx: Context, booking: Booking) -> datetime:
    """When this pending booking's seats are free for others."""
    started = session.scalar(
        select(func.max(Payment.started_at))
        .join(Receivable, Receivable.id == Payment.receivable_id)
        .where(Receivable.booking_id == booking.id, Payment.state.in_(OPEN_STATES))
    )
    return hold_ends_at(
        ctx.policy.hold,
        booked_at=booking.booked_at,
        hold_expires_at=booking.hold_expires_at,
        open_payment_started_at=started,
    )


def free_ended_holds(
    session: Session,
    ctx: Context,
    resource_id: uuid.UUID,
    start: datetime,
    end: datetime,
    *,
    departure_id: uuid.UUID | None = None,
    booking_id: uuid.UUID | None = None,
) -> bool:
    """Expire the ended holds that stand in the way of [start, end), buffers included. The resource is locked. Answers
    whether any seats around that time were taken at all.

    ``departure_id`` and ``booking_id`` are locked along, in order, for a caller that goes on with them.
    """
    near = func.tstzrange(start - LONGEST_BUFFER, end + LONGEST_BUFFER, type_=TSTZRANGE)
    ids = set(
        session.scalars(
            select(Departure.id).where(
                Departure.resource_id == resource_id, Departure.seats_taken > 0, Departure.during.overlaps(near)
            )
        )
    ) | ({departure_id} if departure_id else set())
    if not ids:
        return False
    departures = {departure.id: departure for departure in lock_departures(session, ids)}
    pending = set(
        session.scalars(select(Booking.id).where(Booking.departure_id.in_(ids), Booking.status == BookingState.PENDING))
    ) | ({booking_id} if booking_id else set())
    if not pending:
        return True
    bookings = lock_bookings(session, pending)
    now = ctx.now(session)
    for booking in bookings:
        if booking.state is BookingState.PENDING and hold_end(session, ctx, booking) <= now:
            expire(session, ctx, booking, departures[booking.departure_id], now)
    return True


def expire(session: Session, ctx: Context, booking: Booking, departure: Departure, now: datetime) -> None:
    """End a hold: state, seats, what was owed, its job, and word to the tourist. Both rows are locked."""
    if not move_booking(session, ctx, booking, BookingVerb.EXPIRE, now):
        return
    give_back_seats(session, departure, booking.seats)
    void_receivables(session, booking)
    finish_by_key(session, hold_key(booking.id), now)
    tell(session, ctx, NoticeKind.HOLD_EXPIRED, booking.customer_id, booking, now=now)


def void_receivables(session: Session, booking: Booking) -> None:
    """What was owed for seats that are given up is owed no more."""
    for receivable in session.scalars(select(Receivable).where(Receivable.booking_id == booking.id)):
        receivable.void()


def hold_key(booking_id: uuid.UUID) -> str:
    """The key of the job that ends a hold."""
    return f"hold:{booking_id}"


def _take(session: Session, request: SeatRequest) -> Departure:
    during = Range(request.starts_at, request.ends_at)
    departure_id = session.scalar(
        insert(Departure)
        .values(
            id=new_id(),
            listing_id=request.listing_id,
            resource_id=request.resource_id,
            during=during,
            capacity=request.capacity,
            seats_taken=0,
        )
        .on_conflict_do_nothing(constraint="uq_departures_listing_id_resource_id_during")
        .returning(Departure.id)
    ) or session.scalar(
        select(Departure.id).where(
            Departure.listing_id == request.listing_id,
            Departure.resource_id == request.resource_id,
            Departure.during == during,
        )
    )
    try:
        taken = session.scalar(
            update(Departure)
            .where(Departure.id == departure_id, Departure.seats_taken + request.seats <= Departure.capacity)
            .values(seats_taken=Departure.seats_taken + request.seats)
            .returning(Departure)
            .execution_options(populate_existing=True)
        )
    except IntegrityError as error:
        if "ex_departures_resource_busy" not in str(error):
            raise
        raise Conflict("guide_busy", "The guide is already taken at this time.") from error
    if taken is None:
        raise sold_out(request.seats, 0)
    return taken


def sold_out(wanted: int, free: int) -> Conflict:
    """The refusal that a frontend turns into another choice."""
    left = "no seats are" if free <= 0 else f"only {free} {'seat is' if free == 1 else 'seats are'}"
    return Conflict(
        "seats_sold_out", f"You asked for {wanted}, but {left} left at this time.", extra={"seats_free": max(free, 0)}
    )
