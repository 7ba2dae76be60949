"""Leaving: nothing that is open is left behind, nobody books what is gone, and an account can be taken back for a while."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import Conflict, DomainError, NotFound, Unauthenticated
from domain.one_time import OneTimeTokens, Purpose
from domain.payments import Evidence
from models import AuditEntry, Booking, DeviceToken, Listing, OneTimeToken, User, UserSession
from models.locks import lock_user
from services.accounts import devices
from services.accounts.one_time_tokens import issue
from services.bookings import reserving
from services.bookings.reserving import Wish, create_booking
from services.catalogue import offering
from services.personal_data import leaving
from tests.factories import start_in
from tests.support.refusals import refused

HASH = "hash of the password"
TOKENS = OneTimeTokens("a-key-of-the-tests-that-is-long-enough")


@pytest.fixture
def leave(db, device, vault):
    def leave(user, ctx=None, checked=HASH):
        ctx = ctx or device(user)
        with db.transaction() as session:
            return leaving.delete_account(session, ctx, TOKENS, vault, checked)

    return leave


@pytest.fixture
def link(db):
    """The token of the mail that takes the account back."""

    def link(user):
        newest = select(OneTimeToken).where(OneTimeToken.purpose == "account_restore", OneTimeToken.user_id == user.id)
        with db.reading() as session:
            row = session.scalars(newest.order_by(OneTimeToken.id.desc()).limit(1)).one()
        return TOKENS.token(Purpose.ACCOUNT_RESTORE, row.id)

    return link


@pytest.fixture
def restore(db, ctx):
    def restore(token):
        with db.transaction() as session:
            leaving.restore_account(session, ctx, TOKENS.hash(token))

    return restore


def statuses(db, host) -> Counter[str]:
    with db.reading() as session:
        return Counter(session.scalars(select(Listing.status).where(Listing.host_id == host.id)))


@pytest.mark.parametrize(("status", "is_theirs"), [("active", True), ("pending", False)])
def test_what_one_applied_for_before_one_had_an_account_leaves_with_it(applications, make, leave, status, is_theirs):
    before = applications.confirmed(email="wanjiru@example.com")
    user = make.user(email="Wanjiru@example.com", status=status, password_hash=HASH)
    leave(user)
    assert applications.see(before).user_id == (user.id if is_theirs else None)


def test_who_leaves_is_out_at_once_and_everything_of_theirs_is_off_the_market(
    db, make, device, leave, told, jobs, clock
):
    guide = make.guide(password_hash=HASH)
    for status in ("active", "active", "draft", "hidden", "archived"):
        make.listing(guide, status=status)
    stranger = make.listing()
    here, there = device(guide), device(guide)
    with db.transaction() as session:
        devices.register_device(session, here, "a token of a phone", devices.Platform.ANDROID)
        reset = issue(session, here, TOKENS, lock_user(session, guide.id), Purpose.PASSWORD_RESET)

    ended = leave(guide, here)

    assert sorted(ended) == sorted([here.actor.session_id, there.actor.session_id])
    gone = make.reload(guide)
    assert (gone.status, gone.deleted_from) == ("deleted", "active")
    assert gone.erase_at - gone.deleted_at == timedelta(days=30)
    assert statuses(db, guide) == {"withdrawn": 2, "draft": 1, "hidden": 1, "archived": 1}
    assert make.reload(stranger).status == "active"
    with db.reading() as session:
        assert session.scalars(select(DeviceToken)).all() == []
        assert {row.revoked_reason for row in session.scalars(select(UserSession))} == {"account_deleted"}
        assert session.get_one(OneTimeToken, reset.id).replaced_at is not None
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.deleted"))
    assert entry.data == {"sessions_ended": 2, "devices_removed": 1, "listings_withdrawn": 2}
    assert told(guide) == ["account_deleted"]


@pytest.mark.parametrize("status", ["active", "pending"])
def test_an_account_comes_back_as_it_was_and_a_second_time_changes_nothing(db, make, leave, link, restore, status):
    guide = make.guide(password_hash=HASH, status=status)
    for each in ("active", "draft", "hidden"):
        make.listing(guide, status=each)
    leave(guide)
    restore(link(guide))
    restore(link(guide))
    back = make.reload(guide)
    # Who follows the link reads the mailbox.
    assert (back.status, back.deleted_at, back.erase_at, back.deleted_from) == ("active", None, None, None)
    assert back.password_hash == HASH
    assert statuses(db, guide) == {"active": 1, "draft": 1, "hidden": 1}
    with db.reading() as session:
        restored = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.restored")).all()
    assert [entry.data for entry in restored] == [{"listings_offered_again": 1}]


def test_an_old_link_does_not_undo_a_second_deletion(db, make, leave, link, restore):
    user = make.user(password_hash=HASH)
    leave(user)
    first = link(user)
    restore(first)
    leave(user)
    with refused(db, "one_time_token_invalid"):
        restore(first)
    restore(link(user))
    assert make.reload(user).status == "active"


@pytest.mark.parametrize("token", ["nonsense", "over", "replaced"])
def test_a_link_that_does_not_work_brings_nothing_back(db, ctx, make, leave, link, restore, later, token):
    user = make.user(password_hash=HASH)
    leave(user)
    sent = link(user) if token != "nonsense" else "nonsense"
    if token == "over":
        later(days=30)
    if token == "replaced":
        with db.transaction() as session:
            issue(session, ctx, TOKENS, lock_user(session, user.id), Purpose.ACCOUNT_RESTORE)
    with refused(db, "one_time_token_invalid"):
        restore(sent)
    assert make.reload(user).status == "deleted"


def test_support_brings_an_account_back_until_its_grace_is_over(db, ctx, make, leave, link, restore, later):
    early, late, here = (make.user(password_hash=HASH, status="pending") for _ in range(3))
    leave(early)
    sent = link(early)
    with db.transaction() as session:
        leaving.restore_for_owner(session, ctx, early.id)
    # Nobody has followed a link.
    assert make.reload(early).status == "pending"
    with refused(db, "one_time_token_invalid"):
        restore(sent)
    leave(late)
    later(days=30)
    for user in (late, here):
        with refused(db, "account_not_restorable", Conflict), db.transaction() as session:
            leaving.restore_for_owner(session, ctx, user.id)


@pytest.mark.parametrize("role", ["tourist", "guide"])
@pytest.mark.parametrize("state", ["pending", "confirmed", "over"])
def test_a_booking_ahead_holds_both_of_its_people(db, make, book, pay, mpesa, leave, device, later, role, state):
    tourist, guide = make.user(password_hash=HASH), make.guide(password_hash=HASH)
    booking = book(tourist, make.listing(guide))
    if state != "pending":
        mpesa.pays(pay(tourist, booking))
    if state == "over":
        later(days=8)
        leave(tourist if role == "tourist" else guide)
        return
    leaver = tourist if role == "tourist" else guide
    ctx = device(leaver)
    with refused(db, "account_in_use", Conflict) as refusal:
        leave(leaver, ctx)
    (blocker,) = refusal.value.extra["blockers"]
    assert (blocker["kind"], blocker["id"], blocker["reference"]) == ("booking", str(booking.id), booking.reference)
    assert blocker["reason"] == f"is {state} and not over, with you as its {role}"
    assert booking.reference in refusal.value.message
    assert make.reload(leaver).status == "active"
    assert statuses(db, guide) == {"active": 1}


def test_a_payment_in_doubt_and_a_refund_hold_the_tourist(db, make, book, pay, cancel, mpesa, leave, device, later):
    tourist = make.user(password_hash=HASH)
    booking = book(tourist, make.listing())
    payment = pay(tourist, booking)
    mpesa.says(payment, Evidence.OUTCOME_UNKNOWN)
    cancel(tourist, booking)
    ctx = device(tourist)
    with refused(db, "account_in_use") as refusal:
        leave(tourist, ctx)
    assert [blocker["kind"] for blocker in refusal.value.extra["blockers"]] == ["payment"]
    mpesa.pays(payment)
    with refused(db, "account_in_use") as refusal:
        leave(tourist, ctx)
    assert [blocker["kind"] for blocker in refusal.value.extra["blockers"]] == ["refund"]


def test_money_that_comes_late_for_a_guide_who_left_goes_back(make, book, pay, mpesa, leave, later, refunds, ctx, db):
    tourist, guide = make.user(), make.guide(password_hash=HASH)
    booking = book(tourist, make.listing(guide))
    payment = pay(tourist, booking)
    later(minutes=31)
    with db.transaction() as session:
        reserving.expire_hold(session, ctx, booking.id)
    leave(guide)
    mpesa.pays(payment)
    assert make.reload(booking).status == "expired"
    assert [reason for _, _, reason in refunds()] == ["late_money"]


def test_the_last_super_administrator_stays(db, make, leave, device):
    last = make.user(password_hash=HASH, roles=["tourist", "super_admin"])
    make.user(roles=["tourist", "super_admin"], status="suspended")
    ctx = device(last)
    with refused(db, "last_super_admin", Conflict):
        leave(last, ctx)
    make.user(roles=["tourist", "super_admin"])
    leave(last, ctx)


def at_once(*actions) -> Counter[str]:
    barrier = threading.Barrier(len(actions))

    def run(action):
        barrier.wait()
        try:
            action()
        except DomainError as refusal:
            return refusal.code
        return "won"

    with ThreadPoolExecutor(len(actions)) as threads:
        return Counter(threads.map(run, actions))


def test_of_two_super_administrators_who_leave_at_once_one_stays(make, leave, device):
    both = [make.user(password_hash=HASH, roles=["tourist", "super_admin"]) for _ in range(2)]
    contexts = [device(user) for user in both]
    outcomes = at_once(*(lambda u=user, c=ctx: leave(u, c) for user, ctx in zip(both, contexts, strict=True)))
    assert outcomes == {"won": 1, "last_super_admin": 1}


def test_leaving_twice_at_once_happens_once(make, leave, device, jobs):
    user = make.user(password_hash=HASH)
    contexts = [device(user) for _ in range(4)]
    outcomes = at_once(*(lambda c=ctx: leave(user, c) for ctx in contexts))
    assert outcomes == {"won": 1, "session_ended": 3}
    assert len(jobs("tell:account_deleted")) == 1


def test_taking_back_twice_at_once_happens_once(db, make, leave, link, restore):
    user = make.user(password_hash=HASH)
    leave(user)
    token = link(user)
    outcomes = at_once(*[lambda: restore(token)] * 4)
    assert outcomes == {"won": 4}
    with db.reading() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "user.restored")).all()) == 1


@pytest.mark.parametrize("who", ["tourist", "guide"])
def test_leaving_and_booking_at_once_leave_no_booking_behind(db, make, device, leave, who):
    for _ in range(4):
        tourist, guide = make.user(password_hash=HASH), make.guide(password_hash=HASH)
        listing = make.listing(guide)
        leaver = tourist if who == "tourist" else guide
        ctx, booking = device(leaver), device(tourist)

        def book(booking=booking, listing=listing):
            with db.transaction() as session:
                create_booking(session, booking, Wish(listing.id, start_in(), {"adult": 2}))

        outcomes = at_once(book, lambda u=leaver, c=ctx: leave(u, c))
        too_late = "session_ended" if who == "tourist" else "experience_not_found"
        assert outcomes in ({"won": 1, "account_in_use": 1}, {"won": 1, too_late: 1}), outcomes
        with db.reading() as session:
            held = session.scalars(select(Booking).where(Booking.listing_id == listing.id)).all()
        assert bool(held) == (make.reload(leaver).status == "active")


def booking_while_leaving(db, make, leave, device, monkeypatch, who) -> tuple[str, str, bool]:
    """A booking that has looked at everything, held up until the deletion is through, or has been waiting for a while."""
    tourist, guide = make.user(password_hash=HASH), make.guide(password_hash=HASH)
    listing, gone = make.listing(guide), threading.Event()
    leaver, real = tourist if who == "tourist" else guide, reserving._write_booking
    ctx, leaving_ctx = device(tourist), device(leaver)

    def write(*arguments):
        gone.wait(1)
        return real(*arguments)

    monkeypatch.setattr(reserving, "_write_booking", write)

    def book():
        with db.transaction() as session:
            create_booking(session, ctx, Wish(listing.id, start_in(), {"adult": 2}))

    def go():
        threading.Event().wait(0.3)
        try:
            leave(leaver, leaving_ctx)
        finally:
            gone.set()

    outcomes = at_once(book, go)
    return outcomes, make.reload(leaver).status


@pytest.mark.parametrize("who", ["tourist", "guide"])
def test_a_deletion_waits_for_a_booking_that_is_being_made(db, make, leave, device, monkeypatch, who):
    outcomes, status = booking_while_leaving(db, make, leave, device, monkeypatch, who)
    assert (outcomes, status) == ({"won": 1, "account_in_use": 1}, "active")


@pytest.mark.parametrize(
    ("who", "module", "lock"), [("tourist", reserving, "lock_user"), ("guide", offering, "lock_resources")]
)
def test_without_the_lock_both_would_have_won(db, make, leave, device, monkeypatch, who, module, lock):
    def unlocked(session, ids):
        return session.get_one(User, ids) if lock == "lock_user" else []

    monkeypatch.setattr(module, lock, unlocked)
    if who == "tourist":
        # The booking's foreign key does not hold the deletion up either.
        monkeypatch.setattr(reserving, "enforce", lambda *_: None)
    outcomes, status = booking_while_leaving(db, make, leave, device, monkeypatch, who)
    assert (outcomes, status) == ({"won": 2}, "deleted")


def test_who_has_left_books_nothing_even_while_still_remembered(db, make, book, leave, device):
    user, listing = make.user(password_hash=HASH), make.listing()
    leave(user)
    with refused(db, "session_ended", Unauthenticated):
        book(user, listing)


def test_what_a_guide_offered_is_not_booked_any_more(db, make, book, leave):
    tourist, guide = make.user(), make.guide(password_hash=HASH)
    listing = make.listing(guide)
    leave(guide)
    with refused(db, "experience_not_found", NotFound):
        book(tourist, listing)
