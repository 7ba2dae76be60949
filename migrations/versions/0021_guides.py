"""Guides found by region, language, specialization, stars and experience, and profiles that count their changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0024"

#: Name, its columns, and how it is made where that is not as usual.
_INDEXES = (
    ("ix_guides_found_by_stars", [sa.text("rating_average DESC"), "id"], "btree"),
    ("ix_guides_found_by_experience", [sa.text("years_experience DESC"), "id"], "btree"),
    ("ix_guides_found_by_region", [sa.text("lower(region)")], "btree"),
    ("ix_guides_found_by_languages", [sa.text("lower_all(languages)")], "gin"),
    ("ix_guides_found_by_specializations", [sa.text("lower_all(specializations)")], "gin"),
)
#: What they replace.
_REPLACED = (("ix_guides_rating_average", "rating_average"), ("ix_guides_region", "region"))
#: An index takes only what can never change its mind, and an array as text can.
_LOWER_ALL = """
    CREATE OR REPLACE FUNCTION lower_all(words text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(lower(word) ORDER BY place), '{}')
        FROM unnest(words) WITH ORDINALITY AS each (word, place)
    $$
"""


def upgrade() -> None:
    op.execute(_LOWER_ALL)
    op.add_column("guides", sa.Column("version", sa.Integer(), server_default="1", nullable=False), if_not_exists=True)
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '60s'")
        op.execute("SET statement_timeout = '30min'")
        for name, columns, method in _INDEXES:
            # A build that was broken off leaves its index behind, of no use to anybody.
            op.drop_index(name, "guides", if_exists=True, postgresql_concurrently=True)
            op.create_index(name, "guides", columns, postgresql_using=method, postgresql_concurrently=True)
        for name, _ in _REPLACED:
            op.drop_index(name, "guides", if_exists=True, postgresql_concurrently=True)
        op.execute("SET lock_timeout = '4s'")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    for name, column in _REPLACED:
        op.create_index(name, "guides", [column])
    for name, _, _ in reversed(_INDEXES):
        op.drop_index(name, "guides")
    op.drop_column("guides", "version")
    op.execute("DROP FUNCTION lower_all(text[])")
