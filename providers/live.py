"""Live events leave through Redis pub/sub, where the Socket.IO processes listen: hints, so nobody waits for a dead Redis."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import redis
import socketio
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from domain.live import LiveEvent

logger = structlog.get_logger(__name__)

#: Where the Socket.IO processes listen; they must be told the same.
CHANNEL = "flask-socketio"
#: Seconds for connecting and for an answer. A Redis that has not answered by then is not there.
TIMEOUT = 1.0
#: Seconds without a try after a failure: what is not sent now is asked for by its number later.
PAUSE = 5.0
#: More than a worker has threads.
CONNECTIONS = 64


def room_of(user_id: uuid.UUID) -> str:
    """The room that every socket of a user is in."""
    return f"user:{user_id}"


class LiveChannel:
    """Sends events to a user's sockets, wherever they are connected. Safe for many threads.

    ``timeout`` and ``pause`` are seconds; ``clock`` counts them. ``observer`` is told of each event by its name whether it
    was sent.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        timeout: float = TIMEOUT,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
        observer: Callable[[str, bool], None] = lambda _name, _was_sent: None,
    ):
        options = {
            "socket_connect_timeout": timeout,
            "socket_timeout": timeout,
            "socket_keepalive": True,
            "max_connections": CONNECTIONS,
            # A connection that a restart has cut is made anew once, at once; silence is not asked again.
            "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        }
        self._manager = _Manager(redis_url, channel=CHANNEL, write_only=True, redis_options=options)
        self._pause = pause
        self._clock = clock
        self._observer = observer
        self._lock = threading.Lock()
        self._resumes_at = 0.0

    def emit(self, user_id: uuid.UUID, event: LiveEvent) -> bool:
        """Publish one event; False where it was not sent, which is logged once a pause and is never an error."""
        was_sent = self._publish(user_id, event)
        self._observer(event.name, was_sent)
        return was_sent

    def close(self) -> None:
        self._manager.redis.close()

    def _publish(self, user_id: uuid.UUID, event: LiveEvent) -> bool:
        is_trial = self._resumes_at > 0
        if is_trial and not self._may_try():
            return False
        try:
            self._manager.emit(event.name, event.payload(), room=room_of(user_id))
        except redis.RedisError as error:
            self._fall_silent(error, is_trial)
            return False
        self._resumes_at = 0.0
        return True

    def _may_try(self) -> bool:
        """After a pause one thread tries for all."""
        with self._lock:
            now = self._clock()
            if now < self._resumes_at:
                return False
            self._resumes_at = now + self._pause
            return True

    def _fall_silent(self, error: redis.RedisError, is_trial: bool) -> None:
        with self._lock:
            if self._resumes_at and not is_trial:
                return
            self._resumes_at = self._clock() + self._pause
        logger.warning("live.unreachable", error=type(error).__name__, silent_seconds=self._pause)


class _Manager(socketio.RedisManager):
    """The library's client, which would log each failure as an error, try again at once, and say nothing to its caller."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Nothing connects yet; made here, so that threads do not race for it.
        self._redis_connect()

    def _publish(self, data: dict[str, Any]) -> None:
        self.redis.publish(self.channel, self.json.dumps(data))
