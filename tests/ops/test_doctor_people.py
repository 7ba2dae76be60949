"""What the doctor says of accounts that should be erased by now and of copies of data that nobody wrote."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text, update

from domain.formats import Format
from domain.media import MediaKind
from models.applications import GuideApplication
from models.catalogue import Guide
from models.exports import DataExport
from models.users import User
from ops.doctor.findings import Level
from ops.doctor.people import accounts, leftovers, licences, reviews
from services.media.uploads import add_upload


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


def application(now, *, submitted: timedelta, confirmed: bool) -> GuideApplication:
    at = now - submitted
    return GuideApplication(
        full_name="Wanjiru Njeri",
        email="wanjiru@example.com",
        phone="+254712345678",
        location="Nairobi",
        languages=["en"],
        experience_years="3",
        bio="I walk.",
        token_hash=str(submitted),
        submitted_at=at,
        changed_at=at,
        confirmed_at=at if confirmed else None,
    )


@pytest.mark.parametrize(
    ("confirmed", "days", "says"),
    [
        (False, 1, None),
        (False, 1.2, "1 unconfirmed"),
        (True, 2.9, None),
        (True, 5.1, "applications that wait for an administrator: 1, the longest for 5"),
    ],
)
def test_applications_that_nobody_deletes_or_reads(db, ctx, clock, confirmed, days, says):
    with db.transaction() as session:
        session.add(application(ctx.now(session), submitted=timedelta(days=days), confirmed=confirmed))
    patient = SimpleNamespace(database=db, clock=clock, is_production=True)
    (finding,) = [*reviews(patient)] if confirmed else [*leftovers(patient)]
    assert finding.level is (Level.LOOK if says else Level.GOOD)
    assert says is None or finding.text.startswith(says)
    assert says is None or ("Reviewing applications" if confirmed else "periodic.sweep_applications") in finding.cure


@pytest.mark.parametrize(
    ("state", "hours", "level"),
    [("ready", 24, Level.GOOD), ("ready", 28, Level.LOOK), ("processing", 50, Level.GOOD), ("removed", 52, Level.LOOK)],
)
def test_uploads_that_nobody_collects(db, ctx, clock, make, state, hours, level):
    owner = make.user()
    with db.transaction() as session:
        now = ctx.now(session)
        at = now - timedelta(hours=hours)
        media = add_upload(session, MediaKind.VIDEO, Format.MP4, 9, at, owner_id=owner.id)
        media.state, media.checksum = state, "0" * 64
    (finding,) = leftovers(SimpleNamespace(database=db, clock=clock))
    assert finding.level is level
    assert level is Level.GOOD or "periodic.sweep_media" in finding.cure
