"""Hot reads: questions that each connection prepares once, answered as plain rows outside any transaction."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from typing import Any

import orjson
import psycopg2
import psycopg2.extras
from sqlalchemy import ClauseElement, exc
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url

from models.patience import CONNECT_SECONDS, Patience

#: A connection that has prepared more than so many forgets them all: each holds some memory of the server's.
MOST_PREPARED = 400
#: Seconds that a question waits for a free connection, and that a connection is kept.
WAIT_SECONDS, LONGEST_CONNECTED = 5.0, 1800.0
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

    def __init__(self, url: str, *, pool_size: int, name: str, options: str, patience: Patience):
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._patience = patience
        self._connect = lambda: _Asker(dsn, options, name, patience)
        self._tries = pool_size + 1
        self._places = threading.BoundedSemaphore(pool_size)
        #: The one used last is used next, so that few connections have to prepare a rare question.
        self._idle: deque[_Asker] = deque()

    def ask(self, question: Question, **given: Any) -> list[tuple[Any, ...]]:
        """All rows. Raises SQLAlchemy's errors, like everything else that asks the database."""
        values = question.values(given)
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise exc.TimeoutError(f"No connection for hot reads was free within {WAIT_SECONDS} s.")
        try:
            return self._ask(question, values)
        except psycopg2.Error as error:
            raise _wrapped(question, error) from error
        finally:
            self._places.release()

    def dispose(self) -> None:
        """Close what is not in use."""
        while (asker := self._take()) is not None:
            asker.close()

    def _ask(self, question: Question, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        for left in reversed(range(self._tries)):
            asker = self._take() or self._connect()
            try:
                rows = asker.answer(question, values)
            except psycopg2.Error as error:
                if not (asker.is_closed or error.pgcode == _STALE_PLAN):
                    self._idle.append(asker)
                    raise
                asker.close()
                if self._patience.is_away:
                    # It hangs: asking again would be waiting again, and so would every connection that is left.
                    self.dispose()
                    raise
                if not left:
                    raise
            else:
                self._idle.append(asker)
                return rows
        raise AssertionError("unreachable: the last try answers or raises")

    def _take(self) -> _Asker | None:
        while True:
            try:
                asker = self._idle.pop()
            except IndexError:
                return None
            if asker.connected_at > time.monotonic() - LONGEST_CONNECTED:
                return asker
            asker.close()


class _Asker:
    """A connection and what it has prepared."""

    def __init__(self, dsn: str, options: str, name: str, patience: Patience):
        self._connection = psycopg2.connect(
            dsn,
            options=options,
            connect_timeout=CONNECT_SECONDS,
            application_name=name,
            connection_factory=patience.connect,
        )
        self._connection.autocommit = True
        psycopg2.extras.register_default_json(self._connection, loads=orjson.loads)
        psycopg2.extras.register_default_jsonb(self._connection, loads=orjson.loads)
        self._cursor = self._connection.cursor()
        self._prepared: set[str] = set()
        self.connected_at = time.monotonic()

    @property
    def is_closed(self) -> bool:
        return bool(self._connection.closed)

    def answer(self, question: Question, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        if question.name not in self._prepared:
            self._prepare(question)
        self._cursor.execute(question.execution, values)
        return self._cursor.fetchall()

    def close(self) -> None:
        self._connection.close()

    def _prepare(self, question: Question) -> None:
        if len(self._prepared) >= MOST_PREPARED:
            self._cursor.execute("DEALLOCATE ALL")
            self._prepared.clear()
        self._cursor.execute(question.preparation)
        self._prepared.add(question.name)


def _wrapped(question: Question, error: psycopg2.Error) -> Exception:
    return exc.DBAPIError.instance(question.text, None, error, psycopg2.Error, hide_parameters=True)
