"""A session as its owner sees it."""

from __future__ import annotations

import uuid
from typing import Any

from domain.agents import agent_of
from models.users import UserSession


def session_answer(signed_in: UserSession, current: uuid.UUID | None, locale: str) -> dict[str, Any]:
    """One device; ``current`` is the session that asks, in ``locale``."""
    return {
        "id": signed_in.id,
        "device": signed_in.device,
        "device_name": agent_of(signed_in.device).name(locale),
        "ip": signed_in.ip,
        "created_at": signed_in.created_at,
        "last_used_at": signed_in.rotated_at,
        "is_current": signed_in.id == current,
    }
