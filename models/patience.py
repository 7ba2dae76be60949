"""Nobody waits for ever: PostgreSQL's own time limits are worth nothing while it, or the network, stands still.

A statement that is not answered long after the server itself would have given up ends as on a lost connection; from then on
the database is away: everybody is refused at once, but for one at a time who tries, until one is answered.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import psycopg2
import psycopg2.extensions

#: Seconds for a connection to be made; libpq counts them.
CONNECT_SECONDS = 3
#: Seconds that the server gives what is asked outside a transaction (whether a connection lives, hot reads), and that we
#: wait for it; and that we wait for a statement of a transaction, to which the server gives 15.
PROMPT_SERVER_SECONDS, PROMPT_SECONDS = 3, 4.0
LONGEST_SECONDS = 18.0
#: Where something prompt waits so long and nothing at all is answered, others need not begin to wait as well.
SUSPICIOUS_SECONDS = 2.0
#: Waiting is counted in looks, not by a clock: a process that stood still itself reads the answers that came meanwhile.
LOOK_SECONDS = 0.5

logger = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")
_execute = psycopg2.extensions.cursor.execute


class Patience:
    """What the connections of one database know together: whether it answers at all."""

    def __init__(self) -> None:
        self.is_away = False
        #: Held by the one who tries while the database is away.
        self.trying = threading.Lock()

    def connect(self, dsn: str) -> PatientConnection:
        """A ``connection_factory`` for psycopg2."""
        return PatientConnection(self, dsn)

    def lost(self, waited_for: str) -> None:
        """The database has not answered in time."""
        if not self.is_away:
            self.is_away = True
            logger.warning("database.away", extra={"waited_for": waited_for})

    def found(self) -> None:
        """The database has answered."""
        if self.is_away:
            self.is_away = False
            logger.warning("database.back")


class PatientConnection(psycopg2.extensions.connection):
    """A connection that is cut when it waits too long: libpq then raises what it raises for any lost connection."""

    def __init__(self, patience: Patience, dsn: str):
        self.patience = patience
        #: Odd while the server owes an answer. Nothing more is noted where statements run, which is all the time.
        self.turn = 0
        self.is_made = False
        self._seen_turn = self._looks = 0
        self._is_brief = True
        self._inode: int | None = None
        started = time.monotonic()
        _patrol.watch(self)
        try:
            self.ask(super().__init__, dsn)
        except psycopg2.OperationalError:
            if time.monotonic() - started > CONNECT_SECONDS - 0.5:
                patience.lost("a connection")
            raise
        self.cursor_factory = PatientCursor
        self._inode = os.fstat(self.fileno()).st_ino
        self.is_made, self._is_brief = True, False

    @property
    def is_prompt(self) -> bool:
        """Whether what it is asked takes no time: to be there, to forget, or something outside a transaction."""
        return self._is_brief or self.autocommit

    @property
    def waited(self) -> float:
        """Seconds that the answer has been owed."""
        return self._looks * LOOK_SECONDS

    @property
    def is_late(self) -> bool:
        return self.waited >= (PROMPT_SECONDS if self.is_prompt else LONGEST_SECONDS)

    def commit(self) -> None:
        self.ask(super().commit)

    def rollback(self) -> None:
        """Roll back, or leave that to the server by closing where it does not answer."""
        if self.patience.is_away:
            self.close()
            return
        self._is_brief = True
        try:
            self.ask(super().rollback)
        finally:
            self._is_brief = False

    def ask(self, call: Callable[..., _Answer], *given: Any) -> _Answer:
        """``call(*given)``, watched. Raises OperationalError at once where the database is away and somebody tries it."""
        patience = self.patience
        tries = patience.is_away and self._try()
        self.turn += 1
        try:
            answer = call(*given)
        finally:
            self.turn += 1
            if tries:
                patience.trying.release()
        if patience.is_away:
            patience.found()
        return answer

    def look(self) -> bool:
        """Count how long the answer has been owed; whether one was given since the last look."""
        turn, seen = self.turn, self._seen_turn
        self._seen_turn = turn
        self._looks = self._looks + 1 if turn == seen and turn % 2 else 0
        return turn // 2 != seen // 2

    def cut(self) -> None:
        """End the wait. Called by another thread."""
        self.patience.lost("an answer")
        try:
            number = os.dup(self.fileno())
        except (OSError, psycopg2.Error):
            # Closed this moment; or libpq is still making it, and has a limit for that.
            return
        with socket.socket(fileno=number) as line:
            # The number may be another file's by now; the inode tells.
            if self._inode in (None, os.fstat(number).st_ino):
                with contextlib.suppress(OSError):  # The other side was quicker.
                    line.shutdown(socket.SHUT_RDWR)

    def _try(self) -> bool:
        """One at a time may try, and only with what is answered at once."""
        if self.is_prompt and self.patience.trying.acquire(blocking=False):
            return True
        if self.is_made:
            # Whoever holds it has lost it: what was begun on it will not be committed.
            self.close()
        raise psycopg2.OperationalError("The database does not answer.")


class PatientCursor(psycopg2.extensions.cursor):
    """A cursor whose statements are watched."""

    def execute(self, query: Any, vars: Any = None) -> None:
        self.connection.ask(_execute, self, query, vars)

    def executemany(self, query: Any, vars_list: Iterable[Any]) -> None:
        self.connection.ask(super().executemany, query, self._one_by_one(vars_list))

    def _one_by_one(self, vars_list: Iterable[Any]) -> Iterator[Any]:
        """Each row is a statement with a wait of its own."""
        for values in vars_list:
            self.connection.turn += 2
            yield values


class Patrol:
    """Looks at all connections of this process again and again, from a thread that starts with the first of them."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, with nothing to look at."""
        self._watched: weakref.WeakSet[PatientConnection] = weakref.WeakSet()
        self._changing = threading.Lock()
        self._thread: threading.Thread | None = None

    def watch(self, connection: PatientConnection) -> None:
        with self._changing:
            self._watched.add(connection)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="patience", daemon=True)
                self._thread.start()

    def look(self) -> None:
        """Cut what is late; where nothing at all is answered, whatever else has waited as long, and let nobody join."""
        with self._changing:
            connections = list(self._watched)
        answering = {connection.patience for connection in connections if connection.look()}
        silent = {connection.patience for connection in connections if connection.is_late} - answering
        for connection in connections:
            if connection.is_late or (connection.patience in silent and connection.waited >= PROMPT_SECONDS):
                connection.cut()
            elif (
                connection.waited >= SUSPICIOUS_SECONDS
                and connection.is_prompt
                and connection.is_made
                and connection.patience not in answering
            ):
                connection.patience.lost("any answer")

    def _run(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            self.look()


_patrol = Patrol()
# A child must leave its parent's connections alone.
os.register_at_fork(after_in_child=_patrol.forget)
