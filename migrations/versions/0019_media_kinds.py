"""Uploads of every kind: images, videos and documents beside avatars, used by something or by nothing, sent past us too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0025"

KINDS = ("avatar", "image", "video", "document")
REFUSALS_BEFORE = (
    *("not_an_image", "not_what_it_says", "too_many_pixels", "animated", "damaged"),
    *("lost", "superseded", "not_finished"),
)
REFUSALS = (
    *("not_an_image", "not_a_video", "not_a_document", "not_what_it_says", "too_large", "too_many_pixels"),
    *("too_complex", "animated", "damaged", "two_faced", "active_content", "encrypted"),
    *("lost", "superseded", "not_finished"),
)
WHOLE = "state NOT IN ('processing', 'ready') OR (size_bytes > 0 AND checksum IS NOT NULL)"
MEASURED = "state <> 'ready' OR (width > 0 AND height > 0)"


def upgrade() -> None:
    op.alter_column("media", "owner_id", nullable=True)
    for name in ("attached_at", "open_until"):
        op.add_column("media", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    checks = {
        "kind_known": _one_of("kind", KINDS),
        "refusal_known": _one_of("refusal", REFUSALS),
        "received_whole": "state NOT IN ('processing', 'ready') OR size_bytes > 0",
        "ready_digested": "state <> 'ready' OR checksum IS NOT NULL",
        "ready_measured": "state <> 'ready' OR kind = 'document' OR (width > 0 AND height > 0)",
    }
    _swap(checks)
    with op.get_context().autocommit_block():
        for name in checks:
            op.execute(f"ALTER TABLE media VALIDATE CONSTRAINT ck_media_{name}")
        op.drop_index("ix_media_unattached", "media", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_media_unattached",
            "media",
            ["changed_at"],
            postgresql_where=sa.text("state = 'ready' AND attached_at IS NULL AND kind <> 'avatar'"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index("ix_media_unattached", table_name="media")
    # What the release that is left does not know; its files stay behind without a row.
    for statement in (
        "DELETE FROM jobs WHERE kind = 'media.process_file' AND done_at IS NULL",
        "DELETE FROM jobs j USING media m WHERE j.payload ->> 'media_id' = m.id::text AND j.done_at IS NULL"
        " AND (m.kind <> 'avatar' OR m.owner_id IS NULL)",
        "DELETE FROM media WHERE kind <> 'avatar' OR owner_id IS NULL",
        f"UPDATE media SET refusal = 'damaged' WHERE NOT ({_one_of('refusal', REFUSALS_BEFORE)})",  # noqa: S608
    ):
        op.execute(statement)
    op.drop_constraint(op.f("ck_media_ready_digested"), "media")
    checks = {
        "kind_known": _one_of("kind", KINDS[:1]),
        "refusal_known": _one_of("refusal", REFUSALS_BEFORE),
        "received_whole": WHOLE,
        "ready_measured": MEASURED,
    }
    _swap(checks)
    for name in ("attached_at", "open_until"):
        op.drop_column("media", name)
    op.alter_column("media", "owner_id", nullable=False)
    with op.get_context().autocommit_block():
        for name in checks:
            op.execute(f"ALTER TABLE media VALIDATE CONSTRAINT ck_media_{name}")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _swap(checks: dict[str, str]) -> None:
    """Replace constraints in a moment; the rows that are there are checked afterwards, while others write."""
    for name, condition in checks.items():
        op.execute(f"ALTER TABLE media DROP CONSTRAINT IF EXISTS ck_media_{name}")
        op.execute(f"ALTER TABLE media ADD CONSTRAINT ck_media_{name} CHECK ({condition}) NOT VALID")
