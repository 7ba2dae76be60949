"""The store of access tokens as the clients see it, in memory: one token, one lock, as the real one promises."""

from __future__ import annotations

import threading
from collections.abc import Callable


class MemoryTokenStore:
    """Keeps one token. ``renewals`` counts how often Daraja was really asked."""

    def __init__(self, token: str | None = None):
        self._token = token
        self._lock = threading.Lock()
        self.renewals = 0
        self.lives: list[int] = []

    def get(self) -> str | None:
        return self._token

    def renew(self, fetch: Callable[[], tuple[str, int]], stale: str | None) -> str:
        with self._lock:
            if self._token is None or self._token == stale:
                self._token, seconds = fetch()
                self.renewals += 1
                self.lives.append(seconds)
            return self._token
