"""Tokens that work once: what is sent to a mailbox or a phone and proves that somebody reads it, and challenges between two
factors."""

from __future__ import annotations

import hmac
import uuid
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from domain.errors import DomainError, RuleViolation, Unauthenticated
from domain.one_time import OneTimeTokens, Purpose
from domain.policy import LinkPolicy
from domain.users import UserStatus
from models.base import new_id
from models.locks import lock_user
from models.one_time_tokens import OneTimeToken
from models.users import User
from services.context import Context


def issue(session: Session, ctx: Context, tokens: OneTimeTokens, user: User, purpose: Purpose) -> OneTimeToken:
    """A new token for a user whose row the caller has locked or just made; it ends the one before."""
    token_id = new_id()
    return _open(session, ctx, user, purpose, token_id, tokens.hash(tokens.token(purpose, token_id)))


def issue_code(
    session: Session, ctx: Context, tokens: OneTimeTokens, user: User, purpose: Purpose, phone: str
) -> OneTimeToken:
    """A new code for a phone and a user whose row the caller has locked; it ends the one before."""
    token_id = new_id()
    token_hash = tokens.code_hash(token_id, user.id, phone, tokens.code(purpose, token_id))
    return _open(session, ctx, user, purpose, token_id, token_hash, phone)


def withdraw_all(session: Session, user: User, now: datetime) -> None:
    """End everything that a user, whose row the caller has locked, still has open."""
    open_ones = (OneTimeToken.user_id == user.id, OneTimeToken.used_at.is_(None), OneTimeToken.replaced_at.is_(None))
    session.execute(update(OneTimeToken).where(*open_ones).values(replaced_at=now))


def withdraw(session: Session, user: User, purpose: Purpose, now: datetime) -> None:
    """End what a user, whose row the caller has locked or just made, still has open for a purpose."""
    session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.user_id == user.id, OneTimeToken.purpose == purpose.value)
        .where(OneTimeToken.used_at.is_(None), OneTimeToken.replaced_at.is_(None))
        .values(replaced_at=now)
    )


def owner_of(session: Session, ctx: Context, token_hash: str, purpose: Purpose) -> User:
    """Whose token this is, while it works and its owner may use it. Raises ``one_time_token_invalid``, or
    ``challenge_invalid``."""
    found = session.scalar(_of(token_hash, purpose))
    user = session.get(User, found.user_id) if found and found.is_live(ctx.now(session)) else None
    if user is None or not may_use(user, purpose):
        raise _invalid(purpose)
    return user


def redeem(session: Session, ctx: Context, token_hash: str, purpose: Purpose) -> User:
    """Use a token up; the user's row is locked from here on. Raises ``one_time_token_invalid``, or ``challenge_invalid``."""
    user = lock_user(session, owner_of(session, ctx, token_hash, purpose).id)
    # Only now: whoever held the lock may have used or replaced it.
    found = session.scalar(_of(token_hash, purpose).execution_options(populate_existing=True))
    now = ctx.now(session)
    if found is None or not found.is_live(now) or not may_use(user, purpose):
        raise _invalid(purpose)
    found.used_at = now
    return user


def lock_who_used(session: Session, token_hash: str, purpose: Purpose) -> User | None:
    """Whoever has used this very token and may sign in, for what a second click asks for again; None for everybody else. The
    user's row is locked from here on, so that of two clicks at once the later one sees what the first has done."""
    owner_id = session.scalar(_of(token_hash, purpose).with_only_columns(OneTimeToken.user_id))
    if owner_id is None:
        return None
    user = lock_user(session, owner_id)
    used_at = session.scalar(_of(token_hash, purpose).with_only_columns(OneTimeToken.used_at))
    return user if used_at is not None and user.may_sign_in else None


def try_code(
    session: Session, ctx: Context, tokens: OneTimeTokens, user: User, purpose: Purpose, code: str
) -> OneTimeToken | None:
    """What a user, whose row the caller has locked, has open for a purpose, used up by the right code; None where none works
    any more. After a wrong code it is answered unused: that counts once the caller commits, so nothing is raised."""
    # Read under the lock: who held it may have used, missed or replaced the code.
    found = session.scalar(_open_of(user, purpose).execution_options(populate_existing=True))
    now = ctx.now(session)
    if found is None or found.phone is None or not found.is_live(now):
        return None
    if hmac.compare_digest(found.token_hash, tokens.code_hash(found.id, user.id, found.phone, code)):
        found.used_at = now
    else:
        found.attempts += 1
    return found


def _open(
    session: Session,
    ctx: Context,
    user: User,
    purpose: Purpose,
    token_id: uuid.UUID,
    token_hash: str,
    phone: str | None = None,
) -> OneTimeToken:
    now = ctx.now(session)
    withdraw(session, user, purpose, now)
    opened = OneTimeToken(
        id=token_id,
        user_id=user.id,
        purpose=purpose.value,
        token_hash=token_hash,
        phone=phone,
        expires_at=now + _lifetime(ctx.policy.links, purpose),
    )
    session.add(opened)
    session.flush()
    return opened


def _open_of(user: User, purpose: Purpose) -> Select[tuple[OneTimeToken]]:
    return (
        select(OneTimeToken)
        .where(OneTimeToken.user_id == user.id, OneTimeToken.purpose == purpose.value)
        .where(OneTimeToken.used_at.is_(None), OneTimeToken.replaced_at.is_(None))
    )


def may_use(user: User, purpose: Purpose) -> bool:
    """Whether a token of this purpose is of use to somebody in the user's state."""
    return user.status == UserStatus.DELETED if purpose is Purpose.ACCOUNT_RESTORE else user.may_sign_in


def _of(token_hash: str, purpose: Purpose) -> Select[tuple[OneTimeToken]]:
    return select(OneTimeToken).where(OneTimeToken.token_hash == token_hash, OneTimeToken.purpose == purpose.value)


def _lifetime(links: LinkPolicy, purpose: Purpose) -> timedelta:
    return getattr(links, purpose.value)


def _invalid(purpose: Purpose) -> DomainError:
    if purpose is Purpose.SECOND_FACTOR:
        return Unauthenticated(
            "challenge_invalid",
            "This took too long, or another sign-in came after it. Sign in with your password again.",
        )
    # No route sends another link to an account that is deleted.
    way_on = (
        "Write to us: until your account is erased, we can bring it back."
        if purpose is Purpose.ACCOUNT_RESTORE
        else "Ask for a new one."
    )
    return RuleViolation(
        "one_time_token_invalid",
        f"This link does not work any more: it was used, replaced by a newer one, or has expired. {way_on}",
        errors={"token": ["is not valid any more"]},
    )
