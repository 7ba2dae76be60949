"""Starting the real socket process, and the one origin that browsers see in front of it, for tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.database import ROOT
from tests.support.network import free_port

PATIENCE_SECONDS = 30


@dataclass
class Server:
    """A process of ours that listens on ``url``."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, patience: float = 10) -> int:
        """Ask it to end; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(patience)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


@contextmanager
def realtime_server(environ: Mapping[str, str], log: Path, *, port: int | None = None) -> Iterator[Server]:
    """The sockets alone, as the Procfile starts them."""
    port = port or free_port()
    environ = {**environ, "REALTIME_HOST": "127.0.0.1", "REALTIME_PORT": str(port)}
    yield from _running([sys.executable, "realtime.py"], environ, port, log, "/health")


@contextmanager
def origin_server(web_url: str, realtime_url: str, log: Path) -> Iterator[Server]:
    """The origin of ``./elite up`` before both."""
    port = free_port()
    environ = {
        "PORT": str(port),
        "WEB_PORT": web_url.rpartition(":")[2],
        "REALTIME_PORT": realtime_url.rpartition(":")[2],
    }
    yield from _running([sys.executable, "-m", "ops.origin"], environ, port, log, "/health")


def _running(command: list[str], environ: Mapping[str, str], port: int, log: Path, path: str) -> Iterator[Server]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_it_answers(server, path)
        yield server
    finally:
        server.stop()


def _wait_until_it_answers(server: Server, path: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.process.poll() is None:
        try:
            httpx.get(server.url + path, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{server.process.args} did not come up:\n{server.log.read_text()[-3000:]}")
