"""Providers' calls exactly as they came, stored once and committed before they are acknowledged."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Created, Instant, WithId


class WebhookEvent(WithId, Created, Base):
    """One call. ``event_id`` is the provider's, or a hash of path token and body where it gives none."""

    __tablename__ = "webhook_inbox"
    __table_args__ = (UniqueConstraint("provider", "event_id"), Index(None, "payment_id"))

    provider: Mapped[str]
    event_id: Mapped[str]
    payment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payments.id"))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    source_ip: Mapped[str | None] = mapped_column(INET)
    received_at: Mapped[Instant]
    processed_at: Mapped[Instant | None]
    #: What became of it, in a word.
    outcome: Mapped[str | None]
