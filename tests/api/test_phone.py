"""Confirming a phone over HTTP: numbers however they are written, codes refused by name, and no account told by another's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.one_time import Purpose
from models import OneTimeToken, User
from tests.support.http import refused

SEND, VERIFY = "/api/auth/phone/send-code", "/api/auth/phone/verify"


@pytest.fixture
def amina(make):
    return make.user(phone="+254712345678")


@pytest.fixture
def client(http, amina):
    return http.signed_in_as(amina)


@pytest.fixture
def code(http, db):
    """The newest code, as its reader has it on the phone."""

    def code() -> str:
        with db.reading() as session:
            newest = session.scalars(select(OneTimeToken.id).order_by(OneTimeToken.id.desc())).first()
        return http.edge.one_time_tokens.code(Purpose.PHONE_VERIFICATION, newest)

    return code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_one_address_gets_thirty_codes_an_hour_whoever_asks(http, make, untouched):
    for number in range(30):
        answer = http.signed_in_as(make.user(phone=None)).post(SEND, {"phone": f"07220{number:05}"})
        assert answer.status_code == 202
    client = http.signed_in_as(make.user())
    with untouched():
        refused(client.post(SEND), 429, "too_many_otp_address")
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    assert client.post(SEND, **elsewhere).status_code == 202


def test_a_code_confirms_the_accounts_phone(client, code):
    assert client.get("/api/users/me").get_json()["phone_verified"] is False
    assert client.post(SEND).status_code == 202

    response = client.post(VERIFY, {"code": code()})

    assert response.status_code == 200
    assert response.get_json()["phone_verified"] is True
    assert client.get("/api/users/me").get_json()["phone_verified"] is True
    refused(client.post(SEND, {}), 409, "phone_already_verified")
    changed = client.put("/api/users/me", {"phone": "0733 000 001"}).get_json()
    assert (changed["phone"], changed["phone_verified"]) == ("+254733000001", False)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ({"phone": "0722 000 111"}, "+254722000111"),
        ({"phoneNumber": "254 722 000 112"}, "+254722000112"),
        ({"phone_number": 722000113}, "+254722000113"),
        ({"phone": "+44 7911 123456"}, "+447911123456"),
    ],
)
def test_another_phone_becomes_the_accounts_with_its_code(client, code, typed, phone):
    assert client.post(SEND, typed).status_code == 202
    assert client.get("/api/users/me").get_json()["phone"] == "+254712345678"

    confirmed = client.post(VERIFY, {"code": f"{code()[:3]} {code()[3:]}"}).get_json()

    assert (confirmed["phone"], confirmed["phone_verified"]) == (phone, True)


def test_a_number_of_somebody_elses_is_answered_alike(http, client, make):
    make.user(phone="+254722000444")
    taken, free = (client.post(SEND, {"phone": phone}) for phone in ("+254722000444", "+254722000445"))
    assert (taken.status_code, taken.get_json()) == (free.status_code, free.get_json())


@pytest.mark.parametrize("phone", ["12", "not a phone", "+254 20", "", 12, [], "+2547123456789"])
def test_what_is_no_phone_is_refused_by_name(client, untouched, phone):
    with untouched():
        refused(client.post(SEND, {"phone": phone}), 422, "invalid_fields", "phone")


def test_an_account_without_a_number_has_to_name_one(http, make, untouched):
    client = http.signed_in_as(make.user(phone=None))
    with untouched():
        refused(client.post(SEND), 422, "invalid_field", "phone")


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "", None, 123456, ["123456"]])
def test_what_is_no_code_is_refused_by_name_and_costs_no_attempt(client, db, code):
    client.post(SEND)
    refused(client.post(VERIFY, {"code": code}), 422, "invalid_fields", "code")
    with db.reading() as session:
        assert session.scalars(select(OneTimeToken.attempts)).one() == 0


def test_wrong_codes_are_counted_down_and_the_fifth_ends_it(client, code):
    client.post(SEND)
    for left in (4, 3, 2, 1, 0):
        body = refused(client.post(VERIFY, {"code": wrong(code())}), 422, "phone_code_wrong", "code")
        assert body["attempts_left"] == left
    refused(client.post(VERIFY, {"code": code()}), 422, "phone_code_over", "code")


def test_without_a_code_none_is_right(client, untouched):
    with untouched():
        refused(client.post(VERIFY, {"code": "123456"}), 422, "phone_code_over", "code")


def test_a_fourth_code_within_a_quarter_of_an_hour_has_to_wait(client, untouched):
    for _ in range(3):
        assert client.post(SEND).status_code == 202
    with untouched():
        response = client.post(SEND)
    refused(response, 429, "too_many_otp_phone")
    assert 890 < int(response.headers["Retry-After"]) <= 900


def test_a_suspended_user_and_a_stranger_get_no_code(http, client, amina, db, untouched):
    with db.transaction() as session:
        session.get_one(User, amina.id).status = "suspended"
    with untouched():
        refused(client.post(SEND), 401, "session_ended")
        refused(client.post(VERIFY, {"code": "123456"}), 401, "session_ended")
        refused(replace(client, token=None).post(SEND), 401, "token_missing")
