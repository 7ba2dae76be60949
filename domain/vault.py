"""Secrets at rest: texts sealed with keys from the environment, each bound to the place that it was sealed for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1"
_NONCE_BYTES = 12
_SEALED = re.compile(r"v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]{38,})")


class Unopenable(Exception):
    """No key of ours opens this text, or it was sealed for another place."""


class Vault:
    """AES-256-GCM under the keys of ENCRYPTION_KEYS: the first one seals, all open.

    A sealed text is ``v1.<key id>.<nonce and ciphertext>``. What it was sealed for is authenticated with it, so that a
    text which is copied to another row does not open there.
    """

    def __init__(self, keys: Sequence[str]):
        self._ciphers = {_key_id(key): AESGCM(_derived(key, b"vault: AES-256-GCM")) for key in map(_raw, keys)}
        self._first = next(iter(self._ciphers))

    def seal(self, text: str, place: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = self._ciphers[self._first].encrypt(nonce, text.encode(), _bound(self._first, place))
        return f"{_VERSION}.{self._first}.{base64.urlsafe_b64encode(nonce + ciphertext).rstrip(b'=').decode()}"

    def open(self, sealed: str, place: str) -> str:
        """The text. Raises :class:`Unopenable`, which says nothing of it."""
        match = _SEALED.fullmatch(sealed)
        cipher = self._ciphers.get(match[1]) if match else None
        if match is None or cipher is None:
            raise Unopenable(place)
        try:
            data = base64.b64decode(match[2] + "=" * (-len(match[2]) % 4), altchars=b"-_", validate=True)
            return cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _bound(match[1], place)).decode()
        except (InvalidTag, binascii.Error):
            raise Unopenable(place) from None

    def is_under_first_key(self, sealed: str) -> bool:
        return sealed.startswith(f"{_VERSION}.{self._first}.")


def is_sealed(text: str) -> bool:
    """Whether a text looks as :meth:`Vault.seal` makes them."""
    return _SEALED.fullmatch(text) is not None


def _raw(key: str) -> bytes:
    raw = base64.urlsafe_b64decode(key)
    if len(raw) != 32:
        raise ValueError("must be 32 bytes in urlsafe base64")
    return raw


def _key_id(key: bytes) -> str:
    """Tells keys apart and leads nobody to one."""
    return _derived(key, b"vault: key id")[:8].hex()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, hashlib.sha256)


def _bound(key_id: str, place: str) -> bytes:
    return f"{_VERSION}.{key_id}.{place}".encode()
