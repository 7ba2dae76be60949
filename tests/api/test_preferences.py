"""Deciding what one is told: shown whole, changed by name, and never what is always on."""

from __future__ import annotations

import pytest

from domain.notices import NOTICES, Audience, Channel, Notice, NoticeKind
from tests.support.http import refused

PATH = "/api/users/me/notification-preferences"
OPTIONAL = Notice("payments", (Audience.TOURIST,), (Channel.EMAIL,), is_transactional=False)


@pytest.fixture
def amina(make):
    return make.user()


@pytest.fixture
def mine(http, amina):
    return http.signed_in_as(amina)


@pytest.fixture
def _receipts_are_optional(monkeypatch):
    monkeypatch.setitem(NOTICES, NoticeKind.PAYMENT_RECEIPT, OPTIONAL)


def stands(response, category="payments", channel="email"):
    return response.get_json()["preferences"][category][channel]


def test_everything_that_can_be_told_is_shown_and_on(mine):
    response = mine.get(PATH)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    shown = response.get_json()["preferences"]
    # Who applies to guide need not have an account that could say what it wants.
    for_accounts = [notice for notice in NOTICES.values() if Audience.APPLICANT not in notice.audiences]
    told = {(notice.category, channel.value) for notice in for_accounts for channel in notice.channels}
    assert {(category, channel) for category, channels in shown.items() for channel in channels} == told
    for category, channel in told:
        assert shown[category][channel]["is_enabled"]
    assert shown["bookings"]["sms"] == {"is_enabled": True, "is_always_on": True}


@pytest.mark.parametrize(("category", "channel"), [("bookings", "sms"), ("payments", "email")])
def test_what_is_always_on_cannot_be_turned_off(mine, untouched, category, channel):
    body = {"preferences": {category: {channel: False}}}
    with untouched():
        refused(mine.put(PATH, body), 422, "notice_always_on", f"preferences.{category}.{channel}")


def test_wanting_what_is_always_on_is_granted_and_leaves_no_trace(mine, untouched):
    shown = mine.get(PATH).get_json()["preferences"]
    wishes = {category: dict.fromkeys(channels, True) for category, channels in shown.items()}
    with untouched():
        response = mine.put(PATH, {"preferences": wishes})
    assert (response.status_code, response.get_json()["preferences"]) == (200, shown)


@pytest.mark.usefixtures("_receipts_are_optional")
def test_what_is_named_is_decided_and_the_rest_stays(http, make, mine):
    assert stands(mine.get(PATH)) == {"is_enabled": True, "is_always_on": False}
    response = mine.put(PATH, {"preferences": {"payments": {"email": False}}})
    assert stands(response) == stands(mine.get(PATH)) == {"is_enabled": False, "is_always_on": False}
    for body in ({"preferences": {}}, {"preferences": {"payments": {}}}, {"preferences": {"bookings": {"sms": True}}}):
        assert stands(mine.put(PATH, body)) == {"is_enabled": False, "is_always_on": False}
    assert stands(http.signed_in_as(make.user()).get(PATH))["is_enabled"]
    assert stands(mine.put(PATH, {"preferences": {"payments": {"email": True}}}))["is_enabled"]


@pytest.mark.usefixtures("_receipts_are_optional")
def test_one_refused_wish_refuses_all(mine, untouched):
    body = {"preferences": {"payments": {"email": False}, "bookings": {"email": False, "sms": False}}}
    with untouched():
        problem = refused(mine.put(PATH, body), 422, "notice_always_on")
    assert set(problem["errors"]) == {"preferences.bookings.email", "preferences.bookings.sms"}
    assert stands(mine.get(PATH))["is_enabled"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "preferences"),
        ({"preferences": None}, "preferences"),
        ({"preferences": []}, "preferences"),
        ({"payments": {"email": False}}, "payments"),
        ({"preferences": {"weather": {"email": False}}}, "preferences.weather"),
        ({"preferences": {"payments": {"pigeon": False}}}, "preferences.payments.pigeon"),
        ({"preferences": {"payments": None}}, "preferences.payments"),
        ({"preferences": {"payments": False}}, "preferences.payments"),
        ({"preferences": {"payments": {"email": None}}}, "preferences.payments.email"),
        ({"preferences": {"payments": {"email": "false"}}}, "preferences.payments.email"),
        ({"preferences": {"payments": {"email": 0}}}, "preferences.payments.email"),
        ({"preferences": {"payments": {"email": {"is_enabled": False}}}}, "preferences.payments.email"),
    ],
)
@pytest.mark.usefixtures("_receipts_are_optional")
def test_nonsense_is_refused_by_name(mine, untouched, body, field):
    with untouched():
        problem = refused(mine.put(PATH, body), 422, "invalid_fields")
    assert any(name == field or name.startswith(f"{field}.") for name in problem["errors"]), problem["errors"]
    assert stands(mine.get(PATH))["is_enabled"]
