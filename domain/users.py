"""Who uses the product: roles as a set, and what an account's status allows."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    TOURIST = "tourist"
    GUIDE = "guide"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"


class UserStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


#: A pending account has not confirmed its e-mail yet; it may sign in and book.
MAY_SIGN_IN = frozenset({UserStatus.PENDING, UserStatus.ACTIVE})
LOCALES = ("en", "sw")
