"""Daraja's one access token: clients that do not share it keep killing each other's, here as there."""

from __future__ import annotations

import secrets
import threading
import time


class TokenDesk:
    """Holds the one token that is valid: each new one kills the one before."""

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def issue(self) -> str:
        with self._lock:
            self._token = secrets.token_urlsafe(21)
            self._until = time.monotonic() + self._seconds
            return self._token

    def accepts(self, token: str) -> bool:
        with self._lock:
            return bool(self._token) and token == self._token and time.monotonic() < self._until

    def revoke(self) -> None:
        with self._lock:
            self._token = ""
