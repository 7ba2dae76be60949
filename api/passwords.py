"""Password hashes that are slow on purpose, and a turnstile so that their slowness never takes the whole process."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import bcrypt

from domain.errors import Busy

#: Nobody waits longer than this for a core to become free.
PATIENCE_SECONDS = 3.0


class Passwords:
    """Hashes and checks passwords with bcrypt; at most ``slots`` at once, with ``queue`` more waiting for their turn."""

    def __init__(self, *, rounds: int, slots: int, queue: int):
        self._rounds = rounds
        self._slots = threading.BoundedSemaphore(slots)
        self._places = threading.BoundedSemaphore(slots + queue)
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
        with self._turn():
            return bcrypt.hashpw(_digest(password), bcrypt.gensalt(self._rounds)).decode()

    def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is the hash's, in the same time with and without a hash. Raises :class:`Busy`."""
        with self._turn():
            same = bcrypt.checkpw(_digest(password), (password_hash or self._nobodys).encode())
        return same and password_hash is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=PATIENCE_SECONDS):
            raise _busy()
        try:
            yield
        finally:
            self._slots.release()


def _busy() -> Busy:
    return Busy("busy", "Too many people are signing in right now. Try again in a moment.", retry_after=1)


def _digest(password: str) -> bytes:
    """bcrypt reads 72 bytes at most; the digest's base64 has 44 and stands for any length."""
    return base64.b64encode(hashlib.sha256(password.encode()).digest())
