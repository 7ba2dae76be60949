"""Liveness and readiness: what each missing part of the house looks like from outside."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from sqlalchemy import make_url

from api import create_app
from domain.jobs import QUEUE_NAMES
from domain.liveness import CANARIES, HINTS, SILENCES
from models import Database, Heartbeat
from models.operations import beat
from tests.support.http import Http
from tests.support.network import forwarding, free_port


@pytest.fixture
def awake(db, make):
    """Everybody has just been seen."""
    with db.transaction() as session:
        for name in (*SILENCES, *HINTS):
            beat(session, name, make.ctx.now(session))


def with_ports(http: Http, **changes) -> Http:
    """The same edge with other ports."""
    return Http(create_app(http.edge.settings, replace(http.edge.ports, **changes)), http.contract, http.make)


def test_a_living_process_says_so(http):
    response = http.get("/health")

    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_a_house_that_is_awake_is_ready(http, awake):
    response = http.get("/health/ready")

    assert response.status_code == 200, response.get_json()
    body = response.get_json()
    assert body["status"] == "ready"
    assert set(body["checks"]) - HINTS.keys() == {
        "database",
        "broker",
        "relay",
        "beat",
        *(f"queue:{name}" for name in QUEUE_NAMES),
    }


@pytest.mark.parametrize("name", SILENCES)
def test_whoever_falls_silent_is_named(http, db, awake, name):
    with db.transaction() as session:
        session.get_one(Heartbeat, name).at -= SILENCES[name] + timedelta(seconds=1)

    response = http.get("/health/ready")

    assert response.status_code == 503
    checks = response.get_json()["checks"]
    assert [check for check, found in checks.items() if not found["ok"]] == [name]
    assert checks[name]["detail"].startswith("last seen")


def grow_old(db, make, seconds: int, *names: str) -> None:
    """These were last heard from so many seconds ago."""
    with db.transaction() as session:
        now = make.ctx.now(session)
        for name in names:
            session.merge(Heartbeat(name=name, at=now - timedelta(seconds=seconds)))


def test_a_silent_beat_does_not_accuse_the_queues_that_answered_their_last_canary(http, make, db, awake):
    queues = [f"queue:{name}" for name in QUEUE_NAMES]
    grow_old(db, make, 300, "beat", CANARIES)
    grow_old(db, make, 299, *queues)

    response = http.get("/health/ready")

    assert response.status_code == 503
    checks = response.get_json()["checks"]
    assert [check for check, found in checks.items() if not found["ok"]] == ["beat"]
    assert {checks[name]["detail"] for name in queues} == {"answered the last canary 299 s ago, none was sent since"}


def test_a_queue_that_owes_an_answer_is_named_beside_a_silent_beat(http, make, db, awake):
    grow_old(db, make, 300, "beat", CANARIES, *(f"queue:{name}" for name in QUEUE_NAMES))
    grow_old(db, make, 310, "queue:payments")

    checks = http.get("/health/ready").get_json()["checks"]

    assert [check for check, found in checks.items() if not found["ok"]] == ["beat", "queue:payments"]
    assert checks["queue:payments"]["detail"] == "last seen 310 s ago"


def test_a_silent_queue_is_named_while_canaries_are_sent(http, make, db, awake):
    grow_old(db, make, 1, CANARIES)
    grow_old(db, make, 61, "queue:deliveries")

    checks = http.get("/health/ready").get_json()["checks"]

    assert [check for check, found in checks.items() if not found["ok"]] == ["queue:deliveries"]


def test_silent_sockets_are_reported_and_do_not_decide(http, db, awake):
    with db.transaction() as session:
        session.get_one(Heartbeat, "realtime").at -= HINTS["realtime"] + timedelta(seconds=1)

    response = http.get("/health/ready")

    assert (response.status_code, response.get_json()["status"]) == (200, "ready")
    assert not response.get_json()["checks"]["realtime"]["ok"]


def test_a_house_that_never_woke_is_not_ready(http):
    checks = http.get("/health/ready").get_json()["checks"]

    assert checks["relay"] == {"ok": False, "detail": "has never been seen"}


def test_a_missing_broker_is_named(http, awake):
    def fail() -> None:
        raise ConnectionError

    response = with_ports(http, broker_ping=fail).get("/health/ready")

    assert response.status_code == 503
    assert response.get_json()["checks"]["broker"] == {"ok": False, "detail": "takes no messages"}


@pytest.mark.parametrize(
    ("fault", "cure"),
    [
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
        (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
    ],
    ids=["replica", "full"],
)
def test_a_redis_that_answers_and_takes_no_writes_is_named(http, awake, redis_url, fault, cure):
    with redis.Redis.from_url(redis_url) as client:
        client.execute_command(*fault)
        try:
            assert client.ping()
            response = http.get("/health/ready")
        finally:
            client.execute_command(*cure)

    assert response.status_code == 503
    assert response.get_json()["checks"]["broker"] == {"ok": False, "detail": "takes no messages"}
    assert http.get("/health/ready").status_code == 200


def test_a_missing_database_is_named_and_does_not_stop_liveness(http):
    away = with_ports(http, db=Database("postgresql+psycopg2://nobody@127.0.0.1:1/nothing", pool_size=1))

    response = away.get("/health/ready")

    assert response.status_code == 503
    assert response.get_json()["checks"]["database"] == {"ok": False, "detail": "does not answer"}
    assert away.get("/health").status_code == 200


def test_a_missing_database_makes_requests_come_back_later(http):
    away = with_ports(http, db=Database("postgresql+psycopg2://nobody@127.0.0.1:1/nothing", pool_size=1))

    response = away.get("/api/experiences")

    assert (response.status_code, response.get_json()["code"]) == (503, "unavailable")
    assert response.headers["Retry-After"] == "1"


def test_a_database_that_stands_still_stops_neither_liveness_nor_the_next_answer(http, settings):
    port, flows = free_port(), threading.Event()
    url = make_url(settings.database_url).set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    with forwarding(port, settings.database_url, flows):
        still = with_ports(http, db=Database(url, pool_size=2))

        response = still.get("/api/experiences")

        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
        assert still.get("/health").status_code == 200
        flows.set()
        assert still.get("/api/experiences").status_code == 200
