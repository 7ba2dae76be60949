"""Proving again who one is: attempts are counted before they are looked at, and passwords alike wherever they are asked for."""

from __future__ import annotations

import uuid

from api.edge import edge
from domain.errors import Conflict
from services import limits
from services.accounts import attempts, two_factor, users
from services.accounts.attempts import Attempt
from services.context import Context


def actors_password(ctx: Context) -> tuple[str, str]:
    """The hash of the signed-in user's password, and their address of mail. Raises ``password_not_set``."""
    with edge().db.reading() as session:
        user = users.get_user(session, ctx.actor.user_id)
    if user.password_hash is None:
        raise Conflict("password_not_set", "This account has no password yet. Choose one by 'forgot password' first.")
    return user.password_hash, user.email or ""


def known_hash(ctx: Context, password: str, field: str) -> tuple[str, Attempt]:
    """The hash that what the signed-in user gave as their password in ``field`` was found right for, counted as a login on
    this device is; the caller holds a place in the queue. Raises ``wrong_password``."""
    password_hash, _ = actors_password(ctx)
    with edge().db.transaction() as session:
        attempt = attempts.begin_on_device(session, ctx, ctx.actor.session_id)
    if not edge().passwords.matches(password, password_hash):
        raise users.wrong_password(field)
    return password_hash, attempt


def count(ctx: Context, *hits: tuple[str, str]) -> None:
    """Count an attempt under each limit, in a transaction of its own, so that a later failure does not uncount it."""
    with edge().db.transaction() as session:
        for scope, subject in hits:
            limits.enforce(session, ctx, scope, subject, getattr(ctx.policy.limits, scope))


def count_code(ctx: Context, user_id: uuid.UUID) -> None:
    """Count a code that somebody tries for a user, in a transaction of its own, so that a wrong one does not uncount it."""
    with edge().db.transaction() as session:
        two_factor.count_attempt(session, ctx, user_id)
