"""Licences: announced once, gone when they end, and back with a new one; whatever else happens to their guide meanwhile."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from domain.listings import Obstacle
from models import AuditEntry, Guide, Listing, User
from models.locks import lock_user
from services.accounts.suspension import suspend, unsuspend
from services.catalogue.offering import obstacles_of, offer_listings_again
from services.guides.licences import licences_to_settle, settle_licence
from services.personal_data.leaving import restore_for_owner
from tests.factories import today, utc

LAST = date(2027, 12, 31)


@pytest.fixture
def licensed(db, make):
    """A guide with a licence to a last day, and one listing."""

    def licensed(until=LAST, **user):
        guide = make.guide(**user)
        listing = make.listing(guide)
        with db.transaction() as session:
            changes = {"licence_number": "TRA/TG/1", "licence_expires_on": until}
            session.execute(update(Guide).where(Guide.user_id == guide.id).values(**changes))
        return guide, listing

    return licensed


@pytest.fixture
def it_is(clock):
    """Set the clock: ``it_is(2027, 12, 31, 23, 59)`` in Nairobi."""

    def it_is(*parts, zone="Africa/Nairobi"):
        instant = datetime(*parts, tzinfo=ZoneInfo(zone))
        clock.offset = instant - datetime.now(UTC)

    return it_is


@pytest.fixture
def settle(db, ctx):
    """What the hourly run does; how many it found."""

    def settle(most=2_000):
        with db.reading() as session:
            found = licences_to_settle(session, ctx.now(session), most)
        for user_id in found:
            with db.transaction() as session:
                settle_licence(session, ctx, user_id)
        return len(found)

    return settle


def profile(db, guide) -> Guide:
    with db.reading() as session:
        return session.scalars(select(Guide).where(Guide.user_id == guide.id)).one()


def test_a_guide_is_warned_thirty_days_before_and_only_once(licensed, it_is, settle, told, make):
    guide, listing = licensed()
    it_is(2027, 11, 30, 23, 59)
    assert settle() == 0
    it_is(2027, 12, 1, 0, 1)
    assert (settle(), told(guide)) == (1, ["licence_expiring"])
    for day in (1, 2, 31):
        it_is(2027, 12, day, 12)
        assert settle() == 0
    assert told(guide) == ["licence_expiring"]
    assert make.reload(listing).status == "active"


def test_listings_go_the_day_after_the_last_and_their_guide_is_told(db, licensed, it_is, settle, told, make):
    guide, listing = licensed()
    draft, stranger = make.listing(guide, status="draft"), make.listing()
    it_is(2027, 12, 31, 23, 59)
    settle()
    assert make.reload(listing).status == "active"
    it_is(2028, 1, 1, 0, 1)
    assert (settle(), settle()) == (1, 0)
    assert told(guide) == ["licence_expired", "licence_expiring"]
    assert [make.reload(each).status for each in (listing, draft, stranger)] == ["withdrawn", "draft", "active"]
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("guide.licence")))
        assert {entry.action: entry.data for entry in entries} == {
            "guide.licence_expiring": {},
            "guide.licence_expired": {"listings_withdrawn": 1},
        }


@pytest.mark.parametrize(
    ("zone", "last", "over"),
    [
        ("Africa/Nairobi", date(2027, 12, 31), utc(2027, 12, 31, 21)),
        ("Pacific/Kiritimati", date(2027, 12, 31), utc(2027, 12, 31, 10)),
        ("Pacific/Pago_Pago", date(2027, 12, 31), utc(2028, 1, 1, 11)),
        # A day of twenty-five hours, one of twenty-three, and one before a day that begins at one.
        ("Europe/Berlin", date(2027, 10, 31), utc(2027, 10, 31, 23)),
        ("Europe/Berlin", date(2027, 3, 28), utc(2027, 3, 28, 22)),
        ("Africa/Cairo", date(2027, 4, 29), utc(2027, 4, 29, 22)),
    ],
)
def test_the_day_is_the_one_where_the_guide_is(licensed, clock, settle, make, zone, last, over):
    _, listing = licensed(last, timezone=zone)
    now = datetime.now(UTC)
    clock.offset = over - timedelta(seconds=30) - now
    settle()
    assert make.reload(listing).status == "active"
    clock.offset = over + timedelta(seconds=30) - now
    settle()
    assert make.reload(listing).status == "withdrawn"


def test_whoever_moves_to_where_it_is_still_the_day_before_offers_nothing_with_a_licence_that_has_lapsed(
    db, licensed, clock, settle, make
):
    guide, listing = licensed(timezone="Pacific/Kiritimati")
    clock.offset = utc(2027, 12, 31, 10, 1) - datetime.now(UTC)
    settle()
    with db.transaction() as session:
        session.execute(update(User).where(User.id == guide.id).values(timezone="Pacific/Pago_Pago"))
    with db.transaction() as session:
        host = lock_user(session, guide.id)
        assert obstacles_of(session, host, make.ctx.now(session)) == {Obstacle.LICENCE_EXPIRED}
        assert offer_listings_again(session, make.ctx, host) == 0
    assert make.reload(listing).status == "withdrawn"


def test_a_guide_without_a_licence_offers_all_the_same(db, licensed, it_is, settle, told, make):
    guide, listing = licensed(None)
    it_is(2040, 1, 1)
    assert (settle(), told(guide), make.reload(listing).status) == (0, [], "active")


def test_the_run_may_come_twice_at_once(db, ctx, licensed, it_is, told):
    guide, _ = licensed()
    it_is(2027, 12, 5)
    for _ in range(2):
        with db.transaction() as session:
            settle_licence(session, ctx, guide.id)
    assert told(guide) == ["licence_expiring"]


def test_many_that_end_together_are_seen_to_run_by_run(licensed, it_is, settle):
    for _ in range(3):
        licensed()
    it_is(2028, 1, 2)
    assert [settle(most=2), settle(most=2), settle(most=2)] == [2, 1, 0]


def test_who_was_not_warned_in_time_is_told_of_the_end_alone(licensed, it_is, settle, told):
    guide, _ = licensed()
    it_is(2028, 3, 1)
    settle()
    assert told(guide) == ["licence_expired"]


def test_who_is_suspended_when_the_licence_ends_comes_back_without_listings(
    db, ctx, licensed, it_is, settle, told, make
):
    guide, listing = licensed()
    with db.transaction() as session:
        suspend(session, ctx, guide.id, "For a test.")
    it_is(2028, 1, 2)
    assert settle() == 0
    with db.transaction() as session:
        unsuspend(session, ctx, guide.id)
    assert make.reload(listing).status == "withdrawn"
    assert settle() == 1
    assert told(guide) == ["account_restored", "account_suspended", "licence_expired"]


def test_who_has_left_when_the_licence_ends_comes_back_without_listings(db, ctx, licensed, it_is, settle, told, make):
    guide, listing = licensed()
    it_is(2027, 12, 20)
    with db.transaction() as session:
        user, now = lock_user(session, guide.id), ctx.now(session)
        session.get_one(Listing, listing.id).status = "withdrawn"
        user.delete(now, now + timedelta(days=30))
    it_is(2028, 1, 2)
    assert settle() == 0
    with db.transaction() as session:
        restore_for_owner(session, ctx, guide.id)
    assert make.reload(listing).status == "withdrawn"
    assert (settle(), told(guide)) == (1, ["licence_expired"])


def test_bookings_stand(db, licensed, it_is, settle, make):
    _, listing = licensed(today() + timedelta(days=1))
    booking = make.booking(make.user(), listing)
    it_is(*(today() + timedelta(days=3)).timetuple()[:3], 12)
    settle()
    assert make.reload(listing).status == "withdrawn"
    assert make.reload(booking).status == booking.status
