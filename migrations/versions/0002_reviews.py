"""Reviews of completed bookings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("photos", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helpful_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("status IN ('pending', 'approved', 'rejected')", name=op.f("ck_reviews_status_known")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_rating_bounds")),
        sa.CheckConstraint("length(comment) BETWEEN 1 AND 4000", name=op.f("ck_reviews_comment_length")),
        sa.CheckConstraint("cardinality(photos) <= 5", name=op.f("ck_reviews_photos_few")),
        sa.CheckConstraint("(response IS NULL) = (responded_at IS NULL)", name=op.f("ck_reviews_response_dated")),
        sa.CheckConstraint("helpful_count >= 0", name=op.f("ck_reviews_helpful_positive")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_reviews_booking_id_bookings"),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_reviews_listing_id_listings"),
        sa.ForeignKeyConstraint(["host_id"], ["users.id"], name="fk_reviews_host_id_users"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_reviews_author_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("booking_id", name="uq_reviews_booking_id"),
    )
    op.create_index("ix_reviews_listing_id_rating", "reviews", ["listing_id", "rating"])
    op.create_index("ix_reviews_host_id_rating", "reviews", ["host_id", "rating"])
    op.create_index("ix_reviews_author_id", "reviews", ["author_id"])
    op.create_index("ix_reviews_status_submitted_at", "reviews", ["status", "submitted_at"])


def downgrade() -> None:
    op.drop_table("reviews")
