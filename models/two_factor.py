"""The second factor of an account: a sealed seed, the last step that was accepted, keyed hashes of backup codes, and the
seed of a new phone until that one has shown a code."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from models.base import Base, Created, Instant
from models.sealed import SealedText


class TwoFactor(Created, Base):
    """An authenticator app's seed. It is asked for once ``users.two_factor_since`` says so; before, it is being set up.
    Changed only under the lock of the user's row."""

    __tablename__ = "two_factor"
    __table_args__ = (CheckConstraint("num_nonnulls(pending_secret, pending_until) IN (0, 2)", name="pending_whole"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(SealedText("its owner needs ./elite admin reset-2fa, and sets it up anew"))
    #: A code counts for its step of 30 s once; no step up to this one counts again.
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    backup_hashes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    #: The seed of another phone, which takes the place of ``secret`` once a code confirms it, until then at the latest.
    pending_secret: Mapped[str | None] = mapped_column(
        SealedText("its owner, whose old phone still works, asks for another QR code", heals=True)
    )
    pending_until: Mapped[Instant | None]

    def is_moving(self, now: datetime) -> bool:
        """Whether the seed of another phone may still be confirmed."""
        return self.pending_until is not None and now < self.pending_until

    def keep_pending(self, sealed: str, until: datetime) -> None:
        """The seed of another phone; one before it ends."""
        self.pending_secret, self.pending_until = sealed, until

    def take_pending(self, sealed: str) -> None:
        """The other phone's seed, sealed for this column, counts from now on."""
        self.secret, self.pending_secret, self.pending_until = sealed, None, None
