"""The log of what went over the wire, bounded in entries and in bytes, that the page and the tests read."""

from __future__ import annotations

import itertools
import json
import threading
import zlib
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sandbox import kenya

MAX_ENTRIES = 5_000
MAX_TOTAL_BYTES = 8_000_000
MAX_BODY_CHARS = 16_000

_SECRET_HEADERS = {"authorization", "apikey"}


@dataclass(frozen=True)
class Wire:
    """One half of an exchange: headers with secrets masked, and the raw body, cut where it is very long."""

    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


NOTHING = Wire()


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
    packed: bytes = b""  # both halves; compressed, since thousands of them are kept

    def summary(self) -> dict:
        """Everything but headers and bodies."""
        return {key: value for key, value in self.__dict__.items() if key != "packed"}

    def as_json(self) -> dict:
        request, response = json.loads(zlib.decompress(self.packed))
        return {**self.summary(), "request": request, "response": response}


def wire(headers: Mapping[str, str], body: bytes | str) -> Wire:
    """One half of an exchange, as the timeline keeps it."""
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    if len(text) > MAX_BODY_CHARS:
        text = f"{text[:MAX_BODY_CHARS]}\n... and {len(text) - MAX_BODY_CHARS:,} more characters"
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
        self.size = 0
        self.last = 0

    def add(
        self,
        provider: str,
        direction: str,
        title: str,
        *,
        request: Wire = NOTHING,
        response: Wire = NOTHING,
        **details: object,
    ) -> None:
        packed = zlib.compress(json.dumps([asdict(request), asdict(response)]).encode(), level=1)
        with self._lock:
            self.last = next(self._numbers)
            at = kenya.iso(kenya.now())
            self._entries.append(Entry(self.last, at, provider, direction, title, packed=packed, **details))
            self.size += len(packed)
            while len(self._entries) > MAX_ENTRIES or self.size > MAX_TOTAL_BYTES:
                self.size -= len(self._entries.popleft().packed)

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
            self.size = 0
