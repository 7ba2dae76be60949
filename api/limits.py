"""Limits by address, counted in Redis in one round trip; while Redis is away each process counts for itself."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import redis
import structlog
from hiredis import pack_command
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

PREFIX = "limits:"
#: Redis is given so long to answer, and after a failure is asked again only after a pause that doubles up to the longest.
TIMEOUT_SECONDS, FIRST_PAUSE, LONGEST_PAUSE = 0.2, 0.5, 8.0
#: A process that counts for itself forgets everything rather than remember more addresses than this.
MOST_COUNTED = 20_000
#: The count of the window at hand and the milliseconds left of it.
_HIT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
"""


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

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic):
        self.enabled = True
        self._redis = redis.Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        digest = hashlib.sha1(_HIT.encode(), usedforsecurity=False).hexdigest()
        #: The commands of those who ask often.
        self._packed = lru_cache(maxsize=4096)(
            lambda key, seconds: (pack_command(("EVALSHA", digest, "1", key, str(seconds))),)
        )
        self._own = threading.local()
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}
        self._asks_again_at = 0.0
        self._pause = FIRST_PAUSE

    @property
    def counts_alone(self) -> bool:
        """Whether Redis has failed and not answered since."""
        return self._asks_again_at > 0

    def hit(self, scope: str, subject: str, limit: int, seconds: int) -> Hit:
        """Count one request of ``subject``, at most ``limit`` of which fit into a window of ``seconds``."""
        key = f"{PREFIX}{scope}:{subject}"
        used, left_ms = self._count(key, seconds)
        return Hit(scope, limit, used, max(-(-left_ms // 1000), 1))

    def reset(self) -> None:
        """Forget everything that was counted, by whatever process."""
        self._counts.clear()
        for key in self._redis.scan_iter(match=f"{PREFIX}*", count=1000):
            self._redis.delete(key)

    def _count(self, key: str, seconds: int) -> tuple[int, int]:
        if self._clock() < self._asks_again_at:
            return self._count_alone(key, seconds)
        if self.counts_alone:
            # One request tries whether Redis is back; meanwhile the others do not wait for it.
            self._asks_again_at = self._clock() + self._pause
        try:
            used, left = self._ask(key, seconds)
        except redis.RedisError as error:
            self._pause = min(self._pause * 2, LONGEST_PAUSE) if self.counts_alone else FIRST_PAUSE
            self._asks_again_at = self._clock() + self._pause
            log.warning("limits.without_redis", error=type(error).__name__, pause=self._pause)
            return self._count_alone(key, seconds)
        self._asks_again_at = 0.0
        return used, left

    def _ask(self, key: str, seconds: int) -> tuple[int, int]:
        """The script's answer, on this thread's own connection: going through a client costs more than the question."""
        fresh = not hasattr(self._own, "connection")
        if fresh:
            self._own.connection = self._redis.connection_pool.make_connection()
        connection = self._own.connection
        try:
            connection.send_packed_command(self._packed(key, seconds))
            return connection.read_response()
        except redis.exceptions.NoScriptError:
            connection.send_command("EVAL", _HIT, 1, key, seconds)
            return connection.read_response()
        except redis.RedisError as error:
            connection.disconnect()
            del self._own.connection
            # What was not answered in time may have been counted, and would be counted twice.
            if fresh or isinstance(error, redis.TimeoutError):
                raise
        # Redis may have been restarted since this connection was made.
        return self._ask(key, seconds)

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
