"""Pictures of listings as rows: uploads and files of our own, in their order; what listings show already becomes such rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0026"

#: Listings whose pictures are written at once.
_BATCH = 2_000
_SOME = sa.text("SELECT id FROM listings WHERE id > :after ORDER BY id LIMIT :most")
#: A run that was broken off is gone on with.
_ADD = sa.text(
    "INSERT INTO listing_images (id, listing_id, position, key)"
    " SELECT gen_random_uuid(), listings.id, shown.position, shown.key"
    " FROM listings, unnest(listings.images) WITH ORDINALITY AS shown (key, position)"
    " WHERE listings.id = ANY(:ids) ON CONFLICT (listing_id, position) DO NOTHING"
)


def upgrade() -> None:
    op.create_table(
        "listing_images",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("alt_text", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("num_nonnulls(media_id, key) = 1", name=op.f("ck_listing_images_one_source")),
        sa.CheckConstraint("position > 0", name=op.f("ck_listing_images_position_positive")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_images_listing_id_listings")),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_listing_images_media_id_media"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_images")),
        sa.UniqueConstraint("listing_id", "position", name=op.f("uq_listing_images_listing_id_position")),
        sa.UniqueConstraint("media_id", name=op.f("uq_listing_images_media_id")),
        if_not_exists=True,
    )
    # What is shown already is added listing by listing, while everybody reads and writes.
    with op.get_context().autocommit_block():
        _fill()


def downgrade() -> None:
    op.drop_table("listing_images")


def _fill() -> None:
    bind, after = op.get_bind(), "00000000-0000-0000-0000-000000000000"
    while ids := bind.scalars(_SOME, {"after": after, "most": _BATCH}).all():
        bind.execute(_ADD, {"ids": ids})
        after = ids[-1]
