"""Google's signing keys and the ID tokens made with them, good ones and every bad kind by its name."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

ISSUER = "https://accounts.google.com"
LIFETIME_SECONDS = 3600


@dataclass(frozen=True)
class Person:
    """Somebody with an account at Google."""

    email: str
    given_name: str = ""
    family_name: str = ""
    locale: str = "en"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def subject(self) -> str:
        """Always the same for the same mailbox; 21 digits, as Google's are."""
        return str(int.from_bytes(hashlib.sha256(self.email.lower().encode()).digest()[:9], "big")).zfill(21)[:21]


class SigningKey:
    """One key pair under its id."""

    def __init__(self) -> None:
        self.kid = secrets.token_hex(20)

    @cached_property
    def private(self) -> RSAPrivateKey:
        return generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def jwk(self) -> dict:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": public["n"], "e": public["e"]}


class KeyRing:
    """The keys that are published; the newest one signs. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys = [SigningKey()]
        self._stranger = SigningKey()

    def published(self) -> list[dict]:
        with self._lock:
            return [key.jwk() for key in reversed(self._keys)]

    def rotate(self, *, keep: int) -> list[str]:
        """Sign with a new key from now on and publish ``keep`` of the old ones besides; the ids that are published."""
        with self._lock:
            self._keys = [*self._keys[-keep:], SigningKey()] if keep else [SigningKey()]
            return [key.kid for key in reversed(self._keys)]

    def token(self, person: Person, audience: str, nonce: str, bad: str | None = None) -> str:
        """An ID token of ``person``, broken in the way that ``bad`` names."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "azp": audience,
            "aud": audience,
            "sub": person.subject,
            "email": person.email,
            "email_verified": True,
            "nonce": nonce,
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "locale": person.locale,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": secrets.token_hex(20),
        }
        with self._lock:
            key = self._keys[-1]
            return BAD[bad](claims, key, self._stranger) if bad else _signed(claims, key, key.kid)


def _signed(claims: dict, key: SigningKey, kid: str) -> str:
    return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": kid})


def _with(**changed: object) -> Callable[[dict, SigningKey, SigningKey], str]:
    """A well-signed token whose claims are not what they should be; numbers are added to the present second."""

    def make(claims: dict, key: SigningKey, _: SigningKey) -> str:
        moved = {
            name: claims["iat"] + value if isinstance(value, int) and value is not False else value
            for name, value in changed.items()
        }
        return _signed(claims | moved, key, key.kid)

    return make


def _unsigned(claims: dict, key: SigningKey, _: SigningKey) -> str:
    return f"{_part({'alg': 'none', 'typ': 'JWT', 'kid': key.kid})}.{_part(claims)}."


def _hs256_public_key(claims: dict, key: SigningKey, _: SigningKey) -> str:
    """Signed with what everybody knows: a reader that lets the token choose the algorithm takes it."""
    text = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': key.kid})}.{_part(claims)}"
    return f"{text}.{_encoded(hmac.digest(key.public_pem, text.encode(), hashlib.sha256))}"


def _part(values: dict) -> str:
    return _encoded(json.dumps(values, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


#: Every way in which a token can be bad, and how it is made.
BAD: dict[str, Callable[[dict, SigningKey, SigningKey], str]] = {
    "expired": _with(iat=-2 * LIFETIME_SECONDS, exp=-LIFETIME_SECONDS),
    "not_yet_valid": _with(iat=600, nbf=600, exp=600 + LIFETIME_SECONDS),
    "wrong_audience": _with(aud="somebody-else.apps.googleusercontent.com"),
    "wrong_issuer": _with(iss="https://accounts.example.com"),
    "wrong_nonce": _with(nonce="another nonce"),
    "alg_none": _unsigned,
    "hs256_public_key": _hs256_public_key,
    "wrong_key": lambda claims, key, stranger: _signed(claims, stranger, key.kid),
    "unknown_kid": lambda claims, _, stranger: _signed(claims, stranger, stranger.kid),
    "unverified_email": _with(email_verified=False),
}
