"""Hot reads: questions that each connection prepares once, answered as plain rows outside any transaction."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
import psycopg2
import psycopg2.extensions
import psycopg2.extras
from sqlalchemy import ClauseElement
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

#: A connection that has prepared more than so many forgets them all: each holds some memory of the server's.
MOST_PREPARED = 200
_NUMBERED = postgresql.dialect(paramstyle="numeric_dollar")
#: A column has changed its type under a prepared question; a new connection knows the new one.
_STALE_PLAN = "0A000"


class Question:
    """One SELECT with named parameters. Planning it costs PostgreSQL more than answering it, so that is done once."""

    def __init__(self, select: ClauseElement):
        compiled = select.compile(dialect=_NUMBERED, compile_kwargs={"render_postcompile": True})
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._given = compiled.params
        self.text = str(compiled)
        self.name = "q" + hashlib.sha256(self.text.encode()).hexdigest()[:24]
        self.preparation = f"PREPARE {self.name} AS {self.text}"
        self.execution = f"EXECUTE {self.name}" + (f" ({', '.join(['%s'] * len(self._names))})" if self._names else "")

    def values(self, given: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters in the statement's order, from ``given``, else as the statement was built with them."""
        return tuple(given[name] if name in given else self._given[name] for name in self._names)


class HotReads:
    """A pool of connections for questions alone. A connection that turns out dead is replaced and the question asked
    again, so a restart of PostgreSQL costs nobody an error and nobody pays for asking first whether it is alive."""

    def __init__(self, url: str, *, pool_size: int, name: str, options: str):
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._tries = pool_size + 1
        self._pool = QueuePool(
            lambda: _connect(dsn, options, name),
            pool_size=pool_size,
            max_overflow=0,
            timeout=5,
            recycle=1800,
            reset_on_return=None,
        )

    def ask(self, question: Question, **given: Any) -> list[tuple[Any, ...]]:
        """All rows. Raises SQLAlchemy's errors, like everything else that asks the database."""
        values = question.values(given)
        for left in reversed(range(self._tries)):
            try:
                connection = self._pool.connect()
            except psycopg2.Error as error:
                raise _wrapped(question, error) from error
            try:
                return _answer(connection, question, values)
            except psycopg2.Error as error:
                if not (connection.dbapi_connection.closed or error.pgcode == _STALE_PLAN):
                    raise _wrapped(question, error) from error
                connection.invalidate()
                if not left:
                    raise _wrapped(question, error) from error
            finally:
                connection.close()
        raise AssertionError("unreachable: the last try answers or raises")

    def dispose(self) -> None:
        self._pool.dispose()


def _connect(dsn: str, options: str, name: str) -> psycopg2.extensions.connection:
    connection = psycopg2.connect(dsn, options=options, connect_timeout=5, application_name=name)
    connection.autocommit = True
    psycopg2.extras.register_default_json(connection, loads=orjson.loads)
    psycopg2.extras.register_default_jsonb(connection, loads=orjson.loads)
    return connection


def _answer(connection: PoolProxiedConnection, question: Question, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    prepared = connection.info.setdefault("prepared", set())
    with connection.cursor() as cursor:
        if question.name not in prepared:
            if len(prepared) >= MOST_PREPARED:
                cursor.execute("DEALLOCATE ALL")
                prepared.clear()
            cursor.execute(question.preparation)
            prepared.add(question.name)
        cursor.execute(question.execution, values)
        return cursor.fetchall()


def _wrapped(question: Question, error: psycopg2.Error) -> Exception:
    return DBAPIError.instance(question.text, None, error, psycopg2.Error, hide_parameters=True)
