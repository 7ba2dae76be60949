"""Prove with real workers, killed for real, that a job which kills them is given up, and that the others go on."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery
from sqlalchemy import select, text

from domain.jobs import MAX_CRASHES, JobKind
from models import Heartbeat
from models.jobs import Job, add_job
from models.session import Database
from tests.support.database import ROOT
from tests.support.waiting import eventually
from workers.relaying import Relay

POISON, HEALTHY = JobKind.CANARY_REPORTS, JobKind.CANARY_PERIODIC
#: What the poison would have written, had it lived.
EFFECT = "an effect of the poison"
#: Every lease and offer is over; whoever was killed lets go of its rows first.
EXPIRE = """
    UPDATE jobs SET offered_until = CASE WHEN offered_until IS NOT NULL THEN :now END,
                    lease_until = CASE WHEN lease_until IS NOT NULL THEN :now END
"""


class House:
    """A relay in the test's hands and one worker process, begun anew where it dies."""

    def __init__(self, db: Database, ctx, url: str, pool: str, folder: Path, environment: dict[str, str]):
        self.db, self.ctx, self.deaths = db, ctx, folder / "deaths"
        self.deaths.touch()
        self._environment = environment | {"DEATHS": str(self.deaths), "POISON": POISON.value, "EFFECT": EFFECT}
        self._command = [sys.executable, "-m", "celery", "-A", "tests.support.poisoned_worker", "worker"]
        self._command += ["-Q", f"{POISON.queue},{HEALTHY.queue}", "-P", pool, "-c", "1", "-l", "warning"]
        self._command += ["--without-gossip", "--without-mingle"]
        self._log = (folder / "log").open("w")
        celery = Celery("poison-test", set_as_current=False)
        celery.conf.update(broker_url=url, **settings_of_celery())
        self._relay = Relay(db, ctx.clock, celery)
        self._worker: subprocess.Popen[bytes] | None = None

    def offer(self) -> int:
        """Offer what is due, to a worker that lives."""
        if self._worker is None or self._worker.poll() is not None:
            self._worker = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=subprocess.STDOUT
            )
        with self.db.transaction() as session:
            session.execute(text(EXPIRE), {"now": self.ctx.now(session)})
        return self.offer_anew()

    def offer_anew(self) -> int:
        """Offer what was not offered before."""
        return self._relay.offer_once()

    def add(self, kind: JobKind) -> Job:
        with self.db.transaction() as session:
            now = self.ctx.now(session)
            add_job(session, kind, f"job:{kind.value}", {}, due_at=now, now=now, request_id=None)
            return session.scalars(select(Job).where(Job.kind == kind.value)).one()

    def died(self) -> list[int]:
        """The attempt of each run that ended in death."""
        return [int(line) for line in self.deaths.read_text().split()]

    def die(self, number: int) -> None:
        """Offer the poison and wait for the death that follows."""
        assert self.offer() == 1
        eventually(lambda: len(self.died()) == number, within=30, what=f"death {number}")
        if "threads" in self._command:
            self._worker.wait(10)

    def stop(self) -> None:
        if self._worker is not None and self._worker.poll() is None:
            self._worker.terminate()
            self._worker.wait(20)
        self._log.close()


def settings_of_celery() -> dict:
    """How the product speaks to its broker, read without keeping the module."""
    read = runpy.run_path(str(ROOT / "celeryconfig.py"))
    return {name: value for name, value in read.items() if name.startswith(("broker_t", "task_", "accept_"))}


@pytest.fixture
def house(db, ctx, settings, redis_url, tmp_path, monkeypatch) -> Iterator[Callable[[str], House]]:
    url = redis_url.rpartition("/")[0] + "/12"
    here = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    here |= {"APP_ENV": "test", "DATABASE_URL": settings.database_url, "REDIS_URL": url}
    for name, value in here.items():
        monkeypatch.setenv(name, value)
    houses: list[House] = []

    def house(pool: str) -> House:
        houses.append(House(db, ctx, url, pool, tmp_path, here))
        return houses[-1]

    yield house
    for each in houses:
        each.stop()
    with redis.Redis.from_url(url) as broker:
        broker.flushdb()


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_a_job_that_kills_its_worker_is_given_up_and_the_others_go_on(house, make, db, pool):
    house = house(pool)
    poison = house.add(POISON)
    house.die(1)
    assert (make.reload(poison).attempt, make.reload(poison).crashes) == (0, 0), "it took its claim along"
    house.die(2)
    assert (make.reload(poison).attempt, make.reload(poison).crashes) == (1, 0), "now its claim outlives it"
    house.die(3)
    assert (make.reload(poison).attempt, make.reload(poison).crashes) == (2, 1)
    with db.transaction() as session:
        # As if it had gone on so; tests/workers/test_suspects.py goes all the way.
        session.get_one(Job, poison.id).crashes = MAX_CRASHES
    assert house.offer() == 1
    eventually(lambda: make.reload(poison).dead_at, within=30, what="the end of the poison")
    assert make.reload(poison).last_error == f"crashed {MAX_CRASHES + 1} times"
    assert len(house.died()) == 3

    healthy = house.add(HEALTHY)
    assert house.offer() == 1
    eventually(lambda: make.reload(healthy).done_at, within=30, what="the work of the others")
    with db.reading() as session:
        assert session.get(Heartbeat, EFFECT) is None


def test_what_killed_a_child_is_not_handed_to_the_next_one_at_once(house, make):
    """Celery would put the message back, and the next child would die within the second: without end, and uncounted."""
    house = house("prefork")
    house.add(POISON)
    house.die(1)
    healthy = house.add(HEALTHY)
    assert house.offer_anew() == 1
    eventually(lambda: make.reload(healthy).done_at, within=30, what="the work of the next child")
    assert house.died() == [1]
