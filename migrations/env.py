"""Runs migrations against DATABASE_URL under short lock and statement timeouts, one migrator at a time."""

from __future__ import annotations

import os
import time

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from models import Base
from settings import normalise_database_url

#: Any number, as long as every migrator uses the same.
_ADVISORY_LOCK = 4_107_254
_ASK_AGAIN_SECONDS = 0.2


def run() -> None:
    url = context.config.attributes.get("database_url") or normalise_database_url(os.environ["DATABASE_URL"])
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        # A migration waits for the other migrator, but never holds up the running release behind a lock.
        # It asks again and again: waiting inside a statement, it would hold a snapshot that the other one's CREATE INDEX
        # CONCURRENTLY waits for in its turn.
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_LOCK}):
            connection.rollback()
            time.sleep(_ASK_AGAIN_SECONDS)
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.execute(text("SET statement_timeout = '60s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            transaction_per_migration=True,
        )
        if _is_newer(connection):
            context.config.print_stdout(
                "A newer release has migrated this database; this one runs on it and changes nothing."
            )
            return
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


def _is_newer(connection: Connection) -> bool:
    """Whether the database is at a revision that this release does not know: that of the release it was rolled back from."""
    known = {revision.revision for revision in context.script.walk_revisions()}
    return not known.issuperset(context.get_context().get_current_heads())


run()
