"""The second factor under many hands: a code, a backup code and a challenge each count once, whoever comes at the same time."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from functools import partial

import pyotp
import pytest
from sqlalchemy import select

from domain import two_factor as codes
from domain.errors import Busy, Unauthenticated
from domain.one_time import OneTimeTokens, Purpose
from models import AuditEntry, TwoFactor, User, UserSession
from models.locks import lock_user
from models.sealed import place_of
from services.accounts import one_time_tokens, sessions, two_factor
from services.context import Actor
from tests.support.races import at_once

HASH = "what the password was found right for"
TOKENS = OneTimeTokens("t" * 32)


@pytest.fixture
def amina(make):
    return make.user(password_hash=HASH)


@pytest.fixture
def acting(db, make, amina):
    """Amina, signed in somewhere."""
    ctx, session_id = make.acting(amina), sessions.new_session_id()
    with db.transaction() as session:
        sessions.open_session(session, ctx, amina, token_hash="t", session_id=session_id, device="test")
    return replace(ctx, actor=Actor(amina.id, session_id, frozenset(amina.roles), "127.0.0.1"))


@pytest.fixture
def switched_on(db, acting, vault):
    """Seed and backup codes of Amina's account, whose last step is that of now."""
    with db.transaction() as session:
        _, secret = two_factor.begin_setup(session, acting, vault, HASH)
    with db.transaction() as session:
        backup, _ = two_factor.enable(session, acting, vault, code_of(secret, acting.now(session)))
    return secret, backup


def code_of(secret: str, now, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(now.timestamp()) // codes.STEP_SECONDS + steps)


@pytest.fixture
def show(db, acting, vault):
    """Use a code up, as signing in with a challenge of one's own does."""

    def show(code: str) -> None:
        with db.transaction() as session:
            user = lock_user(session, acting.actor.user_id)
            two_factor._show(session, acting, vault, user, code, acting.now(session))

    return show


@pytest.fixture
def without_locks(monkeypatch):
    """The users' rows are read and not locked, and whoever reads waits until everybody has."""
    take_locks_away(monkeypatch, "tests.services.accounts.test_two_factor.lock_user")


def take_locks_away(monkeypatch, name: str) -> None:
    meeting, kept = threading.Barrier(6), []

    def read(session, user_id):
        # What nobody holds on to would be read anew.
        kept.append(session.get(TwoFactor, user_id))
        user = session.get(User, user_id)
        meeting.wait(5)
        return user

    monkeypatch.setattr(name, read)
    monkeypatch.setattr(two_factor, "_row", lambda session, user: session.get(TwoFactor, user.id))


def next_code(db, acting, secret: str) -> str:
    with db.reading() as session:
        return code_of(secret, acting.now(session), 1)


def test_one_code_shown_many_times_at_once_counts_once(db, acting, switched_on, show):
    code = next_code(db, acting, switched_on[0])
    assert at_once([partial(show, code)] * 6) == {"won": 1, "wrong_code": 5}


def test_one_backup_code_shown_many_times_at_once_counts_once(db, switched_on, show):
    assert at_once([partial(show, switched_on[1][0])] * 6) == {"won": 1, "wrong_code": 5}
    with db.reading() as session:
        assert len(session.scalars(select(TwoFactor.backup_hashes)).one()) == 9
        used = session.scalars(select(AuditEntry.action)).all()
    assert used.count("user.backup_code_used") == 1


@pytest.mark.usefixtures("without_locks")
def test_without_the_lock_a_code_would_count_more_than_once(db, acting, switched_on, show):
    code = next_code(db, acting, switched_on[0])
    assert at_once([partial(show, code)] * 6)["won"] > 1


@pytest.mark.usefixtures("without_locks")
def test_without_the_lock_a_backup_code_would_count_more_than_once(switched_on, show):
    assert at_once([partial(show, switched_on[1][0])] * 6)["won"] > 1


def test_one_challenge_brought_back_many_times_at_once_opens_one_session(db, ctx, acting, amina, vault, switched_on):
    with db.transaction() as session:
        token, _ = two_factor.challenge(session, ctx, TOKENS, lock_user(session, amina.id))
    at_hand = [next_code(db, acting, switched_on[0]), *switched_on[1][:5]]

    def bring(code: str) -> None:
        with db.transaction() as session:
            two_factor.pass_challenge(session, ctx, vault, TOKENS.hash(token), code)

    assert at_once([partial(bring, code) for code in at_hand]) == {"won": 1, "challenge_invalid": 5}


@pytest.fixture
def confirm(db, acting, vault, switched_on):
    """Confirm a new phone, which has been asked for, with its code of now."""
    code = next_code(db, acting, switched_on[0])
    with db.transaction() as session:
        _, secret = two_factor.begin_setup(session, acting, vault, HASH, code)
        code = code_of(secret, acting.now(session))

    def confirm() -> None:
        with db.transaction() as session:
            two_factor.enable(session, acting, vault, code)

    return confirm


def test_a_new_phone_that_is_confirmed_many_times_at_once_is_shown_one_set_of_backup_codes(db, confirm, told, amina):
    assert at_once([confirm] * 6) == {"won": 1, "two_factor_on": 5}
    assert told(amina).count("two_factor_moved") == 1


def test_without_the_lock_backup_codes_would_be_shown_that_do_not_count(confirm, monkeypatch):
    take_locks_away(monkeypatch, "services.accounts.two_factor.lock_user")
    assert at_once([confirm] * 6)["won"] > 1


def test_the_old_phone_counts_before_the_move_or_not_at_all(db, acting, switched_on, confirm, show):
    """Whichever comes first, a code of the old phone never takes the place of the new seed's last step."""
    assert at_once([confirm, partial(show, switched_on[1][0])])["won"] >= 1
    with db.reading() as session:
        row = session.scalars(select(TwoFactor)).one()
    assert (row.pending_secret, len(row.backup_hashes)) == (None, 10)


def test_a_seed_in_another_row_does_not_open(db, make, acting, amina, vault, switched_on):
    """Whoever can write to the database cannot lend an account their own seed."""
    other = make.user(password_hash=HASH)
    with db.transaction() as session:
        theirs = session.get_one(TwoFactor, amina.id)
        session.add(TwoFactor(user_id=other.id, secret=theirs.secret))
        session.get_one(User, other.id).two_factor_since = acting.now(session)

    code = next_code(db, acting, switched_on[0])
    with db.transaction() as session:
        user, now = lock_user(session, other.id), acting.now(session)
        with pytest.raises(Busy):
            two_factor._show(session, acting, vault, user, code, now)


def test_a_row_holds_the_seed_only_sealed(db, amina, vault, switched_on):
    with db.reading() as session:
        sealed = session.get_one(TwoFactor, amina.id).secret
    assert switched_on[0] not in sealed
    assert vault.open(sealed, place_of(TwoFactor.secret, amina.id)) == switched_on[0]


def test_a_refused_code_leaves_no_trace(db, switched_on, show, acting):
    def state():
        with db.reading() as session:
            row = session.scalars(select(TwoFactor)).one()
            return row.last_step, row.backup_hashes, len(session.scalars(select(AuditEntry)).all())

    before = state()
    for code in ("000000", "aaaaa-aaaaa"):
        assert at_once([partial(show, code)]) == {"wrong_code": 1}
    assert state() == before


def test_a_reset_switches_it_off_ends_every_session_and_tells_the_owner(db, ctx, amina, switched_on, told):
    with db.transaction() as session:
        token, _ = two_factor.challenge(session, ctx, TOKENS, lock_user(session, amina.id))
    with db.transaction() as session:
        ended = two_factor.reset(session, ctx, lock_user(session, amina.id))

    with db.reading() as session:
        assert {row.revoked_reason for row in session.scalars(select(UserSession))} == {"two_factor_reset"}
        assert session.scalars(select(UserSession.id)).all() == ended
        assert session.scalars(select(TwoFactor)).all() == []
        assert not session.get_one(User, amina.id).has_two_factor
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.two_factor_reset"))
        assert (entry.actor_role, entry.data) == ("system", {"sessions_ended": 1})
        with pytest.raises(Unauthenticated, match="Sign in with your password"):
            one_time_tokens.owner_of(session, ctx, TOKENS.hash(token), Purpose.SECOND_FACTOR)
    assert told(amina) == ["two_factor_off", "two_factor_on"]


def test_who_is_signed_out_meanwhile_switches_nothing_on(db, acting, vault):
    with db.transaction() as session:
        _, secret = two_factor.begin_setup(session, acting, vault, HASH)
    gone = replace(acting, actor=replace(acting.actor, session_id=uuid.uuid4()))

    def enable() -> None:
        with db.transaction() as session:
            two_factor.enable(session, gone, vault, code_of(secret, gone.now(session)))

    assert at_once([enable]) == {"session_ended": 1}


def test_a_password_that_was_changed_meanwhile_sets_nothing_up(db, acting, vault):
    def begin() -> None:
        with db.transaction() as session:
            two_factor.begin_setup(session, acting, vault, "the one before")

    assert at_once([begin]) == {"wrong_password": 1}
