"""Watching over a process full of sockets: dead sessions are cut, gaps mended, deafness noticed, life reported."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import redis
import socketio
import sqlalchemy.exc
import structlog

from api.realtime.clients import Client, Clients
from api.realtime.door import CONNECTION
from api.realtime.stream import Stream
from metrics import SOCKETS
from models.operations import beat
from services.accounts.sessions import live_sessions
from services.context import Context

if TYPE_CHECKING:
    from api.realtime import RealtimePorts

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
#: Sessions asked for in one statement, so that no answer holds up the sockets for long.
SESSIONS_A_READ = 500
#: A connection that has not said in time who it is.
STRANGER_SECONDS = 10.0
#: Canaries in a row that Redis took and we never heard, one a sweep.
MOST_UNHEARD = 6
HEARTBEAT = "realtime"


class Watch:
    """One sweep every two seconds, for as long as the process lives."""

    def __init__(self, server: socketio.Server, clients: Clients, stream: Stream, ports: RealtimePorts):
        self._server = server
        self._clients = clients
        self._stream = stream
        self._ports = ports
        self._lagging: set[str] = set()

    def start(self) -> None:
        """Begin sweeping, in the background."""
        self._server.manager_initialized = True
        self._server.manager.initialize()
        self._server.start_background_task(self._run)

    def _run(self) -> None:
        while True:
            started = time.monotonic()
            self.sweep()
            self._server.sleep(max(0.1, SWEEP_SECONDS - (time.monotonic() - started)))

    def sweep(self) -> None:
        """Look once at everything."""
        SOCKETS.set(len(self._clients))
        self._listen_for_canaries()
        try:
            self._visit_sessions()
            if self._hears():
                self._report()
        except sqlalchemy.exc.SQLAlchemyError as error:
            # Nobody is cut for our own trouble; nobody new is let in meanwhile.
            log.warning("realtime.database_away", error=type(error).__name__)
        self._close_strangers()

    def send_everybody_elsewhere(self, patience: float) -> None:
        """Close every connection, a few at a time; clients take that for a lost network and connect again.

        Those that are left after ``patience`` seconds are closed by the process's end, which clients take alike.
        """
        until = time.monotonic() + patience
        for count, eio_sid in enumerate(list(self._server.eio.sockets)):
            if time.monotonic() > until:
                break
            self._stream.close(eio_sid)
            if count % 100 == 0:
                self._server.sleep(0)
        while self._clients.connections and time.monotonic() < until:
            self._server.sleep(0.05)
        # The last words are in the kernel's hands a moment after the queues are empty.
        self._server.sleep(0.1)

    def _hears(self) -> bool:
        return self._ports.channel.unheard <= 2

    def _listen_for_canaries(self) -> None:
        channel = self._ports.channel
        if channel.unheard >= MOST_UNHEARD:
            log.error("realtime.deaf", canaries=channel.unheard)
            self._ports.on_deaf()
        try:
            channel.sing()
        except redis.RedisError as error:
            log.warning("realtime.redis_away", error=type(error).__name__)

    def _visit_sessions(self) -> None:
        clients = list(self._clients)
        lagging: set[str] = set()
        for start in range(0, len(clients), SESSIONS_A_READ):
            some = clients[start : start + SESSIONS_A_READ]
            live = self._live({client.session_id for client in some})
            for client in some:
                self._visit(client, live.get(client.session_id), lagging)
            self._server.sleep(0)
        self._lagging = lagging

    def _visit(self, client: Client, latest: int | None, lagging: set[str]) -> None:
        if latest is None:
            if self._clients.get(client.sid):
                self._stream.cut(client, "session_ended")
        elif client.seq is not None and client.seq < latest and not client.is_catching_up:
            lagging.add(client.sid)
            # An event may be on its way; one that has not come within a sweep will not.
            if client.sid in self._lagging:
                self._server.start_background_task(self._stream.mend, client)

    def _live(self, session_ids: set[uuid.UUID]) -> dict[uuid.UUID, int]:
        ctx = Context(self._ports.policy, self._ports.clock)
        with self._ports.db.reading() as session:
            return live_sessions(session, ctx, session_ids)

    def _report(self) -> None:
        with self._ports.db.transaction() as session:
            beat(session, HEARTBEAT, self._ports.clock.now(session))

    def _close_strangers(self) -> None:
        now, manager = time.monotonic(), self._server.manager
        for eio_sid, environ in list(self._server.environ.items()):
            if now - environ[CONNECTION].opened > STRANGER_SECONDS and not manager.sid_from_eio_sid(eio_sid, "/"):
                log.info("socket.cut", reason="stranger")
                self._stream.close(eio_sid)
