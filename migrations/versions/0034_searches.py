"""What is looked at and searched for, by day, and everybody's own searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "view_counts",
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("viewed_on", sa.Date(), nullable=False),
        sa.Column("view_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_view_counts_listing_id_listings"),
        sa.PrimaryKeyConstraint("listing_id", "viewed_on", name="pk_view_counts"),
    )
    op.create_table(
        "search_queries",
        sa.Column("searched_on", sa.Date(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("searcher_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("searched_on", "query", name="pk_search_queries"),
    )
    op.create_table(
        "popular_searches",
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("searcher_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("query", name="pk_popular_searches"),
    )
    op.create_table(
        "search_history",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_search_history_user_id_users"),
        sa.PrimaryKeyConstraint("user_id", "query", name="pk_search_history"),
    )
    op.create_index("ix_search_history_user_id_searched_at", "search_history", ["user_id", "searched_at"])


def downgrade() -> None:
    for table in ("search_history", "popular_searches", "search_queries", "view_counts"):
        op.drop_table(table)
    # Work that the release which is left does not know.
    op.execute("DELETE FROM jobs WHERE kind = 'periodic.write_tallies' AND done_at IS NULL")
