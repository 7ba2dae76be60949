"""Public answers that Redis keeps for some seconds: found in the round trip that counts the request anyway.

An answer is kept once it has been asked for twice, under its address, and always for its time: nothing takes it back, so
nothing depends on that. Whatever changes is seen when the time is over.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import NamedTuple

from api.limits import COUNTS, Hit, Limits, key_of
from api.redis_scripts import RedisScripts, Script

PREFIX = "kept:"
#: Answers that may be laid down within a minute, together: what Redis has for jobs must not be filled by pages.
MOST_BYTES, WINDOW_SECONDS = 32 * 1024 * 1024, 60
#: Larger answers are not kept.
LARGEST = 256 * 1024
#: Counts, and then: the answer that is kept and the milliseconds left of it, or nothing and whether somebody asked before.
_LOOK = Script(f"""
{COUNTS}
if count > tonumber(ARGV[2]) then return {{count, left}} end
local kept = redis.call('GET', KEYS[2])
if kept then return {{count, left, kept, redis.call('PTTL', KEYS[2])}} end
local is_first = redis.call('SET', KEYS[3], '1', 'PX', ARGV[3], 'NX')
return {{count, left, false, is_first and 0 or 1}}
""")
_KEEP = Script("""
local size = redis.call('INCRBY', KEYS[2], #ARGV[1])
if size == #ARGV[1] then redis.call('EXPIRE', KEYS[2], ARGV[4]) end
if size > tonumber(ARGV[3]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
""")
_TAG_LENGTH = 28


class Kept(NamedTuple):
    """An answer as it was made ``age`` seconds ago, with its tag."""

    tag: str
    body: bytes
    age: int


class Looked(NamedTuple):
    """A request as it was counted, what is kept for it, and whether it is worth keeping where nothing is."""

    hit: Hit
    kept: Kept | None
    is_wanted: bool


class KeptAnswers:
    """For ``lifetime``; for none, nothing is kept or looked for."""

    def __init__(self, scripts: RedisScripts, limits: Limits, lifetime: timedelta, release: str):
        self._scripts, self._limits = scripts, limits
        self._lifetime_ms = int(lifetime / timedelta(milliseconds=1))
        self._prefix = f"{PREFIX}{release}:"

    @property
    def enabled(self) -> bool:
        return self._lifetime_ms > 0

    def key_of(self, path: str, query: str) -> str:
        """Where the answer to an address is kept: one release does not read what another has written. A path may hold
        whatever can be escaped in it; a query has no line ends."""
        return self._prefix + hashlib.blake2b(f"{query}\n{path}".encode(), digest_size=16).hexdigest()

    def look(self, key: str, scope: str, subject: str, limit: int, seconds: int) -> Looked:
        """Count a request towards its limit, and find its answer where one is kept."""
        counts = key_of(scope, subject)
        keys = counts, key, f"{key}:asked"
        told = self._scripts.run(_LOOK, keys, str(seconds), str(limit), str(self._lifetime_ms))
        hit = self._limits.counted(told, counts, scope, limit, seconds)
        if told is None or hit.is_refused:
            return Looked(hit, None, is_wanted=False)
        _, _, kept, left = told
        if kept is None:
            return Looked(hit, None, is_wanted=left == 1)
        age = max(-(-(self._lifetime_ms - left) // 1000), 0)
        return Looked(hit, Kept(kept[:_TAG_LENGTH].decode(), kept[_TAG_LENGTH:], age), is_wanted=False)

    def keep(self, key: str, tag: str, body: bytes) -> None:
        """Keep an answer, if there is room. Never raises because of Redis."""
        if len(body) <= LARGEST:
            values = tag.encode() + body, str(self._lifetime_ms), str(MOST_BYTES), str(WINDOW_SECONDS)
            self._scripts.run(_KEEP, (key, f"{PREFIX}bytes"), *values, remembered=False)

    def forget_all(self) -> None:
        """Let go of everything, whoever wrote it; for tests and operators."""
        for key in self._scripts.client.scan_iter(match=f"{PREFIX}*", count=1000):
            self._scripts.client.delete(key)
