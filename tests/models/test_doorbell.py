"""The hint that jobs are waiting: heard soon, many in one, and never a reason to fail."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import text

from models.doorbell import CHANNEL, DEBOUNCE_SECONDS, Doorbell, connect
from tests.support.waiting import eventually


@pytest.fixture
def doorbell(db) -> Doorbell:
    return Doorbell(db.url)


@pytest.fixture
def heard(db) -> Iterator:
    """``heard(seconds)``: how many hints a listener gets within that time, at once when the first has come."""
    listener = connect(db.url)
    with listener.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")

    def listen(seconds: float) -> int:
        select.select([listener], [], [], seconds)
        listener.poll()
        count = len(listener.notifies)
        listener.notifies.clear()
        return count

    yield listen
    listener.close()


def backends(db) -> list[int]:
    query = "SELECT pid FROM pg_stat_activity WHERE query = :query AND datname = current_database()"
    with db.reading() as session:
        return list(session.scalars(text(query), {"query": f"NOTIFY {CHANNEL}"}))


def test_a_ring_is_heard_by_whoever_listens(doorbell, heard):
    doorbell.ring()
    assert heard(5) == 1
    doorbell.ring()
    assert heard(5) == 1


def test_nothing_is_heard_when_nobody_rings(doorbell, heard):
    assert heard(0.1) == 0


def test_many_rings_at_once_are_few_hints(doorbell, heard):
    started = time.monotonic()
    for _ in range(300):
        doorbell.ring()
        time.sleep(0.0002)
    rounds = (time.monotonic() - started) / DEBOUNCE_SECONDS + 2
    time.sleep(0.1)
    assert 1 <= heard(0) <= rounds < 300


def test_ringing_does_not_wait_for_the_database(db):
    doorbell = Doorbell("postgresql://nobody@127.0.0.1:1/nothing")
    started = time.monotonic()
    for _ in range(100):
        doorbell.ring()
    assert time.monotonic() - started < 1


def test_the_doorbell_survives_a_killed_connection(db, doorbell, heard):
    doorbell.ring()
    assert heard(5) == 1
    ours = eventually(lambda: backends(db), what="the doorbell's connection")
    with db.reading() as session:
        for pid in ours:
            session.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})

    def rings_again() -> int:
        doorbell.ring()
        return heard(0.1)

    assert eventually(rings_again, within=8, what="a hint after the connection was killed")


def test_a_listeners_connection_has_no_transaction_open(db):
    connection = connect(db.url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert connection.get_transaction_status() == psycopg2.extensions.TRANSACTION_STATUS_IDLE
    finally:
        connection.close()
