"""What users are told or shown (notifications), each sending of it on a channel (deliveries), and what they refused."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.notices import ChangeKind, NoticeKind
from domain.users import LOCALES
from models.base import Base, Created, Instant, Minor, WithId, one_of
from models.users import User


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"


class Notification(WithId, Created, Base):
    """One thing a user is told or shown; ``seq`` increases by one for each of the user's, so that a client can ask what it
    missed. Changes have no words and no badge, and are never delivered."""

    __tablename__ = "notifications"
    __table_args__ = (
        one_of("kind", NoticeKind, ChangeKind),
        UniqueConstraint("user_id", "seq"),
        Index("ix_notifications_unread", "user_id", postgresql_where=text("has_badge AND read_at IS NULL")),
        #: What a user was last shown of a booking.
        Index(
            "ix_notifications_changes",
            "user_id",
            text("(data ->> 'booking_id')"),
            "seq",
            postgresql_where=text("NOT has_badge"),
        ),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    seq: Mapped[Minor]
    #: The same news is told once.
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    #: Ids (``booking_id``, ``payment_id``, ``refund_id``), and for a change the new state.
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    has_badge: Mapped[bool] = mapped_column(server_default=text("true"))
    read_at: Mapped[Instant | None]

    user: Mapped[User] = relationship(lazy="raise")


class Delivery(WithId, Created, Base):
    """One sending on one channel, at least once and at most one duplicate per crash."""

    __tablename__ = "deliveries"
    __table_args__ = (
        one_of("state", DeliveryState),
        CheckConstraint(f"locale IN {LOCALES}", name="locale_known"),
        CheckConstraint("num_nonnulls(notification_id, application_id) = 1", name="one_occasion"),
        CheckConstraint("(application_id IS NULL) = (kind IS NULL)", name="kind_of_application"),
        UniqueConstraint("notification_id", "channel"),
        Index(None, "channel", "provider_id"),
        Index(None, "application_id"),
    )

    #: What a user is told by it; nothing for an applicant, who need not have an account.
    notification_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notifications.id"))
    application_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("guide_applications.id", ondelete="CASCADE"))
    #: What an applicant is told by it: a member of NoticeKind, without a CHECK like a job's kind.
    kind: Mapped[str | None]
    #: Text, not a vocabulary of the database: channels are a registry.
    channel: Mapped[str]
    address: Mapped[str]
    locale: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=DeliveryState.QUEUED.value)
    calls: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    call_started_at: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    provider_id: Mapped[str | None]
    cost: Mapped[str | None]
    error_code: Mapped[str | None]

    notification: Mapped[Notification] = relationship(lazy="raise")


class NotificationPreference(Base):
    """What a user has decided about one channel of one category; without a row it is on."""

    __tablename__ = "notification_preferences"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    #: Text like the channel: both come from the table of notices, which grows without migrations.
    category: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    is_enabled: Mapped[bool]
    changed_at: Mapped[Instant]
