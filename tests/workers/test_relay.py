"""Prove that every due job reaches its queue once, whatever happens to the broker, the database or a second relay."""

from __future__ import annotations

import os
import runpy
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import redis
from celery import Celery
from kombu import Queue
from kombu.exceptions import OperationalError
from sqlalchemy import select, text

from domain.jobs import OFFER, QUEUE_NAMES, JobKind
from models.doorbell import CHANNEL, Doorbell, connect
from models.jobs import Job, add_job, claim
from models.operations import heartbeats
from models.session import Database
from tests.support.database import ROOT
from tests.support.sandbox_process import free_port
from tests.support.waiting import eventually
from workers import relaying
from workers.relaying import Relay

SECOND = timedelta(seconds=1)
KIND = JobKind.NOTIFY
#: Longer than any of these tests waits: whatever happens sooner was not found by polling.
NEVER_POLLS = 60.0


class Broker:
    """A Celery application with the product's settings on the test's Redis, its keys apart from everybody else's."""

    def __init__(self, url: str, config: dict[str, Any]):
        self.prefix = f"relay-test-{os.getpid()}:"
        self.redis = redis.Redis.from_url(url)
        self.celery = self.application(url, config)

    def application(self, url: str, config: dict[str, Any]) -> Celery:
        celery = Celery("relay-test", set_as_current=False)
        celery.conf.update(config)
        celery.conf.broker_url = url
        celery.conf.broker_transport_options = config["broker_transport_options"] | {"global_keyprefix": self.prefix}
        return celery

    def taken(self, queue: str = KIND.queue) -> list[tuple[str, Any]]:
        """What waits in a queue, taken from it: the task and its arguments."""
        with self.celery.connection_for_read() as connection:
            bound = Queue(queue)(connection.default_channel)
            found = []
            while message := bound.get(no_ack=True, accept=["json"]):
                found.append((message.headers["task"], message.payload[0]))
            return found

    def lose(self, queue: str = KIND.queue) -> None:
        self.redis.delete(f"{self.prefix}{queue}")

    def close(self) -> None:
        for key in self.redis.scan_iter(f"{self.prefix}*"):
            self.redis.delete(key)
        self.redis.close()
        self.celery.close()


@pytest.fixture
def config(monkeypatch, settings) -> dict[str, Any]:
    """The product's Celery settings, read without keeping the module."""
    for name, value in {"APP_ENV": "test", "DATABASE_URL": settings.database_url, "REDIS_URL": "redis://h"}.items():
        monkeypatch.setenv(name, value)
    read = runpy.run_path(str(ROOT / "celeryconfig.py"))
    return {name: value for name, value in read.items() if name.startswith(("broker_", "task_", "accept_", "result_"))}


@pytest.fixture
def broker(redis_url, config) -> Iterator[Broker]:
    broker = Broker(redis_url, config)
    yield broker
    broker.close()


@pytest.fixture
def broken(broker, config) -> Iterator[Celery]:
    """An application whose broker is not there."""
    celery = broker.application(f"redis://127.0.0.1:{free_port()}/0", config | {"broker_connection_timeout": 0.2})
    yield celery
    celery.close()


@pytest.fixture
def relay(db, clock, broker) -> Relay:
    return Relay(db, clock, broker.celery)


@pytest.fixture
def add(db, ctx) -> Callable[..., Job]:
    """Adds a job, due ``seconds`` from now; ``to`` is the database to add it through."""

    def add(key: str = "job", kind: JobKind = KIND, *, seconds: float = 0, to: Database = db) -> Job:
        with to.transaction() as session:
            now = ctx.now(session)
            due_at = now + seconds * SECOND
            add_job(session, kind, key, {}, due_at=due_at, now=now, request_id="the-request")
            return session.scalars(select(Job).where(Job.key == key)).one()

    return add


@contextmanager
def running(relay: Relay) -> Iterator[threading.Thread]:
    """The relay's loop in a thread; it listens by the time the block begins."""
    url = relay._db.url
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        eventually(lambda: _listens(relay._db), what="the relay's listening")
        yield thread
    finally:
        relay.stop()
        with connect(url) as hint, hint.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
        hint.close()
        thread.join(10)
        assert not thread.is_alive()


def _listens(db: Database) -> bool:
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"
    with db.reading() as session:
        return session.scalar(text(question)) > 0


def message_of(job: Job, attempt: int = 0) -> tuple[str, list[Any]]:
    return job.kind, [str(job.id), attempt, "the-request"]


def test_a_due_job_is_published_to_its_queue_with_its_id_attempt_and_request(relay, broker, add):
    jobs = [add(kind.value, kind) for kind in (JobKind.NOTIFY, JobKind.PUSH_STK, JobKind.EXPIRE_HOLD)]
    assert relay.offer_once() == 3
    assert {queue: broker.taken(queue) for queue in QUEUE_NAMES} == {queue: [] for queue in QUEUE_NAMES} | {
        "deliveries": [message_of(jobs[0])],
        "payments": [message_of(jobs[1])],
        "webhooks": [message_of(jobs[2])],
    }


def test_a_job_is_published_only_when_it_is_due(relay, broker, add, clock):
    job = add(seconds=30)
    assert (relay.offer_once(), broker.taken()) == (0, [])
    clock.offset += timedelta(seconds=31)
    assert (relay.offer_once(), broker.taken()) == (1, [message_of(job)])


def test_a_running_job_is_published_again_only_when_its_lease_has_run_out(relay, broker, add, db, ctx, clock):
    job = add()
    with db.transaction() as session:
        claim(session, job.id, 0, ctx.now(session))
    clock.offset += timedelta(seconds=20)
    assert relay.offer_once() == 0
    clock.offset += timedelta(seconds=11)
    assert relay.offer_once() == 1
    assert broker.taken() == [message_of(job, attempt=1)]


def test_a_job_is_not_published_twice_while_its_offer_stands(relay, broker, add):
    add()
    assert [relay.offer_once() for _ in range(3)] == [1, 0, 0]
    assert len(broker.taken()) == 1


def test_a_lost_message_is_published_again_when_its_offer_has_run_out(relay, broker, add, clock):
    job = add()
    relay.offer_once()
    broker.lose()
    clock.offset += OFFER - SECOND
    assert relay.offer_once() == 0
    clock.offset += SECOND
    assert relay.offer_once() == 1
    assert broker.taken() == [message_of(job)]


def test_offers_are_withdrawn_when_the_broker_is_down_and_made_when_it_is_back(db, clock, broken, relay, broker, add):
    job = add()
    with pytest.raises((OperationalError, ConnectionError)):
        Relay(db, clock, broken).offer_once()
    with db.reading() as session:
        assert session.get_one(Job, job.id).offered_until is None
    assert relay.offer_once() == 1
    assert broker.taken() == [message_of(job)]


def test_a_full_queue_is_offered_nothing_until_it_has_room(monkeypatch, relay, broker, add, db):
    monkeypatch.setattr(relaying, "FULL_QUEUE", 2)
    jobs = [add(f"job{number}") for number in range(3)]
    assert relay.offer_once() == 3
    waits, elsewhere = add("one more"), add("elsewhere", JobKind.PUSH_STK)
    assert relay.offer_once() == 1
    assert broker.taken("payments") == [message_of(elsewhere)]
    with db.reading() as session:
        assert session.get_one(Job, waits.id).offered_until is None
    assert sorted(broker.taken()) == sorted(message_of(job) for job in jobs)
    assert relay.offer_once() == 1
    assert broker.taken() == [message_of(waits)]


def test_two_relays_at_once_publish_no_job_twice(monkeypatch, db, clock, broker, ctx):
    monkeypatch.setattr(relaying, "BATCH", 7)
    with db.transaction() as session:
        now = ctx.now(session)
        for number in range(120):
            add_job(session, KIND, f"job{number}", {}, due_at=now, now=now, request_id=None)

    def empty_it(_number: int) -> int:
        relay, published = Relay(db, clock, broker.celery), 0
        while count := relay.offer_once():
            published += count
        return published

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(empty_it, range(2))) == 120
    published = Counter(arguments[0] for _task, arguments in broker.taken())
    assert (len(published), set(published.values())) == (120, {1})


def test_the_doorbell_wakes_the_relay_when_it_would_not_poll_yet(monkeypatch, relay, broker, add, settings):
    monkeypatch.setattr(relaying, "POLL_SECONDS", NEVER_POLLS)
    house = Database(settings.database_url, pool_size=1, on_jobs_added=Doorbell(settings.database_url).ring)
    with running(relay):
        for number in range(3):
            job = add(f"job{number}", to=house)
            assert eventually(broker.taken, within=5) == [message_of(job)]
    house.dispose()


def test_a_job_is_published_at_its_time_when_nobody_rings(monkeypatch, relay, broker, add):
    monkeypatch.setattr(relaying, "POLL_SECONDS", NEVER_POLLS)
    job = add(seconds=0.5)
    with running(relay):
        assert eventually(broker.taken, within=5) == [message_of(job)]


def test_a_job_is_found_by_polling_when_its_bell_was_not_heard(relay, broker, add):
    with running(relay):
        job = add()
        assert eventually(broker.taken, within=5) == [message_of(job)]


def test_the_relay_ends_soon_when_it_is_told_to_stop(relay):
    thread = threading.Thread(target=relay.run)
    thread.start()
    eventually(lambda: _listens(relay._db))
    relay.stop()
    thread.join(3)
    assert not thread.is_alive()
    eventually(lambda: not _listens(relay._db), what="the listener's end")


def test_the_relay_ends_soon_when_the_broker_is_down(db, clock, broken, add, caplog):
    add()
    relay = Relay(db, clock, broken)
    thread = threading.Thread(target=relay.run)
    thread.start()
    eventually(lambda: "relay.fault" in caplog.text, what="the fault")
    relay.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_the_relays_heart_beats_while_it_runs(relay, db, clock):
    def heart() -> Any:
        with db.reading() as session:
            return heartbeats(session).get("relay")

    with running(relay):
        first = eventually(heart)
        clock.offset += timedelta(minutes=5)
        eventually(lambda: heart() - first >= timedelta(minutes=5), what="the next heartbeat")


def test_the_relay_goes_on_when_its_database_connections_are_cut(monkeypatch, relay, broker, add, db, caplog):
    monkeypatch.setattr(relaying, "PAUSE_SECONDS", 0.05)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE :q"
    with running(relay):
        with db.reading() as session:
            session.execute(text(cut), {"q": f"LISTEN {CHANNEL}%"})
        eventually(lambda: "relay.fault" in caplog.text, what="the fault")
        eventually(lambda: _listens(db), what="listening anew")
        job = add()
        assert eventually(broker.taken, within=5) == [message_of(job)]
