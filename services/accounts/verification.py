"""Confirming that an account's address is read by its owner, and telling an owner that somebody else tried it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.errors import Conflict
from domain.notices import NoticeKind
from domain.one_time import OneTimeTokens, Purpose
from models.locks import lock_user
from models.users import User
from services import limits
from services.accounts.one_time_tokens import issue, lock_who_used, redeem
from services.accounts.users import find_by_email
from services.context import Context
from services.telling import tell_owner


def send_verification(session: Session, ctx: Context, tokens: OneTimeTokens, user: User) -> None:
    """Welcome a user whose row the caller has just made or locked, with a link that confirms their address."""
    token = issue(session, ctx, tokens, user, Purpose.EMAIL_VERIFICATION)
    tell_owner(
        session,
        ctx,
        NoticeKind.EMAIL_VERIFICATION,
        user.id,
        now=ctx.now(session),
        about=token.id,
        one_time_token_id=token.id,
    )


def resend_verification(session: Session, ctx: Context, tokens: OneTimeTokens) -> None:
    """Send the actor a new link, which ends the old one. Raises ``email_already_verified``, or that it is too often."""
    user = lock_user(session, ctx.actor.user_id)
    if user.has_confirmed_email:
        raise Conflict("email_already_verified", "Your e-mail address is confirmed already.")
    limits.enforce(session, ctx, "verification_user", str(user.id), ctx.policy.limits.verification_user)
    send_verification(session, ctx, tokens, user)


def verify_email(session: Session, ctx: Context, tokens: OneTimeTokens, token: str) -> User:
    """Make the account behind a token active; once more with the same token changes nothing. Raises
    ``one_time_token_invalid``."""
    token_hash = tokens.hash(token)
    confirmed = lock_who_used(session, token_hash, Purpose.EMAIL_VERIFICATION)
    if confirmed is not None and confirmed.has_confirmed_email:
        return confirmed
    user = redeem(session, ctx, token_hash, Purpose.EMAIL_VERIFICATION)
    confirm_email(session, ctx, user)
    return user


def confirm_email(session: Session, ctx: Context, user: User) -> None:
    """Note that a user, whose row is locked, has followed a link from their mailbox; a second time changes nothing."""
    if user.confirm_email():
        ctx.audit(session, "user.email_verified", user, now=ctx.now(session))


def tell_taken(session: Session, ctx: Context, email: str) -> None:
    """Tell whom an address belongs to that somebody tried to register with it: once a day, however often that happens."""
    user = find_by_email(session, email)
    if user is not None and user.may_sign_in:
        now = ctx.now(session)
        tell_owner(session, ctx, NoticeKind.EMAIL_TAKEN, user.id, now=now, about=now.date())
