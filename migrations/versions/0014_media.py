"""Uploads: one row each, written before its file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0015"

REFUSALS = (
    "'not_an_image', 'not_what_it_says', 'too_many_pixels', 'animated', 'damaged', 'lost', 'superseded', 'not_finished'"
)


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="receiving", nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("checksum", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("variants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('avatar')", name=op.f("ck_media_kind_known")),
        sa.CheckConstraint(
            "state IN ('receiving', 'processing', 'ready', 'refused', 'removed')", name=op.f("ck_media_state_known")
        ),
        sa.CheckConstraint(f"refusal IN ({REFUSALS})", name=op.f("ck_media_refusal_known")),
        sa.CheckConstraint("(state = 'refused') <= (refusal IS NOT NULL)", name=op.f("ck_media_refused_why")),
        sa.CheckConstraint(
            "state NOT IN ('processing', 'ready') OR (size_bytes > 0 AND checksum IS NOT NULL)",
            name=op.f("ck_media_received_whole"),
        ),
        sa.CheckConstraint("state <> 'ready' OR (width > 0 AND height > 0)", name=op.f("ck_media_ready_measured")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_media_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_index(op.f("ix_media_owner_id"), "media", ["owner_id"])
    op.create_index("ix_media_unfinished", "media", ["changed_at"], postgresql_where=sa.text("state <> 'ready'"))
    for state in ("ready", "processing"):
        op.create_index(
            f"uq_media_avatar_{state}",
            "media",
            ["owner_id"],
            unique=True,
            postgresql_where=sa.text(f"kind = 'avatar' AND state = '{state}'"),
        )


def downgrade() -> None:
    op.drop_table("media")
    # Work that the release which is left does not know.
    op.execute(
        "DELETE FROM jobs WHERE kind IN ('media.process_image', 'media.delete_files', 'periodic.sweep_media') "
        "AND done_at IS NULL"
    )
