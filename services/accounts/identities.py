"""Signing in on another house's word: finding, linking, claiming or opening the account that a provider vouches for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Conflict, Forbidden, NotFound, Unauthenticated
from domain.identities import Provider, Vouched
from domain.jobs import JobKind
from domain.notices import NoticeKind
from domain.users import SessionEnd
from models.base import new_id
from models.identities import ExternalIdentity, newest_keys, use_up
from models.jobs import is_open
from models.locks import lock_user
from models.users import User
from services.accounts import sessions, two_factor
from services.accounts.one_time_tokens import withdraw_all
from services.accounts.users import find_by_email, open_confirmed, still_signed_in
from services.accounts.verification import confirm_email
from services.context import Context
from services.telling import tell_owner

#: Keys are asked for at most once in so many seconds, however many tokens name keys that we do not have.
ASK_EVERY_SECONDS = 60
_FETCH = f"{JobKind.FETCH_GOOGLE_KEYS}:"


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whose sign-in it is: ``user`` is locked or just made, ``ended`` are sessions that somebody else may have had."""

    user: User
    is_new: bool = False
    ended: list[uuid.UUID] = field(default_factory=list)


def recognise(session: Session, ctx: Context, vouched: Vouched, *, locale: str, intends_to_guide: bool) -> Recognised:
    """The account that a provider vouches for; a token does this once.

    The provider's subject decides. A new subject is led to an account by its address alone, and only where the provider has
    verified that and, for an account that is not confirmed, by taking the account over: whoever opened it proved nothing.

    Raises ``google_token_used``, ``google_email_unverified``, ``other_google_account`` or ``account_suspended``.
    """
    if not use_up(session, vouched.digest, vouched.expires_at):
        raise Unauthenticated("google_token_used", "This Google sign-in was used before. Sign in with Google again.")
    linked = _linked(session, vouched)
    if linked is not None:
        return Recognised(linked)
    if vouched.email is None:
        raise Forbidden("google_email_unverified", "Google has not verified the e-mail address of this account.")
    opened = open_confirmed(
        session,
        ctx,
        email=vouched.email,
        first_name=vouched.first_name,
        last_name=vouched.last_name,
        intends_to_guide=intends_to_guide,
        locale=locale,
    )
    if opened is not None:
        now = _link(session, ctx, opened, vouched)
        tell_owner(session, ctx, NoticeKind.WELCOME, opened.id, now=now, about=opened.id)
        return Recognised(opened, is_new=True)
    return _join(session, ctx, vouched)


def providers_of(session: Session, user_id: uuid.UUID) -> Sequence[str]:
    """Who vouches for a user."""
    mine = select(ExternalIdentity.provider).where(ExternalIdentity.user_id == user_id)
    return session.scalars(mine.order_by(ExternalIdentity.provider)).all()


def unlink(session: Session, ctx: Context, provider: Provider) -> None:
    """Let a provider no longer vouch for the actor. Raises ``google_not_linked``, and ``only_way_in`` where nothing else
    would let them sign in."""
    user = still_signed_in(session, ctx)
    identity = _identity_of(session, user, provider)
    if identity is None:
        raise NotFound("google_not_linked", "Google sign-in is not part of your account.")
    if user.password_hash is None:
        raise Conflict("only_way_in", "Google is the only way into your account. Choose a password first.")
    session.delete(identity)
    ctx.audit(session, "identity.unlinked", user, now=ctx.now(session), data={"provider": provider.value})


def ask_for_google_keys(session: Session, ctx: Context) -> str | None:
    """Have Google's keys fetched soon, unless that was asked for within the minute; the key of the job that is at it."""
    now = ctx.now(session)
    key = f"{_FETCH}{int(now.timestamp()) // ASK_EVERY_SECONDS}"
    if is_open(session, _FETCH):
        return key if is_open(session, key) else None
    return key if ctx.enqueue(session, JobKind.FETCH_GOOGLE_KEYS, key, {}, now=now) else None


def google_keys_are_due(session: Session, now: datetime) -> bool:
    """Whether Google's set of keys is to be read again, by what Google said itself."""
    newest = newest_keys(session, Provider.GOOGLE)
    return newest is None or newest[1] <= now


def _linked(session: Session, vouched: Vouched) -> User | None:
    """The user whom the subject is linked to, locked."""
    of_subject = select(ExternalIdentity.user_id).where(
        ExternalIdentity.provider == vouched.provider.value, ExternalIdentity.subject == vouched.subject
    )
    user_id = session.scalar(of_subject)
    if user_id is None:
        return None
    user = lock_user(session, user_id)
    # Only now: whoever held the lock may have taken the link away.
    return user if session.scalar(of_subject) == user_id else None


def _join(session: Session, ctx: Context, vouched: Vouched) -> Recognised:
    """Link the account that has the vouched address; where nobody has proved to read its mail, take it over first."""
    found = find_by_email(session, vouched.email)
    user = lock_user(session, found.id) if found else None
    if user is None or (user.email or "").lower() != vouched.email:
        raise Conflict("busy_try_again", "Somebody is changing the same account. Try again.", retry_after=1)
    # A twin of this sign-in may have linked it while we waited.
    identity = _identity_of(session, user, vouched.provider)
    if identity is not None and identity.subject == vouched.subject:
        return Recognised(user)
    if not user.may_sign_in:
        return Recognised(user)
    if identity is not None:
        raise Conflict(
            "other_google_account",
            "Another Google account is part of this account. Sign in with that one or with your password.",
        )
    is_claim = not user.has_confirmed_email
    ended = _claim(session, ctx, user, vouched) if is_claim else []
    now = _link(session, ctx, user, vouched)
    kind = NoticeKind.ACCOUNT_CLAIMED if is_claim else NoticeKind.GOOGLE_LINKED
    tell_owner(session, ctx, kind, user.id, now=now, about=new_id())
    return Recognised(user, ended=ended)


def _claim(session: Session, ctx: Context, user: User, vouched: Vouched) -> list[uuid.UUID]:
    """Give an unproven account to whom its address belongs: what was put there before is not theirs, and lets nobody in."""
    now = ctx.now(session)
    user.password_hash = user.phone = user.phone_verified_at = None
    user.first_name, user.last_name = vouched.first_name, vouched.last_name
    withdraw_all(session, user, now)
    two_factor.forget_strangers(session, user, now)
    ended = sessions.end_all(session, ctx, user.id, SessionEnd.ACCOUNT_CLAIMED)
    confirm_email(session, ctx, user)
    ctx.audit(session, "user.claimed", user, now=now, data={"sessions_ended": len(ended)})
    return ended


def _link(session: Session, ctx: Context, user: User, vouched: Vouched) -> datetime:
    now = ctx.now(session)
    values = {"provider": vouched.provider.value, "subject": vouched.subject, "email": vouched.email}
    session.add(ExternalIdentity(user_id=user.id, **values))
    session.flush()
    ctx.audit(session, "identity.linked", user, now=now, data={"provider": vouched.provider.value})
    return now


def _identity_of(session: Session, user: User, provider: Provider) -> ExternalIdentity | None:
    mine = (ExternalIdentity.user_id == user.id, ExternalIdentity.provider == provider.value)
    return session.scalar(select(ExternalIdentity).where(*mine))
