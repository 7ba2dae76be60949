"""Ending the connection of somebody who was answered and goes on sending, which the server would wait for without end.

WSGI does not tell which socket a request came by. But the kernel knows when each last sent something: the one whose peer has this
address and that sent something at the very moment of the answer is the one. Behind a proxy all have one address, so that somebody
else's may fit as well: it has just been answered, too, and loses an idle connection. Where something has come by it since, that
may be another request, which nobody must lose.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time

#: Linux's ``tcp_info``: milliseconds since something was last sent, or since the connection began, milliseconds since something
#: last came, and how many segments were sent.
_INFO = struct.Struct("=44xI4xI100xI")
#: How far apart our clock and the kernel's may be about one moment.
_MOMENT_SECONDS = 0.1


def cut(peer: str, answered_at: float, *, spares_senders: bool) -> None:
    """End the connections with ``peer`` that last sent something at ``answered_at`` (monotonic), but for those on which
    something has come since, where they are to be spared; nothing where the kernel is another."""
    if not sys.platform.startswith("linux"):
        return
    for name in os.listdir("/dev/fd"):
        try:
            connection = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            # No socket, or closed meanwhile.
            continue
        with connection:
            if _is_that_of(connection, peer, answered_at, spares_senders):
                _end(connection)


def _is_that_of(connection: socket.socket, peer: str, answered_at: float, spares_senders: bool) -> bool:
    try:
        if connection.type != socket.SOCK_STREAM or connection.getpeername()[0] != peer:
            return False
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size)
    except (OSError, IndexError):
        # Of another family, listening, or closed by its peer.
        return False
    since, came, sent = _INFO.unpack(info)
    if spares_senders and came < since:
        return False
    return sent > 0 and abs(time.monotonic() - since / 1000 - answered_at) <= _MOMENT_SECONDS


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # Its peer was faster.
        return
