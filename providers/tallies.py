"""Reading from Redis what the edge has counted there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from domain.provider_errors import Unavailable
from domain.tallies import SEPARATOR, searches_key, views_key

#: Seconds for an answer, and what is read with each.
TIMEOUT, AT_ONCE = 5.0, 2_000


@dataclass(frozen=True, slots=True)
class DayTally:
    """How often each experience was looked at in a day, and how many searched for what."""

    views: Mapping[str, int]
    searchers: Mapping[str, int]


class TallyStore:
    """Redis, as the edge writes it (``api/tallies.py``). Reading takes nothing away."""

    def __init__(self, redis_url: str):
        self._client = redis.Redis.from_url(
            redis_url,
            socket_connect_timeout=TIMEOUT,
            socket_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )

    def read(self, days: Sequence[date]) -> dict[date, DayTally]:
        """The counts of some days as they are now. Raises a provider's error where Redis does not answer."""
        try:
            return {day: self._day(day) for day in days}
        except redis.RedisError as error:
            raise Unavailable("Redis does not answer.", code=type(error).__name__) from error

    def close(self) -> None:
        self._client.close()

    def _day(self, day: date) -> DayTally:
        views = {name: int(count) for name, count in self._client.hscan_iter(views_key(day), count=AT_ONCE)}
        # A scan may show a member twice.
        marks = set(self._client.sscan_iter(searches_key(day), count=AT_ONCE))
        return DayTally(views, Counter(mark.rpartition(SEPARATOR)[0] for mark in marks))
