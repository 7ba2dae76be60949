"""Counting what is looked at and searched for: by the way, once for each address and day, and never in anybody's way."""

from __future__ import annotations

import pytest
import redis

from api.tallies import MOST_TOLD, Tallies
from domain.tallies import KENYA, MOST_OF_ONE, searchers_key, searches_key, views_key
from providers.tallies import TallyStore


@pytest.fixture
def store(redis_url):
    client = redis.Redis.from_url(redis_url)
    for key in client.scan_iter("tallies:*"):
        client.delete(key)
    store = TallyStore(redis_url)
    yield store
    store.close()
    client.close()


@pytest.fixture
def today(ctx, db):
    with db.reading() as session:
        return ctx.now(session).astimezone(KENYA).date()


@pytest.fixture
def tallies(app):
    tallies = app.extensions["elite"].tallies
    tallies.tell()
    return tallies


def test_looking_at_an_experience_counts_each_time_by_id_or_slug(http, make, store, tallies, today):
    listing = make.listing()
    for name in (listing.slug, listing.id, listing.id):
        assert http.get(f"/api/experiences/{name}").status_code == 200
    http.get("/api/experiences/nothing")
    tallies.tell()
    assert store.read([today])[today].views == {str(listing.id): 3}


def test_a_search_counts_once_for_an_address_as_it_was_meant_and_only_where_it_found_something(
    http, make, store, tallies, today
):
    make.listing(title="Food walk")
    make.words_known()
    for q in ("fod wlak", "Food  WALK", "food walk", "quokka", ""):
        assert http.get(f"/api/search?q={q}").status_code == 200
    tallies.tell()
    assert store.read([today])[today].searchers == {"food walk": 1}
    for number in range(3):
        tallies.searched(b'{"query":"food walk","corrected_query":null,"items":[{}]}', f"10.0.0.{number}")
    tallies.tell()
    assert store.read([today])[today].searchers == {"food walk": 4}


def test_redis_holds_no_address_and_forgets_by_itself(redis_url, store, tallies, today):
    tallies.viewed("x")
    tallies.searched(b'{"query":"dhow","corrected_query":null,"items":[{}]}', "203.0.113.7")
    tallies.tell()
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        (mark,) = client.smembers(searches_key(today))
        assert "203" not in mark.partition("\t")[0]
        assert "203.0.113.7" not in mark
        (who,) = client.hkeys(searchers_key(today))
        # Whoever reads both cannot tell whose search it was.
        assert "203.0.113.7" not in who
        assert who not in mark
        for key in (views_key(today), searches_key(today), searchers_key(today)):
            assert 0 < client.ttl(key) <= 3 * 24 * 3600


def test_one_address_does_not_take_all_the_room(store, tallies, today):
    for number in range(MOST_OF_ONE + 5):
        tallies.searched(b'{"query":"walk %d","corrected_query":null,"items":[{}]}' % number, "203.0.113.7")
    tallies.searched(b'{"query":"dhow","corrected_query":null,"items":[{}]}', "203.0.113.8")
    tallies.tell()
    tallies.searched(b'{"query":"walk again","corrected_query":null,"items":[{}]}', "203.0.113.7")
    tallies.tell()
    searchers = store.read([today])[today].searchers
    assert (len(searchers), searchers["dhow"], "walk again" in searchers) == (MOST_OF_ONE + 1, 1, False)


class _Scripts:
    """Redis as it is while it is away, or only listened to."""

    def __init__(self):
        self.told = []

    def run(self, _script, _keys, *values, remembered):
        self.told.append(values)


def test_nothing_is_told_twice_and_no_more_than_fits_is_remembered():
    now = [0.0]
    scripts = _Scripts()
    tallies = Tallies(scripts, "secret", lambda: now[0])
    for number in range(MOST_TOLD + 5):
        tallies.viewed(str(number))
    assert scripts.told == []
    now[0] = 2.0
    tallies.viewed("last")
    tallies.tell()
    (told,) = scripts.told
    assert (told[0], told[-1], len(told)) == (str(MOST_TOLD), "last", MOST_TOLD + 1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"query":null,"corrected_query":null,"items":[{}]}',
        b'{"query":"dhow","corrected_query":null,"items":[]}',
        b'{"query":"' + b"x" * 81 + b'","corrected_query":null,"items":[{}]}',
        b"{}",
    ],
)
def test_what_says_nothing_is_not_counted(body):
    scripts = _Scripts()
    tallies = Tallies(scripts, "secret", lambda: 0.0)
    tallies.searched(body, "10.0.0.1")
    tallies.tell()
    assert scripts.told == []
