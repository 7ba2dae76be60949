"""Getting back into an account whose password is forgotten, without telling anybody else whether there is one."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.jobs import JobKind
from domain.notices import NoticeKind
from domain.one_time import OneTimeTokens, Purpose
from domain.users import SessionEnd
from models.base import new_id
from models.locks import lock_user
from models.users import User
from services import limits
from services.accounts import sessions, two_factor
from services.accounts.attempts import forgive_account
from services.accounts.one_time_tokens import issue, redeem, withdraw_all
from services.accounts.users import set_password
from services.accounts.verification import confirm_email
from services.context import Context
from services.telling import tell_owner


def ask_for_reset(session: Session, ctx: Context, email: str) -> None:
    """Begin to reset the password of whoever has this address.

    The statements are the same where nobody has it: a job is added for an id that is nobody's. Of a user only the id is read:
    making a whole one takes long enough to be measured.
    """
    payload = {"user_id": session.scalar(select(User.id).where(User.email == email)) or new_id()}
    ctx.enqueue(session, JobKind.BEGIN_RESET, f"begin_reset:{new_id()}", payload, now=ctx.now(session))


def begin_reset(session: Session, ctx: Context, tokens: OneTimeTokens, user_id: uuid.UUID) -> None:
    """Send a link for choosing a new password, where there is such a user, who may sign in and has a mailbox.

    Where they have had as many mails as one may get, none is sent and nobody is refused: a stranger who asks too often must not
    keep the owner from theirs. The newest link works longer than that lasts, so it is in the mailbox.
    """
    if session.get(User, user_id) is None:
        return
    user = lock_user(session, user_id)
    if not user.may_sign_in or user.email is None:
        return
    if not limits.admits(session, ctx, "reset_account", str(user.id), ctx.policy.limits.reset_account):
        return
    token, now = issue(session, ctx, tokens, user, Purpose.PASSWORD_RESET), ctx.now(session)
    ctx.audit(session, "user.password_reset_asked", user, now=now)
    tell_owner(session, ctx, NoticeKind.PASSWORD_RESET, user.id, now=now, about=token.id, one_time_token_id=token.id)


def reset_password(session: Session, ctx: Context, token_hash: str, password_hash: str) -> list[uuid.UUID]:
    """Set the password of a token's owner, sign them out everywhere and let them sign in at once; answers which sessions
    ended.

    Who follows the link reads the mailbox, so the address is confirmed too. Raises ``one_time_token_invalid``.
    """
    user = redeem(session, ctx, token_hash, Purpose.PASSWORD_RESET)
    now = ctx.now(session)
    set_password(session, user, password_hash, now)
    if not user.has_confirmed_email:
        # Whoever opened it proved nothing, so phone and second factor are theirs and not the mailbox's.
        user.phone = user.phone_verified_at = None
        withdraw_all(session, user, now)
        two_factor.forget_strangers(session, user, now)
    ended = sessions.end_all(session, ctx, user.id, SessionEnd.PASSWORD_RESET)
    confirm_email(session, ctx, user)
    forgive_account(session, user)
    ctx.audit(session, "user.password_reset", user, now=now, data={"sessions_ended": len(ended)})
    tell_owner(session, ctx, NoticeKind.PASSWORD_CHANGED, user.id, now=now, about=new_id())
    return ended
