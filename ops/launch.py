"""Starting and stopping child processes so that none of them ever outlives the command that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psutil

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def start(
    command: list[Any],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    account: Mapping[str, Any] | None = None,
    last_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own with its output appended to ``log``.

    Its own session keeps the terminal's Ctrl-C away from it: we stop things in their order. On Linux the kernel sends
    ``last_signal`` if this process dies without a word. Call it from the main thread only: the kernel watches the
    thread that forked.
    """
    parent = os.getpid()

    def die_with_parent() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, last_signal)
        if os.getppid() != parent:
            os._exit(1)

    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
            preexec_fn=die_with_parent if _LIBC else None,  # noqa: PLW1509 - the command has no threads
            **(account or {}),
        )


def stop(processes: Iterable[subprocess.Popen[bytes]], *, how: signal.Signals, seconds: float) -> None:
    """Ask every process by signal ``how``, wait at most ``seconds`` for all, then end what is left of their groups."""
    processes = list(processes)
    for process in processes:
        if process.poll() is None:
            process.send_signal(how)
    deadline = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
        except KeyboardInterrupt:
            # Asked twice: no more patience.
            deadline = time.monotonic()
    for process in processes:
        kill_group(process.pid)
        process.wait()


def kill_group(leader: int) -> None:
    """End whatever is left in the process group of ``leader``, which may be gone itself."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def stop_leftovers(processes: list[psutil.Process], how: signal.Signals, seconds: float = 8.0) -> int:
    """Stop processes that an earlier, killed command left behind; returns how many there were."""
    for process in processes:
        _signal_quietly(process, how)
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    for process in alive:
        _signal_quietly(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=2)
    return len(processes)


def living_in(folder: Path, names: Iterable[str]) -> list[psutil.Process]:
    """Processes of one of these ``names`` whose working directory is ``folder``: servers work inside their data."""
    found = []
    wanted = set(names)
    for process in psutil.process_iter(["name"]):
        if process.info["name"] not in wanted:
            continue
        try:
            if Path(process.cwd()) == folder.resolve():
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def free_port(preferred: int | None = None) -> int:
    """A TCP port on 127.0.0.1 that nobody listens on, ``preferred`` if it is free."""
    for port in (preferred, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("this machine has no free TCP port left")


def tail(log: Path, lines: int = 15) -> list[str]:
    """The last ``lines`` of a log, or nothing where there is none."""
    if not log.exists():
        return []
    with log.open("rb") as source:
        source.seek(max(0, log.stat().st_size - 16_384))
        return source.read().decode("utf-8", "replace").splitlines()[-lines:]


def _signal_quietly(process: psutil.Process, how: signal.Signals) -> None:
    try:
        process.send_signal(how)
    except psutil.NoSuchProcess:
        return
