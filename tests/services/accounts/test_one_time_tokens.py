"""One-time tokens: one open at a time, used once, and of no use to whoever reads the database."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.errors import DomainError, RuleViolation
from domain.one_time import OneTimeTokens, Purpose
from models import AuditEntry, OneTimeToken, User
from models.locks import lock_user
from services.accounts import one_time_tokens, verification
from services.accounts.verification import verify_email
from tests.support.refusals import refused

TOKENS = OneTimeTokens("a-key-of-the-tests-that-is-long-enough")
INVALID = "one_time_token_invalid"


@pytest.fixture
def sent(db, ctx):
    """A new token of a user, as their mail has it."""

    def sent(user, purpose=Purpose.EMAIL_VERIFICATION):
        with db.transaction() as session:
            row = one_time_tokens.issue(session, ctx, TOKENS, lock_user(session, user.id), purpose)
            return TOKENS.token(purpose, row.id)

    return sent


@pytest.fixture
def verify(db, ctx):
    def verify(token):
        with db.transaction() as session:
            return verify_email(session, ctx, TOKENS, token)

    return verify


def confirmations(db) -> int:
    with db.reading() as session:
        confirmed = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "user.email_verified")
        return session.scalar(confirmed)


def test_a_token_makes_its_user_active_and_a_second_click_changes_nothing(db, make, sent, verify):
    user = make.user(status="pending")
    token = sent(user)
    assert verify(token).status == "active"
    assert verify(token).id == user.id
    assert make.reload(user).status == "active"
    assert confirmations(db) == 1


@pytest.mark.parametrize("status", ["suspended", "pending"])
def test_a_second_click_is_refused_to_whom_it_is_not_true_for(db, make, sent, verify, status):
    user = make.user(status="pending")
    token = sent(user)
    verify(token)
    with db.transaction() as session:
        session.get_one(User, user.id).status = status
    with refused(db, INVALID, RuleViolation) as refusal:
        verify(token)
    assert "token" in refusal.value.errors


@pytest.mark.parametrize("purpose", [Purpose.PASSWORD_RESET, Purpose.SECOND_FACTOR])
def test_a_token_of_another_purpose_is_used_once(db, ctx, make, sent, purpose):
    token = TOKENS.hash(sent(make.user(), purpose))

    def bring(_):
        try:
            with db.transaction() as session:
                one_time_tokens.redeem(session, ctx, token, purpose)
        except DomainError:
            return "refused"
        return "served"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(bring, range(8)))
    assert sorted(outcomes) == ["refused"] * 7 + ["served"]


def test_a_new_token_ends_the_one_before_and_no_other(db, make, sent, verify):
    user, other = make.user(status="pending"), make.user(status="pending")
    theirs, reset = sent(other), sent(user, Purpose.PASSWORD_RESET)
    old, new = sent(user), sent(user)
    with refused(db, INVALID):
        verify(old)
    assert verify(new).id == user.id
    assert verify(theirs).id == other.id
    with db.reading() as session:
        assert one_time_tokens.owner_of(session, make.ctx, TOKENS.hash(reset), Purpose.PASSWORD_RESET).id == user.id


def test_a_token_works_until_it_expires(db, make, clock, sent, verify):
    early, late = sent(make.user(status="pending")), sent(make.user(status="pending"))
    clock.offset += timedelta(days=7) - timedelta(minutes=1)
    verify(early)
    clock.offset += timedelta(minutes=1)
    with refused(db, INVALID):
        verify(late)


@pytest.mark.parametrize("invented", ["", "x" * 43, "' OR 1=1 --"])
def test_an_invented_token_is_refused(db, make, sent, verify, invented):
    sent(make.user(status="pending"))
    with refused(db, INVALID):
        verify(invented)


def test_a_token_serves_its_purpose_alone(db, make, sent, verify):
    token = sent(make.user(status="pending"), Purpose.PASSWORD_RESET)
    with refused(db, INVALID):
        verify(token)


@pytest.mark.parametrize("status", ["suspended", "deleted"])
def test_a_token_does_not_bring_a_suspended_account_back(db, make, sent, verify, status):
    user = make.user(status=status)
    token = sent(user)
    with refused(db, INVALID):
        verify(token)
    assert make.reload(user).status == status


def test_neither_the_row_nor_its_hash_is_a_token(db, make, sent, verify):
    token = sent(make.user(status="pending"))
    with db.reading() as session:
        row = session.scalars(select(OneTimeToken)).one()
    kept = {str(getattr(row, column.name)) for column in OneTimeToken.__table__.columns}
    assert token not in kept
    for each in kept:
        with refused(db, INVALID):
            verify(each)


def test_of_many_clicks_at_once_all_are_answered_and_one_confirms(db, make, sent, verify):
    token = sent(make.user(status="pending"))
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(lambda _: verify(token).status, range(8)))
    assert outcomes == ["active"] * 8
    assert confirmations(db) == 1


def test_without_the_lock_both_of_two_clicks_would_confirm(db, make, sent, verify, monkeypatch):
    token, both = sent(make.user(status="pending")), threading.Barrier(2, timeout=10)

    def unlocked(session, user_id):
        both.wait()
        return session.get_one(User, user_id)

    monkeypatch.setattr(one_time_tokens, "lock_user", unlocked)
    real = verification.confirm_email

    def confirm(*arguments):
        both.wait()
        real(*arguments)

    monkeypatch.setattr(verification, "confirm_email", confirm)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(verify, [token] * 2))
    assert confirmations(db) == 2
