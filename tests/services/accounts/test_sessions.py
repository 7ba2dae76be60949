"""Being signed in: tokens rotate, a lost answer is forgiven, a stolen token ends the family."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models import AuditEntry, User, UserSession
from services.accounts.sessions import Refreshed, identify, new_session_id, open_session, refresh
from tests.support.refusals import unchanged


@pytest.fixture
def signed_in(db, make):
    def signed_in(user, token="first"):
        session_id = new_session_id()
        with db.transaction() as session:
            open_session(
                session, make.acting(user), user, token_hash=token, session_id=session_id, device="Firefox " * 60
            )
        return session_id

    return signed_in


@pytest.fixture
def present(db, ctx):
    """Present a token's hash for the successor's."""

    def present(session_id, token, successor):
        with db.transaction() as session:
            return refresh(session, ctx, session_id, token, successor)

    return present


@pytest.fixture
def who(db, ctx):
    def who(session_id):
        with db.reading() as session:
            return identify(session, ctx, session_id)

    return who


def test_a_session_says_who_is_signed_in(db, make, signed_in, who):
    user = make.user(roles=["tourist", "guide"], locale="sw")
    identity = who(signed_in(user))
    assert (identity.user_id, identity.roles, identity.locale) == (user.id, {"tourist", "guide"}, "sw")
    with db.reading() as session:
        row = session.scalars(select(UserSession)).one()
        assert (len(row.device), row.ip) == (200, "127.0.0.1")
        assert session.scalars(select(AuditEntry.action)).one() == "session.opened"


def test_beyond_the_most_sessions_the_first_one_ends(monkeypatch, db, make, signed_in, who):
    monkeypatch.setattr("services.accounts.sessions.MOST_SESSIONS", 3)
    user = make.user()
    signed_in(make.user(), "somebody else's")

    opened = [signed_in(user, f"token {number}") for number in range(5)]

    assert [who(session_id) is not None for session_id in opened] == [False, False, True, True, True]
    with db.reading() as session:
        ended = session.scalars(select(UserSession.revoked_reason).where(UserSession.id.in_(opened[:2]))).all()
        assert ended == ["too_many"] * 2
        assert session.scalars(select(AuditEntry.action)).all().count("session.revoked") == 2


def test_a_token_is_rotated_at_each_use(make, signed_in, present, who):
    session_id = signed_in(make.user())
    for token, successor in (("first", "second"), ("second", "third"), ("third", "fourth")):
        assert present(session_id, token, successor) is Refreshed.ROTATED
    assert who(session_id) is not None


def test_the_last_token_is_forgiven_for_ten_seconds(make, signed_in, present, who, later):
    session_id = signed_in(make.user())
    present(session_id, "first", "second")
    later(seconds=8)
    assert present(session_id, "first", "second") is Refreshed.REPEATED
    assert present(session_id, "second", "third") is Refreshed.ROTATED
    later(seconds=11)
    assert present(session_id, "second", "third") is Refreshed.REUSED
    assert who(session_id) is None


def test_an_old_token_ends_the_whole_family(db, make, signed_in, present, who):
    user = make.user()
    session_id, other_device = signed_in(user), signed_in(user, "elsewhere")
    present(session_id, "first", "second")
    present(session_id, "second", "third")
    assert present(session_id, "first", "stolen") is Refreshed.REUSED
    assert who(session_id) is None
    assert who(other_device) is not None
    with db.reading() as session:
        family = session.get_one(UserSession, session_id)
        assert (family.revoked_reason, family.token_hash) == ("token_reused", "third")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "session.revoked")).one()
        assert entry.data == {"reason": "token_reused"}
    with unchanged(db):
        assert present(session_id, "third", "fourth") is Refreshed.REFUSED


def test_a_session_ends_after_thirty_days_without_use(make, signed_in, present, who, later):
    session_id = signed_in(make.user())
    later(days=30, seconds=1)
    assert who(session_id) is None
    assert present(session_id, "first", "second") is Refreshed.REFUSED


@pytest.mark.parametrize("status", ["suspended", "deleted"])
def test_a_user_who_is_no_longer_welcome_is_signed_out(db, make, signed_in, present, who, status):
    user = make.user()
    session_id = signed_in(user)
    with db.transaction() as session:
        session.get_one(User, user.id).status = status
    assert who(session_id) is None
    assert present(session_id, "first", "second") is Refreshed.REFUSED


def test_an_unknown_session_is_refused(db, present, who):
    with unchanged(db):
        assert present(new_session_id(), "first", "second") is Refreshed.REFUSED
    assert who(new_session_id()) is None
