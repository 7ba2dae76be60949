"""Telling each client its events in the order of their numbers, without gap or repetition, whatever Redis loses.

Events come from Redis in any order, twice or never; rows in PostgreSQL are the truth that mends a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import socketio
import sqlalchemy.exc
import structlog
from sqlalchemy.orm import Session

from api.realtime.clients import MOST_WAITING, Client, Clients
from api.realtime.turns import Turns
from domain.errors import Busy
from domain.live import LiveEvent
from services.feed import events_since, last_seq

if TYPE_CHECKING:
    from api.realtime import RealtimePorts

log = structlog.get_logger(__name__)

#: More events than this a client does not get one by one: it loads everything anew.
MOST_REPLAYED = 200
#: An event that overtook another waits so long for it before the rows are asked.
PATIENCE_SECONDS = 0.25
#: How long a client's question may wait for its turn at the database.
TURN_SECONDS = 30.0
#: A client that does not take what it is sent.
MOST_UNSENT = 1_000


class Stream:
    """From the channel and the rows to the clients of this process."""

    def __init__(self, server: socketio.Server, clients: Clients, ports: RealtimePorts):
        self._server = server
        self.clients = clients
        self._db = ports.db
        self._turns = Turns(ports.reads)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for a client's question; raises ``unavailable`` where there is none to be had."""
        if not self._turns.acquire(TURN_SECONDS):
            raise _unavailable()
        try:
            with self._db.reading() as session:
                yield session
        except sqlalchemy.exc.SQLAlchemyError as error:
            log.warning("realtime.database_away", error=type(error).__name__)
            raise _unavailable() from error
        finally:
            self._turns.release()

    def receive(self, room: str, name: str, payload: Any) -> bool:
        """One event from the channel; False where it is none of the numbered ones."""
        seq = payload.get("seq") if isinstance(payload, dict) else None
        if not isinstance(seq, int):
            return False
        for client in self.clients.in_room(room):
            self._send_all(client, client.receive(seq, name, payload))
            if client.is_behind and not client.is_catching_up:
                self._server.start_background_task(self.mend, client, PATIENCE_SECONDS)
        return True

    def welcome(self, client: Client, since: int | None) -> None:
        """Replay what a client missed, say where it stands, and let the events flow. It is in its room already."""
        try:
            self._catch_up(client, since)
        except Busy:
            # A closed connection is tried again by itself.
            self.close(client.eio_sid)
            return
        self.send(client, "ready", {"last_seq": client.seq})
        self._send_all(client, client.due())

    def mend(self, client: Client, patience: float = 0.0) -> None:
        """Send what never came; where it comes by itself within ``patience`` seconds there is nothing to do."""
        client.is_catching_up = True
        try:
            self._server.sleep(patience)
            if self.clients.get(client.sid) and client.seq is not None and (client.waiting or not patience):
                self._catch_up(client, client.seq)
                self._send_all(client, client.due())
        except Busy:
            log.warning("realtime.not_mended", waiting=len(client.waiting))
        finally:
            client.is_catching_up = False

    def send(self, client: Client, name: str, payload: Any) -> None:
        """Put one event into a client's queue."""
        socket = self._server.eio.sockets.get(client.eio_sid)
        if socket is not None and socket.queue.qsize() > MOST_UNSENT:
            self.cut(client, "slow")
            return
        self._server.emit(name, payload, to=client.sid, ignore_queue=True)

    def cut(self, client: Client, reason: str) -> None:
        """End a client for good: it is told to go, and its connection is closed."""
        log.info("socket.cut", reason=reason, user_id=str(client.user_id), session_id=str(client.session_id))
        self._server.disconnect(client.sid, ignore_queue=True)
        self.close(client.eio_sid)

    def close(self, eio_sid: str) -> None:
        """Close a connection; whoever was on it may connect again."""
        socket = self._server.eio.sockets.get(eio_sid)
        if socket is not None:
            socket.close(wait=False)

    def _catch_up(self, client: Client, since: int | None) -> None:
        with self.reading() as session:
            latest = last_seq(session, client.user_id)
            missed = [] if since is None else events_since(session, client.user_id, since, MOST_REPLAYED + 1)
        # From here on nothing gives way, so no event can come between those that are replayed.
        if len(missed) > MOST_REPLAYED or (since or 0) > latest or len(client.waiting) > MOST_WAITING:
            client.move_to(latest)
            self.send(client, "resync", {"last_seq": latest})
            return
        self._send_all(client, [(event.name, event.payload()) for event in missed])
        client.move_to(max(latest, _number(missed)))

    def _send_all(self, client: Client, events: list[tuple[str, Any]]) -> None:
        for name, payload in events:
            self.send(client, name, payload)


def _number(events: list[LiveEvent]) -> int:
    return events[-1].seq if events else 0


def _unavailable() -> Busy:
    return Busy("unavailable", "We cannot answer right now. Try again.", retry_after=5)
