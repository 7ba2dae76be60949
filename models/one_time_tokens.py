"""Tokens that were sent to an address and work once: only their keyed hashes are kept."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.one_time import Purpose
from models.base import Base, Created, Instant, WithId, one_of


class OneTimeToken(WithId, Created, Base):
    """One link in one mail. A user has at most one open token of a purpose: a new one replaces it."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        one_of("purpose", Purpose),
        Index(
            "uq_one_time_tokens_open",
            "user_id",
            "purpose",
            unique=True,
            postgresql_where=text("used_at IS NULL AND replaced_at IS NULL"),
        ),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    replaced_at: Mapped[Instant | None]

    def is_live(self, now: datetime) -> bool:
        return self.used_at is None and self.replaced_at is None and now < self.expires_at
