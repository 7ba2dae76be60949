"""Bookings with everything their parties are shown, read in a fixed number of queries however many there are."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from domain.bookings import BookingState
from domain.holds import hold_ends_at
from domain.money import Money
from domain.payments import OPEN_STATES
from models.bookings import Booking, LineItem, Receivable
from models.catalogue import Listing
from models.payments import Payment, Refund
from models.users import User
from services.context import Context

Row = TypeVar("Row", Listing, User)
Part = TypeVar("Part", LineItem, Receivable)
_OLDEST_REFUND_FIRST = (Refund.requested_at, Refund.id)
#: Guide and tourist see each other's number from the confirmation until this long after the end.
PHONES_SHARED_AFTER_END = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class BookingDetails:
    """A booking and what belongs to it. ``hold_ends_at`` is known while seats wait for money."""

    booking: Booking
    listing: Listing
    tourist: User
    guide: User
    lines: Sequence[LineItem]
    receivables: Sequence[Receivable]
    refunds: Sequence[Refund]
    hold_ends_at: datetime | None
    phones_are_shared: bool

    @property
    def total(self) -> Money:
        first, *rest = (line.amount for line in self.lines)
        return sum(rest, start=first)


def details_of(session: Session, ctx: Context, bookings: Sequence[Booking]) -> list[BookingDetails]:
    """The details of each booking, in the same order."""
    if not bookings:
        return []
    ids = [booking.id for booking in bookings]
    listings = _by_id(session, Listing, {booking.listing_id for booking in bookings})
    users = _by_id(session, User, {b.customer_id for b in bookings} | {b.host_id for b in bookings})
    lines, receivables = _by_booking(session, LineItem, ids), _by_booking(session, Receivable, ids)
    refunds = _refunds_by_booking(session, ids)
    pending = [booking.id for booking in bookings if booking.state is BookingState.PENDING]
    payments_open_since = _open_payments(session, pending) if pending else {}
    now = ctx.now(session)
    return [
        BookingDetails(
            booking=booking,
            listing=listings[booking.listing_id],
            tourist=users[booking.customer_id],
            guide=users[booking.host_id],
            lines=sorted(lines[booking.id], key=lambda line: line.position),
            receivables=sorted(receivables[booking.id], key=lambda receivable: receivable.due_at),
            refunds=refunds[booking.id],
            hold_ends_at=hold_ends_at(
                ctx.policy.hold,
                booked_at=booking.booked_at,
                hold_expires_at=booking.hold_expires_at,
                open_payment_started_at=payments_open_since.get(booking.id),
            )
            if booking.state is BookingState.PENDING
            else None,
            phones_are_shared=phones_are_shared(booking, now),
        )
        for booking in bookings
    ]


def settling_payment(session: Session, booking_id: uuid.UUID) -> Payment | None:
    """The payment that paid for a booking, if one did."""
    return session.scalar(
        select(Payment)
        .join(Receivable, Receivable.id == Payment.receivable_id)
        .where(Receivable.booking_id == booking_id, Payment.settles)
    )


def phones_are_shared(booking: Booking, now: datetime) -> bool:
    """Whether guide and tourist may have each other's number."""
    agreed = booking.state in (BookingState.CONFIRMED, BookingState.COMPLETED)
    return agreed and now < booking.ends_at + PHONES_SHARED_AFTER_END


def refunds_of(session: Session, payment_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Refund]]:
    """What goes back of each payment, oldest first; an empty list where nothing does."""
    grouped: dict[uuid.UUID, list[Refund]] = defaultdict(list)
    rows = session.scalars(select(Refund).where(Refund.payment_id.in_(payment_ids)).order_by(*_OLDEST_REFUND_FIRST))
    for refund in rows:
        grouped[refund.payment_id].append(refund)
    return grouped


def _refunds_by_booking(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Refund]]:
    grouped: dict[uuid.UUID, list[Refund]] = defaultdict(list)
    rows = session.execute(
        select(Receivable.booking_id, Refund)
        .join(Payment, Payment.receivable_id == Receivable.id)
        .join(Refund, Refund.payment_id == Payment.id)
        .where(Receivable.booking_id.in_(ids))
        .order_by(*_OLDEST_REFUND_FIRST)
    )
    for booking_id, refund in rows:
        grouped[booking_id].append(refund)
    return grouped


def _by_id(session: Session, model: type[Row], ids: set[uuid.UUID]) -> dict[uuid.UUID, Row]:
    """Rows by their ids; those that this session has at hand are not read again."""
    at_hand = {id_: row for id_ in ids if (row := session.identity_map.get(identity_key(model, id_))) is not None}
    missing = ids - at_hand.keys()
    if missing:
        at_hand |= {row.id: row for row in session.scalars(select(model).where(model.id.in_(missing)))}
    return at_hand


def _by_booking(session: Session, model: type[Part], ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Part]]:
    grouped: dict[uuid.UUID, list[Part]] = defaultdict(list)
    for row in session.scalars(select(model).where(model.booking_id.in_(ids))):
        grouped[row.booking_id].append(row)
    return grouped


def _open_payments(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When the latest payment that is still open was started, by booking."""
    rows = session.execute(
        select(Receivable.booking_id, func.max(Payment.started_at))
        .join(Payment, Payment.receivable_id == Receivable.id)
        .where(Receivable.booking_id.in_(ids), Payment.state.in_(OPEN_STATES))
        .group_by(Receivable.booking_id)
    )
    return dict(rows.all())
