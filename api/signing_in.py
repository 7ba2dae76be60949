"""What every way of signing in ends with: who proved to be a user is let in here, and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from api.answers.users import user_answer
from api.edge import edge
from api.tokens import access_token
from domain.errors import Forbidden, Unauthenticated
from domain.users import UserStatus
from models.users import User
from services.accounts import sessions, two_factor
from services.accounts.users import wrong_credentials
from services.context import Context


def sign_in(session: Session, ctx: Context, user: User) -> dict[str, Any]:
    """What a user, whose row the caller has locked or just made, is answered for a password, or for whatever else stands
    for one: a session of this device, its first pair of tokens, and who one is; or a challenge, where a second factor has to
    follow. Raises ``account_suspended`` or ``account_deleted``."""
    if user.status == UserStatus.DELETED:
        raise _deleted(user, ctx.now(session))
    if not user.may_sign_in:
        raise Forbidden("account_suspended", "This account is suspended. Contact us.")
    if user.has_two_factor:
        challenge, seconds = two_factor.challenge(session, ctx, edge().one_time_tokens, user)
        return {"two_factor_required": True, "challenge": challenge, "expires_in": seconds}
    return _open_session(session, ctx, user, with_both=False)


def sign_in_with_both(session: Session, ctx: Context, user: User) -> dict[str, Any]:
    """What a user, whose row is locked, is answered who has shown both factors: session, tokens and who one is."""
    return _open_session(session, ctx, user, with_both=True)


def token_pair(access: str, refresh: str) -> dict[str, Any]:
    """The tokens that a signed-in client goes on with."""
    lifetime: timedelta = edge().settings.jwt_expires_in
    return {
        "access_token": access,
        "refresh_token": refresh,
        "token_type": "Bearer",
        "expires_in": int(lifetime.total_seconds()),
    }


def _deleted(user: User, now: datetime) -> Forbidden | Unauthenticated:
    """Only who knows the password hears that the account can still be taken back; after that there is none."""
    if not user.can_be_taken_back(now):
        return wrong_credentials()
    return Forbidden(
        "account_deleted",
        "This account is deleted. Until it is erased, the link in our mail takes it back.",
        extra={"erase_at": f"{user.erase_at:%Y-%m-%dT%H:%M:%SZ}"},
    )


def _open_session(session: Session, ctx: Context, user: User, *, with_both: bool) -> dict[str, Any]:
    session_id, tokens = sessions.new_session_id(), edge().refresh_tokens
    refresh = tokens.first(session_id)
    device = request.user_agent.string
    sessions.open_session(
        session,
        ctx,
        user,
        token_hash=tokens.hash(refresh),
        session_id=session_id,
        device=_printable(device),
        two_factor=with_both,
    )
    tokens_of_device = token_pair(access_token(user.id, session_id), refresh)
    return tokens_of_device | {"device_token": edge().device_tokens.token(session_id), "user": user_answer(user)}


def _printable(text: str) -> str:
    return "".join(char for char in text[:200] if char.isprintable())
