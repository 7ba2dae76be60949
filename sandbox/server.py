"""Serves the stand-in on a thread per connection, quietly: its timeline is the log."""

from __future__ import annotations

import socket

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The timeline has it already."""


class Server(ThreadedWSGIServer):
    """Takes bursts of connections, and leaves hanging answers behind when it closes."""

    request_queue_size = 1024
    daemon_threads = True
    block_on_close = False


def bind(app: Flask, host: str, port: int) -> Server:
    """A server that has its port but does not serve yet; raises OSError where the port is not to be had."""
    # werkzeug itself would end the process with a message of its own, so the socket is made here.
    listener = socket.create_server((host, port), backlog=Server.request_queue_size)
    with listener:
        return Server(host, port, app, handler=_QuietHandler, fd=listener.fileno())
