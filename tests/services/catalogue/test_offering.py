"""Several things may stand against a host at once; what they offer comes back when the last of them is gone."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations, permutations

import pytest
from sqlalchemy import update

from domain.listings import Obstacle
from models import Guide, Listing, User
from models.locks import lock_user
from services.catalogue.offering import obstacles_of, offer_listings_again, withdraw_listings
from tests.factories import today

TODAY = today()


@pytest.fixture
def guide(make):
    return make.guide()


@pytest.fixture
def come(db, ctx, guide):
    """Let an obstacle come up, and withdraw what is offered, as those do who see to it."""

    def come(obstacle):
        with db.transaction() as session:
            host, now = lock_user(session, guide.id), ctx.now(session)
            withdraw_listings(session, ctx, host.id)
            if obstacle is Obstacle.SUSPENDED:
                host.suspend("For a test.", now)
            elif obstacle is Obstacle.LEFT:
                host.delete(now, now + timedelta(days=30))
            else:
                expire(session, guide, TODAY - timedelta(days=2))

    return come


@pytest.fixture
def go(db, ctx, guide):
    """Let an obstacle go, and offer again what may be; how much that was."""

    def go(obstacle):
        with db.transaction() as session:
            host = lock_user(session, guide.id)
            if obstacle is Obstacle.SUSPENDED:
                host.restore()
            elif obstacle is Obstacle.LEFT:
                host.take_back()
            else:
                expire(session, guide, TODAY + timedelta(days=365))
            return offer_listings_again(session, ctx, host)

    return go


def expire(session, guide, day):
    session.execute(update(Guide).where(Guide.user_id == guide.id).values(licence_expires_on=day))


#: One account is not suspended and deleted at once; an expired licence goes with either.
TOGETHER = [
    (Obstacle.SUSPENDED,),
    (Obstacle.LEFT,),
    (Obstacle.LICENCE_EXPIRED,),
    (Obstacle.SUSPENDED, Obstacle.LICENCE_EXPIRED),
    (Obstacle.LEFT, Obstacle.LICENCE_EXPIRED),
]


@pytest.mark.parametrize("they_come", [order for each in TOGETHER for order in permutations(each)])
def test_listings_come_back_with_the_last_obstacle_gone_in_whatever_order(make, guide, come, go, they_come):
    listings = [make.listing(guide) for _ in range(2)]
    hidden, draft = make.listing(guide, status="hidden"), make.listing(guide, status="draft")
    for obstacle in they_come:
        come(obstacle)
        assert [make.reload(each).status for each in listings] == ["withdrawn", "withdrawn"]
    for they_go in permutations(they_come):
        for obstacle in they_go[:-1]:
            assert go(obstacle) == 0
            assert [make.reload(each).status for each in listings] == ["withdrawn", "withdrawn"]
        assert go(they_go[-1]) == 2
        assert [make.reload(each).status for each in listings] == ["active", "active"]
        for obstacle in they_come:
            come(obstacle)
    assert (make.reload(hidden).status, make.reload(draft).status) == ("hidden", "draft")


@pytest.mark.parametrize("status", ["hidden", "archived"])
def test_what_somebody_took_off_meanwhile_stays_off(db, make, guide, come, go, status):
    stays, comes_back = make.listing(guide), make.listing(guide)
    come(Obstacle.LICENCE_EXPIRED)
    with db.transaction() as session:
        session.get_one(Listing, stays.id).status = status

    assert go(Obstacle.LICENCE_EXPIRED) == 1
    assert (make.reload(stays).status, make.reload(comes_back).status) == (status, "active")


def test_each_obstacle_is_a_fact_of_its_own(db, ctx, make, guide, come):
    def standing():
        with db.reading() as session:
            return obstacles_of(session, session.get_one(User, guide.id), ctx.now(session))

    assert standing() == frozenset()
    seen = set()
    for obstacle in (Obstacle.LICENCE_EXPIRED, Obstacle.SUSPENDED):
        come(obstacle)
        seen.add(obstacle)
        assert standing() == seen


def test_only_the_last_day_in_the_hosts_zone_decides(db, ctx, make, clock):
    far_east = make.guide(timezone="Pacific/Kiritimati")
    west = make.guide(timezone="Pacific/Pago_Pago")
    with db.transaction() as session:
        now = ctx.now(session)
        for each in (far_east, west):
            expire(session, each, now.date())

    def expired(guide):
        with db.reading() as session:
            return bool(obstacles_of(session, session.get_one(User, guide.id), ctx.now(session)))

    # Noon in UTC is the next day at two in the far east, and one in the morning in the west.
    clock.offset += now.replace(hour=12, minute=0) - now
    assert (expired(far_east), expired(west)) == (True, False)
    clock.offset += timedelta(hours=12)
    assert (expired(far_east), expired(west)) == (True, False)
    clock.offset += timedelta(hours=11)
    assert (expired(far_east), expired(west)) == (True, True)


def test_every_pair_that_can_be_together_is_tried():
    possible = {frozenset(pair) for pair in combinations(Obstacle, 2)} - {
        frozenset({Obstacle.SUSPENDED, Obstacle.LEFT})
    }
    assert possible == {frozenset(each) for each in TOGETHER if len(each) == 2}
