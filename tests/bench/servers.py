"""The two servers under comparison as they run in production: two processes each, on free ports, logs into files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from ops import launch, node
from ops.processes import read_procfile
from tests.bench import statements

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(__file__).parent / "reference"
WORKERS = "2"
READY_SECONDS, STOP_SECONDS = 60, 10
#: So many requests a minute that no limit is met; they are counted all the same.
UNMET = 900_000_000


class NotReady(Exception):
    """A server did not come up; the message is the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. Its costs are its own processes' and, apart, the database's and Redis's."""

    name: str
    url: str
    process: psutil.Process
    stores: tuple[psutil.Process, ...]

    def cpu_seconds(self) -> tuple[float, float]:
        """Seconds of the cores used so far: by the server, and by PostgreSQL and Redis."""
        return _used([self.process]), _used(self.stores)


@contextmanager
def ours(environ: Mapping[str, str], logs: Path, stores: tuple[psutil.Process, ...]) -> Iterator[Server]:
    """The ``web`` of the Procfile."""
    port = str(launch.free_port())
    own = {
        "PORT": port,
        "WEB_HOST": "127.0.0.1",
        "WEB_WORKERS": WORKERS,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', os.defpath)}",
        "LIMIT_PUBLIC_READS": f"{UNMET} per 1m",
        "LIMIT_HOLDS_USER": f"{UNMET} per 1m",
    }
    command = ["/bin/sh", "-c", f"exec {read_procfile(ROOT / 'Procfile')['web']}"]
    with _running("ours", command, {**environ, **own}, port, logs, stores) as server:
        yield server


@contextmanager
def reference(environ: Mapping[str, str], logs: Path, stores: tuple[psutil.Process, ...]) -> Iterator[Server]:
    """The Express server of ``reference/``; its packages are installed as its lock file has them."""
    node.packages(REFERENCE)
    port = str(launch.free_port())
    own = {"PORT": port, "WEB_WORKERS": WORKERS, "NODE_ENV": "production", "LIMIT_COUNT": str(UNMET)}
    own["STATEMENTS"] = str(statements.write(logs / "statements.json"))
    command = [str(node.interpreter()), str(REFERENCE / "server.js")]
    with _running("reference", command, {**environ, **own}, port, logs, stores) as server:
        yield server


@contextmanager
def workers(environ: Mapping[str, str], logs: Path) -> Iterator[None]:
    """The relay and the worker for money, as they run beside the web."""
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', os.defpath)}",
        "MONEY_CONCURRENCY": "4",
    }
    programs = read_procfile(ROOT / "Procfile")
    processes = [
        launch.start(
            ["/bin/sh", "-c", f"exec {programs[name]}"], log=logs / f"{name}.log", cwd=ROOT, env={**environ, **own}
        )
        for name in ("relay", "worker-money")
    ]
    try:
        yield
    finally:
        launch.stop(processes, how=signal.SIGTERM, seconds=STOP_SECONDS)


@contextmanager
def _running(
    name: str,
    command: list[str],
    environ: Mapping[str, str],
    port: str,
    logs: Path,
    stores: tuple[psutil.Process, ...],
) -> Iterator[Server]:
    log = logs / f"{name}.log"
    process = launch.start(command, log=log, cwd=ROOT, env=environ)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, log)
        yield Server(name, url, psutil.Process(process.pid), stores)
    finally:
        launch.stop([process], how=signal.SIGTERM, seconds=STOP_SECONDS)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise NotReady("\n".join([f"{log.stem} did not come up:", *launch.tail(log)]))


def _used(roots: list[psutil.Process] | tuple[psutil.Process, ...]) -> float:
    """User and system time of these processes and their children, the ended ones included."""
    total = 0.0
    for root in roots:
        for process in (root, *root.children(recursive=True)):
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        total += root.cpu_times().children_user + root.cpu_times().children_system
    return total
