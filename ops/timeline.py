"""What happens in a demonstration, line by line, with the time that each thing took."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ops.errors import OpsError
from ops.terminal import Terminal

LOOK_SECONDS = 0.1


class Timeline:
    """Prints what happens with the seconds since the start and since the line before."""

    def __init__(self, terminal: Terminal):
        self._terminal = terminal
        self._start = self._last = time.monotonic()

    def add(self, text: str) -> None:
        """Something happened just now."""
        now = time.monotonic()
        since = self._terminal.paint(f"+{now - self._last:6.2f}", "quiet")
        self._terminal.line(f"{now - self._start:7.2f} s  {since}   {text}")
        self._last = now


def until(look: Callable[[], Any], seconds: float, failure: str, cure: str) -> Any:
    """What ``look`` finds within so many seconds. Raises :class:`OpsError` with ``failure`` where that is nothing."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(LOOK_SECONDS)
    raise OpsError(failure, cure)
