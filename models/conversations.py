"""What two people write to each other: one conversation for each pair, and its messages."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Created, Instant, WithId


class Conversation(WithId, Created, Base):
    """Two people who may write to each other. There is one for each pair, whoever began it."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("lower_id", "higher_id"),
        CheckConstraint("lower_id < higher_id", name="pair_ordered"),
        Index(None, "lower_id", "last_message_at"),
        Index(None, "higher_id", "last_message_at"),
    )

    #: The two, in the order of their ids.
    lower_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    higher_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    last_message_at: Mapped[Instant]

    def other_than(self, user_id: uuid.UUID) -> uuid.UUID:
        return self.higher_id if user_id == self.lower_id else self.lower_id


class Message(WithId, Created, Base):
    """One message; empty once either of the two has been erased."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("sender_id <> receiver_id", name="two_people"),
        Index(None, "conversation_id", "sent_at", "id"),
        Index(None, "sender_id", "receiver_id", "sent_at"),
        Index("ix_messages_unread", "receiver_id", postgresql_where=text("read_at IS NULL")),
        Index(None, "receiver_id", "sent_at"),
        Index("ix_messages_booking_id", "booking_id", postgresql_where=text("booking_id IS NOT NULL")),
    )

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    receiver_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    #: What it was asked about, where that was an experience, or a booking.
    listing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("listings.id"))
    booking_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("bookings.id"))
    body: Mapped[str]
    sent_at: Mapped[Instant]
    delivered_at: Mapped[Instant | None]
    read_at: Mapped[Instant | None]
