"""Uploads of another kind: photos of papers, which are private."""

from __future__ import annotations

from alembic import op

revision = "0062"
down_revision = "0052"

KINDS, BEFORE = ("avatar", "image", "video", "document", "scan"), ("avatar", "image", "video", "document")


def upgrade() -> None:
    _allow(KINDS)


def downgrade() -> None:
    # What the release that is left does not know; its files stay behind without a row.
    for statement in (
        "UPDATE licence_renewals r SET document_id = NULL FROM media m WHERE m.id = r.document_id AND m.kind = 'scan'",
        "DELETE FROM jobs j USING media m WHERE j.payload ->> 'media_id' = m.id::text AND j.done_at IS NULL"
        " AND m.kind = 'scan'",
        "DELETE FROM media WHERE kind = 'scan'",
    ):
        op.execute(statement)
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    """Replace the constraint in a moment; the rows that are there are checked afterwards, while others write."""
    known = ", ".join(repr(kind) for kind in kinds)
    op.execute("ALTER TABLE media DROP CONSTRAINT IF EXISTS ck_media_kind_known")
    op.execute(f"ALTER TABLE media ADD CONSTRAINT ck_media_kind_known CHECK (kind IN ({known})) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE media VALIDATE CONSTRAINT ck_media_kind_known")
