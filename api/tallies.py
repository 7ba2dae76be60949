"""Counting who looks at what and what is searched for: remembered for a moment, and told to Redis by the way.

Adding to a list is all that a request pays. Whoever comes after some seconds takes all of it to Redis in one round trip; what
a process had not told when it ended is lost, and nothing is ever told twice.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import orjson

from api.redis_scripts import RedisScripts, Script
from domain.tallies import (
    KENYA,
    LIFETIME_SECONDS,
    MOST_OF_ONE,
    MOST_SEARCHES,
    SEPARATOR,
    searchers_key,
    searches_key,
    views_key,
)

#: Seconds between two tellings, and what is told at once; beyond that the oldest is forgotten.
EVERY_SECONDS, MOST_TOLD = 2.0, 2_000
_LONGEST_SEARCH = 80
_TELL = Script(f"""
local views = tonumber(ARGV[1])
for at = 2, views + 1 do redis.call('HINCRBY', KEYS[1], ARGV[at], 1) end
local room = {MOST_SEARCHES} - redis.call('SCARD', KEYS[2])
for at = views + 2, #ARGV, 2 do
  local had = tonumber(redis.call('HGET', KEYS[3], ARGV[at]) or 0)
  if room > 0 and had < {MOST_OF_ONE} and redis.call('SADD', KEYS[2], ARGV[at + 1]) == 1 then
    redis.call('HINCRBY', KEYS[3], ARGV[at], 1)
    room = room - 1
  end
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, {LIFETIME_SECONDS}) end
return 1
""")
Item = TypeVar("Item")
_ITEMS, _NO_ITEMS = b',"items":', b',"items":[]'


class Tallies:
    """One process's counts. ``secret`` makes marks of addresses that nobody can turn back, and that differ from day to day."""

    def __init__(self, scripts: RedisScripts, secret: str, clock: Callable[[], float] = time.monotonic):
        self._scripts, self._secret, self._clock = scripts, hashlib.sha256(secret.encode()).digest(), clock
        self._views: deque[str] = deque(maxlen=MOST_TOLD)
        self._searches: deque[tuple[str, str]] = deque(maxlen=MOST_TOLD)
        self._telling = threading.Lock()
        self._told_at = clock()

    def viewed(self, listing_id: str) -> None:
        """Somebody looks at an experience."""
        self._views.append(listing_id)
        self._tell_in_time()

    def searched(self, answer: bytes, address: str) -> None:
        """Somebody at ``address`` was given this answer to a search; what found nothing is nobody's business."""
        head = answer.partition(_ITEMS)[0]
        if len(head) == len(answer) or answer.startswith(_NO_ITEMS, len(head)):
            return
        asked = orjson.loads(head + b"}")
        words = asked["corrected_query"] or asked["query"]
        if words and len(words) <= _LONGEST_SEARCH:
            self._searches.append((" ".join(words.lower().split()), address))
            self._tell_in_time()

    def tell(self) -> None:
        """Tell Redis what is remembered; while it is away, that is forgotten."""
        day = datetime.now(KENYA).date()
        views, searches = _drained(self._views), _drained(self._searches)
        if not views and not searches:
            return
        told = [str(len(views)), *views]
        for words, address in searches:
            told.append(self._mark(day.isoformat(), address))
            told.append(f"{words}{SEPARATOR}{self._mark(day.isoformat(), words, address)}")
        keys = views_key(day), searches_key(day), searchers_key(day)
        self._scripts.run(_TELL, keys, *told, remembered=False)

    def _tell_in_time(self) -> None:
        if self._clock() - self._told_at < EVERY_SECONDS or not self._telling.acquire(blocking=False):
            return
        try:
            self._told_at = self._clock()
            self.tell()
        finally:
            self._telling.release()

    def _mark(self, *of: str) -> str:
        return hashlib.blake2b("\n".join(of).encode(), key=self._secret, digest_size=9).hexdigest()


def _drained(waiting: deque[Item]) -> list[Item]:
    drained = []
    while waiting:
        drained.append(waiting.popleft())
    return drained
