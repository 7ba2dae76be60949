"""Find who has proved to read a phone, and which guides have the number of a licence, however it is written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0051"

_PHONE, _LICENCE = "ix_users_verified_phone", "ix_guides_found_by_licence"
_PLAIN = "upper(regexp_replace(licence_number, '[^[:alnum:]]+', '', 'g'))"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # Everybody works meanwhile.
        op.execute("SET lock_timeout = '60s'")
        op.execute("SET statement_timeout = '30min'")
        _drop()
        op.create_index(
            _PHONE,
            "users",
            ["phone"],
            postgresql_where=sa.text("phone_verified_at IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.create_index(_LICENCE, "guides", [sa.text(_PLAIN)], postgresql_concurrently=True)
        op.execute("SET lock_timeout = '4s'")
        op.execute("SET statement_timeout = '60s'")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        _drop()


def _drop() -> None:
    """Also what an upgrade that was broken off has left."""
    op.drop_index(_LICENCE, "guides", if_exists=True, postgresql_concurrently=True)
    op.drop_index(_PHONE, "users", if_exists=True, postgresql_concurrently=True)
