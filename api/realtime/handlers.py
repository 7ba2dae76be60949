"""What clients may say to us: who they are, when they connect. Everything else is answered with a refusal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import structlog
from flask import request
from flask_socketio import ConnectionRefusedError, SocketIO

from api.auth import owned
from api.errors import STATUS
from api.realtime import credentials
from api.realtime.clients import MOST_UNKNOWN, Client, Clients
from api.realtime.credentials import Credentials
from api.realtime.door import CONNECTION
from api.realtime.stream import Stream
from domain.errors import DomainError, RuleViolation
from services.accounts.sessions import identify
from services.context import Actor, Context
from settings import Settings

if TYPE_CHECKING:
    from api.realtime import RealtimePorts

log = structlog.get_logger(__name__)


class Handlers:
    """Socket.IO's three events of a process that only talks: connect, disconnect, and whatever a client makes up."""

    def __init__(self, socketio: SocketIO, settings: Settings, clients: Clients, stream: Stream, ports: RealtimePorts):
        self._socketio = socketio
        self._server = socketio.server
        self._settings = settings
        self._clients = clients
        self._stream = stream
        self._ports = ports

    def register(self) -> None:
        """Install the handlers."""
        self._socketio.on_event("connect", self.connect)
        self._socketio.on_event("disconnect", self.disconnect)
        self._socketio.on_event("*", self.unknown)

    def connect(self, auth: Any = None) -> None:
        """Let a live session in; everybody else is refused with a code."""
        started = time.perf_counter()
        try:
            given = credentials.read(auth)
            self._check(given)
        except DomainError as error:
            connection = request.environ[CONNECTION]
            connection.refused += 1
            if connection.refused == 1:
                log.info("socket.refused", code=error.code, address=connection.address)
            raise ConnectionRefusedError(error.message, credentials.problem(error, STATUS[type(error)])) from error
        client = self._admit(given)
        ms = round((time.perf_counter() - started) * 1000, 1)
        log.info("socket.opened", user_id=str(given.user_id), session_id=str(given.session_id), ms=ms)
        # After this handler's answer: a client hears nothing before it knows that it is connected.
        self._socketio.start_background_task(self._stream.welcome, client, given.since)

    def disconnect(self, reason: str | None = None) -> None:
        """Forget a client, whoever ended it."""
        client = self._clients.remove(request.sid)  # type: ignore[attr-defined]
        if client is not None:
            log.info("socket.closed", reason=reason, user_id=str(client.user_id), session_id=str(client.session_id))

    def unknown(self, name: str, *_arguments: Any) -> dict[str, Any] | None:
        """Answer an event that we do not know; who keeps sending them is cut."""
        client = self._clients.get(request.sid)  # type: ignore[attr-defined]
        if client is None:
            return None
        client.unknown_events += 1
        if client.unknown_events > MOST_UNKNOWN:
            self._stream.cut(client, "unknown_events")
        return credentials.problem(RuleViolation("unknown_event", "There is no such event."), 422)

    def _check(self, given: Credentials) -> None:
        ctx = Context(self._ports.policy, self._ports.clock, Actor(ip=request.remote_addr))
        with self._stream.reading() as session:
            owned(identify(session, ctx, given.session_id), given.user_id)

    def _admit(self, given: Credentials) -> Client:
        sid: str = request.sid  # type: ignore[attr-defined]
        room = self._ports.room_of(given.user_id)
        mine = self._clients.in_room(room)
        # A phone that changed networks leaves a dead connection behind, so the oldest goes and not the newest.
        for oldest in mine[: max(0, len(mine) + 1 - self._settings.sockets_user)]:
            self._stream.cut(oldest, "too_many")
        client = Client(sid, self._server.manager.eio_sid_from_sid(sid, "/"), given.user_id, given.session_id, room)
        self._clients.add(client)
        self._server.enter_room(sid, room)
        return client
