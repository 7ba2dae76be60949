"""Suspending an account: out everywhere in one transaction, nothing of theirs on offer, and back as it was."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from domain.bookings import BookingState
from domain.errors import Conflict, Forbidden, NotFound, Unauthenticated
from models import AuditEntry, Booking, Listing, Payment, User, UserSession
from models.base import new_id
from services.accounts.sessions import Refreshed, identify, live_sessions, new_session_id, open_session, refresh
from services.accounts.suspension import suspend, unsuspend
from services.accounts.users import still_authenticated
from services.bookings.reserving import Wish, create_booking
from services.catalogue.experiences import get_listing
from services.catalogue.lists import Totals
from services.pages import Window
from services.search.by_filters import ListingQuery, find_listings
from tests.factories import start_in
from tests.support.races import at_once, deadlocks
from tests.support.refusals import refused, unchanged

REASON = "Three guests report the same fraud."


@pytest.fixture
def admin(make, device):
    return device(make.user(roles=["tourist", "admin"]))


@pytest.fixture
def owner(make, device):
    return device(make.user(roles=["tourist", "super_admin"]))


def written(db, action):
    with db.reading() as session:
        return [
            (entry.actor_id, entry.data)
            for entry in session.scalars(select(AuditEntry).filter_by(action=action).order_by(AuditEntry.id))
        ]


def test_who_is_suspended_is_out_everywhere_and_told(db, ctx, make, device, do, admin, told):
    amina = make.user()
    here, there = device(amina), device(amina)
    ids = [each.actor.session_id for each in (here, there)]

    _, ended = do(suspend, admin, amina.id, REASON)

    assert sorted(ended) == sorted(ids)
    with db.reading() as session:
        assert live_sessions(session, ctx, ids) == {}
        assert [identify(session, ctx, each) for each in ids] == [None, None]
        rows = session.scalars(select(UserSession).where(UserSession.id.in_(ids)))
        assert {row.revoked_reason for row in rows} == {"account_suspended"}
    assert do(refresh, ctx, ids[0], str(ids[0]), "next") is Refreshed.REFUSED
    after = make.reload(amina)
    assert (after.status, after.suspended_from, after.suspension_reason) == ("suspended", "active", REASON)
    assert told(amina) == ["account_suspended"]
    assert written(db, "user.suspended") == [
        (admin.actor.user_id, {"from": "active", "sessions_ended": 2, "listings_withdrawn": 0})
    ]


def test_a_second_time_changes_nothing(db, make, do, admin):
    amina = make.user()
    do(suspend, admin, amina.id, REASON)
    before = make.reload(amina)

    with unchanged(db):
        assert do(suspend, admin, amina.id, "another reason")[1] == []

    after = make.reload(amina)
    assert (after.suspension_reason, after.suspended_at) == (REASON, before.suspended_at)


@pytest.mark.parametrize("status", ["active", "pending"])
def test_who_comes_back_is_what_they_were(db, make, do, admin, told, status):
    amina = make.user(status=status)
    do(suspend, admin, amina.id, REASON)

    do(unsuspend, admin, amina.id)

    after = make.reload(amina)
    assert (after.status, after.suspended_from, after.suspended_at, after.suspension_reason) == (
        status,
        None,
        None,
        None,
    )
    assert "account_restored" in told(amina)
    with unchanged(db):
        do(unsuspend, admin, amina.id)


def test_what_a_suspended_guide_offers_is_neither_found_nor_booked_and_comes_back(db, make, do, admin):
    guide = make.guide()
    offered, draft, hidden = (make.listing(guide, status=status) for status in ("active", "draft", "hidden"))
    elsewhere = make.listing()
    wish = Wish(offered.id, start_in(), {"adult": 2})

    do(suspend, admin, guide.id, REASON)

    assert [make.reload(each).status for each in (offered, draft, hidden, elsewhere)] == [
        "withdrawn",
        "draft",
        "hidden",
        "active",
    ]
    assert find_listings(db, Totals(), ListingQuery(), Window()).total == 1
    for name in (str(offered.id), offered.slug):
        with pytest.raises(NotFound):
            get_listing(db, name)
    tourist = make.acting(make.user())
    with refused(db, "experience_not_found", NotFound):
        do(create_booking, tourist, wish)
    # Who read the listing a moment before comes too late as well.
    with refused(db, "experience_not_found", NotFound), db.transaction() as session:
        create_booking(session, tourist, wish, session.get_one(Listing, offered.id))

    do(unsuspend, admin, guide.id)

    assert [make.reload(each).status for each in (offered, draft, hidden)] == ["active", "draft", "hidden"]
    assert make.reload(offered).version == offered.version + 2
    do(create_booking, tourist, wish)


def test_what_was_hidden_meanwhile_stays_hidden(db, make, do, admin):
    guide = make.guide()
    listing = make.listing(guide)
    do(suspend, admin, guide.id, REASON)
    with db.transaction() as session:
        session.get_one(Listing, listing.id).status = "hidden"

    do(unsuspend, admin, guide.id)

    assert make.reload(listing).status == "hidden"


def test_bookings_and_prompts_under_way_are_left_alone_and_paid_money_counts(db, make, do, admin, mpesa):
    guide, tourist = make.guide(), make.user()
    booking = make.booking(tourist, make.listing(guide))
    payment = make.payment(booking)

    do(suspend, admin, guide.id, REASON)
    do(suspend, admin, tourist.id, REASON)
    with db.reading() as session:
        assert session.get_one(Booking, booking.id).state is BookingState.PENDING
        assert session.get_one(Payment, payment.id).state == payment.state
    mpesa.accepts(payment)
    mpesa.pays(payment)

    assert make.reload(booking).state is BookingState.CONFIRMED


def test_nobody_decides_about_themself(db, do, admin, owner):
    for ctx in (admin, owner):
        for act in (
            partial(do, suspend, ctx, ctx.actor.user_id, REASON),
            partial(do, unsuspend, ctx, ctx.actor.user_id),
        ):
            with refused(db, "own_account", Forbidden):
                act()


@pytest.mark.parametrize("role", ["admin", "super_admin"])
def test_only_a_super_administrator_decides_about_an_administrator(db, make, do, admin, owner, role):
    colleague = make.user(roles=["tourist", role])
    with refused(db, "super_admins_only", Forbidden):
        do(suspend, admin, colleague.id, REASON)

    do(suspend, owner, colleague.id, REASON)

    with refused(db, "super_admins_only", Forbidden):
        do(unsuspend, admin, colleague.id)
    do(unsuspend, owner, colleague.id)
    assert make.reload(colleague).status == "active"


def test_operators_at_the_machine_decide_about_anybody(make, ctx, do):
    for roles in (["tourist"], ["admin"], ["super_admin"]):
        user = make.user(roles=roles)
        do(suspend, ctx, user.id, REASON)
        assert make.reload(user).status == "suspended"


def test_deleted_and_unknown_accounts_are_left_alone(db, make, do, admin):
    gone = make.user(status="deleted")
    for verb in (partial(do, suspend, admin, gone.id, REASON), partial(do, unsuspend, admin, gone.id)):
        with refused(db, "account_deleted", Conflict):
            verb()
    with refused(db, "user_not_found", NotFound):
        do(suspend, admin, new_id(), REASON)


def test_who_was_suspended_a_moment_ago_undoes_nothing(db, make, device, do, owner):
    rogue, friend = make.user(roles=["super_admin"]), make.user(status="suspended")
    still_remembered = device(rogue)
    do(suspend, owner, rogue.id, REASON)

    for verb in (
        partial(do, unsuspend, still_remembered, rogue.id),
        partial(do, unsuspend, still_remembered, friend.id),
        partial(do, suspend, still_remembered, owner.actor.user_id, "revenge"),
    ):
        with refused(db, "session_ended", Unauthenticated):
            verb()


def test_who_lost_the_role_a_moment_ago_decides_nothing(db, make, do, admin):
    amina = make.user()
    with db.transaction() as session:
        session.get_one(User, admin.actor.user_id).roles = ["tourist"]

    with refused(db, "admins_only", Forbidden):
        do(suspend, admin, amina.id, REASON)


def test_two_who_suspend_each_other_do_not_both_go(db, make, device, do):
    before = deadlocks(db)
    for _ in range(10):
        one, two = (device(make.user(roles=["super_admin"])) for _ in range(2))

        outcomes = at_once(
            [
                partial(do, suspend, one, two.actor.user_id, REASON),
                partial(do, suspend, two, one.actor.user_id, REASON),
            ]
        )

        assert outcomes == {"won": 1, "session_ended": 1}
    assert deadlocks(db) == before


def test_no_booking_slips_in_while_its_guide_is_suspended(db, make, do, admin):
    before = deadlocks(db)
    for _ in range(10):
        guide = make.guide()
        listing = make.listing(guide)
        wish = Wish(listing.id, start_in(), {"adult": 1})

        outcomes = at_once(
            [
                partial(do, suspend, admin, guide.id, REASON),
                *(partial(do, create_booking, make.acting(make.user()), wish) for _ in range(4)),
            ]
        )

        assert set(outcomes) <= {"won", "experience_not_found"}, outcomes
        with db.reading() as session:
            suspended_at = session.get_one(User, guide.id).suspended_at
            assert all(
                each.booked_at <= suspended_at for each in session.scalars(select(Booking).filter_by(host_id=guide.id))
            )
    assert deadlocks(db) == before


def test_nobody_signs_in_while_they_are_suspended(db, make, device, do, admin):
    """Signing in holds the same row, so that a session is either ended or never opened."""
    for _ in range(10):
        amina = make.user()

        def sign_in(amina=amina):
            session_id, ctx = new_session_id(), make.acting(amina)
            with db.transaction() as session:
                user = still_authenticated(session, amina)
                if user.may_sign_in:
                    open_session(session, ctx, user, token_hash=str(session_id), session_id=session_id, device="x")

        at_once([partial(do, suspend, admin, amina.id, REASON), *[sign_in] * 3])

        with db.reading() as session:
            live = select(UserSession.id).where(UserSession.user_id == amina.id, UserSession.revoked_at.is_(None))
            assert session.scalars(live).all() == []
