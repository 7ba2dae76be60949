"""Limits by address, counted in Redis in one round trip; while Redis is away each process counts for itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from api.redis_scripts import RedisScripts, Script

PREFIX = "limits:"
#: A process that counts for itself forgets everything rather than remember more addresses than this.
MOST_COUNTED = 20_000
#: The count of the window at hand and the milliseconds left of it.
COUNTS = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
local left = redis.call('PTTL', KEYS[1])
"""
_HIT = Script(f"{COUNTS} return {{count, left}}")


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as it was counted: ``remaining`` may follow, and the window ends in ``seconds``."""

    scope: str
    limit: int
    used: int
    seconds: int

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def is_refused(self) -> bool:
        return self.used > self.limit


class LimitExceeded(Exception):
    """A request beyond its limit; ``hit`` says which."""

    def __init__(self, hit: Hit):
        self.hit = hit
        super().__init__(hit.scope)


class Limits:
    """Fixed windows that begin with their first request. Never raises because of Redis."""

    def __init__(self, scripts: RedisScripts, clock: Callable[[], float] = time.monotonic):
        self.enabled = True
        self._scripts = scripts
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    @property
    def counts_alone(self) -> bool:
        """Whether Redis has failed and not answered since."""
        return self._scripts.is_away

    def hit(self, scope: str, subject: str, limit: int, seconds: int) -> Hit:
        """Count one request of ``subject``, at most ``limit`` of which fit into a window of ``seconds``."""
        key = key_of(scope, subject)
        return self.counted(self._scripts.run(_HIT, (key,), str(seconds)), key, scope, limit, seconds)

    def counted(self, answer: list[int] | None, key: str, scope: str, limit: int, seconds: int) -> Hit:
        """A request as a script that begins with :data:`COUNTS` has counted it; counted here where there was no answer."""
        used, left_ms = self._count_alone(key, seconds) if answer is None else answer[:2]
        return Hit(scope, limit, used, max(-(-left_ms // 1000), 1))

    def reset(self) -> None:
        """Forget everything that was counted, by whatever process."""
        self._counts.clear()
        for key in self._scripts.client.scan_iter(match=f"{PREFIX}*", count=1000):
            self._scripts.client.delete(key)

    def _count_alone(self, key: str, seconds: int) -> tuple[int, int]:
        now = self._clock()
        with self._lock:
            used, ends = self._counts.get(key, (0, 0.0))
            if ends <= now:
                used, ends = 0, now + seconds
                if len(self._counts) >= MOST_COUNTED:
                    self._counts.clear()
            self._counts[key] = used + 1, ends
        return used + 1, int((ends - now) * 1000)


def key_of(scope: str, subject: str) -> str:
    """Where a subject's requests are counted."""
    return f"{PREFIX}{scope}:{subject}"
