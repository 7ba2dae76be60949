"""Accounts: opening one, looking one up for signing in, and changing its password."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.errors import Conflict, NotFound, RuleViolation, Unauthenticated, field_error
from domain.notices import NoticeKind
from domain.one_time import Purpose
from domain.users import Role, SessionEnd, UserStatus
from models.base import new_id
from models.locks import lock_user
from models.two_factor import TwoFactor
from models.users import User
from services import limits
from services.accounts import sessions
from services.accounts.one_time_tokens import withdraw
from services.context import Context
from services.telling import tell_owner


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody gives to register. ``password_hash`` is made before the transaction: hashing is slow on purpose."""

    email: str
    password_hash: str
    first_name: str
    last_name: str
    phone: str | None
    intends_to_guide: bool
    locale: str


def register(session: Session, ctx: Context, account: NewAccount) -> User:
    """Open an account. Raises ``email_taken``, the one answer that tells whether an address is known."""
    created = session.execute(
        insert(User)
        .values(
            id=new_id(),
            email=account.email,
            password_hash=account.password_hash,
            first_name=account.first_name,
            last_name=account.last_name,
            phone=account.phone,
            roles=[Role.TOURIST.value],
            status=UserStatus.PENDING.value,
            intends_to_guide=account.intends_to_guide,
            locale=account.locale,
        )
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(User)
    ).scalar()
    if created is None:
        raise Conflict(
            "email_taken",
            "There is already an account with this e-mail address. Sign in instead.",
            errors={"email": ["is already registered"]},
        )
    ctx.audit(session, "user.registered", created, now=ctx.now(session))
    return created


def open_confirmed(
    session: Session,
    ctx: Context,
    *,
    email: str,
    first_name: str,
    last_name: str,
    intends_to_guide: bool,
    locale: str,
) -> User | None:
    """Open an account without a password for whom somebody we trust has seen to read this address; None where it is taken.

    Who comes at the same time waits for whoever is first.
    """
    created = session.execute(
        insert(User)
        .values(
            id=new_id(),
            email=email,
            first_name=first_name,
            last_name=last_name,
            roles=[Role.TOURIST.value],
            status=UserStatus.ACTIVE.value,
            intends_to_guide=intends_to_guide,
            locale=locale,
        )
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(User)
    ).scalar()
    if created is not None:
        ctx.audit(session, "user.registered", created, now=ctx.now(session))
    return created


def appoint(session: Session, ctx: Context, user: User, role: Role) -> None:
    """Add a role to an account whose row the caller has locked or just made; for operators only."""
    user.roles = [*user.roles, role.value]
    ctx.audit(session, "user.role_added", user, now=ctx.now(session), data={"role": role.value})


def find_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email))


def still_authenticated(session: Session, user: User) -> User:
    """The account whose password was just checked, locked until the commit, so that no session outlives a password that is
    changed meanwhile. Raises ``invalid_credentials`` where it was."""
    locked = lock_user(session, user.id)
    if locked.password_hash != user.password_hash:
        raise wrong_credentials()
    return locked


def get_user(session: Session, user_id: uuid.UUID) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("user_not_found", "There is no such user.")
    return user


def change_password(session: Session, ctx: Context, checked_hash: str, new_hash: str) -> list[uuid.UUID]:
    """Give the actor another password, end their other sessions and tell them by mail; answers which sessions.

    ``checked_hash`` is the one that the current password was found to be right for.

    Raises ``wrong_password`` where somebody changed it since, and ``session_ended`` where the actor was signed out.
    """
    user = known_password(session, ctx, checked_hash)
    now = ctx.now(session)
    set_password(session, user, new_hash, now)
    ctx.audit(session, "user.password_changed", user, now=now)
    tell_owner(session, ctx, NoticeKind.PASSWORD_CHANGED, user.id, now=now, about=new_id())
    return sessions.end_all(session, ctx, user.id, SessionEnd.PASSWORD_CHANGED, but=ctx.actor.session_id)


def set_password(session: Session, user: User, new_hash: str, now: datetime) -> None:
    """Give a user, whose row the caller has locked, another password, and end what was begun under the old one: a link to
    choose one, of which the next may leave at once, a sign-in that waits for its second factor, and a move to another phone."""
    user.password_hash = new_hash
    withdraw(session, user, Purpose.PASSWORD_RESET, now)
    withdraw(session, user, Purpose.SECOND_FACTOR, now)
    session.execute(
        update(TwoFactor).where(TwoFactor.user_id == user.id).values(pending_secret=None, pending_until=None)
    )
    limits.forgive(session, "reset_account", str(user.id))


def still_signed_in(session: Session, ctx: Context) -> User:
    """The actor, locked, who has not been signed out: each process remembers for a moment who was signed in, and what is written
    about the account in that moment would stay, after a reset with whom it was taken from. Raises ``session_ended``."""
    user = lock_user(session, ctx.actor.user_id)
    if ctx.actor.session_id is not None and sessions.identify(session, ctx, ctx.actor.session_id) is None:
        raise sessions.session_ended()
    return user


def known_password(session: Session, ctx: Context, checked_hash: str, field: str = "current_password") -> User:
    """The actor, locked, whose password was found right for ``checked_hash`` before; it must still be theirs, and they
    still signed in.

    Raises ``wrong_password`` where somebody changed it since, and ``session_ended`` where the actor was signed out.
    """
    user = lock_user(session, ctx.actor.user_id)
    if user.password_hash != checked_hash:
        raise wrong_password(field)
    if sessions.identify(session, ctx, ctx.actor.session_id) is None:
        raise sessions.session_ended()
    return user


def wrong_credentials() -> Unauthenticated:
    """The refusal of a sign-in, which does not tell what was wrong."""
    return Unauthenticated("invalid_credentials", "E-mail address or password is not right.")


def wrong_password(field: str) -> RuleViolation:
    """The refusal of somebody signed in who does not know the password that they gave in ``field``."""
    return field_error(field, "is not your password", "wrong_password")
