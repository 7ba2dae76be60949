"""Our own launcher of Redis or Valkey, with the few settings on which the queues rely."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from ops.server import Server


class RedisServer(Server):
    """A Redis on 127.0.0.1 that never evicts a message and, where durable, keeps its log of appended commands."""

    process_names = ("redis-server", "valkey-server")

    def working_folder(self) -> Path:
        return self.folder

    def command(self) -> list[Any]:
        flags = {
            "--bind": "127.0.0.1",
            "--port": self.port,
            "--dir": self.folder,
            "--save": "",
            "--appendonly": "yes" if self.is_durable else "no",
            "--maxmemory-policy": "noeviction",
            "--daemonize": "no",
            "--loglevel": "notice",
        }
        return [self.binary.path, *(part for pair in flags.items() for part in pair)]

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def url(self) -> str:
        """The address of the first database on this server."""
        return f"redis://127.0.0.1:{self.port}/0"
