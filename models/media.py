"""Uploaded files: whose, what for, how far they have come, and under which keys they lie."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.applications import Part
from domain.media import MediaKind, MediaState, Refusal, incoming_key
from models.base import Base, Created, Instant, WithId, one_of

_REFUSALS = ", ".join(f"'{reason.value}'" for reason in Refusal)


class Media(WithId, Created, Base):
    """One upload. Its keys follow from the row, which is written first: no file is ever without one."""

    __tablename__ = "media"
    __table_args__ = (
        one_of("kind", MediaKind),
        one_of("state", MediaState),
        CheckConstraint(f"refusal IN ({_REFUSALS})", name="refusal_known"),
        CheckConstraint("(state = 'refused') <= (refusal IS NOT NULL)", name="refused_why"),
        CheckConstraint("state NOT IN ('processing', 'ready') OR size_bytes > 0", name="received_whole"),
        CheckConstraint("state <> 'ready' OR checksum IS NOT NULL", name="ready_digested"),
        CheckConstraint("state <> 'ready' OR kind = 'document' OR (width > 0 AND height > 0)", name="ready_measured"),
        # One avatar is shown, and one may be on its way to take its place.
        Index(
            "uq_media_avatar_ready",
            "owner_id",
            unique=True,
            postgresql_where=text("kind = 'avatar' AND state = 'ready'"),
        ),
        Index(
            "uq_media_avatar_processing",
            "owner_id",
            unique=True,
            postgresql_where=text("kind = 'avatar' AND state = 'processing'"),
        ),
        # Where an application was erased, its files may still be on their way out.
        CheckConstraint("num_nonnulls(owner_id, application_id) = 1 OR state = 'removed'", name="one_owner"),
        one_of("application_part", Part),
        CheckConstraint("application_id IS NULL OR application_part IS NOT NULL", name="part_of_application"),
        Index(None, "owner_id"),
        Index(None, "application_id"),
        # What the sweep looks through.
        Index("ix_media_unfinished", "changed_at", postgresql_where=text("state <> 'ready'")),
        Index(
            "ix_media_unattached",
            "changed_at",
            postgresql_where=text("state = 'ready' AND attached_at IS NULL AND kind <> 'avatar'"),
        ),
    )

    #: Whoever sent it; nobody's where it belongs to something that has no account.
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    #: The application that it belongs to, and as what.
    application_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("guide_applications.id", ondelete="SET NULL"))
    application_part: Mapped[str | None]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=MediaState.RECEIVING.value)
    #: Why it was refused.
    refusal: Mapped[str | None]
    #: Whether anybody may fetch what was made of it.
    is_public: Mapped[bool]
    #: What the sender says it is.
    content_type: Mapped[str]
    #: Of the file as it came: its length, at first as it was announced, and its SHA-256, where it did not come through us only
    #: once it is checked.
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    checksum: Mapped[str | None]
    #: Of the image or video as it came, upright.
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    #: The keys of what is made of it, by name; they are known before the files are.
    variants: Mapped[dict[str, str]] = mapped_column(JSONB)
    begun_at: Mapped[Instant]
    #: When the state last changed.
    changed_at: Mapped[Instant]
    #: Since when something uses it; what nothing uses is collected.
    attached_at: Mapped[Instant | None]
    #: Until then its sender may put a file under its incoming key, past us.
    open_until: Mapped[Instant | None]

    @property
    def incoming_key(self) -> str:
        """Where it lies as it came, until it is checked."""
        return incoming_key(self.begun_at, self.id)

    @property
    def is_in_use(self) -> bool:
        """Whether something shows it or leads to it. An avatar is used by being ready."""
        return self.attached_at is not None or (self.kind == MediaKind.AVATAR and self.state == MediaState.READY)

    def move(self, state: MediaState, now: datetime, refusal: Refusal | None = None) -> None:
        """Go into another state."""
        self.state, self.changed_at = state.value, now
        if refusal:
            self.refusal = refusal.value
