"""What tourists say about completed bookings; the ratings of listings and guides are the mean of what is approved."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from domain.reviews import MOST_PHOTOS, ReviewStatus
from models.base import Base, Created, Instant, WithId, one_of


class Review(WithId, Created, Base):
    """One per completed booking. Listing, host and author are copied from it, because reviews are read by them."""

    __tablename__ = "reviews"
    __table_args__ = (
        one_of("status", ReviewStatus),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_bounds"),
        CheckConstraint("length(comment) BETWEEN 1 AND 4000", name="comment_length"),
        CheckConstraint(f"cardinality(photos) <= {MOST_PHOTOS}", name="photos_few"),
        CheckConstraint("(response IS NULL) = (responded_at IS NULL)", name="response_dated"),
        CheckConstraint("helpful_count >= 0", name="helpful_positive"),
        Index(None, "listing_id", "rating"),
        Index(None, "host_id", "rating"),
        Index(None, "author_id"),
        Index(None, "status", "submitted_at"),
    )

    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bookings.id"), unique=True)
    listing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("listings.id"))
    host_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    rating: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str]
    #: Storage keys, or full addresses.
    photos: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    status: Mapped[str] = mapped_column(server_default=ReviewStatus.PENDING.value)
    submitted_at: Mapped[Instant]
    response: Mapped[str | None]
    responded_at: Mapped[Instant | None]
    helpful_count: Mapped[int] = mapped_column(server_default="0")
