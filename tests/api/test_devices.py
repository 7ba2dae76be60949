"""Devices for push messages: registered, handed on with the phone, taken away; and tokens that nobody gets to see."""

from __future__ import annotations

import logging
import uuid

import pytest
from sqlalchemy import select

from domain.devices import LONGEST_TOKEN, MOST_DEVICES
from models import AuditEntry, DeviceToken
from tests.support.http import refused

PATH = "/api/users/me/devices"
TOKEN = "fGk3xq0bT6Y:APA91bHx3b8m7r2Q1t5w9y4u6i8o0pLkJhGfDsA"
PHONE = {"token": TOKEN, "platform": "android"}


@pytest.fixture
def mine(http, make):
    return http.signed_in_as(make.user())


@pytest.fixture
def other(http, make):
    return http.signed_in_as(make.user())


def ids(client):
    return [item["id"] for item in client.get(PATH).get_json()["items"]]


def test_a_device_is_registered_listed_and_taken_away(mine, db):
    response = mine.post(PATH, PHONE)
    assert response.status_code == 201
    device = response.get_json()
    assert device.keys() == {"id", "platform", "registered_at"}
    listed = mine.get(PATH)
    assert listed.get_json()["items"] == [device]
    assert listed.get_json()["pagination"]["total"] == 1
    assert listed.headers["Cache-Control"] == "private, no-store"

    gone = mine.request("DELETE", f"{PATH}/{device['id']}")

    assert (gone.status_code, gone.data) == (204, b"")
    assert ids(mine) == []
    refused(mine.request("DELETE", f"{PATH}/{device['id']}"), 404, "device_not_found")
    with db.reading() as session:
        about = select(AuditEntry).where(AuditEntry.entity_type == "device_tokens").order_by(AuditEntry.id)
        entries = [(entry.action, entry.data) for entry in session.scalars(about)]
    assert entries == [
        ("device.registered", {"platform": "android", "moved": False}),
        ("device.removed", {}),
    ]


def test_the_same_token_again_is_the_same_device(mine, untouched):
    first = mine.post(PATH, PHONE).get_json()
    with untouched():
        again = mine.post(PATH, PHONE | {"token": f" {TOKEN} ", "platform": "web"})
    assert (again.status_code, again.get_json()["id"]) == (200, first["id"])
    assert [item["platform"] for item in mine.get(PATH).get_json()["items"]] == ["web"]


def test_a_phone_that_changes_hands_moves(mine, other, db):
    mine.post(PATH, PHONE)
    moved = other.post(PATH, PHONE)
    assert moved.status_code == 201
    assert (ids(mine), ids(other)) == ([], [moved.get_json()["id"]])
    with db.reading() as session:
        assert session.scalars(select(DeviceToken.token)).all() == [TOKEN]
        latest = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert latest.data == {"platform": "android", "moved": True}


def test_somebody_elses_device_cannot_be_taken_away(mine, other, untouched):
    device = mine.post(PATH, PHONE).get_json()
    for stranger in (device["id"], uuid.uuid4()):
        with untouched():
            refused(other.request("DELETE", f"{PATH}/{stranger}"), 404, "device_not_found")
    assert ids(mine) == [device["id"]]


def test_the_device_that_moved_away_cannot_be_taken_away_either(mine, other):
    device = mine.post(PATH, PHONE).get_json()
    other.post(PATH, PHONE)
    refused(mine.request("DELETE", f"{PATH}/{device['id']}"), 404, "device_not_found")
    assert len(ids(other)) == 1


def test_a_user_has_so_many_devices_and_the_oldest_makes_room(mine):
    made = [mine.post(PATH, PHONE | {"token": f"token-{n}"}).get_json()["id"] for n in range(MOST_DEVICES + 2)]
    assert ids(mine) == made[:1:-1]


def test_devices_come_in_pages(mine):
    made = [mine.post(PATH, PHONE | {"token": f"token-{n}"}).get_json()["id"] for n in range(3)]
    second = mine.get(f"{PATH}?page=2&limit=2").get_json()
    assert ([item["id"] for item in second["items"]], second["pagination"]["has_prev"]) == (made[:1], True)
    refused(mine.get(f"{PATH}?limit=0"), 422, "invalid_fields", "limit")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": None}, "token"),
        ({"token": ""}, "token"),
        ({"token": "   "}, "token"),
        ({"token": "two words"}, "token"),
        ({"token": "x" * (LONGEST_TOKEN + 1)}, "token"),
        ({"token": "half\ud800"}, "token"),
        ({"token": "a\u0000b"}, "token"),
        ({"token": "tökén"}, "token"),
        ({"token": 12345678}, "token"),
        ({"token": [TOKEN]}, "token"),
        ({"platform": "symbian"}, "platform"),
        ({"platform": "IOS"}, "platform"),
        ({"platform": None}, "platform"),
        ({"user_id": str(uuid.uuid4())}, "user_id"),
    ],
)
def test_nonsense_is_refused_by_name(mine, untouched, change, field):
    with untouched():
        problem = refused(mine.post(PATH, PHONE | change), 422, "invalid_fields", field)
    assert TOKEN not in str(problem)


def test_the_longest_token_fits(mine):
    assert mine.post(PATH, PHONE | {"token": "~!" * (LONGEST_TOKEN // 2)}).status_code == 201


@pytest.mark.parametrize("device_id", ["1", "null", "..", TOKEN])
def test_what_is_no_id_names_nothing(mine, device_id):
    assert mine.request("DELETE", f"{PATH}/{device_id}").status_code in (404, 405)


def test_no_token_is_logged_audited_or_sent_back(mine, other, db, caplog):
    with caplog.at_level(logging.DEBUG):
        answers = [mine.post(PATH, PHONE), mine.post(PATH, PHONE), other.post(PATH, PHONE), other.get(PATH)]
        answers.append(mine.post(PATH, PHONE | {"platform": "symbian"}))
        answers.append(other.request("DELETE", f"{PATH}/{ids(other)[0]}"))
    assert caplog.records
    for record in caplog.records:
        assert TOKEN not in str(vars(record)) + record.getMessage()
    assert not [answer for answer in answers if TOKEN in answer.text]
    with db.reading() as session:
        for entry in session.scalars(select(AuditEntry)):
            assert TOKEN not in str(vars(entry))
