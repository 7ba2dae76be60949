"""How many requests one process works on at once, which is fewer than it has threads: who only waits gives up the place.

More at work than cores only get in each other's way (docs/adr/0016); people who wait for a password to be hashed, for a
worker's answer, for the storage or for their own file to arrive need a thread and no core.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import Busy
from models.session import HOT_CONNECTIONS
from turns import Room

SHARES = 7


class Workplaces:
    """Of seven threads of a process two work; two may be with passwords, two may hand files to the storage and one may wait
    for workers, so that as many as there are places always remain for what is quick. Three may wait for the bodies of slow
    senders, who are refused where they are too slow, so that theirs is never all there is."""

    def __init__(self, threads: int):
        share = threads // SHARES
        self.number = self.with_passwords = 2 * share
        self.waiting = share
        self._storing = threading.BoundedSemaphore(2 * share)
        self._receiving = threading.BoundedSemaphore(3 * share)
        self._free = Room(self.number)
        #: Hot reads have places of their own, a connection for each: nobody queues twice, for every wait costs a core two or
        #: three changes of threads; and bookings that wait for each other's locks keep nobody from looking.
        self.reading = Room(HOT_CONNECTIONS)
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
            self._own.has_place = False
            self._free.give(None)
        try:
            yield
        finally:
            if has_place:
                self._free.take()
                self._own.has_place = True

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """Be one of the few whose body takes its time. Raises :class:`Busy`."""
        if not self._receiving.acquire(blocking=False):
            raise Busy("busy", "Too much is arriving right now. Try again in a moment.", retry_after=1)
        try:
            yield
        finally:
            self._receiving.release()

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Be one of the few who hand a file to the storage at a time, whose slowness they wait for. Raises :class:`Busy`."""
        if not self._storing.acquire(blocking=False):
            raise Busy("busy", "Too many files are arriving right now. Try again in a moment.", retry_after=1)
        try:
            yield
        finally:
            self._storing.release()
