"""Copies of their data that people asked for, as files that lie in private storage for a while."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.exports import ExportState
from domain.files import PRIVATE
from models.base import Base, Created, Instant, Minor, WithId, one_of
from models.one_time_tokens import OneTimeToken


def new_storage_key() -> str:
    """256 bits that nobody is told: a file is reached through us."""
    return f"{PRIVATE}exports/{secrets.token_urlsafe(32)}.zip"


class DataExport(WithId, Created, Base):
    """One copy of one person's data. Its key is there before the file, so that no file is ever without a row."""

    __tablename__ = "data_exports"
    __table_args__ = (
        one_of("state", ExportState),
        CheckConstraint(
            "state <> 'ready' OR num_nonnulls(ready_at, expires_at, size, token_id) = 4", name="ready_whole"
        ),
        Index("uq_data_exports_waiting", "user_id", unique=True, postgresql_where=text("state = 'waiting'")),
        Index(None, "user_id"),
        Index("ix_data_exports_to_delete", "expires_at", postgresql_where=text("state <> 'deleted'")),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(server_default=ExportState.WAITING.value)
    storage_key: Mapped[str] = mapped_column(unique=True, default=new_storage_key)
    requested_at: Mapped[Instant]
    ready_at: Mapped[Instant | None]
    #: Bytes of the file.
    size: Mapped[Minor | None]
    #: From here on the file is deleted.
    expires_at: Mapped[Instant | None]
    #: The link of the mail; no foreign key, for tokens are forgotten when they are over.
    token_id: Mapped[uuid.UUID | None]

    def be_ready(self, now: datetime, size: int, token: OneTimeToken) -> None:
        """The file is there, for as long as its link works."""
        self.state, self.ready_at, self.size = ExportState.READY.value, now, size
        self.expires_at, self.token_id = token.expires_at, token.id

    def be_over(self, now: datetime) -> None:
        """Nobody is to have the file any more."""
        self.state, self.expires_at = ExportState.OVER.value, now

    def be_deleted(self) -> None:
        """The storage has no file of it."""
        self.state = ExportState.DELETED.value
