"""Hearing what workers tell: the Redis channel, with ears that notice their own deafness and are made anew."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import redis
import socketio
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

#: Our own canaries come more often; a channel silent for so long has lost its connection without a word.
SILENCE_SECONDS = 6.0
PAUSE_SECONDS = 0.5
#: redis-py's own 100 connections and 5 s break python-socketio for good: https://github.com/redis/redis-py/pull/4082
REDIS_OPTIONS = {
    "max_connections": 5000,
    "socket_connect_timeout": 3,
    "socket_timeout": None,
    "socket_keepalive": True,
    "health_check_interval": 30,
}
#: For the canary alone: it must not hold up the sweep that sends it.
_MOUTH_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}


class Json:
    """orjson under the names that python-socketio calls."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        return orjson.loads(text)


class Channel(socketio.RedisManager):
    """python-socketio's manager of rooms, hearing through a connection of its own that is replaced when it breaks.

    ``on_event(room, name, payload)`` may claim what is addressed to a room by answering True.
    """

    def __init__(self, url: str, channel: str):
        super().__init__(url, channel=channel, redis_options=dict(REDIS_OPTIONS))
        self.on_event: Callable[[str, str, Any], bool] = lambda _room, _name, _payload: False
        #: Canaries sent since one was last heard.
        self.unheard = 0
        self._rooms_of: dict[str, set[str | None]] = defaultdict(set)
        self._canary = f"canary:{uuid.uuid4()}".encode()
        self._mouth = redis.Redis.from_url(url, **_MOUTH_OPTIONS)

    def sing(self) -> None:
        """Send a canary the way events come; raises redis.RedisError where Redis does not answer."""
        self._mouth.publish(self.channel, self._canary)
        self.unheard += 1

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        self._rooms_of[sid].add(room)

    def basic_disconnect(self, sid: str, namespace: str, **_options: Any) -> None:
        """Forget a client. The library walks through everybody's rooms for it, which stops a full process for seconds."""
        for room in self._rooms_of.pop(sid, ()):
            self.basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)

    def _listen(self) -> Iterator[bytes]:
        while True:
            try:
                yield from self._messages()
            except (redis.RedisError, OSError) as error:
                log.warning("realtime.channel_lost", error=type(error).__name__)
                time.sleep(PAUSE_SECONDS)

    def _messages(self) -> Iterator[bytes]:
        with redis.Redis.from_url(self.redis_url, **self.redis_options) as client, client.pubsub() as pubsub:
            pubsub.subscribe(self.channel)
            while True:
                message = pubsub.get_message(timeout=SILENCE_SECONDS)
                if message is None:
                    raise redis.ConnectionError("silence")
                if message["type"] != "message":
                    continue
                if message["data"] == self._canary:
                    self.unheard = 0
                elif not message["data"].startswith(b"canary:"):
                    yield message["data"]

    def _handle_emit(self, message: dict[str, Any]) -> None:
        room, data = message.get("room"), message.get("data")
        is_for_room = isinstance(room, str) and isinstance(data, list) and len(data) == 1
        if is_for_room and self.on_event(room, message["event"], data[0]):
            return
        super()._handle_emit(message)
