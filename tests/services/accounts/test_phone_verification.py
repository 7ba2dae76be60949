"""Codes by SMS: one open at a time, five attempts, used once, and a phone that counts as confirmed only while it is the same."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import Conflict, RuleViolation, TooMany
from domain.one_time import MOST_ATTEMPTS, OneTimeTokens, Purpose
from models import AuditEntry, Job, OneTimeToken, User
from models.locks import lock_user
from services.accounts import phone_verification, profiles, users
from services.accounts.one_time_tokens import issue_code
from services.accounts.phone_verification import send_code, verify_code
from tests.factories import phone_number
from tests.support.refusals import refused

TOKENS = OneTimeTokens("a-key-of-the-tests-that-is-long-enough")


@pytest.fixture
def user(make):
    return make.user()


@pytest.fixture
def send(db, make):
    """Ask for a code as a user and read it off their phone."""

    def send(user, phone=None):
        with db.transaction() as session:
            send_code(session, make.acting(user), TOKENS, phone)
        with db.reading() as session:
            newest = select(OneTimeToken.id).where(OneTimeToken.user_id == user.id).order_by(OneTimeToken.id.desc())
            return TOKENS.code(Purpose.PHONE_VERIFICATION, session.scalars(newest).first())

    return send


@pytest.fixture
def verify(db, make):
    """Type a code as a user: ``confirmed``, or the code of the refusal."""

    def verify(user, code):
        with db.transaction() as session:
            tried = verify_code(session, make.acting(user), TOKENS, code)
            return tried.refusal.code if tried.refusal else "confirmed"

    return verify


@pytest.fixture
def change(db, make):
    def change(user, **changes):
        with db.transaction() as session:
            profiles.change_details(session, make.acting(user), changes)

    return change


def wrong(code: str) -> str:
    """Another code than this one."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_right_code_confirms_the_phone_once(db, make, user, send, verify):
    code = send(user)
    assert make.reload(user).phone_verified_at is None

    assert verify(user, code) == "confirmed"

    after = make.reload(user)
    assert (after.phone, after.phone_verified_at is not None) == (user.phone, True)
    assert verify(user, code) == "phone_code_over"
    with db.reading() as session:
        done = {entry.action: entry.data for entry in session.scalars(select(AuditEntry))}
    assert done == {"user.phone_code_sent": {"is_own": True}, "user.phone_verified": {"is_new": False}}


def test_another_phone_becomes_the_users_with_its_code_and_not_before(make, user, send, verify):
    other = phone_number()
    code = send(user, other)
    assert make.reload(user).phone == user.phone

    assert verify(user, code) == "confirmed"

    assert make.reload(user).phone == other


def test_a_phone_may_be_confirmed_by_everybody_who_reads_it(make, send, verify):
    """An answer that told a taken number apart would tell who has an account."""
    phone = phone_number()
    family = [make.user(phone=phone), make.user(phone=phone), make.user(phone=None)]
    for each in family:
        assert verify(each, send(each, phone)) == "confirmed"
    assert {make.reload(each).phone for each in family} == {phone}


def test_the_fifth_wrong_attempt_ends_a_code(make, user, send, verify):
    code = send(user)
    assert [verify(user, wrong(code)) for _ in range(MOST_ATTEMPTS)] == ["phone_code_wrong"] * MOST_ATTEMPTS
    assert verify(user, code) == "phone_code_over"
    assert make.reload(user).phone_verified_at is None
    assert verify(user, send(user)) == "confirmed"


def test_a_wrong_attempt_says_how_many_are_left(db, make, user, send):
    code = send(user)
    left = []
    for _ in range(MOST_ATTEMPTS):
        with db.transaction() as session:
            refusal = verify_code(session, make.acting(user), TOKENS, wrong(code)).refusal
        left.append(refusal.extra["attempts_left"])
    assert left == [4, 3, 2, 1, 0]


def test_a_new_code_ends_the_one_before(user, send, verify):
    old, new = send(user), send(user)
    assert verify(user, old) == ("phone_code_wrong" if old != new else "confirmed")
    assert verify(user, new) == "confirmed"


def test_a_code_works_for_ten_minutes(clock, user, send, verify):
    code = send(user)
    clock.offset += timedelta(minutes=9, seconds=59)
    assert verify(user, wrong(code)) == "phone_code_wrong"
    clock.offset += timedelta(seconds=1)
    assert verify(user, code) == "phone_code_over"


def test_a_code_is_its_users_alone(make, user, send, verify):
    code, other = send(user), make.user()
    assert verify(other, code) == "phone_code_over"
    if send(other) != code:
        assert verify(other, code) == "phone_code_wrong"
    assert make.reload(other).phone_verified_at is None


def test_a_code_is_good_for_the_row_user_and_phone_that_it_was_made_for(db, ctx, make, user, send, verify):
    other, phone = make.user(), phone_number()
    code = send(user)
    with db.transaction() as session:
        (row,) = session.scalars(select(OneTimeToken)).all()
        hashes = {
            TOKENS.code_hash(*given, code)
            for given in [(row.id, user.id, user.phone), (row.id, other.id, user.phone), (row.id, user.id, phone)]
        }
        assert len(hashes) == 3
        row.phone = phone
    assert verify(user, code) == "phone_code_wrong"


def test_another_number_is_not_confirmed_and_the_same_one_stays_so(make, user, send, verify, change):
    verify(user, send(user))
    change(user, phone=user.phone, first_name="Wanjiku")
    assert make.reload(user).phone_verified_at is not None
    change(user, phone=phone_number())
    assert make.reload(user).phone_verified_at is None


@pytest.mark.parametrize("phone", ["+254712999999", None])
def test_a_change_of_number_ends_a_code_that_was_asked_for_before_it(make, user, send, verify, change, phone):
    code = send(user)
    change(user, phone=phone)
    assert verify(user, code) == "phone_code_over"
    assert make.reload(user).phone == phone


def test_who_is_confirmed_or_has_no_number_gets_no_code(db, make, user, send, verify):
    verify(user, send(user))
    with refused(db, "phone_already_verified", Conflict):
        send(user)
    with refused(db, "phone_already_verified", Conflict):
        send(user, user.phone)
    nowhere = make.user(phone=None)
    with refused(db, "invalid_field", RuleViolation) as refusal:
        send(nowhere)
    assert "phone" in refusal.value.errors


def test_a_phone_gets_three_codes_in_a_quarter_of_an_hour_whoever_asks(db, make, clock, send):
    phone = phone_number()
    for _ in range(3):
        send(make.user(), phone)
    user = make.user()
    with refused(db, "too_many_otp_phone", TooMany) as refusal:
        send(user, phone)
    assert 890 < refusal.value.retry_after <= 900
    send(make.user(), phone_number())
    clock.offset += timedelta(minutes=15)
    send(make.user(), phone)


def test_a_phone_gets_ten_codes_a_day_whoever_asks(db, make, clock, send):
    phone = phone_number()
    for _ in range(10):
        send(make.user(), phone)
        clock.offset += timedelta(minutes=15)
    user = make.user()
    with refused(db, "too_many_otp_phone_day", TooMany) as refusal:
        send(user, phone)
    assert 21 * 3600 < refusal.value.retry_after <= 21.5 * 3600
    assert "22 hours" in refusal.value.message


def test_a_user_gets_ten_codes_a_day_to_whatever_phones(db, user, send):
    for _ in range(10):
        send(user, phone_number())
    with refused(db, "too_many_otp_user", TooMany):
        send(user, phone_number())


def test_nothing_that_is_kept_holds_a_code(db, user, send):
    code = send(user)
    with db.reading() as session:
        kept = [session.scalars(select(model)).all() for model in (OneTimeToken, Job, AuditEntry)]
    # Ids and hashes are long and hexadecimal, so a code may stand in them by chance; it must not stand alone.
    values = [getattr(row, column.name) for rows in kept for row in rows for column in row.__table__.columns]
    assert code not in [str(value) for value in values]
    jobs = [row.payload for row in kept[1]]
    assert [set(payload) for payload in jobs] == [{"kind", "user_id", "one_time_token_id"}]


def test_a_code_has_six_digits_and_leads_nobody_back_from_its_hash(db, ctx, user):
    with db.transaction() as session:
        row = issue_code(session, ctx, TOKENS, lock_user(session, user.id), Purpose.PHONE_VERIFICATION, user.phone)
    others = OneTimeTokens("another key of the tests that is long enough")
    guesses = {others.code_hash(row.id, user.id, user.phone, f"{guess:06}") for guess in range(1_000)}
    assert row.token_hash not in guesses
    assert len(row.token_hash) == 64


def at_once(verify, user, codes) -> list[str]:
    barrier = threading.Barrier(len(codes))

    def one(code):
        barrier.wait()
        return verify(user, code)

    with ThreadPoolExecutor(len(codes)) as threads:
        return sorted(threads.map(one, codes))


def test_of_many_who_bring_a_code_at_once_one_is_served(user, send, verify):
    code = send(user)
    assert at_once(verify, user, [code] * 8) == ["confirmed"] + ["phone_code_over"] * 7


def test_wrong_attempts_at_once_are_all_counted(db, user, send, verify):
    code = send(user)
    outcomes = at_once(verify, user, [wrong(code)] * 12)
    assert outcomes == ["phone_code_over"] * 7 + ["phone_code_wrong"] * 5
    assert verify(user, code) == "phone_code_over"


@pytest.fixture
def unlocked(monkeypatch):
    """Two who read the code before either has written."""
    both_have_read, real = threading.Barrier(2, timeout=10), phone_verification.try_code

    def read_together(session, ctx, tokens, user, purpose, code):
        found = real(session, ctx, tokens, user, purpose, code)
        both_have_read.wait()
        return found

    monkeypatch.setattr(users, "lock_user", lambda session, user_id: session.get_one(User, user_id))
    monkeypatch.setattr(phone_verification, "try_code", read_together)


def test_without_the_lock_a_code_would_serve_twice(request, user, send, verify):
    code = send(user)
    request.getfixturevalue("unlocked")
    assert at_once(verify, user, [code] * 2) == ["confirmed"] * 2


def test_without_the_lock_a_wrong_attempt_would_be_lost(request, db, user, send, verify):
    code = send(user)
    request.getfixturevalue("unlocked")
    assert at_once(verify, user, [wrong(code)] * 2) == ["phone_code_wrong"] * 2
    with db.reading() as session:
        assert session.scalars(select(OneTimeToken.attempts)).one() == 1
