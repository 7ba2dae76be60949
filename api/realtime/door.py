"""The door before Socket.IO: who may open one more connection, and what no connection may bring."""

from __future__ import annotations

import http
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson
import socketio
import structlog
from engineio import packet

from api.context import customer_of, readable_address
from api.realtime.allowance import LARGEST_MESSAGE, Allowance
from api.realtime.packets import Garbage
from api.realtime.stream import Stream
from api.titles import title_of
from settings import Settings

log = structlog.get_logger(__name__)

#: Where a request's environ keeps its :class:`Connection`.
CONNECTION = "elite.connection"
_PATH = "/socket.io"
#: CONNECT packets of one connection, and how many of them may be refused: the official client sends one.
MOST_CONNECTS, MOST_REFUSED = 5, 3
_ADDRESS_FULL, _FULL = "address_full", "full"
_REFUSALS = {
    "token": (400, "malformed_request", "Bring the access token in auth, never in the address."),
    "unknown": (400, "malformed_request", "There is no such connection. Open a new one."),
    "poll": (400, "malformed_request", "Somebody waits on this connection already."),
    "upgrade": (400, "malformed_request", "This connection is being upgraded already."),
    "length": (413, "body_too_large", "The message is larger than any that we take."),
    _ADDRESS_FULL: (429, "too_many_requests", "Too many connections from this address."),
    "flood": (429, "too_many_requests", "Too many messages on this connection."),
    _FULL: (503, "busy", "This server has all the connections it can hold. Try again."),
}
#: Of Engine.IO's packets those that a client may send once it is connected.
_SAID = frozenset({packet.CLOSE, packet.PONG, packet.MESSAGE})


@dataclass(slots=True)
class Connection:
    """A request: when it came (monotonic seconds), from where, the connection that it opened, and what was said on it."""

    opened: float
    address: str
    eio_sid: str = ""
    allowance: Allowance = field(default_factory=Allowance)
    #: What it is at, of which there is one at a time: "poll", "upgrade".
    busy: set[str] = field(default_factory=set)
    connects: int = 0
    refused: int = 0


class Door:
    """WSGI middleware around Socket.IO; counts connections and open requests by address for as long as they live."""

    def __init__(self, inner: Callable[..., Any], server: socketio.Server, settings: Settings, stream: Stream):
        self._inner = inner
        self._server = server
        self._stream = stream
        self._settings = settings
        self._clients = stream.clients
        self._requests: Counter[str] = Counter()
        handlers = server.eio.handlers
        self._opened, self._said, self._closed = handlers["connect"], handlers["message"], handlers["disconnect"]
        server.eio.on("connect", self._on_opened)
        server.eio.on("message", self._on_said)
        # Its own way waits until the client has taken every packet, which a hostile one never does.
        server.eio.disconnect = stream.close
        server.eio.on("disconnect", self._on_closed)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(_PATH):
            return self._inner(environ, start_response)
        query = parse_qs(environ.get("QUERY_STRING", ""))
        sid = query.get("sid", [""])[0]
        address = customer_of(readable_address(environ.get("REMOTE_ADDR")))
        refusal = self._refusal(query, address) or _bad_length(environ) or (sid and self._refusal_on(sid, environ))
        if refusal:
            return _problem(refusal, start_response)
        # A compressor costs each connection more memory than all the rest, and our events are short.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        connection = environ[CONNECTION] = Connection(time.monotonic(), address, sid)
        with self._counted(address), self._busy(connection, environ):
            return self._answer(environ, start_response, connection)

    def _answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any], connection: Connection
    ) -> Iterable[bytes]:
        try:
            return self._inner(environ, start_response)
        except Exception as error:
            # Engine.IO's parser raises ValueError through its own loop and leaves the connection behind.
            if isinstance(error, ValueError):
                log.info("socket.cut", reason="garbage", detail=str(error)[:100])
            elif isinstance(error, OSError):
                log.info("socket.cut", reason="silent", detail=type(error).__name__)
            else:
                log.exception("realtime.request_failed")
            self._stream.close(connection.eio_sid)
            raise

    @contextmanager
    def _counted(self, address: str) -> Iterator[None]:
        self._requests[address] += 1
        try:
            yield
        finally:
            self._requests[address] -= 1
            if not self._requests[address]:
                del self._requests[address]

    @contextmanager
    def _busy(self, connection: Connection, environ: dict[str, Any]) -> Iterator[None]:
        opening, kind = self._connection(connection.eio_sid), _kind(environ)
        if opening is None or kind is None:
            yield
            return
        opening.busy.add(kind)
        connection.busy.add(kind)
        try:
            yield
        finally:
            opening.busy.discard(kind)

    def _connection(self, eio_sid: str) -> Connection | None:
        """The request that opened a connection; None where there is none any more."""
        environ = self._server.environ.get(eio_sid)
        return environ[CONNECTION] if environ is not None else None

    def _refusal(self, query: dict[str, list[str]], address: str) -> str | None:
        if "token" in query or "access_token" in query:
            return "token"
        # One request for each connection, and one more while it posts or changes to a websocket.
        if self._requests[address] >= 2 * self._settings.sockets_address:
            return _ADDRESS_FULL
        if self._requests.total() >= 2 * self._settings.sockets:
            return _FULL
        if "sid" in query:
            return None
        if self._clients.connections >= self._settings.sockets:
            return _FULL
        return _ADDRESS_FULL if self._clients.connections_of(address) >= self._settings.sockets_address else None

    def _refusal_on(self, sid: str, environ: dict[str, Any]) -> str | None:
        """Why a request of an open connection is not taken."""
        opening = self._connection(sid)
        if opening is None:
            return "unknown"
        kind = _kind(environ)
        if kind in opening.busy:
            return kind
        if environ["REQUEST_METHOD"] == "POST" and not opening.allowance.takes(int(environ["CONTENT_LENGTH"])):
            self._cut(sid, "flood")
            return "flood"
        return None

    def _on_opened(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        environ[CONNECTION].eio_sid = eio_sid
        self._clients.opened(eio_sid, environ[CONNECTION].address)
        socket = self._server.eio.sockets[eio_sid]
        receive = socket.receive

        def receive_known(said: packet.Packet) -> None:
            # The library ignores what it does not know, for as long as it comes.
            if said.packet_type in _SAID:
                receive(said)
            else:
                self._cut(eio_sid, "garbage")

        socket.receive = receive_known
        return self._opened(eio_sid, environ)

    def _on_said(self, eio_sid: str, data: Any) -> Any:
        connection = self._connection(eio_sid)
        if connection is None:
            # Said after the end.
            return None
        is_connect = isinstance(data, str) and data.startswith("0")
        connection.connects += is_connect
        if connection.connects > MOST_CONNECTS:
            return self._cut(eio_sid, "connects")
        try:
            self._said(eio_sid, data)
        except Garbage as garbage:
            log.info("socket.cut", reason="garbage", detail=str(garbage))
            return self._stream.close(eio_sid)
        except Exception:
            log.exception("realtime.message_failed")
            return self._stream.close(eio_sid)
        is_elsewhere = is_connect and data.startswith("0/") and not data.startswith("0/,")
        if is_elsewhere or connection.refused >= MOST_REFUSED:
            self._cut(eio_sid, "refused")
        return None

    def _on_closed(self, eio_sid: str, reason: str) -> Any:
        self._clients.closed(eio_sid)
        return self._closed(eio_sid, reason)

    def _cut(self, eio_sid: str, reason: str) -> None:
        if self._connection(eio_sid) is not None:
            log.info("socket.cut", reason=reason)
        self._stream.close(eio_sid)


def _kind(environ: dict[str, Any]) -> str | None:
    if environ["REQUEST_METHOD"] != "GET":
        return None
    return "upgrade" if environ.get("HTTP_UPGRADE", "").lower() == "websocket" else "poll"


def _bad_length(environ: dict[str, Any]) -> str | None:
    if environ["REQUEST_METHOD"] != "POST":
        return None
    length = environ.get("CONTENT_LENGTH") or ""
    return None if length.isdigit() and int(length) <= LARGEST_MESSAGE else "length"


def _problem(refusal: str, start_response: Callable[..., Any]) -> list[bytes]:
    status, code, detail = _REFUSALS[refusal]
    body = {
        "type": f"urn:elite-events:problem:{code}",
        "title": title_of(code),
        "status": status,
        "detail": detail,
        "message": detail,
        "code": code,
        "errors": {},
    }
    headers = [("Content-Type", "application/problem+json"), ("Cache-Control", "private, no-store")]
    start_response(
        f"{status} {http.HTTPStatus(status).phrase}", headers + ([("Retry-After", "5")] if status in (429, 503) else [])
    )
    return [orjson.dumps(body)]
