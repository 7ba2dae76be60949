"""The house's own processes for tests that kill them: relay and workers exactly as the Procfile starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.database import ROOT

RELAY = (sys.executable, "relay.py")


def worker(*queues: str, name: str = "worker") -> tuple[str, ...]:
    """The command of a worker for some queues."""
    return (
        *(sys.executable, "-m", "celery", "-A", "workers.app", "worker", "-n", f"{name}@%h", "-Q", ",".join(queues)),
        *("-P", "threads", "-c", "4", "--without-gossip", "--without-mingle", "--without-heartbeat"),
    )


def bulk_worker(*queues: str) -> tuple[str, ...]:
    """The same with a pool of processes, of which each has its own memory."""
    command = worker(*queues, name="worker-bulk")
    return tuple({"threads": "prefork", "4": "1"}.get(word, word) for word in command)


class House:
    """Starts processes in one environment and stops what is left of them."""

    def __init__(self, environ: Mapping[str, str], logs: Path):
        self.environ = {**os.environ, **environ}
        self._logs = logs
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, command: tuple[str, ...], name: str) -> subprocess.Popen[bytes]:
        with (self._logs / f"{name}.log").open("ab") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """``kill -9``, with no chance to say good-bye."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._running.remove(process)

    def log(self, name: str) -> str:
        path = self._logs / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def stop(self) -> None:
        for process in self._running:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self._running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
