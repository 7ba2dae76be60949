"""Hot reads: questions that each connection prepares once, answered as plain rows outside any transaction."""

from __future__ import annotations

import hashlib
import time
from typing import Any

import orjson
import psycopg2
import psycopg2.extras
from sqlalchemy import ClauseElement, exc
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url

from models.patience import CONNECT_SECONDS, Patience
from turns import Turns

#: A connection that has prepared more than so many forgets them all: each holds some memory of the server's.
MOST_PREPARED = 400
#: Seconds that a question waits for a free connection, and that a connection is kept.
WAIT_SECONDS, LONGEST_CONNECTED = 5.0, 1800.0
#: A connection that is dead, one made while the server was going down, and one that works.
TRIES = 3
_NUMBERED = postgresql.dialect(paramstyle="numeric_dollar")
#: A column has changed its type under a prepared question; a new connection knows the new one.
_STALE_PLAN = "0A000"


class Question:
    """One SELECT with named parameters. Planning it costs PostgreSQL more than answering it, so that is done once."""

    def __init__(self, select: ClauseElement):
        compiled = select.compile(dialect=_NUMBERED, compile_kwargs={"render_postcompile": True})
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._given = compiled.params
        self.text = str(compiled)
        self.name = "q" + hashlib.sha256(self.text.encode()).hexdigest()[:24]
        self.preparation = f"PREPARE {self.name} AS {self.text}"
        self.execution = f"EXECUTE {self.name}" + (f" ({', '.join(['%s'] * len(self.names))})" if self.names else "")

    def values(self, given: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters in the statement's order, from ``given``, else as the statement was built with them."""
        return tuple(given[name] if name in given else self._given[name] for name in self.names)


class HotReads:
    """A few connections for questions alone. One that turns out dead is replaced and the question asked again, so a restart
    of PostgreSQL costs nobody an error and nobody pays for asking first whether it is alive.

    They are fewer than the threads that ask: a question takes PostgreSQL a core for about a millisecond, so more of them at
    once than there are cores only get in each other's way.
    """

    def __init__(self, url: str, *, connections: int, name: str, options: str, patience: Patience):
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._patience = patience
        self._connect = lambda: _Asker(dsn, options, name, patience)
        #: As many places as connections may be made; None where none is made yet.
        self._places: Turns[_Asker | None] = Turns([None] * connections)

    def ask(self, question: Question, **given: Any) -> list[tuple[Any, ...]]:
        """All rows. Raises SQLAlchemy's errors, like everything else that asks the database."""
        values = question.values(given)
        try:
            asker = self._places.take(WAIT_SECONDS)
        except TimeoutError:
            raise exc.TimeoutError(f"No connection for hot reads was free within {WAIT_SECONDS} s.") from None
        if asker is not None and asker.connected_at < time.monotonic() - LONGEST_CONNECTED:
            asker.close()
            asker = None
        try:
            for left in reversed(range(TRIES)):
                asker = asker or self._connect()
                try:
                    return asker.answer(question, values)
                except psycopg2.Error as error:
                    if not (asker.is_closed or error.pgcode == _STALE_PLAN):
                        raise
                    asker.close()
                    asker = None
                    # It hangs: asking again would be waiting again, and so would every connection that is left.
                    if self._patience.is_away:
                        self.dispose()
                    if self._patience.is_away or not left:
                        raise
            raise AssertionError("unreachable: the last try answers or raises")
        except psycopg2.Error as error:
            raise _wrapped(question, error) from error
        finally:
            self._places.give(asker)

    def dispose(self) -> None:
        """Close what is not in use."""
        for asker in self._places.take_idle():
            if asker is not None:
                asker.close()
            self._places.give(None)


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
