"""Redis goes away under a relay that is at work: jobs wait in PostgreSQL, and are offered when it is back."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
import redis
from celery import Celery
from kombu import Queue
from kombu.exceptions import OperationalError
from sqlalchemy import select

from domain.jobs import OFFER, QUEUE_NAMES, JobKind
from models import Job
from models.jobs import offer_due
from tests.support.network import forwarding, free_port
from tests.support.waiting import eventually
from workers import relaying
from workers.relaying import Relay

QUEUE = JobKind.NOTIFY.queue


class Wire:
    """A way to Redis that can be cut and mended, and what has come through it so far."""

    def __init__(self, url: str):
        self._target = url
        self._port = free_port()
        self._open = ExitStack()
        self.celery = Celery("relay-behind-a-wire", set_as_current=False)
        self.prefix = f"relay-faults-{os.getpid()}:"
        options = {"socket_timeout": 2, "socket_connect_timeout": 1, "retry_on_timeout": True}
        database = url.rpartition("/")[2] if url.count("/") > 2 else "0"
        self.celery.conf.update(
            broker_url=f"redis://127.0.0.1:{self._port}/{database}",
            broker_transport_options=options | {"global_keyprefix": self.prefix},
            task_ignore_result=True,
            # For so long, at least a second in each call, one tries again to connect where nobody is.
            broker_connection_timeout=0.2,
        )
        self._ids: list[str] = []
        self.mend()

    def mend(self) -> None:
        self._open.enter_context(forwarding(self._port, self._target))

    def cut(self) -> None:
        self._open.close()

    def ids(self) -> list[str]:
        """The ids of the jobs whose messages have come, in order; the wire has to be whole."""
        with self.celery.connection_for_read() as connection:
            bound = Queue(QUEUE)(connection.default_channel)
            while message := bound.get(no_ack=True, accept=["json"]):
                self._ids.append(message.payload[0][0])
        return self._ids

    def close(self) -> None:
        self.cut()
        self.celery.close()
        client = redis.Redis.from_url(self._target)
        for key in client.scan_iter(f"{self.prefix}*"):
            client.delete(key)
        client.close()


@pytest.fixture
def wire(redis_url) -> Iterator[Wire]:
    wire = Wire(redis_url)
    yield wire
    wire.close()


@pytest.fixture
def relay(monkeypatch, db, clock, wire) -> Relay:
    monkeypatch.setattr(relaying, "PAUSE_SECONDS", 0.1)
    return Relay(db, clock, wire.celery)


@pytest.fixture
def running(relay, wire) -> Iterator[threading.Thread]:
    """The relay at work; it has to be alive at the end, and to stop when told to."""
    thread = threading.Thread(target=relay.run)
    thread.start()
    yield thread
    assert thread.is_alive(), "the relay has died"
    relay.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def add(db, ctx) -> Callable[[str], str]:
    """Add a job that is due; answers its id."""

    def add(key: str) -> str:
        with db.transaction() as session:
            ctx.enqueue(session, JobKind.NOTIFY, key, {}, now=ctx.now(session))
        with db.reading() as session:
            return str(session.scalars(select(Job.id).where(Job.key == key)).one())

    return add


def unoffered(db) -> int:
    with db.reading() as session:
        return len(session.scalars(select(Job.id).where(Job.offered_until.is_(None))).all())


def test_a_cut_between_two_batches_costs_no_offer(db, relay, wire, add):
    add("first")
    assert relay.offer_once() == 1
    wire.cut()
    add("second")
    with pytest.raises((OperationalError, redis.ConnectionError)):
        relay.offer_once()
    assert unoffered(db) == 1, "withdrawn: it need not wait until its offer is over"


def test_what_waits_for_an_absent_redis_is_not_reserved_again_and_again(db, relay, wire, add, monkeypatch):
    reserved = []
    monkeypatch.setattr(relaying, "offer_due", lambda *given: reserved.append(given) or offer_due(*given))
    job_id = add("first")
    wire.cut()
    for _ in range(3):
        with pytest.raises((OperationalError, redis.ConnectionError)):
            relay.offer_once()
    assert (reserved, unoffered(db)) == ([], 1), "each reservation would let it look as if it had just been offered"
    wire.mend()
    assert relay.offer_once() == 1
    assert wire.ids() == [job_id]
    wire.cut()
    add("second")
    before = len(reserved)
    for _ in range(3):
        with pytest.raises((OperationalError, redis.ConnectionError)):
            relay.offer_once()
    assert before < len(reserved) <= before + len(QUEUE_NAMES), "only the round that met the fault had reserved"


def test_jobs_added_while_redis_is_away_come_when_it_is_back(db, clock, wire, add, running):
    first = add("first")
    eventually(lambda: wire.ids() == [first], what="the first offer")
    wire.cut()
    second = add("second")
    threading.Event().wait(2)
    assert running.is_alive()
    wire.mend()
    clock.offset += OFFER
    eventually(lambda: second in wire.ids(), within=15, what="the second offer")


def test_a_relay_that_starts_before_redis_begins_when_redis_comes(clock, wire, add, running):
    wire.cut()
    job_id = add("first")
    threading.Event().wait(1)
    assert running.is_alive()
    wire.mend()
    clock.offset += OFFER + timedelta(seconds=1)
    eventually(lambda: job_id in wire.ids(), within=15, what="the offer")
