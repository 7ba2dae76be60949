"""Turns at the database in the order of asking: when everybody comes back at once, nobody is overtaken until they give up."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """So many at a time, first come, first served. For green threads, which give way only where they wait."""

    def __init__(self, places: int):
        self._free = places
        self._waiting: deque[threading.Event] = deque()

    def acquire(self, timeout: float) -> bool:
        """Wait for a turn; False where none came within ``timeout`` seconds."""
        if self._free:
            self._free -= 1
            return True
        turn = threading.Event()
        self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        if turn in self._waiting:
            self._waiting.remove(turn)
            return False
        # It was given in the moment of giving up.
        return True

    def release(self) -> None:
        """Hand the turn to whoever has waited longest."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1
