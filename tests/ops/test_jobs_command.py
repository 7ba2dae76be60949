"""``./elite jobs``: dead work is listed with its reason and put back by kind, by id or as a whole, never live work."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from domain.jobs import JobKind
from models import AuditEntry, Job
from ops import command, jobs
from ops.errors import OpsError


@pytest.fixture
def elite_jobs(settings, monkeypatch, tmp_path, terminal, output):
    """Run the command against the tests' database; what it printed."""
    monkeypatch.setenv("APP_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ELITE_STATE", str(tmp_path))

    def run(*arguments: str) -> str:
        assert jobs.run(command.parse("jobs", list(arguments)), terminal) == 0
        return output.fresh()

    return run


@pytest.fixture
def dead(db, ctx) -> dict[str, uuid.UUID]:
    """Two dead jobs of different kinds, one done and one that still waits for its turn."""
    with db.transaction() as session:
        now = ctx.now(session)
        for key, kind in (("mail", JobKind.SEND_EMAIL), ("sms", JobKind.SEND_SMS), ("done", JobKind.SEND_SMS)):
            ctx.enqueue(session, kind, key, {"delivery_id": "x"}, now=now)
        ctx.enqueue(session, JobKind.SEND_SMS, "waiting", {"delivery_id": "x"}, now=now)
        for job in session.scalars(select(Job)):
            if job.key in ("mail", "sms"):
                job.dead_at, job.last_error, job.failures, job.crashes = now, f"Rejected: {job.key}", 4, 6
            if job.key == "done":
                job.done_at = now
        session.flush()
        return {job.key: job.id for job in session.scalars(select(Job))}


def _states(db) -> dict[str, tuple[bool, int]]:
    with db.reading() as session:
        return {job.key: (job.dead_at is not None, job.failures) for job in session.scalars(select(Job))}


def test_dead_jobs_are_listed_with_their_reason(elite_jobs, dead):
    said = elite_jobs()
    assert str(dead["mail"]) in said
    assert "Rejected: sms" in said
    assert str(dead["waiting"]) not in said


@pytest.mark.parametrize(("which", "revived"), [("--kind", {"sms"}), ("--id", {"mail"}), ("--all", {"mail", "sms"})])
def test_what_was_asked_for_lives_again_and_nothing_else(elite_jobs, dead, db, which, revived):
    value = {"--kind": ["deliveries.send_sms"], "--id": [str(dead["mail"])], "--all": []}[which]
    before = _states(db)
    assert f"{len(revived)} put back" in elite_jobs("retry", which, *value)
    after = _states(db)
    assert {key for key in after if after[key] != before[key]} == revived
    assert all(after[key] == (False, 0) for key in revived)
    with db.reading() as session:
        audited = session.scalars(select(AuditEntry.entity_id).where(AuditEntry.action == "job.revived")).all()
    assert set(audited) == {dead[key] for key in revived}


def test_nothing_is_revived_without_saying_what(elite_jobs, dead, db):
    before = _states(db)
    for arguments in (["retry"], ["retry", "--id", "not-an-id"]):
        with pytest.raises(OpsError):
            elite_jobs(*arguments)
    assert "Nothing to put back" in elite_jobs("retry", "--kind", "payments.push_stk")
    assert _states(db) == before
