"""The door before Socket.IO: who may open one more connection, and what no connection may bring."""

from __future__ import annotations

import http
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
import socketio
import structlog

from api.context import customer_of, readable_address
from api.realtime.allowance import LARGEST_MESSAGE
from api.realtime.packets import Garbage
from api.realtime.stream import Stream
from api.titles import title_of
from settings import Settings

log = structlog.get_logger(__name__)

#: Where a request's environ keeps its :class:`Connection`.
CONNECTION = "elite.connection"
_PATH = "/socket.io"
_REFUSALS = {
    400: ("malformed_request", "Bring the access token in auth, never in the address."),
    413: ("body_too_large", "The message is larger than any that we take."),
    429: ("too_many_requests", "Too many connections from this address."),
    503: ("busy", "This server has all the connections it can hold. Try again."),
}
_STATUS_LINES = {status: f"{status} {http.HTTPStatus(status).phrase}" for status in _REFUSALS}


@dataclass(slots=True)
class Connection:
    """When a request came (monotonic seconds), from where, and the connection that it opened."""

    opened: float
    address: str
    eio_sid: str = ""


class Door:
    """WSGI middleware around Socket.IO; counts connections by address for as long as they live."""

    def __init__(self, inner: Callable[..., Any], server: socketio.Server, settings: Settings, stream: Stream):
        self._inner = inner
        self._stream = stream
        self._settings = settings
        self._clients = stream.clients
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
        address = customer_of(readable_address(environ.get("REMOTE_ADDR")))
        refusal = self._refusal(query, address) or _bad_length(environ)
        if refusal:
            return _problem(refusal, start_response)
        # A compressor costs each connection more memory than all the rest, and our events are short.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        connection = environ[CONNECTION] = Connection(time.monotonic(), address)
        try:
            return self._inner(environ, start_response)
        except Exception as error:
            # Engine.IO's parser raises ValueError through its own loop and leaves the connection behind.
            if isinstance(error, ValueError):
                log.info("socket.cut", reason="garbage", detail=str(error)[:100])
            else:
                log.exception("realtime.request_failed")
            self._stream.close(connection.eio_sid)
            raise

    def _refusal(self, query: dict[str, list[str]], address: str) -> int | None:
        if "token" in query or "access_token" in query:
            return 400
        if "sid" in query:
            return None
        if self._clients.connections >= self._settings.sockets:
            return 503
        return 429 if self._clients.connections_of(address) >= self._settings.sockets_address else None

    def _on_opened(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        environ[CONNECTION].eio_sid = eio_sid
        self._clients.opened(eio_sid, environ[CONNECTION].address)
        return self._opened(eio_sid, environ)

    def _on_said(self, eio_sid: str, data: Any) -> Any:
        try:
            return self._said(eio_sid, data)
        except Garbage as garbage:
            log.info("socket.cut", reason="garbage", detail=str(garbage))
        except Exception:
            log.exception("realtime.message_failed")
        return self._stream.close(eio_sid)

    def _on_closed(self, eio_sid: str, reason: str) -> Any:
        self._clients.closed(eio_sid)
        return self._closed(eio_sid, reason)


def _bad_length(environ: dict[str, Any]) -> int | None:
    if environ["REQUEST_METHOD"] != "POST":
        return None
    length = environ.get("CONTENT_LENGTH") or ""
    return None if length.isdigit() and int(length) <= LARGEST_MESSAGE else 413


def _problem(status: int, start_response: Callable[..., Any]) -> list[bytes]:
    code, detail = _REFUSALS[status]
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
    start_response(_STATUS_LINES[status], headers + ([("Retry-After", "5")] if status in (429, 503) else []))
    return [orjson.dumps(body)]
