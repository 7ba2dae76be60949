"""Tokens and codes that were sent to an address or a phone and work once: only their keyed hashes are kept."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.one_time import MOST_ATTEMPTS, Purpose
from models.base import Base, Created, Instant, WithId, one_of


class OneTimeToken(WithId, Created, Base):
    """One link in one mail, or one code in one SMS. A user has at most one open token of a purpose: a new one replaces it."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        one_of("purpose", Purpose),
        CheckConstraint("(purpose = 'phone_verification') = (phone IS NOT NULL)", name="phone_of_code"),
        CheckConstraint(f"attempts BETWEEN 0 AND {MOST_ATTEMPTS}", name="attempts_bounded"),
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
    #: Where a code was sent; it becomes the user's when the code comes back.
    phone: Mapped[str | None]
    #: How often a code was typed wrong.
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    replaced_at: Mapped[Instant | None]

    def is_live(self, now: datetime) -> bool:
        is_open = self.used_at is None and self.replaced_at is None
        return is_open and now < self.expires_at and self.attempts < MOST_ATTEMPTS
