"""The door before Socket.IO: who may open one more connection, and what no connection may bring."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import orjson
import socketio
import structlog

from api.context import customer_of, readable_address
from api.realtime.clients import Clients
from settings import Settings

log = structlog.get_logger(__name__)

#: Where a connection's environ keeps when it was opened (monotonic seconds) and from where.
OPENED, ADDRESS = "elite.opened", "elite.address"
_PATH = "/socket.io"
_REFUSALS = {
    400: ("malformed_request", "Bring the access token in auth, never in the address."),
    429: ("too_many_requests", "Too many connections from this address."),
    503: ("busy", "This server has all the connections it can hold. Try again."),
}
_STATUS_LINES = {400: "400 Bad Request", 429: "429 Too Many Requests", 503: "503 Service Unavailable"}


class Door:
    """WSGI middleware around Socket.IO; counts connections by address for as long as they live."""

    def __init__(self, inner: Callable[..., Any], server: socketio.Server, settings: Settings, clients: Clients):
        self._inner = inner
        self._settings = settings
        self._clients = clients
        self._opened, self._closed = server.eio.handlers["connect"], server.eio.handlers["disconnect"]
        server.eio.on("connect", self._on_opened)
        server.eio.on("disconnect", self._on_closed)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(_PATH):
            return self._inner(environ, start_response)
        query = parse_qs(environ.get("QUERY_STRING", ""))
        address = customer_of(readable_address(environ.get("REMOTE_ADDR")))
        refusal = self._refusal(query, address)
        if refusal:
            return _problem(refusal, start_response)
        # A compressor costs each connection more memory than all the rest, and our events are short.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        environ[OPENED], environ[ADDRESS] = time.monotonic(), address
        try:
            return self._inner(environ, start_response)
        except Exception:
            # The server answers 500 and says nothing of it.
            log.exception("realtime.request_failed")
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
        self._clients.opened(eio_sid, environ[ADDRESS])
        return self._opened(eio_sid, environ)

    def _on_closed(self, eio_sid: str, reason: str) -> Any:
        self._clients.closed(eio_sid)
        return self._closed(eio_sid, reason)


def _problem(status: int, start_response: Callable[..., Any]) -> list[bytes]:
    code, detail = _REFUSALS[status]
    body = {
        "type": f"urn:elite-events:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "message": detail,
        "code": code,
        "errors": {},
    }
    headers = [("Content-Type", "application/problem+json"), ("Cache-Control", "private, no-store")]
    start_response(_STATUS_LINES[status], headers + ([("Retry-After", "5")] if status != 400 else []))
    return [orjson.dumps(body)]
