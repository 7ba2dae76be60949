"""Signing out over HTTP: both tokens end together, at once in this process and within three seconds in any other."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from api import create_app
from api.session_cache import SessionCache
from models import AuditEntry, User, UserSession
from services.accounts.sessions import Identity
from tests.factories import PASSWORD
from tests.support.http import refused

LOGOUT, SESSIONS = "/api/auth/logout", "/api/auth/sessions"
LOGIN = {"email": "amina@example.com", "password": PASSWORD}


@pytest.fixture
def sign_in(http, make):
    """Sign one more device in: a client with its access token, and its refresh token."""
    make.user(email=LOGIN["email"], password_hash=http.edge.passwords.hash(PASSWORD))

    def sign_in(device="test"):
        tokens = http.post("/api/auth/login", LOGIN, headers={"User-Agent": device}).get_json()
        return replace(http, token=tokens["access_token"]), tokens["refresh_token"]

    return sign_in


def is_out(client, refresh_token) -> bool:
    """Whether both tokens of a device are dead; they live and die together."""
    read = client.get("/api/users/me")
    renewed = client.post("/api/auth/refresh-token", {"refresh_token": refresh_token})
    if read.status_code == renewed.status_code == 200:
        return False
    refused(read, 401, "session_ended")
    refused(renewed, 401, "invalid_refresh_token")
    return True


@pytest.fixture
def moved_on(monkeypatch):
    """Let the memory of an edge be older than the three seconds that it lasts."""

    def moved_on(client):
        real = time.monotonic
        monkeypatch.setattr(client.edge.sessions, "_clock", lambda: real() + 3.1)

    return moved_on


def test_signing_out_ends_both_tokens_of_this_device_at_once(sign_in, db):
    leaving, staying = sign_in(), sign_in()
    assert leaving[0].get("/api/users/me").status_code == 200

    response = leaving[0].post(LOGOUT)

    assert (response.status_code, response.data) == (204, b"")
    assert is_out(*leaving)
    assert not is_out(*staying)
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "session.revoked")).one()
    assert (entry.data, entry.ip) == ({"reason": "signed_out"}, "127.0.0.0/24")


def test_signing_out_everywhere_ends_every_device(sign_in, make, http):
    devices = [sign_in() for _ in range(3)]
    stranger = http.signed_in_as(make.user())
    for client, _ in devices:
        assert client.get("/api/users/me").status_code == 200

    assert devices[0][0].post(f"{LOGOUT}?everywhere=true").status_code == 204

    assert all(is_out(*device) for device in devices)
    assert stranger.get("/api/users/me").status_code == 200


def test_signing_out_a_second_time_changes_nothing(sign_in, untouched):
    client, _ = sign_in()
    client.post(LOGOUT)

    with untouched():
        refused(client.post(LOGOUT), 401, "session_ended")


def test_another_process_that_still_remembers_takes_a_second_signing_out_as_done(sign_in, http, untouched):
    client, _ = sign_in()
    elsewhere = replace(client, app=create_app(http.edge.settings, http.edge.ports))
    assert elsewhere.get("/api/users/me").status_code == 200
    client.post(LOGOUT)

    with untouched():
        assert elsewhere.post(LOGOUT).status_code == 204

    refused(elsewhere.get("/api/users/me"), 401, "session_ended")


def test_another_process_knows_within_three_seconds(sign_in, http, moved_on):
    client, refresh_token = sign_in()
    elsewhere = replace(client, app=create_app(http.edge.settings, http.edge.ports))
    assert elsewhere.get("/api/users/me").status_code == 200

    client.post(LOGOUT)
    moved_on(elsewhere)

    assert is_out(elsewhere, refresh_token)


def test_a_user_who_is_suspended_is_out_on_every_device_within_three_seconds(sign_in, db, moved_on):
    devices = [sign_in(), sign_in()]
    for client, _ in devices:
        assert client.get("/api/users/me").status_code == 200
    with db.transaction() as session:
        session.scalars(select(User)).one().status = "suspended"

    moved_on(devices[0][0])

    assert all(is_out(*device) for device in devices)


@pytest.mark.parametrize("everywhere", ["perhaps", "2", "null"])
def test_a_nonsensical_wish_signs_nobody_out(sign_in, untouched, everywhere):
    client, _ = sign_in()

    with untouched():
        refused(client.post(f"{LOGOUT}?everywhere={everywhere}"), 422, "invalid_fields", "everywhere")

    assert client.get("/api/users/me").status_code == 200


def test_one_sees_where_one_is_signed_in(sign_in, http, make):
    phone, laptop = sign_in("Phone"), sign_in("Laptop")
    http.signed_in_as(make.user())

    listed = laptop[0].get(SESSIONS).get_json()

    assert [(each["device"], each["ip"], each["is_current"]) for each in listed["items"]] == [
        ("Laptop", "127.0.0.1", True),
        ("Phone", "127.0.0.1", False),
    ]
    assert listed["pagination"]["total"] == 2
    assert [each["is_current"] for each in phone[0].get(SESSIONS).get_json()["items"]] == [False, True]
    assert set(listed["items"][0]) == {"id", "device", "device_name", "ip", "created_at", "last_used_at", "is_current"}


def test_a_device_was_last_used_when_it_refreshed(sign_in, clock):
    client, refresh_token = sign_in()
    (before,) = client.get(SESSIONS).get_json()["items"]
    clock.offset += timedelta(minutes=10)

    client.post("/api/auth/refresh-token", {"refresh_token": refresh_token})

    (after,) = client.get(SESSIONS).get_json()["items"]
    assert after["last_used_at"] > before["last_used_at"]
    assert after["created_at"] == before["created_at"]


def test_the_list_goes_by_the_page(sign_in):
    devices = [sign_in(f"Device {number}")[0] for number in range(3)]

    first = devices[0].get(f"{SESSIONS}?limit=2").get_json()
    second = devices[0].get(f"{SESSIONS}?limit=2&page=2").get_json()

    assert [each["device"] for each in first["items"] + second["items"]] == ["Device 2", "Device 1", "Device 0"]
    assert (first["pagination"]["has_next"], second["pagination"]["has_next"]) == (True, False)
    refused(devices[0].get(f"{SESSIONS}?limit=0"), 422, "invalid_fields", "limit")


def test_a_lost_device_is_signed_out_from_another(sign_in):
    here, lost = sign_in("Here"), sign_in("Lost")
    assert lost[0].get("/api/users/me").status_code == 200
    (lost_id,) = (each["id"] for each in here[0].get(SESSIONS).get_json()["items"] if each["device"] == "Lost")

    assert here[0].request("DELETE", f"/api/auth/sessions/{lost_id}").status_code == 204

    assert is_out(*lost)
    assert not is_out(*here)
    refused(here[0].request("DELETE", f"/api/auth/sessions/{lost_id}"), 404, "session_not_found")


def test_ending_the_session_that_asks_is_signing_out(sign_in):
    here = sign_in()
    (own,) = here[0].get(SESSIONS).get_json()["items"]

    assert here[0].request("DELETE", f"/api/auth/sessions/{own['id']}").status_code == 204

    assert is_out(*here)


def test_somebody_elses_session_and_none_at_all_look_alike_and_stay(sign_in, http, make, db, untouched):
    here, _ = sign_in()
    other = make.user()
    stranger = http.signed_in_as(other)
    with db.reading() as session:
        theirs = session.scalars(select(UserSession.id).where(UserSession.user_id == other.id)).one()

    with untouched():
        answers = [here.request("DELETE", f"/api/auth/sessions/{each}") for each in (theirs, uuid.uuid4())]
        refused(here.request("DELETE", "/api/auth/sessions/nonsense"), 404, "not_found")

    first, second = (refused(each, 404, "session_not_found") for each in answers)
    assert {**first, "request_id": ""} == {**second, "request_id": ""}
    assert stranger.get("/api/users/me").status_code == 200


def test_what_was_read_before_a_session_ended_is_not_remembered_after_it():
    memory = SessionCache()
    ended, other = (Identity(uuid.uuid4(), uuid.uuid4(), frozenset(), "en") for _ in range(2))
    memory.remember(other, memory.forgotten)
    asked = memory.forgotten

    memory.forget(ended.session_id)
    memory.remember(ended, asked)

    assert memory.recall(ended.session_id) is None
    assert memory.recall(other.session_id) == other
    memory.remember(ended, memory.forgotten)
    assert memory.recall(ended.session_id) == ended
