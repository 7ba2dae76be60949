"""Who uses the product: roles as a set, and what an account's status allows."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    TOURIST = "tourist"
    GUIDE = "guide"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"


#: Who looks after the house for everybody.
ADMINS = frozenset({Role.ADMIN, Role.SUPER_ADMIN})


class UserStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class SessionEnd(StrEnum):
    """Why a session was ended before its time, as its row and the audit log keep it."""

    TOKEN_REUSED = "token_reused"  # noqa: S105  (a reason, no secret)
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    #: Picked from the list of where one is signed in.
    ENDED_BY_USER = "ended_by_user"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    ACCOUNT_SUSPENDED = "account_suspended"
    #: The account's address was proved by somebody else than who opened it, as far as we can know.
    ACCOUNT_CLAIMED = "account_claimed"
    ACCOUNT_DELETED = "account_deleted"
    #: Newer ones took its place.
    TOO_MANY = "too_many"
    TWO_FACTOR_RESET = "two_factor_reset"
    #: Another phone makes the codes now; the one before may be in other hands.
    TWO_FACTOR_MOVED = "two_factor_moved"


#: A pending account has not confirmed its e-mail yet; it may sign in and book.
MAY_SIGN_IN = frozenset({UserStatus.PENDING, UserStatus.ACTIVE})
#: An operator's words on why an account is suspended.
LONGEST_REASON = 500
LOCALES = ("en", "sw")
