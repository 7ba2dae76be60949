"""Whoever writes a document puts its entries in order at once: what waits in a list is read by everybody who searches."""

from __future__ import annotations

from alembic import op

revision = "0051"
down_revision = "0050"

_INDEXES = [f"ix_search_documents_vector_{band}" for band in range(6)]


def upgrade() -> None:
    for name in _INDEXES:
        op.execute(f"ALTER INDEX {name} SET (fastupdate = off)")
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = '30min'")
        for name in _INDEXES:
            op.execute(f"SELECT gin_clean_pending_list('{name}')")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    for name in _INDEXES:
        op.execute(f"ALTER INDEX {name} RESET (fastupdate)")
