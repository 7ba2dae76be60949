"""Password hashes that are slow on purpose, and a turnstile so that their slowness never takes the whole machine."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

import bcrypt

from domain.errors import Busy

#: Nobody waits longer than this for a core to become free.
PATIENCE_SECONDS = 3.0
#: Hashing yields the core to whoever answers a request: 60 ms of it are a long wait for them and a short one for it.
NICENESS = 5

Made = TypeVar("Made")


class Passwords:
    """Hashes and checks passwords with bcrypt; at most ``slots`` at once, with ``queue`` more waiting for their turn.

    ``aside`` is entered by a thread while it waits: for its turn, and for the thread that hashes.
    """

    def __init__(
        self, *, rounds: int, slots: int, queue: int, aside: Callable[[], AbstractContextManager[None]] = nullcontext
    ):
        self._rounds = rounds
        self._aside = aside
        self._slots = threading.BoundedSemaphore(slots)
        self._places = threading.BoundedSemaphore(slots + queue)
        self._threads = ThreadPoolExecutor(slots, "passwords", initializer=_step_back)
        #: Compared against where there is no hash, so that an unknown account takes as long as a wrong password.
        self._nobodys = self.hash(secrets.token_urlsafe())

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the queue, to be held while hashing; taken before an attempt is counted, so that who finds the queue
        full has lost nothing. Raises :class:`Busy`."""
        if not self._places.acquire(blocking=False):
            raise _busy()
        try:
            yield
        finally:
            self._places.release()

    def hash(self, password: str) -> str:
        """A new hash; raises :class:`Busy` where the turn does not come."""
        return self._in_turn(lambda: bcrypt.hashpw(_digest(password), bcrypt.gensalt(self._rounds))).decode()

    def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is the hash's, in the same time with and without a hash. Raises :class:`Busy`."""
        same = self._in_turn(lambda: bcrypt.checkpw(_digest(password), (password_hash or self._nobodys).encode()))
        return same and password_hash is not None

    def _in_turn(self, work: Callable[[], Made]) -> Made:
        with self._aside():
            if not self._slots.acquire(timeout=PATIENCE_SECONDS):
                raise _busy()
            try:
                return self._threads.submit(work).result()
            finally:
                self._slots.release()


def _step_back() -> None:
    """Where threads have a niceness of their own, which is on Linux alone; it can be raised by anybody, and never lowered."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)


def _busy() -> Busy:
    return Busy("busy", "Too many people are signing in right now. Try again in a moment.", retry_after=1)


def _digest(password: str) -> bytes:
    """bcrypt reads 72 bytes at most; the digest's base64 has 44 and stands for any length."""
    return base64.b64encode(hashlib.sha256(password.encode()).digest())
