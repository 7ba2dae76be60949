"""A party's seats: the booking, what happened to it, its price line by line, and what is owed for it."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from domain.bookings import HOLDS_SEATS, BookingState, BookingVerb, next_state
from domain.cancellation import RefundTier
from domain.listings import Confirmation
from domain.money import Money
from domain.pricing import Line, LineKind
from domain.references import SPACE, reference
from models.base import Base, Created, Instant, Json, Minor, WithId, one_of
from models.catalogue import Listing
from models.departures import Departure


class ReceivableState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    VOID = "void"


class ReceivablePurpose(StrEnum):
    FULL = "full"


def new_reference() -> str:
    """A fresh booking reference; the unique constraint catches the one collision in 34 billion."""
    return reference("B", secrets.randbelow(SPACE))


class Booking(WithId, Created, Base):
    """Seats of one departure for one party. Customer and host are users, whatever their roles."""

    __tablename__ = "bookings"
    __table_args__ = (
        one_of("status", BookingState),
        one_of("confirmation", Confirmation),
        CheckConstraint("seats > 0", name="seats_positive"),
        CheckConstraint("starts_at < ends_at", name="times_ordered"),
        Index(None, "customer_id", "starts_at"),
        Index(None, "host_id", "starts_at"),
        Index(None, "status", "starts_at"),
        Index(None, "departure_id"),
        Index(
            "uq_bookings_one_hold",
            "customer_id",
            "departure_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
    )

    reference: Mapped[str] = mapped_column(unique=True, default=new_reference)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    host_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    listing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("listings.id"))
    departure_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("departures.id"))
    seats: Mapped[int] = mapped_column(SmallInteger)
    #: Guests by tier, ``{"adult": 2}``.
    guests: Mapped[Json]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    currency: Mapped[str]
    #: KES for one unit of ``currency``, frozen when booked.
    fx_rate: Mapped[Decimal] = mapped_column(Numeric(18, 8), server_default="1")
    status: Mapped[str] = mapped_column(server_default=BookingState.PENDING.value)
    #: Copied from the listing, so that a later change does not change what was promised.
    confirmation: Mapped[str]
    booked_at: Mapped[Instant]
    hold_expires_at: Mapped[Instant]
    #: ``[{"until": iso, "percent": 100}]``, earliest first.
    refund_tiers: Mapped[list[Any]] = mapped_column(JSONB)
    special_requests: Mapped[str | None]
    cancelled_at: Mapped[Instant | None]
    cancelled_by: Mapped[str | None]
    cancellation_reason: Mapped[str | None]

    listing: Mapped[Listing] = relationship(lazy="raise")
    departure: Mapped[Departure] = relationship(lazy="raise")
    lines: Mapped[list[LineItem]] = relationship(lazy="raise", order_by="LineItem.position", viewonly=True)
    receivables: Mapped[list[Receivable]] = relationship(lazy="raise", order_by="Receivable.created_at", viewonly=True)

    @property
    def state(self) -> BookingState:
        return BookingState(self.status)

    @property
    def holds_seats(self) -> bool:
        return self.state in HOLDS_SEATS

    @property
    def cancellation_tiers(self) -> list[RefundTier]:
        return [RefundTier(datetime.fromisoformat(t["until"]), t["percent"]) for t in self.refund_tiers]

    def move(self, session: Session, verb: BookingVerb, at: datetime, *, actor_id: uuid.UUID | None = None) -> bool:
        """Apply a verb of the state table and write the event; False where the target state already holds.

        Raises :class:`domain.errors.Conflict` where the table refuses.
        """
        target = next_state(self.state, verb)
        if target is None:
            return False
        session.add(
            BookingEvent(
                booking_id=self.id,
                verb=verb.value,
                from_status=self.status,
                to_status=target.value,
                at=at,
                actor_id=actor_id,
            )
        )
        self.status = target.value
        return True


class BookingEvent(WithId, Created, Base):
    """One change of a booking; append-only (a trigger refuses anything else)."""

    __tablename__ = "booking_events"
    __table_args__ = (one_of("verb", BookingVerb), Index(None, "booking_id"))

    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bookings.id"))
    verb: Mapped[str]
    from_status: Mapped[str]
    to_status: Mapped[str]
    at: Mapped[Instant]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class LineItem(WithId, Created, Base):
    """One line of a price; append-only, and the total is their sum."""

    __tablename__ = "line_items"
    __table_args__ = (
        one_of("kind", LineKind),
        UniqueConstraint("booking_id", "position"),
        CheckConstraint("amount_minor = quantity * unit_minor", name="amount_adds_up"),
    )

    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bookings.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    description: Mapped[str]
    quantity: Mapped[int]
    unit_minor: Mapped[Minor]
    amount_minor: Mapped[Minor]
    currency: Mapped[str]

    @classmethod
    def of(cls, booking_id: uuid.UUID, position: int, line: Line) -> LineItem:
        return cls(
            booking_id=booking_id,
            position=position,
            kind=line.kind.value,
            description=line.description,
            quantity=line.quantity,
            unit_minor=line.unit.minor,
            amount_minor=line.amount.minor,
            currency=line.unit.currency,
        )

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def unit(self) -> Money:
        return Money(self.unit_minor, self.currency)


class Receivable(WithId, Created, Base):
    """What somebody owes for a booking; payments pay receivables, never bookings."""

    __tablename__ = "receivables"
    __table_args__ = (
        one_of("state", ReceivableState),
        one_of("purpose", ReceivablePurpose),
        CheckConstraint("amount_minor >= 0", name="amount_positive"),
        UniqueConstraint("booking_id", "purpose"),
    )

    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bookings.id"))
    payer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str] = mapped_column(server_default=ReceivablePurpose.FULL.value)
    amount_minor: Mapped[Minor]
    currency: Mapped[str]
    due_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(server_default=ReceivableState.OPEN.value)
    settled_at: Mapped[Instant | None]

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    def settle(self, at: datetime) -> None:
        self.state, self.settled_at = ReceivableState.SETTLED.value, at

    def void(self) -> None:
        if self.state == ReceivableState.OPEN:
            self.state = ReceivableState.VOID.value

    def reopen(self) -> None:
        """Late money found its seats again: what was void is owed, and about to be settled."""
        self.state = ReceivableState.OPEN.value
