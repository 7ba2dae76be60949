"""The second factor of an account: a sealed seed, the last step that was accepted, and keyed hashes of backup codes."""

from __future__ import annotations

import uuid

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from models.base import Base, Created
from models.sealed import SealedText


class TwoFactor(Created, Base):
    """An authenticator app's seed. It is asked for once ``users.two_factor_since`` says so; before, it is being set up.
    Changed only under the lock of the user's row."""

    __tablename__ = "two_factor"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(SealedText("its owner needs ./elite admin reset-2fa, and sets it up anew"))
    #: A code counts for its step of 30 s once; no step up to this one counts again.
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    backup_hashes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
