"""Limits without Redis: open, quick and counted by each process for itself."""

from __future__ import annotations

import dataclasses
import socket
import time
from datetime import timedelta

import pytest

from api import create_app
from api.context import customer_of, readable_address
from tests.factories import PASSWORD
from tests.support.http import Http, refused
from tests.support.network import forwarding, free_port


def edge_with_redis(http: Http, url: str, **changes) -> Http:
    settings = dataclasses.replace(http.edge.settings, redis_url=url, **changes)
    return Http(create_app(settings, http.edge.ports), http.contract, http.make)


@pytest.fixture
def mute_redis():
    """A Redis that takes connections and never answers, as behind a broken network."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def test_without_redis_requests_neither_fail_nor_linger(http, make):
    make.listing()
    away = edge_with_redis(http, f"redis://127.0.0.1:{free_port()}/0")

    started = time.perf_counter()
    answers = [away.get("/api/experiences") for _ in range(20)]
    elapsed = time.perf_counter() - started

    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].headers["RateLimit-Remaining"] == "580"
    assert elapsed < 2


def test_a_mute_redis_costs_one_short_wait(http, make, mute_redis):
    make.listing()
    away = edge_with_redis(http, mute_redis)

    times = []
    for _ in range(10):
        started = time.perf_counter()
        assert away.get("/api/experiences").status_code == 200
        times.append(time.perf_counter() - started)

    assert times[0] < 0.6
    assert sum(times[1:]) < 0.6


def test_without_redis_each_process_counts_for_itself(http):
    away = edge_with_redis(http, f"redis://127.0.0.1:{free_port()}/0", limit_public_reads=(3, timedelta(minutes=1)))

    answers = [away.get("/api/experiences") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused(answers[-1], 429, "too_many_requests")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61


def test_signing_in_does_not_need_redis(http):
    away = edge_with_redis(http, f"redis://127.0.0.1:{free_port()}/0")
    account = {"email": "a@example.com", "password": PASSWORD, "first_name": "A", "last_name": "B"}

    assert away.post("/api/auth/register", account).status_code == 201
    tokens = away.post("/api/auth/login", {"email": "a@example.com", "password": PASSWORD}).get_json()
    assert away.post("/api/auth/refresh-token", {"refresh_token": tokens["refresh_token"]}).status_code == 200


def test_the_limit_of_public_reads_is_one_for_all_of_them(http, make):
    listing = make.listing()
    strict = edge_with_redis(http, http.edge.settings.redis_url, limit_public_reads=(3, timedelta(minutes=1)))

    assert strict.get("/api/experiences").status_code == 200
    assert strict.get(f"/api/experiences/{listing.id}").status_code == 200
    assert strict.request("HEAD", "/api/experiences").status_code == 200
    refused(strict.get(f"/api/experiences/{listing.id}/availability"), 429, "too_many_requests")
    assert strict.get("/health").status_code == 200


def test_addresses_are_limited_each_for_itself_and_ipv6_by_network(http):
    redis = http.edge.settings.redis_url
    strict = edge_with_redis(http, redis, limit_public_reads=(1, timedelta(minutes=1)), trusted_proxies=1)

    def ask(address: str) -> int:
        return strict.get("/api/experiences", headers={"X-Forwarded-For": address}).status_code

    assert (ask("203.0.113.9"), ask("203.0.113.9"), ask("203.0.113.10")) == (200, 429, 200)
    assert (ask("2001:db8:0:1::1"), ask("2001:db8:0:1::2"), ask("2001:db8:0:2::1")) == (200, 429, 200)


def test_limits_come_back_with_redis(http):
    port = free_port()
    away = edge_with_redis(http, f"redis://127.0.0.1:{port}/0")
    assert away.get("/api/experiences").status_code == 200
    assert away.edge.limits.counts_alone is True

    with forwarding(port, http.edge.settings.redis_url):
        deadline = time.monotonic() + 15
        while away.edge.limits.counts_alone and time.monotonic() < deadline:
            time.sleep(0.3)
            assert away.get("/api/experiences").status_code == 200
        assert away.edge.limits.counts_alone is False


def test_an_ipv4_address_told_as_ipv6_is_counted_as_itself():
    assert readable_address("::ffff:203.0.113.7") == "203.0.113.7"
    assert customer_of(readable_address("::ffff:203.0.113.7")) != customer_of(readable_address("::ffff:203.0.113.8"))
    assert customer_of(readable_address("2001:db8::1")) == customer_of(readable_address("2001:db8::2"))
