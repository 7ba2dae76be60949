"""Opening an account and signing in."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import select

from domain.errors import Busy
from models import AuditEntry, RateLimit, User, UserSession
from tests.factories import PASSWORD
from tests.support.database import row_counts
from tests.support.http import refused

ACCOUNT = {
    "email": "Amina@Example.com",
    "password": PASSWORD,
    "first_name": " Amina ",
    "last_name": "Otieno",
    "phone": "0712 345 149",
}


def test_registering_opens_an_account_and_signs_in(http, db):
    response = http.post("/api/auth/register", ACCOUNT, headers={"Accept-Language": "sw-KE, en;q=0.5"})

    assert response.status_code == 201
    assert response.headers["Location"] == "/api/users/me"
    body = response.get_json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 900
    user = body["user"]
    assert (user["email"], user["first_name"], user["phone"]) == ("amina@example.com", "Amina", "+254712345149")
    assert (user["user_type"], user["status"], user["locale"]) == ("tourist", "pending", "sw")
    me = http.get("/api/users/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.get_json() == user | {"has_password": True, "identities": []}
    with db.reading() as session:
        stored = session.scalars(select(User)).one()
        assert PASSWORD not in stored.password_hash
        assert session.scalars(select(UserSession)).one().token_hash not in body["refresh_token"]
        assert {entry.action for entry in session.scalars(select(AuditEntry))} == {"user.registered", "session.opened"}


def test_a_guide_to_be_is_a_tourist_who_intends_to_guide(http):
    response = http.post("/api/auth/register", ACCOUNT | {"user_type": "guide"})

    user = response.get_json()["user"]
    assert (user["user_type"], user["roles"], user["intends_to_guide"]) == ("tourist", ["tourist"], True)


def test_fields_may_be_spelled_in_camel_case_and_by_their_aliases(http):
    body = {
        "email": "b@example.com",
        "password": PASSWORD,
        "firstName": "B",
        "lastName": "C",
        "phoneNumber": "0712345150",
    }

    response = http.post("/api/auth/register", body)

    assert response.status_code == 201
    assert response.get_json()["user"]["phone"] == "+254712345150"


def test_a_taken_email_is_told_and_changes_nothing(http, make, db, untouched):
    make.user(email="amina@example.com")
    http.post("/api/auth/register", ACCOUNT)

    with untouched():
        response = http.post("/api/auth/register", ACCOUNT)

    refused(response, 409, "email_taken", "email")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "amina"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a@localhost"}, "email"),
        ({"email": "A@LocalHost "}, "email"),
        ({"email": "a" * 250 + "@example.com"}, "email"),
        ({"email": None}, "email"),
        ({"email": ["a@example.com"]}, "email"),
        ({"email": "a\u0000@example.com"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "Hakunamatata"}, "password"),
        ({"password": "aaaaaaaaaa"}, "password"),
        ({"password": "amina@example.com"}, "password"),
        ({"password": 12345678}, "password"),
        ({"first_name": "   "}, "first_name"),
        ({"first_name": "x" * 81}, "first_name"),
        ({"first_name": "A\nB"}, "first_name"),
        ({"last_name": "\ud800"}, "last_name"),
        ({"phone": "12"}, "phone"),
        ({"phone": "0712 345 14٩"}, "phone"),
        ({"phone": "+1 555 0100"}, "phone"),
        ({"phone": {"number": "0712345149"}}, "phone"),
        ({"user_type": "admin"}, "user_type"),
        ({"roles": ["admin"]}, "roles"),
        ({"firstName": "Amina"}, "first_name"),
        ({"phone_number": "0712345149"}, "phone"),
        ({"locale": "fr"}, "locale"),
    ],
)
def test_bad_fields_are_refused_by_name(http, untouched, change, field):
    with untouched():
        response = http.post("/api/auth/register", ACCOUNT | change)

    refused(response, 422, "invalid_fields", field)


def test_who_has_an_address_without_a_dot_still_signs_in(http, make):
    make.user(email="amina@localhost", password_hash=http.edge.passwords.hash(PASSWORD))

    assert http.post("/api/auth/login", {"email": "amina@localhost", "password": PASSWORD}).status_code == 200


def test_no_name_makes_a_link_in_a_mail_to_somebody_elses_address(http):
    answer = http.post("/api/auth/register", ACCOUNT | {"first_name": "Prize at evil.com", "last_name": "J.Kamau"})

    user = answer.get_json()["user"]
    assert (user["first_name"], user["last_name"]) == ("Prize at evil. com", "J. Kamau")


def test_missing_fields_are_all_named_at_once(http):
    body = refused(http.post("/api/auth/register", {}), 422, "invalid_fields")

    assert set(body["errors"]) == {"email", "password", "first_name", "last_name"}


def test_a_long_passphrase_counts_to_its_last_character(http):
    passphrase = "correct horse battery staple " * 6
    http.post("/api/auth/register", ACCOUNT | {"password": passphrase})

    right = http.post("/api/auth/login", {"email": "amina@example.com", "password": passphrase})
    wrong = http.post("/api/auth/login", {"email": "amina@example.com", "password": passphrase[:-1] + "x"})

    assert right.status_code == 200
    refused(wrong, 401, "invalid_credentials")


def test_signing_in_ignores_the_case_of_the_address(http):
    http.post("/api/auth/register", ACCOUNT)

    response = http.post("/api/auth/login", {"email": " AMINA@example.COM ", "password": PASSWORD})

    assert response.status_code == 200
    assert response.get_json()["user"]["email"] == "amina@example.com"


def test_a_wrong_password_and_an_unknown_address_look_alike(http):
    http.post("/api/auth/register", ACCOUNT)

    wrong = http.post("/api/auth/login", {"email": "amina@example.com", "password": "two zebras at dusk"})
    unknown = http.post("/api/auth/login", {"email": "nobody@example.com", "password": PASSWORD})

    first, second = refused(wrong, 401, "invalid_credentials"), refused(unknown, 401, "invalid_credentials")
    assert {**first, "request_id": ""} == {**second, "request_id": ""}
    assert wrong.headers["WWW-Authenticate"] == "Bearer"


def test_an_unknown_address_costs_a_hash_too(http, app, monkeypatch):
    asked = []
    passwords = http.edge.passwords
    original = type(passwords).matches
    monkeypatch.setattr(type(passwords), "matches", lambda self, *args: asked.append(args[1]) or original(self, *args))

    http.post("/api/auth/login", {"email": "nobody@example.com", "password": PASSWORD})

    assert asked == [None]


def test_a_user_without_a_password_cannot_sign_in(http, make):
    make.user(email="amina@example.com", password_hash=None)

    refused(
        http.post("/api/auth/login", {"email": "amina@example.com", "password": PASSWORD}), 401, "invalid_credentials"
    )


def test_a_suspended_user_is_told_only_with_the_right_password(http, db):
    http.post("/api/auth/register", ACCOUNT)
    with db.transaction() as session:
        session.scalars(select(User)).one().status = "suspended"

    right = http.post("/api/auth/login", {"email": "amina@example.com", "password": PASSWORD})
    wrong = http.post("/api/auth/login", {"email": "amina@example.com", "password": "not the password"})

    refused(right, 403, "account_suspended")
    refused(wrong, 401, "invalid_credentials")
    with db.reading() as session:
        assert len(session.scalars(select(UserSession)).all()) == 1


def test_the_right_password_of_a_suspended_account_is_no_guess(http, db):
    http.post("/api/auth/register", ACCOUNT)
    with db.transaction() as session:
        session.scalars(select(User)).one().status = "suspended"

    for _ in range(7):
        refused(
            http.post("/api/auth/login", {"email": "amina@example.com", "password": PASSWORD}), 403, "account_suspended"
        )

    with db.reading() as session:
        guesses = session.scalars(select(RateLimit).where(RateLimit.scope == "login_account")).all()
    assert [row.hits for row in guesses] == [[]]


def test_the_sixth_failure_of_an_account_has_to_wait_even_with_the_right_password(http, clock):
    http.post("/api/auth/register", ACCOUNT)
    wrong = {"email": "amina@example.com", "password": "not the password"}
    for _ in range(5):
        refused(http.post("/api/auth/login", wrong), 401, "invalid_credentials")

    blocked = http.post("/api/auth/login", wrong | {"password": PASSWORD})

    refused(blocked, 429, "too_many_login_account")
    assert 25 < int(blocked.headers["Retry-After"]) <= 30
    assert (blocked.headers["RateLimit-Limit"], blocked.headers["RateLimit-Remaining"]) == ("5", "0")
    assert blocked.headers["RateLimit-Reset"] == blocked.headers["Retry-After"]
    clock.offset += http.edge.ports.policy.delays.first
    assert http.post("/api/auth/login", wrong | {"password": PASSWORD}).status_code == 200


def test_success_counts_for_nothing_so_that_many_devices_may_sign_in(http, db):
    http.post("/api/auth/register", ACCOUNT)

    answers = [http.post("/api/auth/login", {"email": "amina@example.com", "password": PASSWORD}) for _ in range(7)]

    assert {answer.status_code for answer in answers} == {200}
    with db.reading() as session:
        assert [row.hits for row in session.scalars(select(RateLimit).where(RateLimit.scope == "login_account"))] == [
            []
        ]


def test_limits_know_subjects_only_by_digest(http, db):
    http.post("/api/auth/login", {"email": "amina@example.com", "password": "not the password"})

    with db.reading() as session:
        assert {len(row.subject) for row in session.scalars(select(RateLimit))} == {64}


def test_registering_is_limited_by_address_of_mail(http, db):
    for _ in range(5):
        http.post("/api/auth/register", ACCOUNT)
    before = row_counts(db.engine)

    refused(http.post("/api/auth/register", ACCOUNT), 429, "too_many_register_email")
    assert row_counts(db.engine) == before


def test_too_many_hashes_at_once_are_turned_away_with_a_time_to_come_back(http, monkeypatch):
    passwords = http.edge.passwords
    monkeypatch.setattr("api.passwords.PATIENCE_SECONDS", 0.05)
    occupied = threading.Event()
    release = threading.Event()

    def occupy() -> bool:
        occupied.set()
        return release.wait(5)

    holders = [
        threading.Thread(target=passwords._in_turn, args=(occupy,)) for _ in range(passwords._slots._initial_value)
    ]
    for holder in holders:
        holder.start()
    occupied.wait(5)
    time.sleep(0.05)
    try:
        response = http.post("/api/auth/login", {"email": "amina@example.com", "password": PASSWORD})
    finally:
        release.set()
        for holder in holders:
            holder.join()

    refused(response, 503, "busy")
    assert response.headers["Retry-After"] == "1"


def test_the_queue_for_hashing_is_short():
    from api.passwords import Passwords

    passwords = Passwords(rounds=4, slots=1, queue=1)
    with passwords.place(), passwords.place(), pytest.raises(Busy), passwords.place():
        pass
    with passwords.place():
        assert passwords.matches("right", passwords.hash("right"))


def test_who_finds_the_hashing_queue_full_has_used_up_no_attempt(http, make):
    make.user(email="busy@example.com")
    passwords = http.edge.passwords
    taken = 0
    while passwords._places.acquire(blocking=False):
        taken += 1
    response = http.post("/api/auth/login", {"email": "busy@example.com", "password": "does not matter"})
    passwords._places.release(taken)
    refused(response, 503, "busy")
    assert response.headers["Retry-After"] == "1"
    with make.db.reading() as session:
        assert session.scalars(select(RateLimit)).all() == []
