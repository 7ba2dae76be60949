"""Starting the real web server for tests: granian with several processes, on a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.sandbox_process import free_port

PATIENCE_SECONDS = 30


@contextmanager
def web_server(environ: Mapping[str, str], log: Path, *, target: str = "wsgi:app", processes: int = 2) -> Iterator[str]:
    """The base URL of ``target`` served by ``processes`` worker processes; its output goes to ``log``."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", "8", "--no-ws", target),
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            env={**os.environ, **environ, "PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_until_it_serves(base, server, log)
        yield base
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_until_it_serves(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            if httpx.get(f"{base}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the web server did not come up:\n{log.read_text()[-2000:]}")
