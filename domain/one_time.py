"""Tokens and codes that work once: derived from their row's id with a key of ours, so that no copy has to be kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from enum import StrEnum


class Purpose(StrEnum):
    """What a token lets its holder do."""

    EMAIL_VERIFICATION = "email_verification"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word
    ACCOUNT_RESTORE = "account_restore"
    DATA_EXPORT = "data_export"
    PHONE_VERIFICATION = "phone_verification"
    #: Whoever holds it has shown one factor and has to show another.
    SECOND_FACTOR = "second_factor"


class Link(StrEnum):
    """What a link in a mail leads to that belongs to a row of its own, and to no account."""

    GUIDE_APPLICATION = "guide_application"


#: So often may a code be typed wrong: a million are soon tried through.
MOST_ATTEMPTS = 5
CODE_DIGITS = 6


class OneTimeTokens:
    """Makes tokens and codes, and the hashes by which they are known again.

    Whoever writes the mail or SMS derives the token anew: rows, jobs and logs hold an id and a keyed hash, of no use without
    the key. ``secret`` may serve elsewhere too: the key is derived from it for this alone.
    """

    def __init__(self, secret: str):
        self._key = hmac.digest(secret.encode(), b"one-time tokens", hashlib.sha256)

    def token(self, purpose: Purpose | Link, token_id: uuid.UUID) -> str:
        """The token of a row: 43 characters that may stand in an address."""
        digest = self._digest(f"token:{purpose.value}:{token_id}")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def hash(self, token: str) -> str:
        """What the row keeps; it leads nobody back to the token."""
        return self._digest(f"hash:{token}").hex()

    def code(self, purpose: Purpose, token_id: uuid.UUID) -> str:
        """The code of a row: six digits that somebody types off their phone."""
        digest = self._digest(f"code:{purpose.value}:{token_id}")
        return f"{int.from_bytes(digest) % 10**CODE_DIGITS:0{CODE_DIGITS}}"

    def code_hash(self, token_id: uuid.UUID, user_id: uuid.UUID, phone: str, code: str) -> str:
        """What the row keeps of its code, good for this row, user and phone alone."""
        return self._digest(f"code hash:{token_id}:{user_id}:{phone}:{code}").hex()

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), hashlib.sha256)
