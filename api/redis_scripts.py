"""Questions to Redis on the way of public reads: one round trip on the thread's own connection, none while it is away."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import redis
import structlog
from hiredis import pack_command
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

#: Redis is given so long to answer, and after a failure is asked again only after a pause that doubles up to the longest.
TIMEOUT_SECONDS, FIRST_PAUSE, LONGEST_PAUSE = 0.2, 0.5, 8.0


class Script:
    """A script that Redis knows by its digest."""

    def __init__(self, text: str):
        self.text = text
        self.digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        #: The commands of those who ask often.
        self.packed = lru_cache(maxsize=4096)(self.pack)

    def pack(self, keys: tuple[str, ...], *values: str | bytes) -> tuple[bytes, ...]:
        """The command that runs it."""
        return (pack_command(("EVALSHA", self.digest, str(len(keys)), *keys, *values)),)


class RedisScripts:
    """Runs scripts. While Redis is away nobody waits for it: one request at a time tries whether it is back."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic):
        self.client = redis.Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._own = threading.local()
        self._clock = clock
        self._asks_again_at = 0.0
        self._pause = FIRST_PAUSE

    @property
    def is_away(self) -> bool:
        """Whether Redis has failed and not answered since."""
        return self._asks_again_at > 0

    def run(self, script: Script, keys: tuple[str, ...], *values: str | bytes, remembered: bool = True) -> Any:
        """The script's answer; None where there is none to be had. ``remembered`` commands are packed once."""
        if self._clock() < self._asks_again_at:
            return None
        if self.is_away:
            # One request tries whether Redis is back; meanwhile the others do not wait for it.
            self._asks_again_at = self._clock() + self._pause
        command = (script.packed if remembered else script.pack)(keys, *values)
        try:
            answer = self._ask(script, keys, values, command)
        except redis.RedisError as error:
            self._pause = min(self._pause * 2, LONGEST_PAUSE) if self.is_away else FIRST_PAUSE
            self._asks_again_at = self._clock() + self._pause
            log.warning("limits.without_redis", error=type(error).__name__, pause=self._pause)
            return None
        self._asks_again_at = 0.0
        return answer

    def _ask(
        self, script: Script, keys: tuple[str, ...], values: tuple[str | bytes, ...], command: tuple[bytes, ...]
    ) -> Any:
        """On this thread's own connection: going through a client costs more than the question."""
        fresh = not hasattr(self._own, "connection")
        if fresh:
            self._own.connection = self.client.connection_pool.make_connection()
        connection = self._own.connection
        try:
            connection.send_packed_command(command)
            return connection.read_response()
        except redis.exceptions.NoScriptError:
            connection.send_command("EVAL", script.text, len(keys), *keys, *values)
            return connection.read_response()
        except redis.RedisError as error:
            connection.disconnect()
            del self._own.connection
            # What was not answered in time may have been done, and would be done twice.
            if fresh or isinstance(error, redis.TimeoutError):
                raise
        # Redis may have been restarted since this connection was made.
        return self._ask(script, keys, values, command)
