"""Google's public keys, with which it signs who somebody is: its whole set, fetched in one call."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.provider_errors import Unavailable
from providers.http import Answer, HttpClient, Timeouts, refusal
from providers.observing import Observer, nobody, observed

#: Seconds for the set: a sign-in may be waiting for it.
TIMEOUTS = Timeouts(connect=3, read=5, write=3, pool=3, total=8)
CALL_TIMEOUT = TIMEOUTS.total

#: Shorter moduli are no keys of Google's, longer ones cost us time.
_MODULUS_BYTES = range(256, 1025)
_LONGEST_KID, _MOST_KEYS = 200, 32
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=([0-9]{1,9})(?:$|[\s,])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeySet:
    """Public keys as JWKs, by their ids; ``max_age`` is for how many seconds Google says they hold, where it does."""

    keys: Mapping[str, Mapping[str, str]]
    max_age: float | None


class GoogleKeys:
    """Fetches the keys. Safe for many threads."""

    def __init__(self, base_url: str, *, timeouts: Timeouts = TIMEOUTS, observer: Observer = nobody):
        self._url = f"{base_url}/oauth2/v3/certs"
        self._observer = observer
        self._http = HttpClient(timeouts, connections=4)

    def fetch(self) -> KeySet:
        """Every key that Google signs with now. Raises the five errors; a set without a usable key is Unavailable."""
        with observed(self._observer, "google", "keys"):
            answer = self._http.call("GET", self._url)
            if not answer.ok:
                raise refusal(answer)
            keys = _usable(answer)
            if not keys:
                raise Unavailable("Google's keys make no sense", code="garbled_answer")
            match = _MAX_AGE.search(answer.headers.get("Cache-Control", ""))
            return KeySet(MappingProxyType(keys), float(match[1]) if match else None)

    def close(self) -> None:
        self._http.close()


def _usable(answer: Answer) -> dict[str, Mapping[str, str]]:
    """The RSA keys for signing; whatever else stands in the set is for others."""
    listed = answer.document().get("keys")
    if not isinstance(listed, list):
        return {}
    return {jwk["kid"]: _public_part(jwk) for jwk in listed[:_MOST_KEYS] if _is_usable(jwk)}


def _is_usable(jwk: object) -> bool:
    return (
        isinstance(jwk, dict)
        and jwk.get("kty") == "RSA"
        and jwk.get("use", "sig") == "sig"
        and jwk.get("alg", "RS256") == "RS256"
        and isinstance(jwk.get("kid"), str)
        and 0 < len(jwk["kid"]) <= _LONGEST_KID
        and jwk["kid"].isprintable()
        and _bytes_of(jwk.get("n")) in _MODULUS_BYTES
        and _bytes_of(jwk.get("e")) in range(1, 9)
    )


def _public_part(jwk: Mapping[str, str]) -> dict[str, str]:
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": jwk["kid"], "n": jwk["n"], "e": jwk["e"]}


def _bytes_of(text: object) -> int:
    """How many bytes a base64url text stands for; 0 where it is none."""
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,2048}", text):
        return 0
    try:
        return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return 0
