"""Access tokens as a forger would bring them: everything that was ever believed of a JWT, and must not be of ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

INVALID, EXPIRED, ENDED, MISSING = "token_invalid", "token_expired", "session_ended", "token_missing"
_HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
_ELSEWHERE = "https://evil.example/keys.json"


def forgeries(secret: str, token: str, refresh: str, other: str) -> Iterator[tuple[str, str, str]]:
    """Name, token and the code of its refusal. ``token`` is a good one, ``refresh`` its refresh token, and ``other`` a good
    token of somebody else."""
    header, payload, signature = token.split(".")
    claims = _read(payload)
    for name, forged in _unsigned(payload, header, signature):
        yield name, forged, INVALID
    for name, forged in _by_other_keys(secret, claims):
        yield name, forged, INVALID
    for name, forged in _broken(token, other):
        yield name, forged, INVALID
    yield "a refresh token", refresh, INVALID
    # From here on as if our key had leaked, or signed something for another purpose.
    for name, change, code in _other_claims(claims, _read(other.split(".")[1])):
        yield name, signed(secret, {key: value for key, value in (claims | change).items() if value is not None}), code
    for name, change in _other_headers():
        yield name, signed(secret, claims, change), INVALID


def signed(key: str | bytes, claims: Any, header: dict[str, Any] | None = None, algorithm: str = "HS256") -> str:
    """A token by HMAC, whatever its header says."""
    return _sealed(key, f"{_written({'alg': algorithm, 'typ': 'JWT'} | (header or {}))}.{_written(claims)}", algorithm)


def _unsigned(payload: str, header: str, signature: str) -> Iterator[tuple[str, str]]:
    for spelling in ("none", "None", "NONE", "nOnE", "", "null", None, False, 0, [], ["none"], {"alg": "none"}):
        unsigned = f"{_written({'alg': spelling, 'typ': 'JWT'})}.{payload}"
        yield f"alg {spelling!r}", f"{unsigned}."
        yield f"alg {spelling!r} with our signature", f"{unsigned}.{signature}"
    yield "no alg", f"{_written({'typ': 'JWT'})}.{payload}.{signature}"
    twice = _encoded(b'{"alg":"HS256","typ":"JWT","alg":"none"}')
    yield "alg twice", f"{twice}.{payload}."
    ours_last = _encoded(b'{"alg":"none","typ":"JWT","alg":"HS256"}')
    yield "alg twice, ours last", f"{ours_last}.{payload}.{signature}"
    yield "signature stripped", f"{header}.{payload}."
    yield "signature and its dot stripped", f"{header}.{payload}"
    yield "signature truncated", f"{header}.{payload}.{signature[:-4]}"
    yield "signature longer", f"{header}.{payload}.{signature}AAAA"
    yield "signature of zeros", f"{header}.{payload}.{'A' * 43}"
    yield "signature twice", f"{header}.{payload}.{signature}.{signature}"


def _by_other_keys(secret: str, claims: dict[str, Any]) -> Iterator[tuple[str, str]]:
    private, public = _rsa()
    for name, key in (
        ("empty", ""),
        ("a zero byte", "\0"),
        ("secret", "secret"),
        ("public", public),
        ("half", secret[:9]),
    ):
        yield f"HS256 with the key {name!r}", signed(key, claims)
    yield "HS384 with our key", signed(secret, claims, algorithm="HS384")
    yield "HS512 with our key", signed(secret, claims, algorithm="HS512")
    yield "HS256 said as RS256", signed(secret, claims, {"alg": "RS256"})
    yield "HS256 in small letters", signed(secret, claims, {"alg": "hs256"})
    yield "RS256", jwt.encode(claims, private, "RS256")
    yield "PS256", jwt.encode(claims, private, "PS256")
    yield "ES256", jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256")
    own_key = {"kty": "oct", "k": _encoded(b"evil" * 8), "alg": "HS256"}
    for name, header in {
        "jwk": {"jwk": own_key},
        "jku": {"jku": _ELSEWHERE},
        "x5u": {"x5u": _ELSEWHERE},
        "x5c": {"x5c": [_encoded(b"certificate")]},
        "kid by path": {"kid": "../../../../dev/null"},
        "kid by absolute path": {"kid": "/dev/null"},
        "kid by SQL": {"kid": "x' UNION SELECT 'evil' -- "},
        "kid by address": {"kid": _ELSEWHERE},
        "kid by command": {"kid": "|/bin/true"},
        "kid a number": {"kid": 7},
        "kid null": {"kid": None},
    }.items():
        yield f"{name}, empty key", signed("", claims, header)
        yield f"{name}, its own key", signed(b"evil" * 8, claims, header)
    yield "RS256 with its key along", jwt.encode(claims, private, "RS256", headers={"jwk": {"kty": "RSA", "n": public}})


def _broken(token: str, other: str) -> Iterator[tuple[str, str]]:
    header, payload, signature = token.split(".")
    their_payload = other.split(".")[1]
    yield "somebody else's claims", f"{header}.{their_payload}.{signature}"
    yield from {
        "one word": "abc",
        "dots": "..",
        "more dots": "....",
        "unicode": "\u00e9.\u00e9.\u00e9",
        "a NUL": f"{token[:20]}\u0000{token[20:]}",
        "huge": "A" * 60_000,
        "huge payload": f"{header}.{'A' * 60_000}.{signature}",
        "twice": f"{token}{token}",
        "two, by comma": f"{token},{other}",
        "two, by blank": f"{token} {other}",
        "in quotes": f'"{token}"',
        "deep header": f"{_encoded(b'[' * 2_500)}.{payload}.{signature}",
        "deep payload": f"{header}.{_encoded(b'[' * 2_500)}.{signature}",
        "header no object": f"{_encoded(b'[]')}.{payload}.{signature}",
        "header null": f"{_encoded(b'null')}.{payload}.{signature}",
        "header no JSON": f"{_encoded(b'alg: none')}.{payload}.{signature}",
        "header not UTF-8": f"{_encoded(bytes(range(128, 190)))}.{payload}.{signature}",
        "five parts, like a JWE": ".".join([_written({"alg": "dir", "enc": "A256GCM"}), "", "AAAA", "AAAA", "AAAA"]),
    }.items()


def _other_claims(claims: dict[str, Any], others: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    now, day = int(time.time()), 86_400
    for claim in ("iss", "aud", "type", "sub", "sid", "jti", "exp"):
        yield f"no {claim}", {claim: None}, INVALID
        for value in ("", 7, [], {}, True, "x" * 500, "\u202e"):
            # What follows from a number or true as an end is that it is over; an id may be any text of ours.
            if (claim, type(value)) in {("exp", int), ("exp", bool)}:
                yield f"{claim} {value!r}", {claim: value}, EXPIRED
            elif claim != "jti":
                yield f"{claim} {value!r}"[:40], {claim: value}, INVALID
    yield "iss of another house", {"iss": "https://elsewhere.example"}, INVALID
    yield "aud of another environment", {"aud": "production.elite-events"}, INVALID
    yield "aud only others", {"aud": ["production.elite-events", "x"]}, INVALID
    for kind in ("refresh", "Access", "access ", "verification", "reset", "quote", "two_factor", ["access"]):
        yield f"type {kind!r}", {"type": kind}, INVALID
    yield "expired", {"exp": now - 60}, EXPIRED
    yield "expired at the beginning of time", {"exp": -1}, EXPIRED
    yield "expires in words", {"exp": "tomorrow"}, INVALID
    yield "expires at infinity", {"exp": float("inf")}, INVALID
    yield "not yet", {"nbf": now + day}, INVALID
    yield "issued tomorrow", {"iat": now + day}, INVALID
    yield "sub of somebody else, own sid", {"sub": others["sub"]}, ENDED
    yield "own sub, sid of somebody else", {"sid": others["sid"]}, ENDED
    yield "sid of nobody", {"sid": str(uuid.uuid4())}, ENDED
    yield "sid by SQL", {"sid": "' OR 1=1 --"}, INVALID


def _other_headers() -> Iterator[tuple[str, dict[str, Any]]]:
    for typ in (None, "", "jwt", "at+jwt", "JWE", 7, ["JWT"]):
        yield f"typ {typ!r}", {"typ": typ}
    yield "a critical extension", {"crit": ["exp"], "exp": 1}


@cache
def _rsa() -> tuple[rsa.RSAPrivateKey, str]:
    private = rsa.generate_private_key(65_537, 2_048)
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return private, private.public_key().public_bytes(encoding, form).decode()


def _sealed(key: str | bytes, unsigned: str, algorithm: str) -> str:
    key = key.encode() if isinstance(key, str) else key
    return f"{unsigned}.{_encoded(hmac.digest(key, unsigned.encode(), _HASHES[algorithm]))}"


def _written(part: Any) -> str:
    return _encoded(json.dumps(part).encode())


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _read(part: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
