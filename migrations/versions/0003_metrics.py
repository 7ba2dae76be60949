"""Indexes of what operators watch: dead jobs, payments without a certain end, payments that want a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_UNSETTLED = "state IN ('pending', 'processing', 'unknown', 'needs_review', 'disputed')"
_INDEXES = (
    ("ix_jobs_dead", "jobs", ("queue", "kind"), "dead_at IS NOT NULL"),
    ("ix_payments_unsettled", "payments", ("state",), _UNSETTLED),
    ("ix_payments_attention", "payments", ("attention", "state"), "attention IS NOT NULL OR state = 'needs_review'"),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # Both tables are large and always in use. Building waits for the transactions of this moment and holds up nobody.
        op.execute("SET lock_timeout = '60s'")
        op.execute("SET statement_timeout = '30min'")
        for name, table, columns, where in _INDEXES:
            # A build that was broken off leaves its index behind, of no use to anybody.
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(name, table, list(columns), postgresql_where=sa.text(where), postgresql_concurrently=True)
        op.execute("SET lock_timeout = '4s'")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
