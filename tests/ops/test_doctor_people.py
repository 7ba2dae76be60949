"""What the doctor says of accounts that should be erased by now and of copies of data that nobody wrote."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text, update

from models.catalogue import Guide
from models.exports import DataExport
from models.users import User
from ops.doctor.findings import Level
from ops.doctor.people import accounts, licences


@pytest.fixture
def ask(db, clock):
    return lambda: list(accounts(SimpleNamespace(database=db, clock=clock)))


@pytest.fixture
def leave(db, ctx, make):
    """Somebody whose account was to be erased so long ago."""

    def leave(ago: timedelta) -> User:
        user = make.user()
        with db.transaction() as session:
            now = ctx.now(session)
            session.get_one(User, user.id).delete(now - timedelta(days=30) - ago, now - ago)
        return user

    return leave


def test_an_account_that_is_overdue_is_listed_and_one_whose_time_has_come_is_not(ask, leave):
    leave(timedelta(hours=1))
    assert [(each.level, each.subject) for each in ask()] == [(Level.GOOD, "Accounts")]
    late = leave(timedelta(days=90))
    (finding,) = ask()
    assert (finding.level, finding.subject) == (Level.LOOK, "Erasing")
    assert finding.text.startswith("1 deleted")
    assert str(late.id) in finding.details[0]
    assert "account.not_erased" in finding.cure


def test_a_copy_of_data_that_nobody_writes(ask, db, ctx, make):
    user = make.user()
    with db.transaction() as session:
        session.add(DataExport(user_id=user.id, requested_at=ctx.now(session)))
    assert [each.subject for each in ask()] == ["Accounts"]
    with db.transaction() as session:
        session.execute(text("UPDATE data_exports SET requested_at = requested_at - interval '2 hours'"))
    (finding,) = ask()
    assert (finding.level, finding.subject) == (Level.LOOK, "Data exports")
    assert "may ask again" in finding.cure


def test_a_licence_that_has_ended_and_that_nobody_has_seen_to(db, ctx, clock, make):
    guide = make.guide()

    def end(days, seen=False):
        with db.transaction() as session:
            last = (ctx.now(session) - timedelta(days=days)).date()
            changes = {"licence_expires_on": last, "licence_lapsed_for": last if seen else None}
            session.execute(update(Guide).where(Guide.user_id == guide.id).values(**changes))
        return list(licences(SimpleNamespace(database=db, clock=clock)))

    assert [each.level for each in (*end(-30), *end(0), *end(3, seen=True))] == [Level.GOOD] * 3
    (finding,) = end(3)
    assert (finding.level, finding.subject) == (Level.LOOK, "Licences")
    assert "periodic.watch_licences" in finding.cure
    assert finding.details[0].startswith(f"guide kamau-{guide.id}")
