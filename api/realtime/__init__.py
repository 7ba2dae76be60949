"""The socket edge: Flask-SocketIO in a process of its own, which lets people in, tells them what happens, and cuts them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, Response
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix

from api import errors
from api.answers import answer
from api.origins import Origins
from api.realtime.allowance import LARGEST_MESSAGE
from api.realtime.channel import Channel, Json
from api.realtime.clients import Clients
from api.realtime.door import Door
from api.realtime.handlers import Handlers
from api.realtime.packets import Packet
from api.realtime.stream import Stream
from api.realtime.watch import Watch
from api.tokens import configure_access_tokens
from domain.policy import Policy
from models.clock import Clock
from models.session import Database
from settings import Settings

__all__ = ["Channel", "Realtime", "RealtimePorts", "create_realtime"]

#: Phones sleep and change networks: a ping often enough for carriers' NAT, and patience for a slow answer.
PING_INTERVAL_SECONDS, PING_TIMEOUT_SECONDS = 25, 20

#: Engine.IO calls whatever a hostile client sends an error, with a traceback; what is ours to mend is logged in door.py.
_SILENT = logging.getLogger("engineio.silent")
_SILENT.setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class RealtimePorts:
    """The outside things that the socket edge needs. ``on_deaf`` is called once when events can no longer be heard."""

    db: Database
    clock: Clock
    policy: Policy
    channel: Channel
    room_of: Callable[[UUID], str]
    on_deaf: Callable[[], None]
    #: Questions to the database that may be asked at once on behalf of clients.
    reads: int


@dataclass(frozen=True, slots=True)
class Realtime:
    """The running edge: ``app`` is what the server runs."""

    app: Flask
    watch: Watch

    def start(self) -> None:
        """Begin the sweeps, in the background."""
        self.watch.start()

    def send_everybody_elsewhere(self, patience: float) -> None:
        """Close every connection so that clients connect again, to somebody else; at most ``patience`` seconds."""
        self.watch.send_everybody_elsewhere(patience)


def create_realtime(settings: Settings, ports: RealtimePorts, *, async_mode: str) -> Realtime:
    """The WSGI application of the sockets and what watches over it. ``async_mode`` is the server's way of concurrency."""
    app = Flask(__name__, static_folder=None)
    origins = Origins(settings)
    configure_access_tokens(app, settings)
    errors.register(app)
    app.add_url_rule("/health", view_func=_alive)
    socketio = SocketIO(
        app,
        async_mode=async_mode,
        client_manager=ports.channel,
        manage_session=False,
        cookie=None,
        json=Json,
        serializer=Packet,
        cors_allowed_origins=lambda origin: origin is not None and origins.may_connect(origin),
        cors_credentials=False,
        max_http_buffer_size=LARGEST_MESSAGE,
        ping_interval=PING_INTERVAL_SECONDS,
        ping_timeout=PING_TIMEOUT_SECONDS,
        # Events of one client one after the other, in its own green thread.
        async_handlers=False,
        http_compression=False,
        engineio_logger=_SILENT,
    )
    clients = Clients()
    stream = Stream(socketio.server, clients, ports)
    ports.channel.on_event = stream.receive
    Handlers(socketio, settings, clients, stream, ports).register()
    app.wsgi_app = Door(app.wsgi_app, socketio.server, settings, stream)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return Realtime(app, Watch(socketio.server, clients, stream, ports))


def _alive() -> Response:
    return answer({"status": "ok"})
