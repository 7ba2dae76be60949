"""What signing in, and asking for a password or a code again, may answer: for the documentation of every operation that does."""

from __future__ import annotations

ACCOUNT_SUSPENDED = ("account_suspended", "This account is suspended. Contact us.")
ACCOUNT_DELETED = (
    "account_deleted",
    "This account is deleted. Until it is erased, the link in our mail takes it back.",
    {"erase_at": "2026-12-31T09:00:00Z"},
)
PASSWORD_NOT_SET = ("password_not_set", "This account has no password yet. Choose one by 'forgot password' first.")
TOO_MANY_PASSWORDS = ("too_many_login_account", "Too many attempts. Try again in 30 seconds.")
WRONG_PASSWORD = (
    "wrong_password",
    "password: is not your password",
    {"errors": {"password": ["is not your password"]}},
)
WRONG_CODE = (
    "wrong_code",
    "code: is not right, or was used before",
    {"errors": {"code": ["is not right, or was used before"]}},
)
TOO_MANY_CODES = ("too_many_second_factor", "Too many attempts. Try again in 15 minutes.")
CODE_REQUIRED = (
    "code_required",
    "code: is needed, because two-factor sign-in is on",
    {"errors": {"code": ["is needed, because two-factor sign-in is on"]}},
)
TWO_FACTOR_ON = (
    "two_factor_on",
    "Two-factor sign-in is on already. To move it to a new phone, ask for a QR code first.",
)
TWO_FACTOR_UNAVAILABLE = (
    "two_factor_unavailable",
    "We cannot check your code right now, and it is not your fault. We have been told; if it lasts, write to us.",
)
TWO_FACTOR_OFF = ("two_factor_off", "Two-factor sign-in is not on.")
