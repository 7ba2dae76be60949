"""What every way of signing in ends with: a session of this device, its first pair of tokens, and who one is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from api.answers.users import user_answer
from api.edge import edge
from api.tokens import access_token
from models.users import User
from services import sessions
from services.context import Context


def open_session(session: Session, ctx: Context, user: User) -> dict[str, Any]:
    """Sign the device that asks in as a user whose row the caller has locked or just made."""
    session_id, tokens = sessions.new_session_id(), edge().refresh_tokens
    refresh = tokens.first(session_id)
    device = request.user_agent.string
    sessions.open_session(
        session, ctx, user, token_hash=tokens.hash(refresh), session_id=session_id, device=_printable(device)
    )
    return token_pair(access_token(user.id, session_id), refresh) | {"user": user_answer(user)}


def token_pair(access: str, refresh: str) -> dict[str, Any]:
    """The tokens that a signed-in client goes on with."""
    lifetime: timedelta = edge().settings.jwt_expires_in
    return {
        "access_token": access,
        "refresh_token": refresh,
        "token_type": "Bearer",
        "expires_in": int(lifetime.total_seconds()),
    }


def _printable(text: str) -> str:
    return "".join(char for char in text[:200] if char.isprintable())
