"""The audit log is chained every few seconds by a job that costs nothing when there is nothing to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from beat.schedule import RUNS
from domain.jobs import JobKind
from models.audit import take_turn
from models.jobs import Job
from services.audit.chain import extend_chain as extend
from tests.support.tampering import AuditLog
from workers import periodic
from workers.running import HANDLERS

CHAIN = JobKind.CHAIN_AUDIT


@pytest.fixture
def log(db, ctx) -> AuditLog:
    return AuditLog(db, ctx)


@pytest.fixture
def tick(db, ctx, clock) -> Callable[[], int]:
    """One tick later; how many jobs it added."""

    def tick() -> int:
        clock.offset += RUNS[CHAIN]
        count = select(func.count()).select_from(Job).where(Job.kind == CHAIN)
        with db.transaction() as session:
            before = session.scalar(count)
            assert periodic.tick(session, ctx, CHAIN, RUNS[CHAIN])
            return session.scalar(count) - before

    return tick


@pytest.fixture
def heads(caplog) -> Callable[[], list[tuple[int, str, int]]]:
    """The heads that were told in the log."""
    caplog.set_level("INFO")

    def heads() -> list[tuple[int, str, int]]:
        return [(line.link, line.head, line.entries) for line in caplog.records if line.message == "audit.head"]

    return heads


def test_what_was_written_is_chained_and_the_head_is_told(log, tick, hands, heads):
    log.write(3)
    assert tick() == 1
    assert hands.work("periodic") == [CHAIN]
    (link,) = log.links()
    assert heads() == [(1, link.hash.hex(), 3)]
    assert log.faults(head=heads()[0][1]) == []


def test_where_nothing_was_written_there_is_no_job(log, tick, hands, heads):
    assert (tick(), tick()) == (0, 0)
    log.write()
    assert tick() == 1
    hands.work("periodic")
    assert tick() == 0
    assert len(heads()) == 1


def test_one_job_waits_at_most_and_a_dead_one_does_not_count(log, tick, db):
    log.write()
    assert (tick(), tick()) == (1, 0)
    with db.transaction() as session:
        session.execute(update(Job).values(dead_at=func.now()))
    assert tick() == 1


def test_a_run_takes_so_many_entries_and_the_next_one_goes_on(log, tick, hands, heads, monkeypatch):
    monkeypatch.setattr(periodic, "LINKS_A_RUN", 2)
    monkeypatch.setattr(periodic, "extend_chain", lambda session, now: extend(session, now, 2))
    log.write(7)
    for _ in range(3):
        tick()
        hands.work("periodic")
    assert [(number, entries) for number, _, entries in heads()] == [(2, 4), (4, 3)]
    assert log.faults() == []


def test_a_second_run_leaves_while_another_is_at_it(log, tick, hands, heads, db):
    log.write()
    tick()
    with db.transaction() as session:
        assert take_turn(session)
        hands.work("periodic")
        assert (log.links(), heads()) == ([], [])
    assert tick() == 1
    hands.work("periodic")
    assert len(log.links()) == 1


def test_runs_at_once_while_everybody_writes_chain_everything_once(log, db, ctx, runtime):
    jobs = []
    with db.transaction() as session:
        now = ctx.now(session)
        for number in range(12):
            ctx.enqueue(session, CHAIN, f"{CHAIN}:{number}", {}, now=now)
        session.flush()
        jobs = session.scalars(select(Job.id).where(Job.kind == CHAIN)).all()
    start = threading.Barrier(8, timeout=20)

    def write(_number: int) -> None:
        start.wait()
        for _ in range(20):
            log.write(2)

    def chain(number: int) -> None:
        start.wait()
        for job_id in jobs[number::4]:
            HANDLERS[CHAIN].run(runtime, job_id, 0, None)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: (write if number < 4 else chain)(number % 4), range(8)))
    log.chain()
    chained = [entry_id for link in log.links() for entry_id in link.entry_ids]
    assert len(chained) == len(set(chained)) == 160
    assert [link.number for link in log.links()] == list(range(1, len(log.links()) + 1))
    proof, faults = log.proof()
    assert (proof.entries, faults) == (160, [])


def test_a_run_that_is_not_committed_tells_no_head(log, tick, hands, heads, runtime):
    class Broken:
        def __init__(self, clock):
            self.clock, self.asked = clock, 0

        def now(self, session):
            self.asked += 1
            if self.asked == 3:
                raise RuntimeError("after the first link")
            return self.clock.now(session)

    log.write()
    tick()
    (job,) = hands.due("periodic")
    HANDLERS[CHAIN].run(replace(runtime, clock=Broken(runtime.clock)), job.id, job.attempt, None)
    assert (log.links(), heads()) == ([], [])
    assert log.proof()[0].waiting == 1


def test_an_entry_that_was_gone_before_it_was_chained_is_told_loudly(log, tick, hands, caplog):
    _, gone = log.write(2)
    log.forge("DELETE FROM audit_logs WHERE id = :id", id=gone)
    tick()
    hands.work("periodic")
    (line,) = [record for record in caplog.records if record.message == "audit.entry_missing"]
    assert (line.levelname, line.link, line.entries) == ("ERROR", 1, [str(gone)])


def test_its_jobs_are_forgotten_after_an_hour(log, tick, hands, db, ctx, clock):
    log.write()
    tick()
    hands.work("periodic")
    clock.offset += timedelta(minutes=61)
    with db.transaction() as session:
        ctx.enqueue(session, JobKind.PURGE_JOBS, "purge", {}, now=ctx.now(session))
    hands.work("periodic")
    with db.reading() as session:
        assert session.scalars(select(Job.kind)).all() == [JobKind.PURGE_JOBS]
