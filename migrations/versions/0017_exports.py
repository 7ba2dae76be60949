"""Copies of people's data: what was asked for, where its file lies and until when, and the mail that brings the link."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0010"

#: Vocabularies that take a word more: table, constraint, column, word.
_WORDS = (
    ("notifications", "ck_notifications_kind_known", "kind", "export_ready"),
    ("one_time_tokens", "ck_one_time_tokens_purpose_known", "purpose", "data_export"),
)


def upgrade() -> None:
    op.create_table(
        "data_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'ready', 'over', 'deleted')", name=op.f("ck_data_exports_state_known")
        ),
        sa.CheckConstraint(
            "state <> 'ready' OR num_nonnulls(ready_at, expires_at, size, token_id) = 4",
            name=op.f("ck_data_exports_ready_whole"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_data_exports_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_data_exports"),
        sa.UniqueConstraint("storage_key", name="uq_data_exports_storage_key"),
    )
    op.create_index("ix_data_exports_user_id", "data_exports", ["user_id"])
    op.create_index(
        "uq_data_exports_waiting",
        "data_exports",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_data_exports_to_delete", "data_exports", ["expires_at"], postgresql_where=sa.text("state <> 'deleted'")
    )
    for table, name, column, word in _WORDS:
        _allow(table, name, column, [*(known for known in _known(name) if known != word), word])
    with op.get_context().autocommit_block():
        _validate()


def downgrade() -> None:
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = 'export_ready'",
        "DELETE FROM notifications WHERE kind = 'export_ready'",
        "DELETE FROM jobs WHERE done_at IS NULL AND (payload ->> 'kind' = 'export_ready'"
        " OR kind IN ('reports.write_export', 'reports.delete_export', 'periodic.delete_exports'))",
        "DELETE FROM one_time_tokens WHERE purpose = 'data_export'",
    ):
        op.execute(statement)
    for table, name, column, word in _WORDS:
        _allow(table, name, column, [known for known in _known(name) if known != word])
    op.drop_table("data_exports")
    with op.get_context().autocommit_block():
        _validate()


def _known(name: str) -> list[str]:
    """The words that a vocabulary has by now, whichever migrations came before."""
    query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return re.findall(r"'([^']*)'", op.get_bind().scalar(query, {"name": name}))


def _allow(table: str, name: str, column: str, words: list[str]) -> None:
    """Swap a vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f(name), table)
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed})) NOT VALID")


def _validate() -> None:
    for table, name, _, _ in _WORDS:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
