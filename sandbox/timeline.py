"""The log of what went over the wire, bounded in entries and in bytes, that the page and the tests read."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sandbox import kenya

MAX_ENTRIES = 5_000
MAX_TOTAL_CHARS = 16_000_000
MAX_BODY_CHARS = 16_000

_SECRET_HEADERS = {"authorization", "apikey"}


@dataclass
class Wire:
    """One half of an exchange: headers with secrets masked, and the raw body, cut where it is very long."""

    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass
class Entry:
    """An exchange (``in``: somebody called us; ``out``: we called back) or a ``note`` on what happened between."""

    n: int
    at: str
    provider: str
    direction: str
    title: str
    method: str = ""
    url: str = ""
    status: int | None = None
    ms: float | None = None
    error: str = ""
    phone: str = ""
    request: Wire = field(default_factory=Wire)
    response: Wire = field(default_factory=Wire)

    def summary(self) -> dict:
        """Everything but headers and bodies."""
        return {key: value for key, value in self.__dict__.items() if key not in ("request", "response")}

    def as_json(self) -> dict:
        return asdict(self)

    def chars(self) -> int:
        return len(self.request.body) + len(self.response.body)


def wire(headers: Mapping[str, str], body: bytes | str) -> Wire:
    """One half of an exchange, as the timeline keeps it."""
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    if len(text) > MAX_BODY_CHARS:
        text = f"{text[:MAX_BODY_CHARS]}\n… and {len(text) - MAX_BODY_CHARS:,} more characters"
    return Wire({name: _masked(name, value) for name, value in headers.items()}, text)


def _masked(name: str, value: str) -> str:
    if name.lower() not in _SECRET_HEADERS:
        return value
    scheme, _, rest = value.partition(" ")
    return f"{scheme} ••••" if rest else "••••"


class Timeline:
    """The newest entries. Numbers only grow, also over a reset, so that ``since`` stays meaningful."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque()
        self._numbers = itertools.count(1)
        self._chars = 0
        self.last = 0

    def add(self, provider: str, direction: str, title: str, **details: object) -> None:
        with self._lock:
            self.last = next(self._numbers)
            entry = Entry(self.last, kenya.iso(kenya.now()), provider, direction, title, **details)
            self._entries.append(entry)
            self._chars += entry.chars()
            while len(self._entries) > MAX_ENTRIES or self._chars > MAX_TOTAL_CHARS:
                self._chars -= self._entries.popleft().chars()

    def after(self, n: int, limit: int) -> list[Entry]:
        """The newest ``limit`` entries with a number above n, oldest first."""
        found: list[Entry] = []
        with self._lock:
            for entry in reversed(self._entries):
                if entry.n <= n or len(found) == limit:
                    break
                found.append(entry)
        return found[::-1]

    def get(self, n: int) -> Entry | None:
        with self._lock:
            return next((entry for entry in reversed(self._entries) if entry.n == n), None)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._chars = 0
