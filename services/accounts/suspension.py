"""Closing somebody's account until further notice, and opening it again."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from domain.errors import Conflict, Forbidden, NotFound, Unauthenticated
from domain.notices import NoticeKind
from domain.users import ADMINS, Role, SessionEnd, UserStatus
from models.base import new_id
from models.locks import lock_users
from models.users import User
from services.accounts import sessions
from services.catalogue import offering
from services.context import Context
from services.telling import tell_owner


def suspend(session: Session, ctx: Context, user_id: uuid.UUID, reason: str) -> tuple[User, list[uuid.UUID]]:
    """Sign a user out everywhere and keep them out, and take off the market what they offer; answers the account and which
    sessions ended. Where it is suspended already, nothing is done.

    Bookings and payments go on: a prompt that is on a phone already may still be paid. Raises ``user_not_found``,
    ``own_account``, ``super_admins_only`` or ``account_deleted``.
    """
    user = _locked(session, ctx, user_id)
    if user.status == UserStatus.SUSPENDED:
        return user, []
    if not user.may_sign_in:
        raise Conflict("account_deleted", "This account is deleted.")
    withdrawn, now = offering.withdraw_listings(session, ctx, user.id), ctx.now(session)
    user.suspend(reason, now)
    ended = sessions.end_all(session, ctx, user.id, SessionEnd.ACCOUNT_SUSPENDED)
    # The words stay with the account; they may name people, and the log is for ever.
    changed = {"from": user.suspended_from, "sessions_ended": len(ended), "listings_withdrawn": withdrawn}
    ctx.audit(session, "user.suspended", user, now=now, data=changed)
    tell_owner(session, ctx, NoticeKind.ACCOUNT_SUSPENDED, user.id, now=now, about=new_id())
    return user, ended


def unsuspend(session: Session, ctx: Context, user_id: uuid.UUID) -> User:
    """Let a suspended user sign in again, and offer again what was withdrawn with them. Where the account is not
    suspended, nothing is done. Raises what :func:`suspend` does."""
    user = _locked(session, ctx, user_id)
    if user.may_sign_in:
        return user
    if user.status != UserStatus.SUSPENDED:
        raise Conflict("account_deleted", "This account is deleted.")
    user.restore()
    offered, now = offering.offer_listings_again(session, ctx, user), ctx.now(session)
    changed = {"to": user.status, "listings_offered_again": offered}
    ctx.audit(session, "user.unsuspended", user, now=now, data=changed)
    tell_owner(session, ctx, NoticeKind.ACCOUNT_RESTORED, user.id, now=now, about=new_id())
    return user


def _locked(session: Session, ctx: Context, user_id: uuid.UUID) -> User:
    """The account, locked together with the actor's, where the actor may decide about it."""
    actor_id = ctx.actor.user_id
    found = {user.id: user for user in lock_users(session, {user_id, actor_id} - {None})}
    if actor_id is not None:
        check_still_admin(session, ctx, found[actor_id])
    user = found.get(user_id)
    if user is None:
        raise NotFound("user_not_found", "There is no such user.")
    if user_id == actor_id:
        raise Forbidden("own_account", "Nobody decides about their own account. Ask another administrator.")
    if actor_id is not None and ADMINS & set(user.roles) and Role.SUPER_ADMIN not in found[actor_id].roles:
        raise Forbidden("super_admins_only", "Only a super administrator decides about an administrator.")
    return user


def check_still_admin(session: Session, ctx: Context, actor: User) -> None:
    """Refuse an actor, whose row is locked, who is out or no administrator any more."""
    # Who was suspended or lost the role a moment ago is remembered elsewhere, and must not undo it.
    if sessions.identify(session, ctx, ctx.actor.session_id) is None:
        raise Unauthenticated("session_ended", "You are no longer signed in. Sign in again.")
    if not ADMINS & set(actor.roles):
        raise Forbidden("admins_only", "This is for administrators.")
