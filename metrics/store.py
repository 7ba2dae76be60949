"""Where counts are kept: in files that all processes of a machine share, or in this process alone.

Every process writes files of its own, named by a *slot*: the lowest number whose lock is free. Process ids would not do.
They repeat between containers that share the folder, they would leave files behind with every restart, and nobody could
tell a dead process's gauges from a living one's. The kernel frees a slot's lock however its process ends; the next one
takes the slot over and counts on in the same files, so the folder stays small and no counter ever goes back.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, disable_created_metrics, generate_latest, values
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

#: More processes than one machine ever runs.
MOST_SLOTS = 1_000


class Slot:
    """This process's name among those that count into ``folder``."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._name: str | None = None
        self._handle = -1
        self._parents = -1
        folder.mkdir(parents=True, exist_ok=True)
        # A forked child is a process of its own: it lets go of its parent's slot and takes another.
        os.register_at_fork(after_in_child=self._forget)

    def name(self) -> str:
        """The slot's number as text; asked at every count, so it must cost nothing."""
        if self._name is None:
            self._name = self._take()
        return self._name

    def _take(self) -> str:
        for number in range(MOST_SLOTS):
            if number == self._parents:
                continue
            handle = os.open(_lock_of(self._folder, number), os.O_RDONLY | os.O_CREAT, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            self._handle = handle
            # What the slot's last process had going on is not going on any more.
            for stale in self._folder.glob(f"gauge_*_{number}.db"):
                stale.unlink(missing_ok=True)
            return str(number)
        raise RuntimeError(f"{MOST_SLOTS} processes already count into {self._folder}")

    def _forget(self) -> None:
        if self._name is not None:
            os.close(self._handle)
            # Not even when it is free: a child has its parent's files open, with the values of the fork.
            self._name, self._parents = None, int(self._name)


class Shared(Collector):
    """What all processes have counted into ``folder``; gauges of those that have ended are left out."""

    def __init__(self, folder: Path):
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        return MultiProcessCollector.merge([str(path) for path in self._folder.glob("*.db") if _counts(path)])


def _counts(path: Path) -> bool:
    try:
        # A process that starts right now has made its file and not yet written its head.
        if path.stat().st_size == 0:
            return False
    except FileNotFoundError:
        return False
    return not path.name.startswith("gauge_") or _is_alive(path.parent, int(path.stem.rpartition("_")[2]))


def _is_alive(folder: Path, slot: int) -> bool:
    try:
        handle = os.open(_lock_of(folder, slot), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _lock_of(folder: Path, slot: int) -> Path:
    return folder / f"slot-{slot}.lock"


def folder_given() -> Path | None:
    """The folder of PROMETHEUS_MULTIPROC_DIR, None where it is empty: the library would take an empty name for one."""
    given = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "").strip()
    return Path(given) if given else None


def _settle() -> Path | None:
    """Choose where values live, before the first metric is made: afterwards it could not be changed."""
    folder = folder_given()
    values.ValueClass = values.MultiProcessValue(Slot(folder).name) if folder else values.MutexValue
    # The shared files do not have them, and two ways of running should look the same.
    disable_created_metrics()
    return folder


FOLDER = _settle()
#: Every metric of ours; with a shared folder it only keeps names apart.
DECLARED = CollectorRegistry()


def exposition(*others: Collector) -> bytes:
    """Everything counted, and what ``others`` collect at this moment, in Prometheus' text format 0.0.4."""
    registry = CollectorRegistry()
    registry.register(Shared(FOLDER) if FOLDER else DECLARED)
    for other in others:
        registry.register(other)
    return generate_latest(registry)
