"""Signing in with two steps: no tokens before the second, and a challenge that works once, soon, and for one account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.one_time import Purpose
from models import AuditEntry, Job, OneTimeToken, TwoFactor, User, UserSession
from services.accounts import recovery
from tests.factories import PASSWORD
from tests.support.google import INGRID, google_sign_in, know_keys
from tests.support.http import refused
from tests.support.two_factor import person, switch_on

LOGIN, VERIFY, ME = "/api/auth/login", "/api/auth/2fa/verify", "/api/users/me"
ADMIN, REFRESH, GOOGLE = "/api/admin/users", "/api/auth/refresh-token", "/api/auth/social/google"
EMAIL = "amina.otieno@example.com"


@pytest.fixture
def amina(http):
    return person(http, email=EMAIL)


@pytest.fixture
def phone(http, amina, clock):
    return switch_on(http, http.signed_in_as(amina), clock)


@pytest.fixture
def login(http, phone):
    """Give the password; the answer."""
    return lambda password=PASSWORD, email=EMAIL: http.post(LOGIN, {"email": email, "password": password})


@pytest.fixture
def verify(http, login):
    """Bring a challenge back, a new one unless told otherwise; the answer."""

    def verify(code, challenge=None):
        return http.post(VERIFY, {"challenge": challenge or login().get_json()["challenge"], "code": code})

    return verify


def sessions_of(db) -> int:
    with db.reading() as session:
        return len(session.scalars(select(UserSession.id)).all())


def test_a_password_alone_gets_a_challenge_and_nothing_else(login, db):
    before = sessions_of(db)

    response = login()

    answered = response.get_json()
    assert response.status_code == 200
    assert set(answered) == {"two_factor_required", "challenge", "expires_in"}
    assert (answered["two_factor_required"], answered["expires_in"]) == (True, 300)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert sessions_of(db) == before
    with db.reading() as session:
        kept = "".join(str(row) for row in session.execute(text("SELECT t::text FROM one_time_tokens t")))
    assert answered["challenge"] not in kept


def test_the_code_of_the_app_opens_a_session_that_counts_as_both(verify, phone, http, db):
    response = verify(phone.next_code())

    signed_in = response.get_json()
    assert response.status_code == 200
    assert signed_in["user"]["two_factor_enabled"] is True
    bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
    assert http.get(ME, headers=bearer).status_code == 200
    assert http.post(REFRESH, {"refresh_token": signed_in["refresh_token"]}).status_code == 200
    with db.reading() as session:
        newest = session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
        assert newest.two_factor_at is not None


def test_a_challenge_is_no_access_token_and_no_refresh_token(login, http):
    challenge = login().get_json()["challenge"]

    refused(http.get(ME, headers={"Authorization": f"Bearer {challenge}"}), 401, "token_invalid")
    refused(http.post(REFRESH, {"refresh_token": challenge}), 401, "invalid_refresh_token")
    refused(http.post("/api/auth/verify-email", {"token": challenge}), 422, "one_time_token_invalid")
    reset = {"token": challenge, "password": "three giraffes at noon"}
    refused(http.post("/api/auth/reset-password", reset), 422, "one_time_token_invalid")


def test_no_other_token_is_a_challenge(verify, phone, http, amina, ctx):
    signed_in = verify(phone.next_code()).get_json()
    for token in (signed_in["access_token"][:200], signed_in["refresh_token"], "x" * 43):
        refused(verify("000000", token), 401, "challenge_invalid")


def test_a_code_counts_once(verify, phone):
    code = phone.next_code()
    assert verify(code).status_code == 200
    refused(verify(code), 401, "invalid_code")
    assert verify(phone.next_code()).status_code == 200


def test_the_code_that_switched_it_on_does_not_sign_in(verify, phone):
    refused(verify(phone.code()), 401, "invalid_code")


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_may_be_a_step_off(verify, phone, clock, steps, counts):
    clock.offset += timedelta(minutes=5)
    response = verify(phone.code(steps))
    assert (response.status_code == 200) == counts


def test_a_challenge_works_once(verify, login, phone):
    challenge = login().get_json()["challenge"]
    assert verify(phone.next_code(), challenge).status_code == 200
    refused(verify(phone.next_code(), challenge), 401, "challenge_invalid")


def test_a_wrong_code_does_not_use_the_challenge_up(verify, login, phone):
    challenge = login().get_json()["challenge"]
    refused(verify("000000", challenge), 401, "invalid_code")
    assert verify(phone.next_code(), challenge).status_code == 200


def test_a_challenge_ends_after_five_minutes(verify, login, phone, clock):
    challenge = login().get_json()["challenge"]
    clock.offset += timedelta(minutes=5, seconds=1)
    refused(verify(phone.next_code(), challenge), 401, "challenge_invalid")


def test_a_second_sign_in_ends_the_first_challenge(verify, login, phone):
    first, second = (login().get_json()["challenge"] for _ in range(2))
    refused(verify(phone.next_code(), first), 401, "challenge_invalid")
    assert verify(phone.code(), second).status_code == 200


def test_a_challenge_is_of_one_account(verify, login, phone, http, clock):
    other = person(http, email="grace@example.com")
    theirs = switch_on(http, http.signed_in_as(other), clock)
    challenge = login(email="grace@example.com").get_json()["challenge"]

    refused(verify(phone.next_code(), challenge), 401, "invalid_code")
    refused(verify(phone.backup_codes[0], challenge), 401, "invalid_code")
    assert verify(theirs.code(), challenge).get_json()["user"]["email"] == "grace@example.com"


def test_a_new_password_ends_a_challenge(verify, login, phone, http, amina):
    challenge = login().get_json()["challenge"]
    change = {"current_password": PASSWORD, "new_password": "three giraffes at noon"}
    assert http.signed_in_as(amina).put("/api/auth/change-password", change).status_code == 204
    refused(verify(phone.next_code(), challenge), 401, "challenge_invalid")


def reset_token(http, db, ctx, user) -> str:
    with db.transaction() as session:
        recovery.begin_reset(session, ctx, http.edge.one_time_tokens, user.id)
        row = session.scalars(select(OneTimeToken).where(OneTimeToken.purpose == "password_reset")).one()
        return http.edge.one_time_tokens.token(Purpose.PASSWORD_RESET, row.id)


def test_a_password_reset_ends_a_challenge_and_leaves_the_second_factor_on(verify, login, phone, http, amina, db, ctx):
    challenge = login().get_json()["challenge"]
    body = {"token": reset_token(http, db, ctx, amina), "password": "three giraffes at noon"}
    assert http.post("/api/auth/reset-password", body).status_code == 200

    refused(verify(phone.next_code(), challenge), 401, "challenge_invalid")
    assert login("three giraffes at noon").get_json()["two_factor_required"] is True


def test_who_is_suspended_between_the_steps_stays_out(verify, login, phone, make, amina, db):
    challenge = login().get_json()["challenge"]
    with db.transaction() as session:
        session.get_one(type(amina), amina.id).status = "suspended"
    refused(verify(phone.next_code(), challenge), 401, "challenge_invalid")


def test_backup_codes_work_once_each_and_the_owner_hears_of_it(verify, phone, db):
    first, second = phone.backup_codes[:2]
    assert verify(first).status_code == 200
    refused(verify(first), 401, "invalid_code")
    assert verify(f" {second.upper()} ").status_code == 200

    with db.reading() as session:
        assert len(session.scalars(select(TwoFactor.backup_hashes)).one()) == 8
        used = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "user.backup_code_used").order_by(AuditEntry.id)
        )
        assert [entry.data for entry in used.all()] == [{"left": 9}, {"left": 8}]
        told = [
            job.payload["kind"]
            for job in session.scalars(select(Job).where(Job.key.startswith("tell:")).order_by(Job.id))
        ]
    assert told.count("backup_code_used") == 2


def test_five_wrong_codes_close_the_second_step_for_a_while(verify, login, phone, clock):
    for _ in range(5):
        refused(verify("000000"), 401, "invalid_code")

    response = verify(phone.next_code())

    refused(response, 429, "too_many_second_factor")
    assert 800 < int(response.headers["Retry-After"]) <= 900
    refused(verify(phone.backup_codes[0]), 429, "too_many_second_factor")
    clock.offset += timedelta(minutes=16)
    assert verify(phone.next_code()).status_code == 200


def test_twenty_wrong_codes_close_it_for_the_day(verify, phone, clock):
    for _ in range(4):
        for _ in range(5):
            refused(verify("000000"), 401, "invalid_code")
        clock.offset += timedelta(minutes=16)

    refused(verify(phone.next_code()), 429, "too_many_second_factor_day")


def test_a_right_code_starts_the_count_anew(verify, phone):
    for _ in range(2):
        for _ in range(4):
            refused(verify("000000"), 401, "invalid_code")
        assert verify(phone.next_code()).status_code == 200


def test_a_stranger_learns_nothing_and_uses_nothing_up(http, phone, login, untouched):
    """A wrong password looks the same with two factors as with one, and an invented challenge counts for nobody."""
    with_it = refused(login("not it"), 401, "invalid_credentials")
    person(http, email="grace@example.com")
    without = refused(login("not it", "grace@example.com"), 401, "invalid_credentials")
    unknown = refused(login("not it", "nobody@example.com"), 401, "invalid_credentials")
    assert with_it["detail"] == without["detail"] == unknown["detail"]
    with untouched():
        refused(http.post(VERIFY, {"challenge": "x" * 43, "code": "000000"}), 401, "challenge_invalid")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"code": "000000"}, "challenge"),
        ({"challenge": "x" * 43}, "code"),
        ({"challenge": "x" * 201, "code": "000000"}, "challenge"),
        ({"challenge": 7, "code": "000000"}, "challenge"),
        ({"challenge": "x" * 43, "code": "0000000"}, "code"),
        ({"challenge": "x" * 43, "code": "\ud800" * 10}, "code"),
        ({"challenge": "x" * 43, "code": "000000", "email": EMAIL}, "email"),
    ],
)
def test_fields_are_refused_by_name(http, untouched, body, field):
    with untouched():
        refused(http.post(VERIFY, body), 422, "invalid_fields", field)


def test_an_administrators_second_step_opens_admin_routes(http, clock):
    grace = person(http, email="grace@example.com", roles=["tourist", "admin"])
    theirs = switch_on(http, http.signed_in_as(grace, two_factor=False), clock)
    challenge = http.post(LOGIN, {"email": grace.email, "password": PASSWORD}).get_json()["challenge"]

    signed_in = http.post(VERIFY, {"challenge": challenge, "code": theirs.next_code()}).get_json()

    bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
    assert http.get(ADMIN, headers=bearer).status_code == 200


def test_an_administrators_password_alone_gets_nobody_elses_booking_or_payment(http, make):
    theirs = make.booking()
    payment = make.payment(theirs)
    client = http.signed_in_as(person(http, roles=["tourist", "admin"]), two_factor=False)

    booking = f"/api/bookings/{theirs.id}"
    refused(client.get(booking), 404, "booking_not_found")
    refused(client.get(f"{booking}/cancellation-quote"), 404, "booking_not_found")
    refused(client.put(f"{booking}/cancel", {}), 404, "booking_not_found")
    refused(client.get(f"/api/payments/{payment.id}/status"), 404, "payment_not_found")
    assert make.reload(theirs).status == theirs.status


def test_google_stands_for_a_password_and_not_for_the_second_factor(http, db, ctx, clock, verify):
    know_keys(db, ctx)
    owner = person(http, email=INGRID.email)
    theirs = switch_on(http, http.signed_in_as(owner), clock)

    response = http.post(GOOGLE, google_sign_in())

    assert response.status_code == 200
    assert set(response.get_json()) == {"two_factor_required", "challenge", "expires_in"}
    assert verify(theirs.next_code(), response.get_json()["challenge"]).status_code == 200


def forget_the_proof(db, user):
    """As accounts are that got their second factor while that needed no confirmed address."""
    with db.transaction() as session:
        session.get_one(User, user.id).status = "pending"


def test_who_takes_an_unproven_account_over_is_not_asked_for_a_strangers_factor(http, db, ctx, clock):
    know_keys(db, ctx)
    squatted = person(http, email=INGRID.email)
    switch_on(http, http.signed_in_as(squatted), clock)
    forget_the_proof(db, squatted)

    signed_in = http.post(GOOGLE, google_sign_in()).get_json()

    assert signed_in["user"]["two_factor_enabled"] is False


@pytest.mark.parametrize("way", ["reset", "google"])
def test_the_mailbox_of_an_administrator_who_never_confirmed_it_is_not_enough(http, db, ctx, clock, way):
    know_keys(db, ctx)
    grace = person(http, email=INGRID.email, status="pending", roles=["tourist", "admin"])
    switch_on(http, http.signed_in_as(grace), clock)
    if way == "google":
        answer = http.post(GOOGLE, google_sign_in())
    else:
        new = "three giraffes at noon"
        http.post("/api/auth/reset-password", {"token": reset_token(http, db, ctx, grace), "password": new})
        answer = http.post(LOGIN, {"email": grace.email, "password": new})

    assert set(answer.get_json()) == {"two_factor_required", "challenge", "expires_in"}


def test_whose_mailbox_it_is_gets_past_a_strangers_factor_by_a_reset(http, db, ctx, clock):
    squatted = person(http, email="grace@example.com")
    switch_on(http, http.signed_in_as(squatted), clock)
    forget_the_proof(db, squatted)
    body = {"token": reset_token(http, db, ctx, squatted), "password": "three giraffes at noon"}

    assert http.post("/api/auth/reset-password", body).status_code == 200

    login = http.post(LOGIN, {"email": "grace@example.com", "password": "three giraffes at noon"})
    assert login.get_json()["user"]["two_factor_enabled"] is False
