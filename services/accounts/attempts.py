"""Guessing passwords: each attempt is counted before it is checked, and waits longer the more have failed.

A device that the account was signed in on before is counted on its own, so that strangers who guess keep nobody out.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.users import SessionEnd
from models.users import User, UserSession
from services import limits
from services.context import Context


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt was counted as, to be forgiven where it succeeds."""

    account: str
    #: None on a device of the owner's, which no neighbour of its network address slows down.
    address: str | None


def begin_attempt(session: Session, ctx: Context, email: str, address: str, device_id: uuid.UUID | None) -> Attempt:
    """Count an attempt to sign in with an address of mail, from a network address and perhaps a device of the owner's, which
    goes by the session that it was first signed in with.

    The statements are the same whether anybody has the address. Raises :class:`TooMany` until the attempt has waited; such a
    one is not counted. To be committed before the password is checked, so that a failure does not uncount it.
    """
    if _is_device_of(session, ctx, email, device_id):
        return begin_on_device(session, ctx, device_id)
    limits.slow_down(session, ctx, "login_address", address, ctx.policy.limits.login_address)
    return _count(session, ctx, Attempt(email, address))


def begin_on_device(session: Session, ctx: Context, device_id: uuid.UUID) -> Attempt:
    """Count an attempt on a device that is known to be the account's."""
    return _count(session, ctx, Attempt(f"device:{device_id}", None))


def forgive_attempt(session: Session, attempt: Attempt) -> None:
    """The attempt has succeeded and counts no more. On a device of the owner's neither does what failed there before; what
    strangers have failed at stays counted, for a wait that vanished would tell them that somebody has signed in."""
    if attempt.address is None:
        limits.forgive(session, "login_account", attempt.account)
        return
    # In the order in which attempts count.
    limits.give_back(session, "login_address", attempt.address)
    limits.give_back(session, "login_account", attempt.account)


def forgive_account(session: Session, user: User) -> None:
    """Start counting anew for everybody: the owner has another password, which they have proved to be free to choose."""
    if user.email is not None:
        limits.forgive(session, "login_account", user.email.lower())


def _count(session: Session, ctx: Context, attempt: Attempt) -> Attempt:
    limits.slow_down(session, ctx, "login_account", attempt.account, ctx.policy.limits.login_account)
    return attempt


def _is_device_of(session: Session, ctx: Context, email: str, device_id: uuid.UUID | None) -> bool:
    """Whether the account was signed in there for as long as a session may last, and nobody but its user signed it out."""
    found = (
        select(UserSession.id)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.id == device_id, User.email == email, UserSession.expires_at > ctx.now(session))
        .where(or_(UserSession.revoked_at.is_(None), UserSession.revoked_reason == SessionEnd.SIGNED_OUT.value))
    )
    return session.scalar(found) is not None
