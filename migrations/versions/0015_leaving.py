"""Deleted accounts: since when, until when they can be taken back, and as what."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"

#: Vocabularies that take a word more: table, constraint, column, words.
_WORDS = (
    ("notifications", "ck_notifications_kind_known", "kind", ("account_deleted",)),
    ("one_time_tokens", "ck_one_time_tokens_purpose_known", "purpose", ("account_restore",)),
)
_COLUMNS = ("deleted_at", "erase_at", "erased_at")
_CHECKS = (
    ("ck_users_deletion_whole", "num_nonnulls(deleted_at, erase_at, deleted_from) IN (0, 3)"),
    ("ck_users_erased_deleted", "erased_at IS NULL OR deleted_at IS NOT NULL"),
)


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("users", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("deleted_from", sa.Text(), nullable=True))
    for name, condition in _CHECKS:
        op.execute(f"ALTER TABLE users ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
    for table, name, column, words in _WORDS:
        known = _known(name)
        _allow(table, name, column, [*known, *(word for word in words if word not in known)])
    with op.get_context().autocommit_block():
        for name, _ in _CHECKS:
            op.execute(f"ALTER TABLE users VALIDATE CONSTRAINT {name}")
        for table, name, _, _ in _WORDS:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
        op.drop_index("ix_users_to_erase", "users", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_users_to_erase",
            "users",
            ["erase_at"],
            postgresql_where=sa.text("erased_at IS NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    for statement in (
        "DELETE FROM deliveries d USING notifications n WHERE n.id = d.notification_id AND n.kind = 'account_deleted'",
        "DELETE FROM notifications WHERE kind = 'account_deleted'",
        "DELETE FROM jobs WHERE done_at IS NULL AND (payload ->> 'kind' = 'account_deleted'"
        " OR kind IN ('accounts.erase', 'periodic.erase_accounts'))",
        "DELETE FROM one_time_tokens WHERE purpose = 'account_restore'",
    ):
        op.execute(statement)
    for table, name, column, words in _WORDS:
        _allow(table, name, column, [word for word in _known(name) if word not in words])
    op.drop_index("ix_users_to_erase", table_name="users")
    for name, _ in _CHECKS:
        op.drop_constraint(op.f(name), "users")
    for name in (*_COLUMNS, "deleted_from"):
        op.drop_column("users", name)
    with op.get_context().autocommit_block():
        for table, name, _, _ in _WORDS:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def _known(name: str) -> list[str]:
    """The words that a vocabulary has by now, whichever migrations came before."""
    query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return re.findall(r"'([^']*)'", op.get_bind().scalar(query, {"name": name}))


def _allow(table: str, name: str, column: str, words: list[str]) -> None:
    """Swap a vocabulary in a moment; the rows that are there are checked afterwards, while others write."""
    op.drop_constraint(op.f(name), table)
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed})) NOT VALID")
