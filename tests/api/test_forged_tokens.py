"""A corpus of forged access tokens: each is a 401 with a named reason, over REST and in a socket's handshake, and none a 500."""

from __future__ import annotations

import pytest

from api.realtime import credentials
from domain.errors import Unauthenticated
from domain.one_time import Purpose
from models.base import new_id
from services.accounts.sessions import new_session_id
from tests.support.forgeries import ENDED, EXPIRED, INVALID, forgeries, signed
from tests.support.http import Http, refused

ME = "/api/users/me"


@pytest.fixture
def amina(http, make):
    return http.signed_in_as(make.user())


@pytest.fixture
def corpus(http, make, amina, settings):
    """Name → (token, code), with what else of ours looks like a token."""
    session_id, edge = new_session_id(), http.edge
    others = http.signed_in_as(make.user()).token
    found = {
        name: (token, code)
        for name, token, code in forgeries(
            settings.jwt_secret, amina.token, edge.refresh_tokens.first(session_id), others
        )
    }
    for purpose in Purpose:
        found[f"a token for {purpose}"] = (edge.one_time_tokens.token(purpose, new_id()), INVALID)
    found["signed by the key of refresh tokens"] = (signed(settings.jwt_refresh_secret, {"sub": "x"}), INVALID)
    found["a quote"] = (edge.quotes._serializer.dumps({"for": "me", "until": 2**33, "lines": []}), INVALID)
    return found


def get(http: Http, authorization: str):
    return http.get(ME, headers={"Authorization": authorization})


def test_the_good_token_is_good(http, amina, settings):
    assert get(http, f"Bearer {amina.token}").status_code == 200
    with http.app.app_context():
        assert credentials.read({"token": amina.token}).user_id


def test_every_forgery_is_refused_with_its_reason(http, corpus, untouched):
    assert len(corpus) > 150
    told = {}
    with untouched():
        for name, (token, code) in corpus.items():
            # A header is bytes; what is beyond them travels as UTF-8.
            response = get(http, f"Bearer {token}".encode().decode("latin-1"))
            if (response.status_code, response.get_json().get("code")) != (401, code):
                told[name] = response.text
                continue
            refused(response, 401, code)
            assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"', name
    assert told == {}


def test_a_socket_refuses_the_same_for_the_same_reason(http, corpus):
    for name, (token, code) in corpus.items():
        with http.app.app_context():
            if code == ENDED:
                # A token like ours; that the session is not is seen by its row.
                assert credentials.read({"token": token}), name
                continue
            try:
                read = credentials.read({"token": token})
            except Unauthenticated as refusal:
                read = refusal.code
        assert read == code, name
    assert {code for _, code in corpus.values()} == {INVALID, EXPIRED, ENDED}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_may_be_spelled_as_one_likes(http, amina, scheme):
    assert get(http, f"{scheme} {amina.token}").status_code == 200
    assert get(http, f"  {scheme}   {amina.token} ").status_code == 200


@pytest.mark.parametrize(
    "shape", ["{}", "Bearer", "Bearer ", "Basic {}", "JWT {}", "Token {}", "Bearer:{}", "Bearer={}", "Bearers {}", ""]
)
def test_without_the_scheme_there_is_no_token(http, amina, shape):
    response = get(http, shape.format(amina.token))

    refused(response, 401, "token_missing")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_two_headers_are_no_better_than_one(http, amina, make):
    others = http.signed_in_as(make.user()).token
    for both in (f"Bearer {amina.token}, Bearer {others}", f"Bearer nonsense, Bearer {amina.token}"):
        refused(get(http, both), 401, "token_invalid")
