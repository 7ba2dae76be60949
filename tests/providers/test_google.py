"""Google's set of keys, read from answers good and strange."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from domain.provider_errors import OutcomeUnknown, ProviderError, Throttled, Unavailable
from providers.http import Timeouts
from providers.identity.google import GoogleKeys
from sandbox.google_keys import SigningKey
from tests.providers.conftest import HASTY, PATIENT
from tests.providers.recorded import RecordedProvider, answer, drip, hang

CERTS = "/oauth2/v3/certs"
JWK = SigningKey().jwk()


@pytest.fixture
def google(provider: RecordedProvider, timeouts: Timeouts) -> Iterator[GoogleKeys]:
    client = GoogleKeys(provider.url, timeouts=timeouts)
    yield client
    client.close()


def test_the_public_part_of_each_key_is_kept_by_its_id(provider, google):
    provider.script(CERTS, answer(200, {"keys": [JWK | {"x5c": ["MII"], "d": "private"}]}))
    found = google.fetch()
    assert dict(found.keys) == {JWK["kid"]: JWK}
    assert found.max_age is None


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "EC"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"use": "enc"},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"kid": ""},
        {"kid": 7},
        {"kid": "x" * 201},
        {"n": "AQAB"},
        {"n": "not base64url!"},
        {"n": None},
        {"e": ""},
        {"e": 65537},
    ],
)
def test_what_is_no_signing_key_of_rs256_is_left_out(provider, google, change):
    provider.script(CERTS, answer(200, {"keys": ["x", None, JWK, JWK | {"kid": "odd"} | change]}))
    assert list(google.fetch().keys) == [JWK["kid"]]


@pytest.mark.parametrize("body", [{}, {"keys": []}, {"keys": "x"}, {"keys": [{"kty": "RSA"}]}, [], "<html>"])
def test_a_set_without_a_key_is_no_set(provider, google, body):
    provider.script(CERTS, answer(200, body))
    with pytest.raises(Unavailable) as caught:
        google.fetch()
    assert caught.value.code == "garbled_answer"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(503, {}), Unavailable),
        (answer(500, {}), Unavailable),
        (answer(429, {}), Throttled),
        (answer(302, {}), Unavailable),
        (hang, OutcomeUnknown),
        (drip, OutcomeUnknown),
    ],
)
def test_failures_have_names(provider, google, reply, error):
    provider.script(CERTS, reply)
    with pytest.raises(ProviderError) as caught:
        google.fetch()
    assert type(caught.value) is error


def test_nobody_there_is_unavailable(free_port):
    client = GoogleKeys(f"http://127.0.0.1:{free_port}", timeouts=HASTY)
    with pytest.raises(Unavailable):
        client.fetch()
    client.close()


def test_the_sandbox_is_understood(sandbox_url, sandbox):
    client = GoogleKeys(f"{sandbox_url}/google", timeouts=PATIENT)
    found = client.fetch()
    assert list(found.keys) == sandbox.get("/google").json()["kids"]
    assert found.max_age == 19_800
    sandbox.put("/faults", json={"google_down": True}).raise_for_status()
    with pytest.raises(Unavailable):
        client.fetch()
    client.close()


def test_discovery_leads_to_the_keys(sandbox_url, sandbox):
    document = httpx.get(f"{sandbox_url}/google/.well-known/openid-configuration", trust_env=False).json()
    assert document["issuer"] == "https://accounts.google.com"
    assert document["jwks_uri"] == f"{sandbox_url}/google{CERTS}"
