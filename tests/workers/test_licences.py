"""The hourly look at licences: a job for each guide who is due, mails that are still true when they leave, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.facts import AccountFacts
from domain.jobs import JobKind
from domain.notices import NoticeKind, is_overtaken
from domain.one_time import OneTimeTokens
from models import Delivery, Guide, Job, LicenceRenewal, Listing, Notification
from services.accounts.suspension import suspend
from services.messages.facts import account_facts
from tests.factories import today

TODAY = today()
TOKENS = OneTimeTokens("a-key-of-the-tests-that-is-long-enough")


@pytest.fixture
def guide(db, make):
    """A guide with a listing and a licence that ends in so many days."""

    def guide(days, **user):
        host = make.guide(first_name="Amina", **user)
        make.listing(host)
        with db.transaction() as session:
            changes = {"licence_number": "TRA/TG/1", "licence_expires_on": TODAY + timedelta(days=days)}
            session.execute(update(Guide).where(Guide.user_id == host.id).values(**changes))
        return host

    return guide


@pytest.fixture
def watch(db, ctx, hands):
    """A tick of the clock, and all that follows from it."""

    def watch():
        with db.transaction() as session:
            now = ctx.now(session)
            ctx.enqueue(session, JobKind.WATCH_LICENCES, f"watch:{now.isoformat()}", {}, now=now)
        hands.work("periodic", "deliveries")

    return watch


def jobs(db, kind):
    with db.reading() as session:
        return session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)).all()


def told(db, user):
    with db.reading() as session:
        rows = session.scalars(select(Notification).where(Notification.user_id == user.id).order_by(Notification.seq))
        return [(row.kind, row.has_badge) for row in rows]


def test_each_guide_who_is_due_is_told_by_mail_and_in_the_list_once(db, guide, watch):
    soon, ended, far = guide(10), guide(-2), guide(200)
    for _ in range(3):
        watch()
    assert len(jobs(db, JobKind.SETTLE_LICENCE)) == 2
    assert told(db, soon) == [("licence_expiring", True)]
    assert told(db, ended) == [("licence_expired", True)]
    assert told(db, far) == []
    with db.reading() as session:
        assert {row.address for row in session.scalars(select(Delivery))} == {soon.email, ended.email}


def test_who_has_a_job_that_waits_gets_no_second_one(db, ctx, guide, hands):
    host = guide(10)
    with db.transaction() as session:
        now = ctx.now(session)
        waiting = JobKind.SETTLE_LICENCE, f"licence:{host.id}:x", {"user_id": host.id}
        ctx.enqueue(session, *waiting, now=now, due_at=now + timedelta(hours=1))
        ctx.enqueue(session, JobKind.WATCH_LICENCES, "watch:x", {}, now=now)
    hands.work("periodic", "deliveries")
    assert len(jobs(db, JobKind.SETTLE_LICENCE)) == 1


@pytest.fixture
def facts(db, ctx):
    def facts(kind, user, renewal_id=None) -> AccountFacts:
        with db.reading() as session:
            return account_facts(
                session,
                ctx,
                kind,
                user.id,
                frontend_url="https://x.example",
                tokens=TOKENS,
                licence_renewal_id=renewal_id,
            )

    return facts


def test_what_a_mail_says_is_what_holds_when_it_leaves(db, ctx, guide, facts, make):
    host = guide(10)
    told_of = facts(NoticeKind.LICENCE_EXPIRING, host)
    assert (told_of.url, told_of.is_over) == ("https://x.example/my-licence", False)
    assert (told_of.licence.number, told_of.licence.expires_on) == ("TRA/TG/1", TODAY + timedelta(days=10))
    assert (told_of.licence.holds, told_of.licence.is_offering, told_of.licence.waits) == (True, True, False)
    # A mail about another end than the one that there is by now is not sent.
    assert is_overtaken(NoticeKind.LICENCE_EXPIRED, facts(NoticeKind.LICENCE_EXPIRED, host))
    with db.transaction() as session:
        now = ctx.now(session)
        renewal = LicenceRenewal(user_id=host.id, number="2", expires_on=TODAY + timedelta(days=99), submitted_at=now)
        session.add(renewal)
    assert facts(NoticeKind.LICENCE_EXPIRING, host).licence.waits
    confirmed = facts(NoticeKind.LICENCE_CONFIRMED, host, renewal.id)
    assert (confirmed.url, confirmed.licence.number) == ("https://x.example/my-experiences", "2")


def test_bookings_ahead_are_counted_and_no_others(db, guide, facts, make, clock):
    host = guide(-2)
    with db.reading() as session:
        listing = session.scalars(select(Listing).where(Listing.host_id == host.id)).one()
    make.booking(make.user(), listing)
    assert facts(NoticeKind.LICENCE_EXPIRED, host).licence.bookings == 1
    clock.offset += timedelta(days=30)
    assert facts(NoticeKind.LICENCE_EXPIRED, host).licence.bookings == 0


def test_who_is_suspended_meanwhile_or_has_nothing_left_is_told_nothing(db, ctx, guide, facts, make):
    host, stranger = guide(10), make.user()
    with db.transaction() as session:
        suspend(session, ctx, host.id, "For a test.")
    assert facts(NoticeKind.LICENCE_EXPIRING, host).is_over
    assert facts(NoticeKind.LICENCE_EXPIRING, stranger).is_over
    assert facts(NoticeKind.LICENCE_REFUSED, guide(5), stranger.id).is_over
