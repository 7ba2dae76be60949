"""What Google's claims have to say before they are believed, and what is made of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.errors import Unauthenticated
from domain.identities import Vouched, read_google_claims

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
CLAIMS = {
    "iss": "https://accounts.google.com",
    "aud": "web.apps.googleusercontent.com",
    "sub": "110169484474386276334",
    "email": "Ingrid.Larsen@Gmail.com",
    "email_verified": True,
    "given_name": "Ingrid",
    "family_name": "Larsen",
    "locale": "sw-KE",
    "nonce": "n-1",
    "iat": SECONDS - 10,
    "exp": SECONDS + 3590,
}
ABSENT = object()


def read(**changed: object) -> Vouched:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not ABSENT}
    ours = ("ios.apps.googleusercontent.com", CLAIMS["aud"])
    return read_google_claims(claims, client_ids=ours, nonce="n-1", digest=b"d", now=NOW)


def test_who_it_is():
    vouched = read()
    assert (vouched.subject, vouched.email, vouched.locale) == (CLAIMS["sub"], "ingrid.larsen@gmail.com", "sw")
    assert (vouched.first_name, vouched.last_name) == ("Ingrid", "Larsen")
    assert (vouched.expires_at - NOW).total_seconds() == 3650


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "accounts.google.com"},
        {"aud": "ios.apps.googleusercontent.com"},
        {"exp": SECONDS - 59},
        {"iat": SECONDS + 60},
        {"nbf": SECONDS + 60},
        {"exp": SECONDS + 10.5},
        {"email_verified": "true"},
    ],
)
def test_what_is_believed(changed):
    assert read(**changed).email == "ingrid.larsen@gmail.com"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://accounts.google.com.example"},
        {"iss": "http://accounts.google.com"},
        {"iss": ABSENT},
        {"iss": ["https://accounts.google.com"]},
        {"aud": "other"},
        {"aud": [CLAIMS["aud"]]},
        {"aud": ABSENT},
        {"sub": ""},
        {"sub": 110},
        {"sub": "x" * 256},
        {"sub": "a\x00b"},
        {"sub": ABSENT},
        {"nonce": "N-1"},
        {"nonce": ABSENT},
        {"nonce": None},
        {"nonce": "\ud800"},
        {"nonce": "4f8c8e4a0b7b6b1f"},
        {"exp": SECONDS - 60},
        {"exp": ABSENT},
        {"exp": True},
        {"exp": "2030"},
        {"exp": 1e300},
        {"exp": float("nan")},
        {"iat": SECONDS + 61},
        {"iat": ABSENT},
        {"nbf": SECONDS + 61},
        {"nbf": "soon"},
    ],
)
def test_what_is_not_believed(changed):
    with pytest.raises(Unauthenticated) as caught:
        read(**changed)
    assert caught.value.code == "google_token_invalid"


@pytest.mark.parametrize(
    "changed",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": 1.5},
        {"email_verified": ABSENT},
        {"email": ABSENT},
        {"email": "ingrid"},
        {"email": "\uff49ngrid.larsen@gmail.com"},
        {"email": "\u212aamau@gmail.com"},
        {"email": "ingrid@\ufb01rm.example"},
        {"email": "@gmail.com"},
        {"email": "a b@gmail.com"},
        {"email": "x" * 250 + "@gmail.com"},
    ],
)
def test_an_address_that_is_not_verified_or_none_is_no_address(changed):
    assert read(**changed).email is None


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"family_name": ABSENT}, ("Ingrid", "")),
        ({"given_name": ABSENT, "name": "Ingrid Marie Larsen"}, ("Ingrid", "Larsen")),
        ({"given_name": "", "family_name": ABSENT, "name": "Ingrid Marie Larsen"}, ("Ingrid", "Marie Larsen")),
        ({"given_name": ABSENT, "family_name": ABSENT}, ("Ingrid. Larsen", "")),
        ({"given_name": 7, "family_name": None, "email": ABSENT}, ("Rafiki", "")),
        ({"given_name": "Win: http://x.example/\n@"}, ("Win httpx. example", "Larsen")),
        ({"given_name": "x" * 200}, ("x" * 80, "Larsen")),
    ],
)
def test_names_are_names_and_somebody_always_has_one(changed, names):
    assert (read(**changed).first_name, read(**changed).last_name) == names


@pytest.mark.parametrize("locale", ["fr", "", None, 7, "english"])
def test_a_language_that_we_do_not_speak_is_none(locale):
    assert read(locale=locale).locale is None
