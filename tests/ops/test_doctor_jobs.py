"""What the doctor says of work that was begun and not ended: nobody is blamed for it while its lease lasts."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, text

from beat.schedule import RUNS
from domain.jobs import JobKind
from models.operations import PeriodicRun, beat
from ops.doctor.findings import Level
from ops.doctor.work import jobs, timetable


@pytest.fixture
def ask(db, clock):
    return lambda: list(jobs(SimpleNamespace(database=db, clock=clock, log_of=lambda process: "")))


@pytest.mark.parametrize(
    ("lease", "subject", "level"),
    [("8 min", "Begun jobs", Level.LOOK), ("-1 s", "Late jobs", Level.BROKEN)],
)
def test_a_job_whose_worker_was_killed(ask, db, ctx, lease, subject, level):
    with db.transaction() as session:
        due = ctx.now(session) - timedelta(minutes=5)
        ctx.enqueue(session, JobKind.WRITE_EXPORT, "killed", {"export_id": "x"}, now=due, due_at=due)
        session.execute(text("UPDATE jobs SET lease_until = now() + CAST(:lease AS interval)"), {"lease": lease})
    (finding,) = ask()
    assert (finding.subject, finding.level) == (subject, level)
    assert ("by itself within" in finding.cure) == (level is Level.LOOK)


@pytest.mark.parametrize(("crashes", "subjects"), [(1, ["Jobs"]), (2, ["Crashing jobs"])])
def test_a_job_that_kills_one_worker_after_the_other_is_named(ask, db, ctx, crashes, subjects):
    with db.transaction() as session:
        due = ctx.now(session) - timedelta(minutes=5)
        ctx.enqueue(session, JobKind.WRITE_EXPORT, "poison", {"export_id": "x"}, now=due, due_at=due)
        begun = text("UPDATE jobs SET lease_until = now() + interval '5 min', crashes = :crashes")
        session.execute(begun, {"crashes": crashes})
    findings = ask()
    assert [finding.subject for finding in findings] == subjects
    if crashes > 1:
        assert (findings[0].level, "worker-bulk ended" in findings[0].cure) == (Level.LOOK, True)
        assert "died at it 2 times" in findings[0].text


def test_after_a_rollback_jobs_of_the_newer_release_are_no_workers_fault(ask, db, ctx):
    with db.transaction() as session:
        due = ctx.now(session) - timedelta(minutes=5)
        ctx.enqueue(session, JobKind.PROCESS_FILE, "newer", {"media_id": "x"}, now=due, due_at=due)
        session.execute(text("UPDATE jobs SET kind = 'media.of_tomorrow'"))
    (finding,) = ask()
    assert (finding.subject, finding.level) == ("Foreign jobs", Level.LOOK)
    assert finding.details == ("1 × media.of_tomorrow",)
    assert "wait for the newer release" in finding.cure


@pytest.fixture
def timetable_of(db, clock, ctx):
    """What the doctor says where runs were last begun so many minutes ago, while beat ticks."""

    def timetable_of(**minutes: float):
        with db.transaction() as session:
            now = ctx.now(session)
            beat(session, "beat", now)
            for name in RUNS:
                at = now - timedelta(minutes=minutes.get(name.removeprefix("periodic."), 0))
                session.add(PeriodicRun(name=name, bucket=at, claimed_at=at))
            if "never" in minutes:
                # Something was begun long ago and since.
                long_ago = now - timedelta(hours=minutes["never"])
                session.add(PeriodicRun(name="canaries", bucket=long_ago, claimed_at=long_ago))
                session.execute(delete(PeriodicRun).where(PeriodicRun.name == "periodic.sweep_media"))
        (finding,) = timetable(SimpleNamespace(database=db, clock=clock))
        return finding

    return timetable_of


@pytest.mark.parametrize("minutes", [{}, {"sweep_media": 119, "sweep_payments": 5}, {"never": 2}])
def test_runs_that_are_begun_when_due_are_well(timetable_of, minutes):
    assert timetable_of(**minutes).level is Level.GOOD


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        ({"sweep_media": 125}, "periodic.sweep_media: last 125 min ago"),
        ({"sweep_payments": 10}, "periodic.sweep_payments: last 10 min ago"),
        ({"never": 3}, "periodic.sweep_media: not once in 3 h"),
    ],
)
def test_a_run_that_nobody_begins_is_named(timetable_of, minutes, says):
    finding = timetable_of(**minutes)
    assert (finding.level, finding.subject) == (Level.BROKEN, "Timetable")
    assert says in finding.details
    assert "1 run was" in finding.text
    assert "Restart beat" in finding.cure


def test_while_beat_is_silent_no_run_is_blamed(db, clock):
    (finding,) = timetable(SimpleNamespace(database=db, clock=clock))
    assert finding.level is Level.UNSEEN
