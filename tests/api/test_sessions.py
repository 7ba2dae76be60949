"""Staying signed in: access tokens that are only ours, refresh tokens that rotate, families that die together."""

from __future__ import annotations

import base64
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy import select

from models import User, UserSession
from tests.factories import PASSWORD
from tests.support.http import refused


@pytest.fixture
def signed_in(http):
    """The answer to a registration: user and tokens."""
    account = {"email": "amina@example.com", "password": PASSWORD, "first_name": "Amina", "last_name": "Otieno"}
    return http.post("/api/auth/register", account).get_json()


def me(http, token: str):
    return http.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})


def refresh(http, token: str):
    return http.post("/api/auth/refresh-token", {"refresh_token": token})


def claims_of(token: str) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def test_an_access_token_says_who_for_whom_and_by_which_session(signed_in, settings):
    claims = claims_of(signed_in["access_token"])

    assert claims["sub"] == signed_in["user"]["id"]
    assert claims["sid"] == signed_in["refresh_token"].partition(".")[0]
    assert (claims["iss"], claims["aud"], claims["type"]) == (settings.api_url, "test.elite-events", "access")
    assert claims["exp"] - claims["iat"] == 900


def forged(settings, signed_in, **changes):
    """A token like ours, but for ``changes``; None removes a claim."""
    claims = {
        key: value for key, value in (claims_of(signed_in["access_token"]) | changes).items() if value is not None
    }
    return jwt.encode(claims, settings.jwt_secret, "HS256")


def unsigned(settings, signed_in):
    return jwt.encode(claims_of(signed_in["access_token"]), None, "none")


def signed_by_somebody_else(settings, signed_in):
    return jwt.encode(claims_of(signed_in["access_token"]), "another key that is just as long as ours", "HS256")


def other_algorithm(settings, signed_in):
    return jwt.encode(claims_of(signed_in["access_token"]), settings.jwt_secret * 2, "HS512")


def claims_exchanged(settings, signed_in):
    header, _, signature = signed_in["access_token"].split(".")
    claims = claims_of(signed_in["access_token"]) | {"sub": str(uuid.uuid4())}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{header}.{payload}.{signature}"


def algorithm_exchanged(settings, signed_in):
    _, payload, signature = signed_in["access_token"].split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').rstrip(b"=").decode()
    return f"{header}.{payload}.{signature}"


FORGERIES = {
    "no algorithm": unsigned,
    "another key": signed_by_somebody_else,
    "another algorithm": other_algorithm,
    "claims exchanged": claims_exchanged,
    "algorithm exchanged": algorithm_exchanged,
    "refresh token as access token": lambda settings, signed_in: signed_in["refresh_token"],
    "type refresh": lambda settings, signed_in: forged(settings, signed_in, type="refresh"),
    "another audience": lambda settings, signed_in: forged(settings, signed_in, aud="production.elite-events"),
    "no audience": lambda settings, signed_in: forged(settings, signed_in, aud=None),
    "another issuer": lambda settings, signed_in: forged(settings, signed_in, iss="https://elsewhere.example"),
    "no issuer": lambda settings, signed_in: forged(settings, signed_in, iss=None),
    "no session": lambda settings, signed_in: forged(settings, signed_in, sid=None),
    "session of nonsense": lambda settings, signed_in: forged(settings, signed_in, sid="nonsense"),
    "session of a number": lambda settings, signed_in: forged(settings, signed_in, sid=7),
    "no subject": lambda settings, signed_in: forged(settings, signed_in, sub=None),
    "not before tomorrow": lambda settings, signed_in: forged(settings, signed_in, nbf=int(time.time()) + 86_400),
    "two parts": lambda settings, signed_in: "abc.def",
    "nothing": lambda settings, signed_in: "",
    "noise": lambda settings, signed_in: "\u00e9.\u00e9.\u00e9",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_token_that_is_not_ours_in_every_claim_is_refused(http, settings, signed_in, forge):
    response = me(http, forge(settings, signed_in))

    body = response.get_json()
    assert (response.status_code, body["code"]) in {(401, "token_invalid"), (401, "token_missing")}
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_session_counts_not_the_subject_beside_it(http, settings, signed_in):
    refused(me(http, forged(settings, signed_in, sub=str(uuid.uuid4()))), 401, "session_ended")
    refused(me(http, forged(settings, signed_in, sid=str(uuid.uuid4()))), 401, "session_ended")


def test_without_a_token_one_is_asked_to_sign_in(http):
    refused(http.get("/api/users/me"), 401, "token_missing")
    refused(http.get("/api/users/me", headers={"Authorization": "Basic YTpi"}), 401, "token_missing")


def test_a_token_counts_only_in_its_header(http, signed_in):
    token = signed_in["access_token"]

    refused(http.get(f"/api/users/me?jwt={token}"), 401, "token_missing")
    refused(http.get("/api/users/me", headers={"Cookie": f"access_token_cookie={token}"}), 401, "token_missing")


def test_an_expired_token_says_so(http, settings, signed_in):
    past = int((datetime.now(UTC) - timedelta(minutes=1)).timestamp())

    refused(me(http, forged(settings, signed_in, exp=past)), 401, "token_expired")


def test_a_suspended_user_is_out_within_three_seconds(http, db, signed_in, monkeypatch):
    assert me(http, signed_in["access_token"]).status_code == 200
    with db.transaction() as session:
        session.scalars(select(User)).one().status = "suspended"

    remembered = time.monotonic
    monkeypatch.setattr(http.edge.sessions, "_clock", lambda: remembered() + 3.1)

    refused(me(http, signed_in["access_token"]), 401, "session_ended")


def test_refreshing_hands_out_a_new_pair(http, signed_in):
    response = refresh(http, signed_in["refresh_token"])

    assert response.status_code == 200
    renewed = response.get_json()
    assert renewed["refresh_token"] != signed_in["refresh_token"]
    assert me(http, renewed["access_token"]).status_code == 200
    assert refresh(http, renewed["refresh_token"]).status_code == 200


def test_a_lost_answer_is_given_again_within_the_grace(http, signed_in):
    first = refresh(http, signed_in["refresh_token"]).get_json()

    again = refresh(http, signed_in["refresh_token"])

    assert again.status_code == 200
    assert again.get_json()["refresh_token"] == first["refresh_token"]


def test_an_old_token_after_the_grace_ends_the_family_for_good(http, db, clock, signed_in):
    renewed = refresh(http, signed_in["refresh_token"]).get_json()
    clock.offset += timedelta(seconds=11)

    refused(refresh(http, signed_in["refresh_token"]), 401, "refresh_token_reused")

    refused(refresh(http, renewed["refresh_token"]), 401, "invalid_refresh_token")
    refused(me(http, renewed["access_token"]), 401, "session_ended")
    with db.reading() as session:
        assert session.scalars(select(UserSession)).one().revoked_reason == "token_reused"


def test_a_token_two_rotations_old_ends_the_family_even_at_once(http, signed_in):
    second = refresh(http, signed_in["refresh_token"]).get_json()["refresh_token"]
    refresh(http, second)

    refused(refresh(http, signed_in["refresh_token"]), 401, "refresh_token_reused")


def test_twenty_refreshes_at_once_leave_one_living_family(http, db, signed_in):
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: refresh(http, signed_in["refresh_token"]), range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.get_json()["refresh_token"] for answer in answers}) == 1
    with db.reading() as session:
        assert session.scalars(select(UserSession)).one().revoked_at is None
    assert refresh(http, answers[0].get_json()["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        "a.b",
        "0b6f4a7e-91c3-4d52-8a1f-6c2e7d905b34.",
        f"0b6f4a7e-91c3-4d52-8a1f-6c2e7d905b34.{'x' * 42}",
        f"{'-' * 36}.{'x' * 43}",
        "\ud800.x",
        None,
        7,
    ],
)
def test_a_refresh_token_that_is_none_is_refused_by_name(http, token):
    response = refresh(http, token)

    assert response.status_code in (401, 422)
    assert response.get_json()["code"] in ("invalid_refresh_token", "invalid_fields")


def test_a_refresh_token_of_nobody_is_refused(http):
    refused(refresh(http, f"{uuid.uuid4()}.{'x' * 43}"), 401, "invalid_refresh_token")


def test_a_session_ends_after_its_lifetime(http, clock, signed_in):
    clock.offset += timedelta(days=30, seconds=1)

    refused(refresh(http, signed_in["refresh_token"]), 401, "invalid_refresh_token")


def test_a_suspended_user_cannot_refresh(http, db, signed_in):
    with db.transaction() as session:
        session.scalars(select(User)).one().status = "suspended"

    refused(refresh(http, signed_in["refresh_token"]), 401, "invalid_refresh_token")


def test_refreshing_is_limited_by_session(http, signed_in):
    token = signed_in["refresh_token"]
    for _ in range(60):
        token = refresh(http, token).get_json()["refresh_token"]

    response = refresh(http, token)

    refused(response, 429, "too_many_requests")
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["RateLimit-Limit"] == "60"
