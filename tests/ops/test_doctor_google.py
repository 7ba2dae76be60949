"""What the doctor says of Google's keys: there and of late, old, or not there."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from domain.jobs import JobKind
from ops.doctor.findings import Finding, Level
from ops.doctor.providers import google
from tests.support.google import know_keys


@pytest.fixture
def ask(db, clock, settings):
    def ask(**changed: object) -> Finding:
        patient = SimpleNamespace(settings=replace(settings, **changed), database=db, clock=clock)
        (finding,) = google(patient)
        assert finding.cure or finding.level is Level.GOOD
        return finding

    return ask


def test_keys_that_were_fetched_of_late_are_well(ask, db, ctx):
    know_keys(db, ctx)
    assert (ask().level, ask().text) == (Level.GOOD, "keys fetched 0 minutes ago")


def test_keys_that_are_old_are_broken_and_none_are_to_be_looked_at(ask, db, ctx):
    know_keys(db, ctx)
    with db.transaction() as session:
        session.execute(text("UPDATE identity_keys SET fetched_at = fetched_at - interval '4 hours'"))
    assert (ask().level, ask().text) == (
        Level.BROKEN,
        "the keys were last fetched 240 minutes ago, and Google changes them",
    )
    with db.transaction() as session:
        session.execute(text("DELETE FROM identity_keys"))
    assert ask().level is Level.LOOK


def test_keys_that_never_came_because_google_cannot_be_reached_are_broken(ask, db, ctx):
    with db.transaction() as session:
        ctx.enqueue(session, JobKind.FETCH_GOOGLE_KEYS, "fetch", {}, now=ctx.now(session))
    assert ask().level is Level.LOOK
    with db.transaction() as session:
        session.execute(text("UPDATE jobs SET failures = 1, last_error = 'Unavailable: http_503' WHERE key = 'fetch'"))
    finding = ask()
    assert (finding.level, finding.text) == (Level.BROKEN, "no keys, and fetching them fails: Unavailable: http_503")


def test_what_is_not_offered_needs_no_keys(ask):
    assert "not offered" in ask(google_client_ids=()).text
