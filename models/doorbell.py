"""Telling the relay that jobs are waiting: a hint after the commit, many commits in one, on a connection of its own.

A NOTIFY inside each transaction would take a database-wide lock at every commit; a lost hint costs at most the relay's poll.
"""

from __future__ import annotations

import logging
import threading
import time

import psycopg2
import psycopg2.extensions
from sqlalchemy.engine import make_url

from models.patience import CONNECT_SECONDS, Patience

CHANNEL = "jobs_waiting"
#: What pg_stat_activity shows of these connections where nobody says whose they are.
NAME = "elite-events doorbell"
#: Commits closer together than this share one hint.
DEBOUNCE_SECONDS = 0.005

logger = logging.getLogger(__name__)


def connect(url: str, name: str = NAME) -> psycopg2.extensions.connection:
    """A raw connection in autocommit, for LISTEN and NOTIFY only; ``name`` is what ``pg_stat_activity`` shows of it."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(
        dsn, connect_timeout=CONNECT_SECONDS, application_name=name, connection_factory=Patience().connect
    )
    connection.set_session(autocommit=True)
    return connection


class Doorbell:
    """Rings from a thread of its own, which starts with the first ring (so it survives a server's fork)."""

    def __init__(self, url: str, name: str = NAME):
        self._url = url
        self._name = name
        self._wanted = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        """Ask for a hint; returns at once and never fails."""
        self._wanted.set()
        if self._thread is None or not self._thread.is_alive():
            with self._starting:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        connection = None
        while True:
            self._wanted.wait()
            self._wanted.clear()
            try:
                if connection is None or connection.closed:
                    connection = connect(self._url, self._name)
                with connection.cursor() as cursor:
                    cursor.execute(f"NOTIFY {CHANNEL}")
            except psycopg2.Error as error:
                # Only a hint is lost: the relay polls.
                logger.warning("doorbell.failed", extra={"error": type(error).__name__})
                connection = None
                time.sleep(1)
            time.sleep(DEBOUNCE_SECONDS)
