"""Offers that nobody took are counted, so that a job which kills its workers is known by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0061"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("offers", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("jobs", "offers")
