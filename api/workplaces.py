"""How many requests one process works on at once, which is fewer than it has threads: who only waits gives up the place.

More at work than cores only get in each other's way (docs/adr/0016); people who wait for a password to be hashed, or for a
worker's answer, need a thread and no core.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

FIFTHS = 5


class Workplaces:
    """Of a process's threads two fifths work; two fifths may be with passwords and one fifth may wait for workers, so that
    as many as there are places always remain for what is quick."""

    def __init__(self, threads: int):
        share = threads // FIFTHS
        self.number = self.with_passwords = 2 * share
        self.waiting = share
        self._free = threading.Semaphore(self.number)
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Work: first come, first served."""
        with self._free:
            self._own.has_place = True
            try:
                yield
            finally:
                self._own.has_place = False

    @contextmanager
    def left(self) -> Iterator[None]:
        """Give up this thread's place, where it has one, for as long as it does no work."""
        has_place = getattr(self._own, "has_place", False)
        if has_place:
            self._free.release()
        try:
            yield
        finally:
            if has_place:
                self._free.acquire()
