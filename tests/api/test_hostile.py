"""What attackers have tried once: each of these had an effect, or a server error, before it was refused."""

from __future__ import annotations

import io
import uuid

import pytest
from sqlalchemy import select

from models import UserSession
from tests.support.database import row_counts

PERSON = {
    "email": "mallory@example.com",
    "password": "two zebras at dawn",
    "first_name": "Mallory",
    "last_name": "Wanjiru",
}


@pytest.mark.parametrize("q", ["-" * 33, "- " * 50, "-" * 99, '"' * 50, "or " * 30, "!&|<->:*()"])
def test_a_search_of_operators_finds_nothing_and_breaks_nothing(http, make, q):
    make.listing()
    response = http.get("/api/experiences", query_string={"q": q})
    assert (response.status_code, response.get_json()["items"]) == (200, [])


@pytest.mark.parametrize("window", [{"to": "2020-01-01"}, {"from": "2020-01-01", "to": "2020-02-01"}])
def test_availability_of_the_past_is_empty(http, make, window):
    response = http.get(f"/api/experiences/{make.listing().slug}/availability", query_string=window)
    assert (response.status_code, response.get_json()["slots"]) == (200, [])


@pytest.mark.parametrize("phone", ["+49800122914177763", "+4930165894301852", "+23470012269183134", "+491641"])
def test_a_number_that_no_text_can_reach_is_refused_by_name(http, db, phone):
    before = row_counts(db.engine)
    response = http.post("/api/auth/register", json=PERSON | {"phone": phone})
    assert (response.status_code, list(response.get_json()["errors"])) == (422, ["phone"])
    assert row_counts(db.engine) == before


@pytest.mark.parametrize("name", ["Win KES 50000 at evil.example/x", "see https://evil.example", "a@b", "<b>"])
def test_a_name_carries_no_link_into_our_mails(http, db, name):
    response = http.post("/api/auth/register", json=PERSON | {"first_name": name})
    assert (response.status_code, list(response.get_json()["errors"])) == (422, ["first_name"])


@pytest.mark.parametrize("twin", ["mallory@example.com\u200b", "mallory@\u00adexample.com", "mallory@ｅxample.com"])
def test_one_mailbox_has_one_account_however_it_is_spelled(http, db, twin):
    assert http.post("/api/auth/register", json=PERSON).status_code == 201
    assert http.post("/api/auth/register", json=PERSON | {"email": twin}).status_code in (409, 422)


def test_a_body_that_did_not_arrive_cancels_nothing(http, make):
    tourist = make.user()
    booking = make.booking(tourist)
    cut_off = {"CONTENT_LENGTH": "200", "CONTENT_TYPE": "application/json", "wsgi.input": io.BytesIO(b"")}
    path = f"/api/bookings/{booking.id}/cancel"
    response = http.signed_in_as(tourist).request("PUT", path, environ_overrides=cut_off)
    assert response.status_code == 400
    assert make.reload(booking).status == "pending"


def test_an_invented_refresh_token_ends_nobodys_session(http, db):
    signed_in = http.post("/api/auth/register", json=PERSON).get_json()
    session_id = signed_in["refresh_token"].partition(".")[0]
    for invented in (f"{session_id}.{'A' * 43}", f"{session_id}.{'A' * 43}.{'A' * 43}"):
        response = http.post("/api/auth/refresh-token", json={"refresh_token": invented})
        assert (response.status_code, response.get_json()["code"]) == (401, "invalid_refresh_token")
    with db.reading() as session:
        family = session.scalars(select(UserSession).where(UserSession.id == uuid.UUID(session_id))).one()
    assert family.revoked_at is None
    again = http.post("/api/auth/refresh-token", json={"refresh_token": signed_in["refresh_token"]})
    assert again.status_code == 200
