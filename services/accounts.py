"""Accounts: opening one, and looking one up for signing in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.errors import Conflict, NotFound, Unauthenticated
from domain.users import Role, UserStatus
from models.base import new_id
from models.locks import lock_user
from models.users import User
from services.context import Context


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
        raise Unauthenticated("invalid_credentials", "E-mail address or password is not right.")
    return locked


def get_user(session: Session, user_id: uuid.UUID) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("user_not_found", "There is no such user.")
    return user
