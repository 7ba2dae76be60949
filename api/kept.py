"""Public answers that Redis keeps for some seconds: found in the round trip that counts the request anyway.

An answer is kept once it has been asked for twice, under its address, and for its time. Whatever changes is seen when the time is
over, and nothing depends on its being seen before; only what must not be shown any longer has all answers let go of at once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from api.limits import COUNTS, Hit, Limits, key_of
from api.redis_scripts import RedisScripts, Script

PREFIX = "kept:"
#: Answers that may be laid down within a minute, together: what Redis has for jobs must not be filled by pages.
MOST_BYTES, WINDOW_SECONDS = 32 * 1024 * 1024, 60
#: Larger answers are not kept.
LARGEST = 256 * 1024
#: Answers are of a round, which ends where all are let go of. Whoever reads the database while that happens keeps their answer in
#: the round in which they began, and nobody is shown it.
_ROUND, _FIRST_ROUND = f"{PREFIX}round", "0" * 8
#: Counts, and then: the answer that is kept in this round and the milliseconds left of it; or nothing, whether somebody asked
#: before, and which round it is.
_LOOK = Script(f"""
{COUNTS}
if count > tonumber(ARGV[2]) then return {{count, left}} end
local round = redis.call('GET', KEYS[4]) or '{_FIRST_ROUND}'
local kept = redis.call('GET', KEYS[2])
if kept and string.sub(kept, 1, {len(_FIRST_ROUND)}) == round then return {{count, left, kept, redis.call('PTTL', KEYS[2])}} end
local is_first = redis.call('SET', KEYS[3], '1', 'PX', ARGV[3], 'NX')
return {{count, left, false, is_first and 0 or 1, round}}
""")
_KEEP = Script("""
local size = redis.call('INCRBY', KEYS[2], #ARGV[1])
if size == #ARGV[1] then redis.call('EXPIRE', KEYS[2], ARGV[4]) end
if size > tonumber(ARGV[3]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
""")
_END_ROUND = Script("redis.call('SET', KEYS[1], ARGV[1]) return 1")
_TAG_FROM, _BODY_FROM = len(_FIRST_ROUND), len(_FIRST_ROUND) + 28


class Kept(NamedTuple):
    """An answer as it was made ``age`` seconds ago, with its tag."""

    tag: str
    body: bytes
    age: int


class Looked(NamedTuple):
    """A request as it was counted and what is kept for it; where nothing is and it is worth keeping, the round to keep it in."""

    hit: Hit
    kept: Kept | None = None
    wanted_in: bytes | None = None


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
        keys = counts, key, f"{key}:asked", _ROUND
        told = self._scripts.run(_LOOK, keys, str(seconds), str(limit), str(self._lifetime_ms))
        hit = self._limits.counted(told, counts, scope, limit, seconds)
        if told is None or hit.is_refused:
            return Looked(hit)
        _, _, kept, left, *round_ = told
        if kept is None:
            return Looked(hit, wanted_in=round_[0] if left == 1 else None)
        age = max(-(-(self._lifetime_ms - left) // 1000), 0)
        return Looked(hit, Kept(kept[_TAG_FROM:_BODY_FROM].decode(), kept[_BODY_FROM:], age))

    def keep(self, key: str, wanted_in: bytes, tag: str, body: bytes) -> None:
        """Keep an answer in the round in which it was looked for, if there is room. Never raises because of Redis."""
        if len(body) <= LARGEST:
            values = wanted_in + tag.encode() + body, str(self._lifetime_ms), str(MOST_BYTES), str(WINDOW_SECONDS)
            self._scripts.run(_KEEP, (key, f"{PREFIX}bytes"), *values, remembered=False)

    def let_go(self) -> None:
        """Show nobody any answer that is kept, from now on; to be called once what changed is committed. Never raises because of
        Redis: while it is away nothing that is kept is shown, and what lies there ends by itself."""
        if self.enabled:
            self._scripts.run(_END_ROUND, (_ROUND,), secrets.token_hex(len(_FIRST_ROUND) // 2), remembered=False)

    def forget_all(self) -> None:
        """Delete everything, whoever wrote it; for tests and operators."""
        for key in self._scripts.client.scan_iter(match=f"{PREFIX}*", count=1000):
            self._scripts.client.delete(key)
