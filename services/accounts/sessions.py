"""Being signed in and out: families of refresh tokens, rotated at each use, and ended as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import UUID, any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from domain.agents import agent_of
from domain.errors import NotFound, Unauthenticated
from domain.notices import NoticeKind
from domain.users import MAY_SIGN_IN, SessionEnd
from models.base import new_id
from models.locks import lock_session, lock_sessions, lock_user
from models.users import User, UserSession
from services.accounts.devices import forget_devices
from services.context import Context
from services.pages import Order, Page, Window, count, falling
from services.telling import tell_owner

#: For how long a device is known that was signed in, and how many different names of devices are compared, the last used first:
#: making sense of one takes up to 2 ms, and they are their sender's invention.
REMEMBERED = timedelta(days=90)
MOST_COMPARED = 50
#: In how many places one is signed in at once; ending all of them has to be quick, or nobody could be suspended.
MOST_SESSIONS = 100


class Refreshed(StrEnum):
    """What became of a presented refresh token."""

    ROTATED = "rotated"
    #: The answer to an earlier rotation was lost; the same successor is handed out again.
    REPEATED = "repeated"
    REFUSED = "refused"
    #: An old token came back: somebody has a copy, so the whole family is signed out.
    REUSED = "reused"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a live session belongs to, as each request reads it."""

    user_id: uuid.UUID
    session_id: uuid.UUID
    roles: frozenset[str]
    locale: str
    #: Whether two factors were shown.
    two_factor: bool = False


def open_session(
    session: Session,
    ctx: Context,
    user: User,
    *,
    token_hash: str,
    session_id: uuid.UUID,
    device: str,
    two_factor: bool = False,
) -> None:
    """Sign a device of a user, whose row the caller has locked or just made, in, ``two_factor`` where a second factor was shown;
    they are told where it is one that they have not used before."""
    now, device = ctx.now(session), device[:200]
    is_new = _is_new_device(session, user.id, device, now)
    opened = UserSession(
        id=session_id,
        user_id=user.id,
        token_hash=token_hash,
        rotated_at=now,
        expires_at=now + ctx.policy.sessions.lifetime,
        two_factor_at=now if two_factor else None,
        device=device or None,
        ip=ctx.actor.ip,
    )
    session.add(opened)
    session.flush()
    ctx.audit(session, "session.opened", opened, now=now)
    _make_room(session, ctx, user.id, now)
    if is_new:
        tell_owner(session, ctx, NoticeKind.NEW_DEVICE, user.id, now=now, about=opened.id, session_id=opened.id)


def new_session_id() -> uuid.UUID:
    return new_id()


def refresh(session: Session, ctx: Context, session_id: uuid.UUID, presented: str, successor: str) -> Refreshed:
    """Rotate a family's token; ``presented`` and ``successor`` are keyed hashes.

    Never raises for a bad token: a reuse must be committed (the family is revoked) although the caller is refused.
    """
    family = lock_session(session, session_id)
    now = ctx.now(session)
    if family is None or not family.is_live(now):
        return Refreshed.REFUSED
    user = session.get(User, family.user_id)
    if user is None or not user.may_sign_in:
        return Refreshed.REFUSED
    if presented == family.token_hash:
        family.rotate(successor, now)
        return Refreshed.ROTATED
    if presented == family.previous_token_hash and now - family.rotated_at <= ctx.policy.sessions.reuse_grace:
        return Refreshed.REPEATED
    _end(session, ctx, family, SessionEnd.TOKEN_REUSED, now)
    return Refreshed.REUSED


def sign_out(session: Session, ctx: Context) -> None:
    """End the actor's own session; a second time changes nothing."""
    family, now = lock_session(session, ctx.actor.session_id), ctx.now(session)
    if family is not None and family.is_live(now):
        _end(session, ctx, family, SessionEnd.SIGNED_OUT, now)


def sign_out_everywhere(session: Session, ctx: Context) -> list[uuid.UUID]:
    """End all of the actor's sessions; answers which."""
    lock_user(session, ctx.actor.user_id)
    return end_all(session, ctx, ctx.actor.user_id, SessionEnd.SIGNED_OUT_EVERYWHERE)


def end_own(session: Session, ctx: Context, session_id: uuid.UUID) -> None:
    """End one of the actor's live sessions. Raises ``session_not_found``, also for somebody else's and for ended ones."""
    # Somebody else's row is not even locked.
    owner = session.scalar(select(UserSession.user_id).where(UserSession.id == session_id))
    family = lock_session(session, session_id) if owner == ctx.actor.user_id else None
    now = ctx.now(session)
    if family is None or not family.is_live(now):
        raise NotFound("session_not_found", "You are not signed in there.")
    _end(session, ctx, family, SessionEnd.ENDED_BY_USER, now)


def end_all(
    session: Session, ctx: Context, user_id: uuid.UUID, reason: SessionEnd, *, but: uuid.UUID | None = None
) -> list[uuid.UUID]:
    """End every live session of a user whose row the caller has locked, except ``but``; answers which."""
    families, now = lock_sessions(session, user_id), ctx.now(session)
    ending = [family for family in families if family.is_live(now) and family.id != but]
    for family in ending:
        _end(session, ctx, family, reason, now)
    return [family.id for family in ending]


_NEWEST_FIRST = Order(falling(UserSession.created_at), falling(UserSession.id))


def own_sessions(session: Session, ctx: Context, window: Window) -> Page[UserSession]:
    """One page of where the actor is signed in, newest first, and in how many places."""
    mine = (
        UserSession.user_id == ctx.actor.user_id,
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > ctx.now(session),
    )
    total = count(session, select(UserSession.id).where(*mine))
    return _NEWEST_FIRST.scalars(session, select(UserSession).where(*mine), window, total)


def identify(session: Session, ctx: Context, session_id: uuid.UUID) -> Identity | None:
    """The user behind a session, in one indexed read; None where the session or the user is no longer welcome."""
    row = session.execute(
        select(User.id, User.roles, User.status, User.locale, UserSession, func.clock_timestamp().label("now"))
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.id == session_id)
    ).first()
    if row is None or row.status not in MAY_SIGN_IN or not row.UserSession.is_live(row.now + ctx.clock.offset):
        return None
    shown = row.UserSession.two_factor_at is not None
    return Identity(row.id, session_id, frozenset(row.roles), row.locale, shown)


def live_sessions(session: Session, ctx: Context, session_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Those of the sessions that are still welcome, each with the number of its user's latest event, in one read."""
    rows = session.execute(
        select(UserSession.id, User.notification_seq)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.id == any_(cast([str(each) for each in session_ids], ARRAY(UUID))))
        .where(UserSession.revoked_at.is_(None), UserSession.expires_at > ctx.now(session))
        .where(User.status.in_(MAY_SIGN_IN))
    )
    return dict(rows.all())


def _is_new_device(session: Session, user_id: uuid.UUID, device: str, now: datetime) -> bool:
    """Whether an account that has been signed in to before was not from such a device within :data:`REMEMBERED`.

    Browsers update themselves and addresses change all the time, so neither makes a device another one.
    """
    theirs = select(UserSession.device).where(UserSession.user_id == user_id)
    recent = theirs.where(UserSession.rotated_at > now - REMEMBERED).group_by(UserSession.device)
    last_used_first = recent.order_by(func.max(UserSession.rotated_at).desc()).limit(MOST_COMPARED)
    known, agent = session.scalars(last_used_first).all(), agent_of(device)
    if any(agent_of(each) == agent for each in known):
        return False
    return bool(known) or session.scalar(theirs.limit(1).with_only_columns(UserSession.id)) is not None


def session_ended() -> Unauthenticated:
    """The refusal of somebody who was signed in until a moment ago."""
    return Unauthenticated("session_ended", "You are no longer signed in. Sign in again.")


def _make_room(session: Session, ctx: Context, user_id: uuid.UUID, now: datetime) -> None:
    """End the sessions that were opened first, beyond :data:`MOST_SESSIONS`. The user's row is locked or was just made."""
    theirs = (UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now)
    too_many = select(UserSession.id).where(*theirs).order_by(UserSession.created_at.desc(), UserSession.id.desc())
    for session_id in session.scalars(too_many.offset(MOST_SESSIONS)).all():
        family = lock_session(session, session_id)
        if family is not None and family.is_live(now):
            _end(session, ctx, family, SessionEnd.TOO_MANY, now)


def _end(session: Session, ctx: Context, family: UserSession, reason: SessionEnd, now: datetime) -> None:
    family.revoke(reason.value, now)
    forget_devices(session, ctx, family.id, now)
    ctx.audit(session, "session.revoked", family, now=now, data={"reason": reason.value})
