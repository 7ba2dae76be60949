"""A provider that answers from a script over real sockets, faults included, so that clients meet what the wire can do."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Received:
    """A request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = Callable[["_Handler"], None]


def answer(status: int, body: Any = b"", headers: dict[str, str] | None = None) -> Reply:
    """An ordinary answer; ``body`` is bytes, text or something for JSON."""
    content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()

    def reply(handler: _Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def hang(handler: _Handler) -> None:
    """Reads the request and says nothing until the test is over."""
    handler.server.released.wait(20)
    handler.close_connection = True


def drop(handler: _Handler) -> None:
    """Reads the request and closes the connection."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def raw(data: bytes) -> Reply:
    """Bytes that need not be HTTP."""

    def reply(handler: _Handler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return reply


def drip(handler: _Handler) -> None:
    """A header that comes byte by byte and never ends: each step is in time, the whole never is."""
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not handler.server.released.is_set():
            handler.wfile.write(b"a")
            time.sleep(0.05)
    handler.close_connection = True


def flood(handler: _Handler) -> None:
    """A body of several megabytes."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(8 * 1024 * 1024))
    handler.end_headers()
    with suppress(OSError):
        for _ in range(128):
            handler.wfile.write(b"x" * 65536)
    handler.close_connection = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RecordedProvider

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.command, self.path, headers, body)
        self.server.reply_to(received)(self)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, *_args: Any) -> None:
        """Tests print nothing."""


class RecordedProvider(ThreadingHTTPServer):
    """Answers each path from its queue of replies, the last one for ever; keeps what it received."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, certificate: Path | None = None) -> None:
        """Speaks TLS with the ``certificate`` and key in that file, if there is one."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self.released = threading.Event()
        self.received: list[Received] = []
        self._scripts: dict[str, deque[Reply]] = {}
        self._lock = threading.Lock()
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        self._thread.start()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the connection's own thread, so that a slow handshake holds nobody up."""
        with suppress(OSError):
            if not self._tls:
                super().finish_request(request, client_address)
                return
            with self._tls.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)

    def script(self, path: str, *replies: Reply) -> None:
        """From now on answer ``path`` (without its query) with ``replies``, one after the other."""
        with self._lock:
            self._scripts[path] = deque(replies)

    def reply_to(self, received: Received) -> Reply:
        with self._lock:
            self.received.append(received)
            queue = self._scripts.get(received.path.partition("?")[0])
            if not queue:
                return answer(404, {"errorCode": "404.001.01", "errorMessage": "Resource not found"})
            return queue.popleft() if len(queue) > 1 else queue[0]

    def to(self, path: str) -> list[Received]:
        return [each for each in self.received if each.path.partition("?")[0] == path]

    def stop(self) -> None:
        self.released.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
