"""A user's own data, and what others may see of a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.answers.media import address
from models.users import User


def user_answer(user: User) -> dict[str, Any]:
    """Everything about oneself."""
    return {
        "id": user.id,
        "email": user.email,
        "email_verified": user.has_confirmed_email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "phone": user.phone,
        "phone_verified": user.phone_verified_at is not None,
        "user_type": user.user_type,
        "roles": user.roles,
        "intends_to_guide": user.intends_to_guide,
        "status": user.status,
        "locale": user.locale,
        "timezone": user.timezone,
        "currency": user.currency,
        "avatar_url": address(user.avatar_url),
        "two_factor_enabled": user.has_two_factor,
        "must_set_up_two_factor": user.is_admin and not user.has_two_factor,
        "created_at": user.created_at,
    }


def own_account_answer(user: User, providers: Sequence[str]) -> dict[str, Any]:
    """Everything about oneself, and how one can sign in; ``providers`` vouch for the user."""
    return user_answer(user) | {"has_password": user.password_hash is not None, "identities": list(providers)}


def other_person(user: User, *, shares_phone: bool) -> dict[str, Any]:
    """The other party of a booking; the number only while both may have each other's."""
    return {"name": user.full_name, "phone": user.phone if shares_phone else None}
