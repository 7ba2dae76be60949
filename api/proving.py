"""Proving again who one is: attempts are counted before they are looked at, and passwords alike wherever they are asked for."""

from __future__ import annotations

from api.context import limited_address
from api.edge import edge
from domain.errors import Conflict
from models.users import User
from services import accounts, limits
from services.context import Context


def actors_password(ctx: Context) -> tuple[str, str]:
    """The hash of the signed-in user's password, and what failures are counted under. Raises ``password_not_set``."""
    with edge().db.reading() as session:
        user = accounts.get_user(session, ctx.actor.user_id)
    if user.password_hash is None:
        raise Conflict("password_not_set", "This account has no password yet. Choose one by 'forgot password' first.")
    return user.password_hash, login_name(user)


def known_hash(ctx: Context, password: str, field: str) -> str:
    """The hash that what the signed-in user gave as their password in ``field`` was found right for, counted as a login is;
    the caller holds a place in the queue. Raises ``wrong_password``."""
    password_hash, name = actors_password(ctx)
    count(ctx, ("login_address", limited_address()), ("login_account", name))
    if not edge().passwords.matches(password, password_hash):
        raise accounts.wrong_password(field)
    return password_hash


def login_name(user: User) -> str:
    """What failures of the account are counted under, wherever its password is asked for."""
    return user.email.lower() if user.email else str(user.id)


def count(ctx: Context, *hits: tuple[str, str]) -> None:
    """Count an attempt under each limit, in a transaction of its own, so that a later failure does not uncount it."""
    with edge().db.transaction() as session:
        for scope, subject in hits:
            limits.enforce(session, ctx, scope, subject, getattr(ctx.policy.limits, scope))
