"""An account as administrators see it."""

from __future__ import annotations

from typing import Any

from api.answers.users import user_answer
from domain.users import UserStatus
from models.users import User


def account_answer(user: User) -> dict[str, Any]:
    """What the owner sees, and why it is suspended where it is."""
    suspension = {"since": user.suspended_at, "reason": user.suspension_reason}
    return user_answer(user) | {"suspension": suspension if user.status == UserStatus.SUSPENDED else None}
