"""Licences that guides have sent, and what became of each; the one that holds is the profile's."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.licences import LONGEST_NUMBER, LONGEST_REASON, RenewalState
from models.base import Base, Created, Instant, WithId, one_of


class LicenceRenewal(WithId, Created, Base):
    """A licence that a guide has sent: at most one of theirs waits for an administrator."""

    __tablename__ = "licence_renewals"
    __table_args__ = (
        one_of("state", RenewalState),
        CheckConstraint(f"length(number) BETWEEN 1 AND {LONGEST_NUMBER}", name="number_length"),
        CheckConstraint(f"length(reason) <= {LONGEST_REASON}", name="reason_length"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_why"),
        Index(None, "user_id"),
        Index("uq_licence_renewals_waiting", "user_id", unique=True, postgresql_where=text("state = 'waiting'")),
        # What administrators look through.
        Index(None, "state", "submitted_at", "id"),
        Index(None, "document_id"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    number: Mapped[str]
    expires_on: Mapped[date]
    #: The picture or file that shows it; it goes once it proves nothing any more.
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(server_default=RenewalState.WAITING.value)
    submitted_at: Mapped[Instant]
    #: When somebody decided, or its guide sent another one.
    decided_at: Mapped[Instant | None]
    #: Why it was refused, in an administrator's words for the guide.
    reason: Mapped[str | None]

    def decide(self, state: RenewalState, now: datetime, reason: str | None = None) -> None:
        """Wait no more; ``reason`` is why it is refused."""
        self.state, self.decided_at, self.reason = state.value, now, reason
