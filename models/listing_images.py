"""The pictures of a listing in their order; ``listings.images`` repeats what may be shown of them for hot reads."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Created, WithId


class ListingImage(WithId, Created, Base):
    """One picture: an upload, or a file of our own under a key. It goes with its upload's row."""

    __tablename__ = "listing_images"
    __table_args__ = (
        UniqueConstraint("listing_id", "position"),
        UniqueConstraint("media_id"),
        CheckConstraint("num_nonnulls(media_id, key) = 1", name="one_source"),
        CheckConstraint("position > 0", name="position_positive"),
    )

    listing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("listings.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    media_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"))
    key: Mapped[str | None]
    #: What it shows, for who does not see it.
    alt_text: Mapped[str] = mapped_column(server_default=text("''"))
