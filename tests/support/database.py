"""A freshly migrated database for one test run, emptied in milliseconds between tests."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL, make_url

from models import Base
from settings import normalise_database_url

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def throw_away_database(server_url: str) -> Iterator[str]:
    """A database made for this run on the server of ``server_url``, migrated to head, and dropped at the end."""
    server = make_url(normalise_database_url(server_url))
    name = f"elite_test_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    _administer(server, f'CREATE DATABASE "{name}"')
    try:
        url = server.set(database=name).render_as_string(hide_password=False)
        command.upgrade(alembic_config(url), "head")
        yield url
    finally:
        _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def alembic_config(url: str) -> Config:
    """Alembic's view of a database, for migrating it from a test."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["database_url"] = url
    return config


def empty(engine: Engine) -> None:
    """Remove every row, from the tables that hold any: TRUNCATE would make new files for each of them and its indexes."""
    names = [table.name for table in Base.metadata.sorted_tables]
    probe = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names)
    with engine.begin() as connection:
        filled = connection.execute(text(probe)).scalars().all()
        if filled:
            # The audit log refuses to be emptied and rows refer to each other in every direction, so triggers and
            # foreign keys are switched off, as only a superuser can.
            deletions = "; ".join(f"DELETE FROM {name}" for name in filled)
            connection.execute(text(f"SET LOCAL session_replication_role = replica; {deletions}"))


def row_counts(engine: Engine) -> dict[str, int]:
    """How many rows each table holds: what a refused request must leave as it was."""
    names = [table.name for table in Base.metadata.sorted_tables]
    query = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
    with engine.connect() as connection:
        return dict(connection.execute(text(query)).all())


def row_digests(engine: Engine) -> dict[str, str]:
    """What each table holds, as a hash: for refusals that must not change a row either."""
    names = [table.name for table in Base.metadata.sorted_tables]
    digest = "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
    query = " UNION ALL ".join(f"SELECT '{name}', {digest} FROM {name} t" for name in names)
    with engine.connect() as connection:
        return dict(connection.execute(text(query)).all())


def _administer(server: URL, statement: str) -> None:
    connection = psycopg2.connect(server.set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        connection.set_session(autocommit=True)
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
