"""Tokens that are sent to a mailbox and prove, once, that somebody reads it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from domain.errors import RuleViolation
from domain.one_time import OneTimeTokens, Purpose
from domain.policy import LinkPolicy
from models.base import new_id
from models.locks import lock_user
from models.one_time_tokens import OneTimeToken
from models.users import User
from services.context import Context


def issue(session: Session, ctx: Context, tokens: OneTimeTokens, user: User, purpose: Purpose) -> OneTimeToken:
    """A new token for a user whose row the caller has locked or just made; it ends the one before."""
    now, token_id = ctx.now(session), new_id()
    withdraw(session, user, purpose, now)
    issued = OneTimeToken(
        id=token_id,
        user_id=user.id,
        purpose=purpose.value,
        token_hash=tokens.hash(tokens.token(purpose, token_id)),
        expires_at=now + _lifetime(ctx.policy.links, purpose),
    )
    session.add(issued)
    session.flush()
    return issued


def withdraw(session: Session, user: User, purpose: Purpose, now: datetime) -> None:
    """End what a user, whose row the caller has locked or just made, still has open for a purpose."""
    session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.user_id == user.id, OneTimeToken.purpose == purpose.value)
        .where(OneTimeToken.used_at.is_(None), OneTimeToken.replaced_at.is_(None))
        .values(replaced_at=now)
    )


def owner_of(session: Session, ctx: Context, token_hash: str, purpose: Purpose) -> User:
    """Whose token this is, while it works and its owner may sign in. Raises ``one_time_token_invalid``."""
    found = session.scalar(_of(token_hash, purpose))
    user = session.get(User, found.user_id) if found and found.is_live(ctx.now(session)) else None
    if user is None or not user.may_sign_in:
        raise _invalid()
    return user


def redeem(session: Session, ctx: Context, token_hash: str, purpose: Purpose) -> User:
    """Use a token up; the user's row is locked from here on. Raises ``one_time_token_invalid``."""
    user = lock_user(session, owner_of(session, ctx, token_hash, purpose).id)
    # Only now: whoever held the lock may have used or replaced it.
    found = session.scalar(_of(token_hash, purpose).execution_options(populate_existing=True))
    now = ctx.now(session)
    if found is None or not found.is_live(now) or not user.may_sign_in:
        raise _invalid()
    found.used_at = now
    return user


def _of(token_hash: str, purpose: Purpose) -> Select[tuple[OneTimeToken]]:
    return select(OneTimeToken).where(OneTimeToken.token_hash == token_hash, OneTimeToken.purpose == purpose.value)


def _lifetime(links: LinkPolicy, purpose: Purpose) -> timedelta:
    return getattr(links, purpose.value)


def _invalid() -> RuleViolation:
    return RuleViolation(
        "one_time_token_invalid",
        "This link does not work any more: it was used, replaced by a newer one, or has expired. Ask for a new one.",
        errors={"token": ["is not valid any more"]},
    )
