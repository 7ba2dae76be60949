"""The supervisor of a developer's machine: starts the Procfile, keeps it running, shows its troubles, ends it all."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ops import launch
from ops.errors import OpsError
from ops.logs import LogTail

QUICK_SECONDS = 10.0
MOST_QUICK_DEATHS = 5
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 4.0
PATIENCE_SECONDS = 8.0


@dataclass
class Program:
    """One line of the Procfile and what became of it."""

    name: str
    command: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    starts_again_at: float | None = None
    was_given_up: bool = False
    tail: LogTail | None = field(default=None, repr=False)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def read_procfile(path: Path) -> dict[str, str]:
    """Name → command line of every process, in the file's order."""
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise OpsError(f"{path.name} cannot be read: {error.strerror}.", "Restore it from the repository.") from error
    matches = [re.match(r"([\w-]+):\s*(\S.*)", line) for line in lines if line.strip() and not line.startswith("#")]
    if not matches or not all(matches):
        raise OpsError(f"{path.name} holds a line that is not 'name: command'.", "Correct it and start again.")
    return {match[1]: match[2].strip() for match in matches if match}


class Supervisor:
    """Runs programs in ``env`` from ``folder`` with their logs in ``logs``; ``say`` receives what people should read."""

    def __init__(
        self, folder: Path, env: Mapping[str, str], logs: Path, say: Callable[[str], None], *, is_verbose: bool = False
    ):
        self._folder = folder
        self.env = env
        self._logs = logs
        self._say = say
        self._is_verbose = is_verbose
        self.programs: list[Program] = []

    def start(self, name: str, command: str) -> None:
        """Start one program; its log begins anew, the one before is kept as ``NAME.log.1``."""
        log = self._log(name)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        program = Program(name, command)
        self.programs.append(program)
        self._launch(program)
        program.tail = LogTail(log)

    def watch(self) -> None:
        """One look at everything: show new log lines, start again what has died."""
        for program in self.programs:
            self._show_log(program)
            if program.starts_again_at is not None:
                if time.monotonic() >= program.starts_again_at:
                    self._launch(program)
            elif program.process and program.process.poll() is not None and not program.was_given_up:
                self._mourn(program)

    def given_up(self) -> list[OpsError]:
        """The programs that died too often, each as a problem with the end of its log."""
        return [
            OpsError(
                f"{program.name} died {MOST_QUICK_DEATHS} times in a row and stays down.",
                f"Its whole log is {self._log(program.name)}.",
                launch.tail(self._log(program.name)),
            )
            for program in self.programs
            if program.was_given_up
        ]

    def stop(self, patience: float = PATIENCE_SECONDS) -> None:
        """End every program and all that it started, the unwilling after ``patience`` seconds or a second Ctrl-C."""
        running = [program.process for program in self.programs if program.process]
        launch.stop(running, how=signal.SIGTERM, seconds=patience)
        for program in self.programs:
            self._show_log(program)
        self.programs.clear()

    def _launch(self, program: Program) -> None:
        program.starts_again_at = None
        program.started = time.monotonic()
        program.process = launch.start(
            ["/bin/sh", "-c", f"exec {program.command}"], log=self._log(program.name), cwd=self._folder, env=self.env
        )

    def _mourn(self, program: Program) -> None:
        launch.kill_group(program.process.pid)
        lived = time.monotonic() - program.started
        program.quick_deaths = program.quick_deaths + 1 if lived < QUICK_SECONDS else 0
        if program.quick_deaths >= MOST_QUICK_DEATHS:
            program.was_given_up = True
            return
        pause = min(FIRST_PAUSE * 2**program.quick_deaths, LONGEST_PAUSE)
        program.starts_again_at = time.monotonic() + pause
        self._say(f"{program.name} {_how_it_ended(program.process.returncode)} after {lived:.0f} s; starting it again")

    def _show_log(self, program: Program) -> None:
        if program.tail:
            for line in program.tail.read(everything=self._is_verbose):
                self._say(f"{program.name:<12} {line}")

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def _how_it_ended(status: int) -> str:
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with {status}"
