"""Deleting one's account over HTTP: as hard to guess as signing in, at once, and not a word to strangers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.one_time import Purpose
from models import OneTimeToken, RateLimit
from tests.factories import PASSWORD
from tests.support.http import refused
from tests.support.two_factor import switch_on

ME, RESTORE = "/api/users/me", "/api/auth/restore"
EMAIL = "amina.otieno@example.com"
REGISTER = {"email": EMAIL, "password": PASSWORD, "first_name": "Amina", "last_name": "Otieno"}


@pytest.fixture
def amina(http, make):
    return make.guide(email=EMAIL, password_hash=http.edge.passwords.hash(PASSWORD))


@pytest.fixture
def client(http, amina):
    return http.signed_in_as(amina)


def delete(client, password=PASSWORD, **code):
    return client.request("DELETE", ME, json={"password": password} | code)


def login(http, password, email=EMAIL):
    return http.post("/api/auth/login", {"email": email, "password": password})


@pytest.fixture
def link(http, db):
    """The token of the newest mail that takes an account back."""

    def link():
        query = select(OneTimeToken.id).where(OneTimeToken.purpose == "account_restore")
        with db.reading() as session:
            newest = session.scalars(query.order_by(OneTimeToken.id.desc()).limit(1)).one()
        return http.edge.one_time_tokens.token(Purpose.ACCOUNT_RESTORE, newest)

    return link


def test_an_account_is_deleted_and_taken_back(http, make, client, amina, link):
    listing, there = make.listing(amina), http.signed_in_as(amina)
    assert client.get(ME).status_code == there.get(ME).status_code == 200

    response = delete(client)

    assert (response.status_code, response.data) == (204, b"")
    for device in (client, there):
        refused(device.get(ME), 401, "session_ended")
    refused(http.get(f"/api/experiences/{listing.slug}"), 404, "experience_not_found")
    refused(http.get(f"/api/reviews/guide/kamau-{amina.id}"), 404, "guide_not_found")
    assert http.get("/api/experiences").get_json()["items"] == []
    for _ in range(2):
        back = http.post(RESTORE, {"token": link()})
        assert (back.status_code, back.get_json()["message"]) == (200, "Your account is back as it was. Sign in.")
    assert login(http, PASSWORD).status_code == 200
    assert http.get(f"/api/experiences/{listing.slug}").status_code == 200
    refused(client.get(ME), 401, "session_ended")


def test_only_who_knows_the_password_hears_that_the_account_is_deleted(http, client, make, clock):
    delete(client)

    unknown = login(http, "not it", "nobody@example.com").get_json()
    wrong = login(http, "not it").get_json()
    assert {**wrong, "request_id": ""} == {**unknown, "request_id": ""}
    body = refused(login(http, PASSWORD), 403, "account_deleted")
    assert body["erase_at"].endswith("Z")
    clock.offset += timedelta(days=30)
    refused(login(http, PASSWORD), 401, "invalid_credentials")


def test_its_address_stays_taken(http, client):
    delete(client)

    refused(http.post("/api/auth/register", REGISTER), 409, "email_taken", "email")
    assert http.post("/api/auth/forgot-password", {"email": EMAIL}).status_code == 202


def test_a_wrong_password_is_refused_by_name_and_counted(http, client, make, amina, db):
    refused(delete(client, "not it"), 422, "wrong_password", "password")

    assert make.reload(amina).status == "active"
    with db.reading() as session:
        assert {row.scope for row in session.scalars(select(RateLimit))} == {"login_account"}


def test_a_stolen_token_gives_no_more_guesses_than_the_front_door(http, client, make, amina):
    for _ in range(5):
        refused(delete(client, "not it"), 422, "wrong_password")

    refused(delete(client), 429, "too_many_login_account")
    assert make.reload(amina).status == "active"


@pytest.mark.parametrize("backup", [False, True])
def test_where_two_factor_is_on_it_takes_a_code_too(http, client, clock, make, amina, backup):
    app = switch_on(http, client, clock)

    said = refused(delete(client), 422, "code_required", "code")
    assert "two-factor sign-in is on" in said["detail"]
    refused(delete(client, code="000000"), 422, "wrong_code", "code")
    refused(delete(client, "not it", code=app.next_code()), 422, "wrong_password", "password")
    refused(delete(client, code="12345"), 422, "invalid_fields", "code")
    assert make.reload(amina).status == "active"

    code = app.backup_codes[0] if backup else app.next_code()
    assert delete(client, code=code).status_code == 204
    assert make.reload(amina).status == "deleted"


def test_a_code_that_deletes_nothing_is_not_used_up(http, client, clock, make, amina):
    app = switch_on(http, client, clock)
    make.booking(listing=make.listing(amina))
    for _ in range(2):
        refused(delete(client, code=app.backup_codes[0]), 409, "account_in_use")
    assert make.reload(amina).status == "active"


def test_codes_that_would_delete_it_are_counted(http, client, clock, make, amina, db):
    app = switch_on(http, client, clock)
    for _ in range(5):
        refused(delete(client, code="000000"), 422, "wrong_code")
        with db.transaction() as session:
            session.execute(text("DELETE FROM rate_limits WHERE scope LIKE 'login%'"))
    refused(delete(client, code=app.next_code()), 429, "too_many_second_factor")
    assert make.reload(amina).status == "active"


def test_a_code_that_nothing_asks_for_is_refused(client, make, amina):
    refused(delete(client, code="287082"), 409, "two_factor_off")
    assert make.reload(amina).status == "active"


def test_who_comes_back_has_all_their_tries_again(http, client, link):
    delete(client)
    for _ in range(5):
        login(http, "not it")

    http.post(RESTORE, {"token": link()})

    assert login(http, PASSWORD).status_code == 200


def test_an_account_without_a_password_is_told_what_to_do(http, make, untouched):
    client = http.signed_in_as(make.user(password_hash=None))

    with untouched():
        body = refused(delete(client), 409, "password_not_set")
    assert "forgot password" in body["detail"]


def test_what_is_open_is_named(http, make, amina, client):
    booking = make.booking(listing=make.listing(amina))

    body = refused(delete(client), 409, "account_in_use")

    assert [each["id"] for each in body["blockers"]] == [str(booking.id)]
    assert client.get(ME).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "password"),
        ({"password": ""}, "password"),
        ({"password": None}, "password"),
        ({"password": ["a"]}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"password": PASSWORD, "code": ["287082"]}, "code"),
        ({"password": PASSWORD, "user_id": "0193f1a0-52b7-7c1e-9a64-0a1b2c3d4e5f"}, "user_id"),
    ],
)
def test_bad_fields_are_refused_by_name_and_cost_no_attempt(client, untouched, body, field):
    with untouched():
        refused(client.request("DELETE", ME, json=body), 422, "invalid_fields", field)


@pytest.mark.parametrize("token", ["", "x" * 201, None, 7])
def test_bad_tokens_are_refused_by_name(http, db, untouched, token):
    with untouched():
        refused(http.post(RESTORE, {"token": token}), 422, "invalid_fields", "token")
        said = refused(http.post(RESTORE, {"token": "nonsense"}), 422, "one_time_token_invalid", "token")
    # No route sends another link to an account that is deleted.
    assert "Write to us" in said["detail"]
    assert "Ask for a new one" not in said["detail"]


def test_a_stranger_deletes_nothing(client, http, amina, make, untouched):
    with untouched():
        refused(delete(replace(client, token=None)), 401, "token_missing")
    assert make.reload(amina).status == "active"
