"""What the doctor says of work that was begun and not ended: nobody is blamed for it while its lease lasts."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from domain.jobs import JobKind
from ops.doctor.findings import Level
from ops.doctor.work import jobs


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
