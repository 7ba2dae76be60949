"""What PostgreSQL and Redis have in common when we run them: a folder, a port, a log, an orderly end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from ops import launch
from ops.account import service_account
from ops.binaries import Binary
from ops.errors import OpsError

_READY_SECONDS = 30.0


class Server:
    """One server in ``folder``; ``is_durable`` keeps its data and its promises, else it is fast and forgetful.

    ``start`` raises OpsError with the end of the log where the server does not come up.
    """

    process_names: tuple[str, ...] = ()
    how_to_stop = signal.SIGTERM

    def __init__(self, binary: Binary, folder: Path, log: Path, *, is_durable: bool):
        self.binary = binary
        self.account = service_account(folder)
        self.folder = folder
        self.log = log
        self.is_durable = is_durable
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Bring the server up on a free port, the one of the last time if possible."""
        self._refuse_unreachable()
        self.account.own(self.folder)
        self._stop_leftovers()
        self.prepare()
        for preferred in (self._remembered_port(), None, None):
            self.port = launch.free_port(preferred)
            self._launch()
            if self._became_ready():
                (self.folder / "port").write_text(str(self.port))
                return
            self.stop()
            if not any("in use" in line for line in launch.tail(self.log)):
                break
        raise self._failure("does not start")

    def revive(self) -> bool:
        """Start the server again on its port if it has died; says whether it had."""
        if self._process is None or self._process.poll() is None:
            return False
        launch.kill_group(self._process.pid)
        self._stop_leftovers()
        self._launch()
        if not self._became_ready():
            raise self._failure("died and does not start again")
        return True

    def stop(self) -> None:
        """End the server in its orderly way."""
        if self._process:
            launch.stop([self._process], how=self.how_to_stop, seconds=15)
            self._process = None

    @property
    def pid(self) -> int | None:
        """The server's process, for the record of what was started."""
        return self._process.pid if self._process else None

    def prepare(self) -> None:
        """Make the data folder ready."""

    def command(self) -> list[Any]:
        """The command line that starts the server in the foreground."""
        raise NotImplementedError

    def working_folder(self) -> Path:
        """Where the server's data lives and its process works."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Whether the server answers."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """A small environment: nothing of the developer's PG* or locale settings may reach the server."""
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
        return {**kept, "LC_ALL": "C", "HOME": str(self.folder)}

    def _launch(self) -> None:
        self._process = launch.start(
            self.command(),
            log=self.log,
            cwd=self.working_folder(),
            env=self.environment(),
            account=self.account.popen,
            last_signal=self.how_to_stop,
        )

    def _became_ready(self) -> bool:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            if self.is_ready():
                # Somebody else may answer on the port; then ours has just given up.
                return self._process.poll() is None
            time.sleep(0.02)
        return False

    def _stop_leftovers(self) -> None:
        if self.working_folder().exists():
            left = launch.living_in(self.working_folder(), self.process_names)
            launch.stop_leftovers(left, self.how_to_stop)

    def _remembered_port(self) -> int | None:
        remembered = self.folder / "port"
        return int(remembered.read_text()) if remembered.exists() and self.is_durable else None

    def _refuse_unreachable(self) -> None:
        if not self.account.can("x", self.folder.parent):
            raise OpsError(
                f"The user '{self.account.name}', who runs {self.binary.product} here, may not enter {self.folder.parent}.",
                "Set ELITE_STATE to a folder that every user may enter, for example /var/lib/elite-events.",
            )

    def _failure(self, what: str) -> OpsError:
        return OpsError(
            f"{self.binary.label} {what}.",
            f"Its log is {self.log}; --services embedded (or system) tries another one.",
            launch.tail(self.log, 8),
        )
