"""Changing the password over HTTP: as hard to guess as signing in, and nobody else stays signed in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from models import AuditEntry, RateLimit, User, UserSession
from tests.factories import PASSWORD
from tests.support.http import refused

CHANGE = "/api/auth/change-password"
EMAIL, NEW = "amina.otieno@example.com", "three giraffes at noon"
BODY = {"current_password": PASSWORD, "new_password": NEW}


@pytest.fixture
def amina(http, make):
    return make.user(email=EMAIL, password_hash=http.edge.passwords.hash(PASSWORD))


@pytest.fixture
def client(http, amina):
    return http.signed_in_as(amina)


def login(http, password, email=EMAIL):
    return http.post("/api/auth/login", {"email": email, "password": password})


def test_the_new_password_counts_and_the_old_one_does_not(http, client, db):
    response = client.put(CHANGE, BODY)

    assert (response.status_code, response.data) == (204, b"")
    refused(login(http, PASSWORD), 401, "invalid_credentials")
    assert login(http, NEW).status_code == 200
    with db.reading() as session:
        assert NEW not in session.scalars(select(User.password_hash)).one()
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.password_changed"))
    assert (entry.data, entry.ip) == ({}, "127.0.0.0/24")


def test_every_other_device_is_signed_out_at_once_and_nobody_else(http, client, amina, make):
    others, stranger = [http.signed_in_as(amina) for _ in range(2)], http.signed_in_as(make.user())
    for each in (client, *others, stranger):
        assert each.get("/api/users/me").status_code == 200

    client.put(CHANGE, BODY)

    for other in others:
        refused(other.get("/api/users/me"), 401, "session_ended")
    assert client.get("/api/users/me").status_code == 200
    assert stranger.get("/api/users/me").status_code == 200


def test_fields_may_be_spelled_in_camel_case(client):
    assert client.put(CHANGE, {"currentPassword": PASSWORD, "newPassword": NEW}).status_code == 204


def unharmed(db, amina) -> bool:
    """Whether the account is as it was and everybody still signed in."""
    with db.reading() as session:
        same = session.get_one(User, amina.id).password_hash == amina.password_hash
        return same and not any(row.revoked_at for row in session.scalars(select(UserSession)))


def test_a_wrong_password_is_refused_by_name_and_counted(http, client, amina, db):
    http.signed_in_as(amina)

    refused(client.put(CHANGE, BODY | {"current_password": "not it"}), 422, "wrong_password", "current_password")

    assert unharmed(db, amina)
    with db.reading() as session:
        assert [(row.scope, len(row.hits)) for row in session.scalars(select(RateLimit))] == [("login_account", 1)]
        assert "user.password_changed" not in session.scalars(select(AuditEntry.action)).all()


def test_a_stolen_token_gives_no_more_guesses_than_the_front_door(http, client, amina, db):
    for _ in range(5):
        refused(client.put(CHANGE, BODY | {"current_password": "not it"}), 422, "wrong_password")

    response = client.put(CHANGE, BODY)

    refused(response, 429, "too_many_login_account")
    assert 25 < int(response.headers["Retry-After"]) <= 30
    assert unharmed(db, amina)


def test_guesses_with_a_stolen_token_keep_nobody_else_waiting(http, client, amina):
    other = http.signed_in_as(amina)
    for _ in range(6):
        client.put(CHANGE, BODY | {"current_password": "not it"})

    assert login(http, PASSWORD).status_code == 200
    assert other.put(CHANGE, BODY).status_code == 204


def test_strangers_who_guess_keep_nobody_from_changing_the_password(http, client):
    for _ in range(6):
        login(http, "not it")

    assert client.put(CHANGE, BODY).status_code == 204


def test_an_account_without_an_address_has_a_limit_of_its_own(http, make):
    user = make.user(email=None, password_hash=http.edge.passwords.hash(PASSWORD))
    client = http.signed_in_as(user)
    for _ in range(5):
        refused(client.put(CHANGE, BODY | {"current_password": "not it"}), 422, "wrong_password")

    refused(client.put(CHANGE, BODY), 429, "too_many_login_account")
    assert make.reload(user).password_hash == user.password_hash


def test_success_clears_the_failures(http, client, db):
    for _ in range(4):
        client.put(CHANGE, BODY | {"current_password": "not it"})

    assert client.put(CHANGE, BODY).status_code == 204

    with db.reading() as session:
        assert session.scalars(select(RateLimit)).all() == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"new_password": "short"}, "invalid_fields", "new_password"),
        ({"new_password": "x" * 201}, "invalid_fields", "new_password"),
        ({"new_password": "password123"}, "invalid_fields", "new_password"),
        ({"new_password": "Hakunamatata"}, "invalid_fields", "new_password"),
        ({"new_password": "aaaaaaaaaa"}, "invalid_fields", "new_password"),
        ({"new_password": PASSWORD}, "invalid_fields", "new_password"),
        ({"new_password": EMAIL}, "invalid_field", "new_password"),
        ({"new_password": "Amina.Otieno"}, "invalid_field", "new_password"),
        ({"new_password": "three\u0000giraffes"}, "invalid_fields", "new_password"),
        ({"new_password": 12345678}, "invalid_fields", "new_password"),
        ({"new_password": None}, "invalid_fields", "new_password"),
        ({"current_password": ""}, "invalid_fields", "current_password"),
        ({"current_password": "x" * 201}, "invalid_fields", "current_password"),
        ({"current_password": ["a"]}, "invalid_fields", "current_password"),
        ({"currentPassword": PASSWORD}, "invalid_fields", "current_password"),
        ({"user_id": "0193f1a0-52b7-7c1e-9a64-0a1b2c3d4e5f"}, "invalid_fields", "user_id"),
    ],
)
def test_bad_fields_are_refused_by_name_and_cost_no_attempt(client, amina, db, untouched, change, code, field):
    with untouched():
        refused(client.put(CHANGE, BODY | change), 422, code, field)

    assert unharmed(db, amina)


def test_missing_fields_are_all_named_at_once(client, untouched):
    with untouched():
        body = refused(client.put(CHANGE, {}), 422, "invalid_fields")

    assert set(body["errors"]) == {"current_password", "new_password"}


def test_no_refusal_says_a_password_back(client):
    for change in (
        {"current_password": "not it, surely"},
        {"new_password": "hakunamatata"},
        {"new_password": PASSWORD},
    ):
        sent = BODY | change
        said = json.dumps(client.put(CHANGE, sent).get_json())
        assert not any(password in said for password in sent.values())


def test_an_account_without_a_password_is_told_so(http, make, untouched):
    client = http.signed_in_as(make.user(password_hash=None))

    with untouched():
        refused(client.put(CHANGE, BODY), 409, "password_not_set")


def test_who_finds_the_hashing_queue_full_has_used_up_no_attempt(http, client, amina, db, untouched):
    passwords = http.edge.passwords
    taken = 0
    while passwords._places.acquire(blocking=False):
        taken += 1
    try:
        with untouched():
            refused(client.put(CHANGE, BODY), 503, "busy")
    finally:
        passwords._places.release(taken)
    assert unharmed(db, amina)


@pytest.fixture
def overtaken(http, amina, db, monkeypatch):
    """Somebody else changes the password while the old one is being found right."""
    real = type(http.edge.passwords).matches

    def matches(passwords, password, password_hash):
        same = real(passwords, password, password_hash)
        with db.transaction() as session:
            session.get_one(User, amina.id).password_hash = "changed meanwhile"
        return same

    monkeypatch.setattr(type(http.edge.passwords), "matches", matches)


@pytest.mark.usefixtures("overtaken")
def test_a_change_that_comes_second_is_refused(client, amina, make):
    refused(client.put(CHANGE, BODY), 422, "wrong_password", "current_password")

    assert make.reload(amina).password_hash == "changed meanwhile"


@pytest.mark.usefixtures("overtaken")
def test_a_sign_in_that_is_overtaken_by_a_change_opens_no_session(http, db):
    refused(login(http, PASSWORD), 401, "invalid_credentials")

    with db.reading() as session:
        assert session.scalars(select(UserSession)).all() == []


def test_a_suspended_user_changes_nothing_even_while_still_remembered(client, amina, db):
    assert client.get("/api/users/me").status_code == 200
    with db.transaction() as session:
        session.get_one(User, amina.id).status = "suspended"

    refused(client.put(CHANGE, BODY), 401, "session_ended")

    assert unharmed(db, amina)


def test_a_stranger_changes_nothing(client, http, untouched):
    with untouched():
        refused(replace(client, token=None).put(CHANGE, BODY), 401, "token_missing")
        refused(replace(client, token="nonsense").put(CHANGE, BODY), 401, "token_invalid")
    assert login(http, PASSWORD).status_code == 200
