"""What users want to be told on which channel, and the devices on which pushes reach them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_notification_preferences_user_id_users"),
        sa.PrimaryKeyConstraint("user_id", "category", "channel", name="pk_notification_preferences"),
    )
    op.create_table(
        "device_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("platform IN ('ios', 'android', 'web')", name=op.f("ck_device_tokens_platform_known")),
        sa.CheckConstraint("length(token) BETWEEN 1 AND 1024", name=op.f("ck_device_tokens_token_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_device_tokens_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_device_tokens"),
        sa.UniqueConstraint("token", name="uq_device_tokens_token"),
    )
    op.create_index("ix_device_tokens_user_id_registered_at", "device_tokens", ["user_id", "registered_at"])


def downgrade() -> None:
    op.drop_table("device_tokens")
    op.drop_table("notification_preferences")
