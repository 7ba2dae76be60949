"""Ingrid opens an account and looks after it."""

from __future__ import annotations

from typing import Any

from api.answers.preferences import preferences_answer
from api.examples.story import PAGINATION, USER_ID
from domain.preferences import preferences

USER: dict[str, Any] = {
    "id": USER_ID,
    "email": "ingrid@example.com",
    "email_verified": False,
    "first_name": "Ingrid",
    "last_name": "Larsen",
    "phone": "+254712345149",
    "phone_verified": False,
    "user_type": "tourist",
    "roles": ["tourist"],
    "intends_to_guide": False,
    "status": "pending",
    "locale": "en",
    "timezone": "Africa/Nairobi",
    "currency": "KES",
    "avatar_url": None,
    "two_factor_enabled": False,
    "must_set_up_two_factor": False,
    "created_at": "2026-11-21T07:58:00Z",
}
DETAILS = {"first_name": "Ingrid Marie", "phone": None, "timezone": "Europe/Oslo", "currency": "USD"}
OWN_ACCOUNT: dict[str, Any] = USER | {"has_password": True, "identities": []}
CHANGED_USER: dict[str, Any] = OWN_ACCOUNT | DETAILS
WISHES = {"preferences": {"payments": {"email": True}}}
PREFERENCES = preferences_answer(preferences({}))
DEVICE_REQUEST = {"token": "fGk3xq0bT6Y:APA91bHx3b8m7r2Q1t5w9y4u6i8o0pLkJhGfDsA", "platform": "android"}
DEVICE: dict[str, Any] = {
    "id": "0193f1a0-9b1c-7d2e-8f3a-6b7c8d9e0f1a",
    "platform": "android",
    "registered_at": "2026-11-21T07:59:00Z",
}
REGISTER = {
    "email": "ingrid@example.com",
    "password": "two zebras at dawn",
    "first_name": "Ingrid",
    "last_name": "Larsen",
    "phone": "0712 345 149",
    "user_type": "tourist",
}
LOGIN = {"email": "ingrid@example.com", "password": "two zebras at dawn"}
TOKENS = {
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl",
    "refresh_token": "0193f1a0-7e8f-7a9b-8c0d-1e2f3a4b5c6d.kq3vXbq0b6Yx3b8m7r2Q1t5w9y4u6i8o0pLkJhGfDsA",
    "token_type": "Bearer",
    "expires_in": 900,
}
SIGNED_IN = TOKENS | {
    "device_token": "0193f1a0-7e8f-7a9b-8c0d-1e2f3a4b5c6d.mX3b8m7r2Q1t5w9y4u6i8o0pLkJhGfDsAkq3vXbq0b6",
    "user": USER,
}
GOOGLE_SIGN_IN = {
    "id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6IjFmNDAifQ.eyJpc3MiOiJodHRwczovL2FjY291bnRzLmdvb2dsZS5jb20ifQ.c2lnbmF0dXJl",
    "nonce": "kq3vXbq0b6Yx3b8m7r2Q1t5w",
}
SIGNED_IN_BY_GOOGLE = SIGNED_IN | {"user": USER | {"email_verified": True, "phone": None, "status": "active"}}
REFRESH = {"refresh_token": TOKENS["refresh_token"]}
CHANGE_PASSWORD = {"current_password": LOGIN["password"], "new_password": "three giraffes at noon"}
ONE_TIME_TOKEN = {"token": "hV9q2mXc7Lw0sYb4Ad8kRt1uZf6nGe3jPo5iQx-Ty_M"}
EXPORT = {
    "id": "0193f1a0-5a4c-7b3d-9e2f-8c7b6a5d4e3f",
    "status": "waiting",
    "requested_at": "2026-11-21T08:00:00Z",
    "message": "We are putting your data together. A link comes by mail, and works for 7 days.",
}
BLOCKERS = {
    "blockers": [
        {
            "kind": "booking",
            "id": "0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a",
            "reference": "B7K2M9QX",
            "reason": "is confirmed and not over, with you as its tourist",
        }
    ]
}
FORGOT_PASSWORD = {"email": REGISTER["email"]}
RESET_PASSWORD = ONE_TIME_TOKEN | {"password": "three giraffes at dusk"}
DEVICES = {"items": [DEVICE], "pagination": PAGINATION}
SESSIONS = {
    "items": [
        {
            "id": "0193f1a0-7e8f-7a9b-8c0d-1e2f3a4b5c6d",
            "device": "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
            "device_name": "Firefox on Android",
            "ip": "196.201.214.7",
            "created_at": "2026-11-21T07:58:00Z",
            "last_used_at": "2026-11-21T08:13:00Z",
            "is_current": True,
        }
    ],
    "pagination": PAGINATION,
}
