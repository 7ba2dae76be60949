"""Time-based codes (RFC 6238) and the backup codes beside them: making them, and finding the right one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp

ISSUER = "Elite Events Kenya"
STEP_SECONDS = 30
#: A phone's clock may be a step ahead of ours or behind.
DRIFT_STEPS = 1
DIGITS = 6
BACKUP_CODES, BACKUP_LENGTH = 10, 10
#: The seed of a new phone waits this long for its first code.
MOVE_WITHIN = timedelta(hours=1)
#: Without letters and digits that are taken for one another.
BACKUP_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A seed of 160 bits, as authenticator apps take it."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, account: str) -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """The step whose code this is, around ``at`` and after ``last_step``; None where it is no code that counts now."""
    totp, current, found = (
        pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS),
        int(at.timestamp()) // STEP_SECONDS,
        None,
    )
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        # All are compared, so that the time it takes does not tell which came close.
        is_right = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if is_right and (last_step is None or step > last_step):
            found = step
    return found


def new_backup_codes() -> list[str]:
    """Ten codes of some fifty bits, such as ``7kqpw-m3xhd``."""
    return [
        _readable("".join(secrets.choice(BACKUP_ALPHABET) for _ in range(BACKUP_LENGTH))) for _ in range(BACKUP_CODES)
    ]


def backup_hash(secret: str, code: str) -> str:
    """What is kept of a backup code. Keyed with the seed, which is sealed: rows alone let nobody try codes, and no change of
    keys ends them."""
    return hmac.digest(secret.encode(), f"backup code:{plain(code)}".encode(), hashlib.sha256).hex()


def is_backup_code(code: str) -> bool:
    """Whether a text is a backup code rather than an app's, by its form alone."""
    letters = plain(code)
    return len(letters) == BACKUP_LENGTH and letters.isascii() and letters.isalnum()


def is_app_code(code: str) -> bool:
    """Whether a text is six digits."""
    digits = plain(code)
    return len(digits) == DIGITS and digits.isascii() and digits.isdigit()


def plain(code: str) -> str:
    """A code as it is compared: without the blanks and hyphens that people read it by."""
    return "".join(code.split()).replace("-", "").lower()


def _readable(code: str) -> str:
    half = BACKUP_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
