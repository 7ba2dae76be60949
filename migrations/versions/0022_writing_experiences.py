"""Experiences in the hands of their guides: bounds of what may be written, since when one is offered, and what hides it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0018"

CHECKS = {
    "price_bounds": "price_minor <= 1000000000000",
    "capacity_bounds": "capacity <= 500",
    "times_bounds": "cut_off_hours <= 720 AND buffer_minutes <= 1440",
    "place_whole": "(latitude IS NULL) = (longitude IS NULL)",
    "place_bounds": "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
    "hidden_from_known": "hidden_from IN ('draft', 'active', 'archived', 'hidden', 'withdrawn')",
}
#: Listings that are written at once: their hosts wait no longer than that takes.
_BATCH = 2_000
_SOME = sa.text("SELECT id FROM listings WHERE id > :after ORDER BY id LIMIT :most")
_PUBLISH = sa.text(
    "UPDATE listings SET published_at = created_at WHERE id = ANY(:ids) AND status <> 'draft' AND published_at IS NULL"
)


def upgrade() -> None:
    # A run that was broken off has made some of this already.
    for column in (
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_from", sa.Text(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=True),
    ):
        op.add_column("listings", column, if_not_exists=True)
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE listings DROP CONSTRAINT IF EXISTS ck_listings_{name}")
        op.execute(f"ALTER TABLE listings ADD CONSTRAINT ck_listings_{name} CHECK ({condition}) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = '30min'")
        _publish()
        for name in CHECKS:
            op.execute(f"ALTER TABLE listings VALIDATE CONSTRAINT ck_listings_{name}")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_listings_{name}"), "listings")
    for column in ("hidden_reason", "hidden_from", "published_at"):
        op.drop_column("listings", column)


def _publish() -> None:
    bind, after = op.get_bind(), "00000000-0000-0000-0000-000000000000"
    while ids := bind.scalars(_SOME, {"after": after, "most": _BATCH}).all():
        bind.execute(_PUBLISH, {"ids": ids})
        after = ids[-1]
