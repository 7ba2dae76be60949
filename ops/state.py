"""Where ``up`` keeps data, logs and its own record, and the lock that lets only one of it run."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from ops import launch
from ops.errors import OpsError

#: In the environment of every process of ``up``, with the path of its state: by it a later ``up`` knows its leftovers.
RUN_MARK = "ELITE_RUN"


@dataclass(frozen=True)
class State:
    """A folder of ours: services' data, ``logs/``, ``dist/`` for copied programs, and ``up.json``, what is running.

    In ``metrics/`` the processes of an ``up`` count together.
    """

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def dist(self) -> Path:
        return self.path / "dist"

    @property
    def metrics(self) -> Path:
        return self.path / "metrics"

    @property
    def record(self) -> dict[str, Any]:
        """What the running or last ``up`` wrote about itself; empty where there was none."""
        try:
            return json.loads((self.path / "up.json").read_text())
        except (OSError, ValueError):
            return {}

    @property
    def environment(self) -> dict[str, str]:
        """The settings that the running or last ``up`` was given; empty for whoever may not read them."""
        try:
            return json.loads((self.path / "up-environment.json").read_text())
        except (OSError, ValueError):
            return {}

    def write_environment(self, environ: Mapping[str, str]) -> None:
        """Keep the settings for other commands of this user alone: keys and passwords may be among them."""
        path = self.path / "up-environment.json"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(dict(environ), file, indent=1)

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Replace the record in one step."""
        fresh = self.path / "up.json.new"
        fresh.write_text(json.dumps(record, indent=1))
        fresh.replace(self.path / "up.json")

    def make(self) -> None:
        """Create the folders; other users may pass through them, because the services may run as somebody else."""
        try:
            for folder in (self.path, self.logs, self.dist):
                folder.mkdir(parents=True, exist_ok=True)
                if folder.stat().st_uid == os.getuid():
                    folder.chmod(0o755)
            (self.path / "up.lock").touch()
        except OSError as error:
            raise OpsError(
                f"The folder {self.path} for data and logs cannot be written: {(error.strerror or '').lower()}.",
                "Set ELITE_STATE to a folder of your own and start again.",
            ) from error

    def empty_metrics(self) -> None:
        """Make the folder of the counts; what earlier processes have counted is forgotten."""
        self.metrics.mkdir(exist_ok=True)
        for old in self.metrics.iterdir():
            old.unlink()

    def lock(self) -> int:
        """Hold the state alone until this process ends; raises OpsError where another ``up`` does."""
        handle = os.open(self.path / "up.lock", os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            record = self.record
            where = f" at {record['api_url']}" if record.get("api_url") else ""
            raise OpsError(
                f"Elite Events is already running{where} (process {record.get('pid', 'unknown')}).",
                "Stop it with Ctrl-C in its terminal, or give this one its own ELITE_STATE, PORT, SANDBOX_PORT, "
                "STORAGE_PORT and FLOWER_PORT.",
            ) from None
        return handle

    def is_locked(self) -> bool:
        """Whether an ``up`` is running."""
        try:
            with (self.path / "up.lock").open() as handle:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def stop_leftovers(self) -> int:
        """End processes that a killed ``up`` left behind, however deep, and say how many there were."""
        left = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(RUN_MARK) == str(self.path):
                    left.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return launch.stop_leftovers(left, signal.SIGTERM)


def durable(environ: Mapping[str, str]) -> State:
    """The state of ``up``: ELITE_STATE, else a folder for this kind of user."""
    if environ.get("ELITE_STATE"):
        return State(Path(environ["ELITE_STATE"]).expanduser().absolute())
    if os.getuid() == 0:
        return State(Path("/var/lib/elite-events"))
    home = environ.get("HOME") or tempfile.gettempdir()
    return State(Path(home) / ".local/share/elite-events")


def throw_away() -> State:
    """A new state for one run of the tests; those of killed runs are cleared away first."""
    base = next(
        (Path(folder) for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp") if _is_open(Path(folder))), None
    )
    if not base:
        raise OpsError(
            "No temporary folder of this machine is writable.", "Set TMPDIR to a folder of your own and start again."
        )
    for old in base.glob("elite-test-*-*"):
        owner = old.name.split("-")[2]
        if old.stat().st_uid == os.getuid() and owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(old, ignore_errors=True)
    state = State(Path(tempfile.mkdtemp(prefix=f"elite-test-{os.getpid()}-", dir=base)))
    state.make()
    return state


def _is_open(folder: Path) -> bool:
    """Writable for us and, where the services may run as somebody else, open for everybody all the way down."""
    if not os.access(folder, os.W_OK):
        return False
    return os.getuid() != 0 or all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))
