"""A websocket written by hand, whose sender never stops: what no client library would do."""

from __future__ import annotations

import base64
import contextlib
import os
import socket as sockets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def frame(data: bytes = b"", *, kind: int = 1, final: bool = True) -> bytes:
    """A client's frame; a mask of zeros leaves the data as it is."""
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
    return bytes([(0x80 if final else 0) | kind]) + length + b"\0\0\0\0" + data


def opened(url: str, query: str = "", version: str = "13") -> sockets.socket:
    """A websocket behind its handshake, or whatever answer it got instead."""
    host, port = url.removeprefix("http://").split(":")
    connection = sockets.create_connection((host, int(port)), timeout=10)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket{query} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: {version}\r\n\r\n".encode()
    )
    return connection


@contextmanager
def flooding(connection: sockets.socket, first: bytes, more: bytes) -> Iterator[threading.Event]:
    """Send ``first`` and then ``more`` without end, as fast as it is taken; the event says that it was cut."""
    cut, stopped = threading.Event(), threading.Event()

    def send() -> None:
        with contextlib.suppress(OSError):
            connection.sendall(first)
            while not stopped.is_set():
                connection.sendall(more)
        cut.set()

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield cut
    finally:
        stopped.set()
        with contextlib.suppress(OSError):
            connection.shutdown(sockets.SHUT_RDWR)
        thread.join(5)
        connection.close()
