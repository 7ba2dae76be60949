"""How much one connection may say: far more than a client of the protocol ever does, and far less than a flood."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: An access token and a number fit many times over.
LARGEST_MESSAGE = 16 * 1024
#: A client says who it is in one message and answers a ping every 25 seconds.
WINDOW_SECONDS, MOST_BYTES, MOST_FRAMES = 10.0, 64 * 1024, 200


@dataclass(slots=True)
class Allowance:
    """What a connection has said in the last ten seconds."""

    now: Callable[[], float] = time.monotonic
    _since: float = field(default=0.0, init=False)
    _bytes: int = field(default=0, init=False)
    _frames: int = field(default=0, init=False)

    def takes(self, size: int) -> bool:
        """Count one more frame of ``size`` bytes; False where it is too much."""
        now = self.now()
        if now - self._since > WINDOW_SECONDS:
            self._since, self._bytes, self._frames = now, 0, 0
        self._bytes += size
        self._frames += 1
        return self._bytes <= MOST_BYTES and self._frames <= MOST_FRAMES
