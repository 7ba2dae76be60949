"""Nonsense in every field of every request: refused by name, never a fault of ours, never a trace."""

from __future__ import annotations

import json
import uuid

import pytest

from api.schemas.auth import (
    ChangePasswordRequest,
    ForgotPasswordRequest,
    LoginRequest,
    OneTimeTokenRequest,
    RefreshRequest,
    RegisterRequest,
    ResetPasswordRequest,
)
from api.schemas.base import Request
from api.schemas.bookings import BookingRequest, CancelRequest, QuoteRequest
from api.schemas.devices import DeviceRequest
from api.schemas.messages import EnquiryRequest, MessageRequest
from api.schemas.own_experiences import ExperienceChange, ExperienceRequest, ImageOrder, ImageRequest
from api.schemas.payments import MpesaPaymentRequest, PaymentRequest
from api.schemas.phone import SendCodeRequest, VerifyCodeRequest
from api.schemas.preferences import PreferencesRequest
from api.schemas.users import DetailsRequest
from tests.factories import PASSWORD, start_in

NONSENSE = (
    None,
    True,
    -1,
    0,
    2**63,
    10**400,
    1.5,
    1e308,
    "",
    " ",
    "\u0000",
    "a\u0000b",
    "\ud83d",
    "\u202e\u200b",
    "x" * 5000,
    "1" * 5000,
    "' OR '1'='1",
    "{{7*7}}",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "9999-99-99",
    "0000-00-00T00:00:00Z",
    "+254" + "7" * 30,
    "٠٧١٢٣٤٥١٤٩",
    [],
    [None],
    {},
    {"$ne": None},
    {"adult": {"adult": 1}},
    {"\ud83d": 1},
    {"": 1},
)
REGISTER = {"email": "a@example.com", "password": PASSWORD, "first_name": "A", "last_name": "B"}
CHANGE = {"current_password": PASSWORD, "new_password": "three giraffes at noon"}
BOOKING = {"experience_id": "food-walk", "starts_at": start_in().isoformat(), "guests": 2}
EXPERIENCE = {"title": "Market walk", "category": "food", "price": 1500, "duration_minutes": 90, "max_guests": 4}
#: An id of nothing; fixed, since it is part of a test's name.
NOBODYS = "0b6f4a7e-91c3-4d52-8a1f-6c2e7d905b34"
PAYMENT = {"booking_id": NOBODYS, "phone": "0712345149", "amount": "5500"}


def ask(client, verb: str, path: str, body: object):
    return client.request(verb, path, data=json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(
    ("verb", "path", "schema", "good"),
    [
        ("POST", "/api/auth/register", RegisterRequest, REGISTER),
        ("POST", "/api/auth/login", LoginRequest, {"email": "a@example.com", "password": PASSWORD}),
        ("POST", "/api/auth/refresh-token", RefreshRequest, {"refresh_token": f"{NOBODYS}.{'x' * 43}"}),
        ("POST", "/api/auth/verify-email", OneTimeTokenRequest, {"token": "x" * 43}),
        ("POST", "/api/auth/forgot-password", ForgotPasswordRequest, {"email": "a@example.com"}),
        ("POST", "/api/auth/reset-password", ResetPasswordRequest, {"token": "x" * 43, "password": PASSWORD}),
        ("PUT", "/api/auth/change-password", ChangePasswordRequest, CHANGE),
        ("POST", "/api/auth/phone/send-code", SendCodeRequest, {}),
        ("POST", "/api/auth/phone/verify", VerifyCodeRequest, {"code": "123456"}),
        ("POST", "/api/experiences", ExperienceRequest, EXPERIENCE),
        ("PUT", "/api/experiences/own-walk", ExperienceChange, {}),
        ("POST", "/api/experiences/own-walk/images", ImageRequest, {"media_id": NOBODYS}),
        ("PUT", "/api/experiences/own-walk/images", ImageOrder, {}),
        ("POST", "/api/experiences/food-walk/enquiries", EnquiryRequest, {"message": "?"}),
        ("POST", "/api/messages", MessageRequest, {"message": "?", "receiver_id": NOBODYS}),
        ("POST", "/api/bookings", BookingRequest, BOOKING),
        ("POST", "/api/bookings/quote", QuoteRequest, BOOKING),
        ("PUT", f"/api/bookings/{NOBODYS}/cancel", CancelRequest, {}),
        ("PUT", "/api/users/me", DetailsRequest, {}),
        ("PUT", "/api/users/me/notification-preferences", PreferencesRequest, {"preferences": {}}),
        ("POST", "/api/users/me/devices", DeviceRequest, {"token": "fGk3xq0bT6Y", "platform": "web"}),
        ("POST", "/api/payments", PaymentRequest, PAYMENT | {"provider": "mpesa"}),
        ("POST", "/api/payments/mpesa/initiate", MpesaPaymentRequest, PAYMENT),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nonsense_in_any_field_is_refused(http, make, monkeypatch, verb, path, schema: type[Request], good):
    make.listing(slug="food-walk")
    guide = make.guide()
    make.listing(guide, slug="own-walk")
    client = http.signed_in_as(guide)
    # Hundreds of attempts by one client are the point here.
    for counted in ("hit", "guess"):
        monkeypatch.setattr(f"models.operations.{counted}", lambda *_: None)
    monkeypatch.setattr(http.edge.limits, "enabled", False)
    for field in schema().fields:
        for nonsense in NONSENSE:
            response = ask(client, verb, path, good | {field: nonsense})
            assert response.status_code < 500, f"{field}={nonsense!r}: {response.text}"
            if response.status_code == 422:
                assert response.get_json()["errors"], f"{field}={nonsense!r} is refused without a name"


@pytest.mark.parametrize("nonsense", NONSENSE, ids=repr)
def test_nonsense_for_a_whole_body_is_refused(http, make, untouched, nonsense):
    client = http.signed_in_as(make.user())
    with untouched():
        for path in ("/api/auth/register", "/api/auth/login", "/api/bookings", "/api/payments"):
            response = ask(client, "POST", path, nonsense)
            assert response.status_code in (400, 422), f"{path}: {response.text}"


@pytest.mark.parametrize(
    "path",
    [
        "/api/experiences?{name}={value}",
        "/api/experiences/{value}",
        "/api/experiences/{value}/availability?from={value}",
        "/api/bookings?{name}={value}",
        "/api/bookings/{value}",
        "/api/payments?{name}={value}",
        "/api/payments/{value}/status",
        "/api-docs/{value}",
        "/{value}",
    ],
)
def test_nonsense_in_an_address_is_refused(http, make, monkeypatch, path):
    client = http.signed_in_as(make.user())
    monkeypatch.setattr(http.edge.limits, "enabled", False)
    values = (
        "%00",
        "%ff%fe",
        "%F0%9F%98%80",
        "..%2f..%2fsettings",
        "1" * 500,
        "-1",
        "1e9",
        "1e309",
        "-0",
        "inf",
        "0001-01-01",
        "9999-12-31",
        "NaN",
        "%27--",
        "%0d%0aX: y",
        "a%20b",
    )
    named = (
        "page",
        "limit",
        "q",
        "status",
        "role",
        "when",
        "sort",
        "guests",
        "rating",
        "min_price",
        "location",
        "cursor",
    )
    for name in (
        *named,
        "lat=1&lon",
        "lon=1&lat",
        "lat=1&lon=1&radius",
        "date",
        "date_from",
        "date_from=2026-12-01&date_to",
    ):
        for value in values:
            response = client.get(path.format(name=name, value=value))
            assert response.status_code < 500, f"{path} {name}={value}: {response.text}"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Authorization", "Bearer " + "x" * 10_000),
        ("Authorization", "Bearer a b"),
        ("Authorization", "Bearer \u00ff"),
        ("Authorization", "Bearer"),
        ("Accept-Language", "x" * 5000),
        ("Accept-Language", "sw;q=nonsense,*"),
        ("Accept-Encoding", "br;q=nonsense, ;;;"),
        ("If-None-Match", 'W/"' + "x" * 5000),
        ("Prefer", "wait=" + "9" * 3000),
        ("User-Agent", "\u00ff\u0001" * 200),
        ("X-Forwarded-For", ", ,," * 500),
        ("X-Forwarded-For", "\u00ff"),
        ("Origin", "\u00ff"),
        ("Cookie", "a=\u00ff; ;=;" * 50),
        ("Content-Length", "nonsense"),
        ("Range", "bytes=0-1"),
    ],
)
def test_nonsense_in_a_header_is_survived(http, make, header, value):
    make.listing(slug="food-walk")
    for verb, path in (("GET", "/api/experiences"), ("GET", "/api/users/me"), ("POST", "/api/auth/register")):
        body = {"json": REGISTER | {"email": f"{uuid.uuid4()}@example.com"}} if verb == "POST" else {}
        assert http.request(verb, path, headers={header: value}, **body).status_code < 500
