"""Administrators confirm and refuse licences, once each; what else happens at the same moment ends consistently."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from domain.errors import Conflict, Forbidden, NotFound
from models import AuditEntry, Guide, LicenceRenewal, Media, User
from models.base import new_id
from models.locks import lock_user
from services.accounts.suspension import suspend, unsuspend
from services.catalogue.offering import obstacles_of, withdraw_listings
from services.guides import licences
from services.guides.licences import confirm_licence, refuse_licence, send_licence, settle_licence
from tests.factories import today
from tests.support.races import at_once, deadlocks
from tests.support.refusals import refused, unchanged

TODAY = today()
NEXT_YEAR = TODAY + timedelta(days=365)


@pytest.fixture
def sent(db, ctx, make):
    """A guide with a listing and a licence to a day, who has sent the next one."""

    def sent(until=TODAY - timedelta(days=2), following=NEXT_YEAR, guide=None, **user):
        guide = guide or make.guide(**user)
        listing = make.listing(guide)
        with db.transaction() as session:
            changes = {"licence_number": "TRA/TG/1", "licence_expires_on": until}
            session.execute(update(Guide).where(Guide.user_id == guide.id).values(**changes))
            now = ctx.now(session)
            renewal = LicenceRenewal(user_id=guide.id, number="TRA/TG/2", expires_on=following, submitted_at=now)
            session.add(renewal)
        return guide, listing, renewal.id

    return sent


@pytest.fixture
def admin(make, device):
    return device(make.user(roles=["tourist", "admin"]))


@pytest.fixture
def is_consistent(db, ctx, make):
    """Whether a listing is offered exactly while nothing stands against its guide."""

    def is_consistent(guide, listing):
        with db.reading() as session:
            obstacles = obstacles_of(session, session.get_one(User, guide.id), ctx.now(session))
        return (make.reload(listing).status == "active") == (not obstacles)

    return is_consistent


def profile(db, guide) -> Guide:
    with db.reading() as session:
        return session.scalars(select(Guide).where(Guide.user_id == guide.id)).one()


def state_of(db, renewal_id):
    with db.reading() as session:
        row = session.get_one(LicenceRenewal, renewal_id)
        return row.state, row.reason


def test_a_confirmed_licence_brings_the_listings_back(db, ctx, do, sent, admin, make, told):
    guide, listing, renewal_id = sent()
    hidden = make.listing(guide, status="hidden")
    do(settle_licence, ctx, guide.id)
    archived = make.listing(guide, status="archived")
    assert make.reload(listing).status == "withdrawn"

    do(confirm_licence, admin, renewal_id)

    own = profile(db, guide)
    assert (own.licence_number, own.licence_expires_on) == ("TRA/TG/2", NEXT_YEAR)
    assert [make.reload(each).status for each in (listing, hidden, archived)] == ["active", "hidden", "archived"]
    assert told(guide) == ["licence_confirmed", "licence_expired"]
    assert state_of(db, renewal_id) == ("confirmed", None)
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "licence.confirmed"))
    assert (entry.actor_id, entry.data) == (admin.actor.user_id, {"listings_offered_again": 1})
    with unchanged(db):
        do(confirm_licence, admin, renewal_id)
    with refused(db, "licence_decided", Conflict):
        do(refuse_licence, admin, renewal_id, "Too late.")


def test_after_a_renewal_the_next_end_is_announced_anew(ctx, do, sent, admin, told, later):
    guide, _, renewal_id = sent(until=TODAY + timedelta(days=10))
    do(settle_licence, ctx, guide.id)
    do(confirm_licence, admin, renewal_id)
    do(settle_licence, ctx, guide.id)
    assert told(guide) == ["licence_confirmed", "licence_expiring"]
    later(days=340)
    for _ in range(2):
        do(settle_licence, ctx, guide.id)
    assert told(guide) == ["licence_confirmed", "licence_expiring", "licence_expiring"]
    later(days=30)
    do(settle_licence, ctx, guide.id)
    assert told(guide) == ["licence_confirmed", "licence_expired", "licence_expiring", "licence_expiring"]


def test_a_refusal_changes_nothing_but_says_why(db, ctx, do, sent, admin, make, told):
    guide, listing, renewal_id = sent()
    do(settle_licence, ctx, guide.id)

    do(refuse_licence, admin, renewal_id, "The last day cannot be read.")

    assert state_of(db, renewal_id) == ("refused", "The last day cannot be read.")
    assert profile(db, guide).licence_number == "TRA/TG/1"
    assert make.reload(listing).status == "withdrawn"
    assert told(guide) == ["licence_expired", "licence_refused"]
    with unchanged(db):
        do(refuse_licence, admin, renewal_id, "Another reason.")
    with refused(db, "licence_decided", Conflict):
        do(confirm_licence, admin, renewal_id)
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "licence.refused"))
    assert entry.data == {}, "the words are the guide's alone"


def test_a_licence_that_ended_while_it_waited_is_not_confirmed(db, do, sent, admin, later):
    _, _, renewal_id = sent(following=TODAY + timedelta(days=5))
    later(days=7)
    with refused(db, "licence_over", Conflict):
        do(confirm_licence, admin, renewal_id)
    do(refuse_licence, admin, renewal_id, "It has ended.")
    assert state_of(db, renewal_id)[0] == "refused"


def test_nobody_decides_about_their_own(db, do, sent, make, device):
    guide = make.guide(roles=["tourist", "guide", "admin"])
    _, _, renewal_id = sent(guide=guide)
    themself = device(guide)
    for verb, *words in ((confirm_licence,), (refuse_licence, "No.")):
        with refused(db, "own_account", Forbidden):
            do(verb, themself, renewal_id, *words)


def test_what_is_unknown_or_gone_is_not_there(db, ctx, do, sent, admin):
    with refused(db, "licence_not_found", NotFound):
        do(confirm_licence, admin, new_id())
    guide, _, renewal_id = sent()
    with db.transaction() as session:
        now = ctx.now(session)
        lock_user(session, guide.id).delete(now, now + timedelta(days=30))
    for verb, *words in ((confirm_licence,), (refuse_licence, "No.")):
        with refused(db, "licence_not_found", NotFound):
            do(verb, admin, renewal_id, *words)


def test_who_lost_the_role_a_moment_ago_decides_nothing(db, do, sent, admin):
    _, _, renewal_id = sent()
    with db.transaction() as session:
        session.get_one(User, admin.actor.user_id).roles = ["tourist"]
    for verb, *words in ((confirm_licence,), (refuse_licence, "No.")):
        with refused(db, "admins_only", Forbidden):
            do(verb, admin, renewal_id, *words)
    assert state_of(db, renewal_id) == ("waiting", None)


@pytest.mark.parametrize("first", ["confirm", "unsuspend"])
def test_a_renewal_of_a_suspended_guide_brings_nothing_back_before_the_suspension_ends(
    ctx, do, sent, admin, make, first
):
    guide, listing, renewal_id = sent()
    do(settle_licence, ctx, guide.id)
    do(suspend, ctx, guide.id, "For a test.")
    steps = {"confirm": (confirm_licence, admin, renewal_id), "unsuspend": (unsuspend, ctx, guide.id)}

    do(*steps.pop(first))
    assert make.reload(listing).status == "withdrawn"
    do(*steps.popitem()[1])
    assert make.reload(listing).status == "active"


def test_everything_at_once_ends_consistently(db, ctx, do, sent, admin, is_consistent):
    before = deadlocks(db)
    for round_ in range(6):
        until = TODAY - timedelta(days=2) if round_ % 2 else TODAY + timedelta(days=200)
        guide, listing, renewal_id = sent(until=until)
        outcomes = at_once(
            [
                lambda guide=guide: do(settle_licence, ctx, guide.id),
                lambda guide=guide: do(settle_licence, ctx, guide.id),
                lambda renewal_id=renewal_id: do(confirm_licence, admin, renewal_id),
                lambda renewal_id=renewal_id: do(refuse_licence, admin, renewal_id, "No."),
                lambda guide=guide: do(suspend, ctx, guide.id, "For a test."),
                lambda guide=guide: do(unsuspend, ctx, guide.id),
            ]
        )
        assert set(outcomes) <= {"won", "licence_decided"}, outcomes
        # Whoever came last may have left the licence's end to the next run.
        do(settle_licence, ctx, guide.id)
        assert is_consistent(guide, listing)
    assert deadlocks(db) == before


def test_two_licences_sent_at_once_leave_one_that_waits(db, ctx, do, make, device):
    guide = make.guide()
    themself = device(guide)
    with db.transaction() as session:
        now = ctx.now(session)
        papers = [
            Media(
                owner_id=guide.id,
                kind="document",
                state="ready",
                is_public=False,
                content_type="application/pdf",
                size_bytes=9,
                checksum="x",
                variants={"file": f"private/{number}"},
                begun_at=now,
                changed_at=now,
            )
            for number in range(4)
        ]
        session.add_all(papers)
    before = deadlocks(db)

    def send(paper):
        with db.transaction() as session:
            send_licence(session, themself, number="TRA/TG/3", expires_on=NEXT_YEAR, document_id=paper.id)

    assert at_once([partial(send, paper) for paper in papers]) == {"won": 4}

    assert deadlocks(db) == before
    with db.reading() as session:
        sent = session.scalars(select(LicenceRenewal).order_by(LicenceRenewal.id)).all()
        used = session.scalars(select(Media.id).where(Media.attached_at.is_not(None)).order_by(Media.id)).all()
    assert sorted(each.state for each in sent) == ["replaced", "replaced", "replaced", "waiting"]
    assert used == [each.document_id for each in sent if each.state == "waiting"]


def end_while_confirming(do, ctx, sent, admin, monkeypatch, patience):
    """The run has read the licence that has ended, and waits until a confirmation had time to be committed."""
    guide, listing, renewal_id = sent()
    has_read, confirmed = threading.Event(), threading.Event()

    def withdraw(*arguments):
        has_read.set()
        confirmed.wait(patience)
        return withdraw_listings(*arguments)

    monkeypatch.setattr(licences, "withdraw_listings", withdraw)

    def confirm():
        has_read.wait(5)
        do(confirm_licence, admin, renewal_id)
        confirmed.set()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(do, settle_licence, ctx, guide.id), threads.submit(confirm)]:
            done.result(10)
    return guide, listing


def test_a_confirmation_waits_for_the_run_that_withdraws(do, ctx, sent, admin, monkeypatch, make, is_consistent):
    guide, listing = end_while_confirming(do, ctx, sent, admin, monkeypatch, patience=0.5)
    assert make.reload(listing).status == "active"
    assert is_consistent(guide, listing)


def test_without_the_lock_the_listings_would_be_gone_for_good(do, ctx, sent, admin, monkeypatch, make, is_consistent):
    monkeypatch.setattr(licences, "lock_user", lambda session, user_id: session.get_one(User, user_id))
    guide, listing = end_while_confirming(do, ctx, sent, admin, monkeypatch, patience=20)
    assert make.reload(listing).status == "withdrawn"
    assert not is_consistent(guide, listing)
