"""Where push messages reach a user: one row for each app or browser that registered."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from domain.devices import LONGEST_TOKEN, Platform
from models.base import Base, Created, Instant, WithId, one_of


class DeviceToken(WithId, Created, Base):
    """One device's push token. It belongs to whoever registered it last, since phones change hands."""

    __tablename__ = "device_tokens"
    __table_args__ = (
        one_of("platform", Platform),
        CheckConstraint(f"length(token) BETWEEN 1 AND {LONGEST_TOKEN}", name="token_length"),
        Index(None, "user_id", "registered_at"),
        Index(None, "session_id"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    #: It goes when this session ends. Absent for what was registered before sessions were kept here.
    session_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sessions.id"))
    #: It tells this device from all others: never logged, never sent back.
    token: Mapped[str] = mapped_column(unique=True)
    platform: Mapped[str]
    registered_at: Mapped[Instant]
