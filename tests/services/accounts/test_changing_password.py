"""Another password: the old one counts until the moment it is changed, and never a moment longer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.errors import DomainError, RuleViolation, Unauthenticated
from domain.jobs import JobKind
from domain.one_time import OneTimeTokens, Purpose
from models import AuditEntry, Job, User, UserSession
from models.locks import lock_user
from services.accounts import sessions, users
from services.accounts.one_time_tokens import issue
from services.accounts.recovery import reset_password
from tests.support.refusals import refused

OLD, NEW = "hash of the old one", "hash of the new one"


@pytest.fixture
def user(make):
    return make.user(password_hash=OLD)


@pytest.fixture
def device(db, make, user):
    """Sign one more device of the user in; the context in which it acts."""

    def device():
        session_id, ctx = sessions.new_session_id(), make.acting(user)
        with db.transaction() as session:
            sessions.open_session(
                session, ctx, user, token_hash=str(session_id), session_id=session_id, device="Firefox"
            )
        return replace(ctx, actor=replace(ctx.actor, session_id=session_id))

    return device


@pytest.fixture
def change(db):
    def change(ctx, checked=OLD, new=NEW):
        with db.transaction() as session:
            return users.change_password(session, ctx, checked, new)

    return change


@pytest.fixture
def signed_in(db, ctx):
    def signed_in(device):
        with db.reading() as session:
            return sessions.identify(session, ctx, device.actor.session_id) is not None

    return signed_in


def test_a_change_signs_out_every_other_device_and_says_so_without_a_value(db, make, user, device, change, signed_in):
    here, *others = (device() for _ in range(3))
    stranger = make.user(password_hash=OLD)

    ended = change(here)

    assert sorted(ended) == sorted(other.actor.session_id for other in others)
    assert [signed_in(each) for each in (here, *others)] == [True, False, False]
    assert (make.reload(user).password_hash, make.reload(stranger).password_hash) == (NEW, OLD)
    with db.reading() as session:
        assert {row.revoked_reason for row in session.scalars(select(UserSession))} == {None, "password_changed"}
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action != "session.opened")).all()
        (told,) = session.scalars(select(Job).where(Job.kind == JobKind.NOTIFY.value)).all()
    assert sorted(entry.action for entry in entries) == ["session.revoked", "session.revoked", "user.password_changed"]
    assert (told.payload["kind"], told.payload["user_id"]) == ("password_changed", str(user.id))
    (changed,) = (entry for entry in entries if entry.action == "user.password_changed")
    assert (changed.actor_id, changed.entity_id, changed.data) == (user.id, user.id, {})


def test_a_link_that_was_asked_for_before_the_change_is_over(db, make, user, device, change, ctx):
    tokens = OneTimeTokens("a-key-of-the-tests-that-is-long-enough")
    with db.transaction() as session:
        row = issue(session, ctx, tokens, lock_user(session, user.id), Purpose.PASSWORD_RESET)
    link = tokens.hash(tokens.token(Purpose.PASSWORD_RESET, row.id))
    change(device())

    with refused(db, "one_time_token_invalid"), db.transaction() as session:
        reset_password(session, ctx, link, "another hash")
    assert make.reload(user).password_hash == NEW


def test_a_password_that_was_changed_meanwhile_does_not_count_any_more(db, make, user, device, change):
    here = device()
    change(here, OLD, NEW)

    with refused(db, "wrong_password", RuleViolation) as refusal:
        change(here, OLD, "a third one")

    assert "current_password" in refusal.value.errors
    assert make.reload(user).password_hash == NEW


def test_who_was_signed_out_meanwhile_changes_nothing(db, make, user, device, change):
    gone = device()
    with db.transaction() as session:
        sessions.sign_out(session, gone)

    with refused(db, "session_ended", Unauthenticated):
        change(gone)

    assert make.reload(user).password_hash == OLD


def test_who_was_suspended_meanwhile_changes_nothing(db, make, user, device, change):
    here = device()
    with db.transaction() as session:
        session.get_one(User, user.id).status = "suspended"

    with refused(db, "session_ended", Unauthenticated):
        change(here)

    assert make.reload(user).password_hash == OLD


def change_at_once(change, devices) -> list[str]:
    """All devices change the password at the same moment, having checked the same old one."""
    barrier = threading.Barrier(len(devices))

    def one(numbered):
        number, ctx = numbered
        barrier.wait()
        try:
            change(ctx, OLD, f"hash {number}")
        except DomainError as refusal:
            return refusal.code
        return "won"

    with ThreadPoolExecutor(len(devices)) as threads:
        return sorted(threads.map(one, enumerate(devices)))


def test_of_many_changes_at_once_one_wins(device, change, signed_in):
    devices = [device() for _ in range(8)]

    assert change_at_once(change, devices) == ["won"] + ["wrong_password"] * 7

    assert sum(signed_in(each) for each in devices) == 1


def test_without_the_lock_both_would_have_won(monkeypatch, device, change):
    both_have_read = threading.Barrier(2, timeout=10)

    def unlocked(session, user_id):
        user = session.get_one(User, user_id)
        both_have_read.wait()
        return user

    monkeypatch.setattr(users, "lock_user", unlocked)

    assert change_at_once(change, [device(), device()]) == ["won", "won"]


def test_a_sign_in_with_the_old_password_is_either_ended_by_the_change_or_refused(db, make, user, device, change, ctx):
    here, late = device(), sessions.new_session_id()
    with ThreadPoolExecutor(1) as threads:
        with db.transaction() as session:
            admitted = users.still_authenticated(session, user)
            waiting = threads.submit(change, here)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.4)
            sessions.open_session(session, ctx, admitted, token_hash="late", session_id=late, device="thief")
        assert waiting.result(timeout=5) == [late]

    with refused(db, "invalid_credentials", Unauthenticated), db.transaction() as session:
        users.still_authenticated(session, user)
    with db.transaction() as session:
        assert users.still_authenticated(session, make.reload(user)).id == user.id
