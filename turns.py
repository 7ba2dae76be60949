"""Things that few may have at a time, handed straight from whoever is done to whoever has waited longest.

``threading.Semaphore`` and ``queue`` wake somebody who waits and let whoever comes along just then be quicker: under load
that is the same busy thread again and again, and the tail of the answers is as long as somebody's bad luck.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Turns(Generic[Thing]):
    """A fair pool of ``things``."""

    def __init__(self, things: Iterable[Thing]):
        self._free = deque(things)
        self._waiting: deque[_Wait[Thing]] = deque()
        self._changing = threading.Lock()

    def take(self, timeout: float = -1) -> Thing:
        """One of the things, the one given back last where there is a choice: it is the warmest. Whoever is to wait longer
        than ``timeout`` (seconds; for ever where negative) gets a TimeoutError."""
        with self._changing:
            if self._free:
                return self._free.pop()
            wait: _Wait[Thing] = _Wait()
            self._waiting.append(wait)
        if not wait.over.acquire(timeout=timeout):
            with self._changing:
                if not hasattr(wait, "thing"):
                    self._waiting.remove(wait)
                    raise TimeoutError
        return wait.thing

    def take_idle(self) -> list[Thing]:
        """All that nobody has at the moment."""
        with self._changing:
            idle = list(self._free)
            self._free.clear()
        return idle

    def give(self, thing: Thing) -> None:
        """Give back what was taken, or something in its stead."""
        with self._changing:
            if self._waiting:
                wait = self._waiting.popleft()
                wait.thing = thing
                wait.over.release()
            else:
                self._free.append(thing)


class Room(Turns[None]):
    """Room for so many at a time, entered by ``with``."""

    def __init__(self, number: int):
        super().__init__([None] * number)

    def __enter__(self) -> None:
        self.take()

    def __exit__(self, *_: object) -> None:
        self.give(None)


class _Wait(Generic[Thing]):
    """Somebody's wait, and what it was for once it is over."""

    __slots__ = ("over", "thing")
    thing: Thing

    def __init__(self) -> None:
        self.over = threading.Lock()
        self.over.acquire()
