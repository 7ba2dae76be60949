"""The second factor: setting it up, moving it to another phone, showing it once per step, and getting rid of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain import two_factor
from domain.errors import Busy, Conflict, Forbidden, RuleViolation, Unauthenticated, field_error
from domain.notices import NoticeKind
from domain.one_time import OneTimeTokens, Purpose
from domain.users import SessionEnd
from domain.vault import Unopenable, Vault
from models.base import new_id
from models.locks import lock_session, lock_user
from models.sealed import place_of
from models.two_factor import TwoFactor
from models.users import User, UserSession
from services import limits
from services.accounts import sessions
from services.accounts.one_time_tokens import issue, redeem, withdraw
from services.accounts.users import known_password
from services.context import Context
from services.telling import tell_owner

logger = structlog.get_logger("services.two_factor")

#: Under these limits codes are tried; a right one starts them anew.
LIMITS = ("second_factor", "second_factor_day")


def begin_setup(
    session: Session, ctx: Context, vault: Vault, checked_hash: str, code: str | None = None
) -> tuple[User, str]:
    """A new seed for the actor, in place of one that was never confirmed; answers whose it is, and the seed. Where it is on
    already, it takes a code of the phone so far, which goes on counting until :func:`enable` confirms the new one.

    Raises ``email_not_verified``, ``code_required``, ``two_factor_off`` for a code that nothing asks for, ``wrong_code``, and
    what :func:`services.accounts.users.known_password` raises.
    """
    user, now = known_password(session, ctx, checked_hash, "password"), ctx.now(session)
    # Else whoever registers with somebody's address could keep them out for good; operators vouch for administrators.
    if not (user.has_confirmed_email or user.is_admin):
        raise Conflict("email_not_verified", "Confirm your e-mail address first.")
    secret = two_factor.new_secret()
    if row := show_where_on(session, ctx, vault, user, code):
        sealed = vault.seal(secret, place_of(TwoFactor.pending_secret, user.id))
        row.keep_pending(sealed, now + two_factor.MOVE_WITHIN)
    else:
        _forget(session, user)
        session.add(TwoFactor(user_id=user.id, secret=vault.seal(secret, place_of(TwoFactor.secret, user.id))))
    session.flush()
    ctx.audit(session, "user.two_factor_setup", user, now=now)
    return user, secret


def enable(session: Session, ctx: Context, vault: Vault, code: str) -> tuple[list[str], list[uuid.UUID]]:
    """Switch it on for the actor, whose app shows the right code, or where it is on, move it to the new phone; the session
    at hand counts as signed in with both. Answers the backup codes, which nobody can ever read again, and the sessions that
    ended: all others, where it moved, for the phone so far may be lost and signed in.

    Raises ``two_factor_on``, ``two_factor_not_set_up``, ``wrong_code`` and ``session_ended``.
    """
    user = lock_user(session, ctx.actor.user_id)
    family, now = lock_session(session, ctx.actor.session_id), ctx.now(session)
    if family is None or not family.is_live(now):
        raise Unauthenticated("session_ended", "You are no longer signed in. Sign in again.")
    row = _row(session, user)
    is_move = user.has_two_factor
    if is_move and (row is None or not row.is_moving(now)):
        raise Conflict(
            "two_factor_on", "Two-factor sign-in is on already. To move it to a new phone, ask for a QR code first."
        )
    if row is None:
        raise Conflict("two_factor_not_set_up", "Ask for a QR code first, and scan it.")
    secret = _secret(vault, row, TwoFactor.pending_secret if is_move else TwoFactor.secret)
    # Nobody has shown a code of this seed yet, so none of its steps is used up.
    row.last_step = two_factor.step_of(secret, code, now, None)
    if row.last_step is None:
        raise wrong_code()
    codes = _new_codes(row, secret)
    _succeeded(session, user)
    family.two_factor_at = now
    if is_move:
        row.take_pending(vault.seal(secret, place_of(TwoFactor.secret, user.id)))
        return codes, _moved(session, ctx, user, now)
    user.two_factor_since = now
    ctx.audit(session, "user.two_factor_enabled", user, now=now)
    tell_owner(session, ctx, NoticeKind.TWO_FACTOR_ON, user.id, now=now, about=new_id())
    return codes, []


def show_where_on(session: Session, ctx: Context, vault: Vault, user: User, code: str | None) -> TwoFactor | None:
    """Use up the code that a user, whose row the caller has locked, has to bring besides the password where it is on; None
    where it is not. Raises ``code_required``, ``two_factor_off`` for a code that nothing asks for, and ``wrong_code``."""
    if user.has_two_factor and code is None:
        raise field_error("code", "is needed, because two-factor sign-in is on", "code_required")
    return None if code is None else _show(session, ctx, vault, user, code, ctx.now(session))


def disable(session: Session, ctx: Context, vault: Vault, checked_hash: str, code: str) -> None:
    """Switch it off for the actor, who knows the password and has a code or a backup code.

    Raises ``two_factor_off``, ``admins_need_two_factor``, ``wrong_code`` and what ``known_password`` raises.
    """
    user, now = known_password(session, ctx, checked_hash, "password"), ctx.now(session)
    if user.is_admin:
        raise Forbidden("admins_need_two_factor", "Administrators need two-factor sign-in, so it stays on.")
    _show(session, ctx, vault, user, code, now)
    switch_off(session, user, now)
    ctx.audit(session, "user.two_factor_disabled", user, now=now)
    tell_owner(session, ctx, NoticeKind.TWO_FACTOR_OFF, user.id, now=now, about=new_id())


def renew_backup_codes(session: Session, ctx: Context, vault: Vault, checked_hash: str, code: str) -> list[str]:
    """Ten new backup codes for the actor; the old ones end. Raises as :func:`disable` does, but for administrators."""
    user, now = known_password(session, ctx, checked_hash, "password"), ctx.now(session)
    row = _show(session, ctx, vault, user, code, now)
    ctx.audit(session, "user.backup_codes_replaced", user, now=now)
    return _new_codes(row, _secret(vault, row))


def challenge(session: Session, ctx: Context, tokens: OneTimeTokens, user: User) -> tuple[str, int]:
    """What a user, whose row the caller has locked, has to bring back together with a code, and in how many seconds. It
    ends the one before."""
    issued = issue(session, ctx, tokens, user, Purpose.SECOND_FACTOR)
    seconds = ctx.policy.links.second_factor.total_seconds()
    return tokens.token(Purpose.SECOND_FACTOR, issued.id), int(seconds)


def pass_challenge(session: Session, ctx: Context, vault: Vault, challenge_hash: str, code: str) -> User:
    """Whoever brings a challenge back with the right code, locked. Raises ``challenge_invalid`` and ``invalid_code``."""
    user = redeem(session, ctx, challenge_hash, Purpose.SECOND_FACTOR)
    try:
        _show(session, ctx, vault, user, code, ctx.now(session))
    except RuleViolation:
        raise Unauthenticated("invalid_code", "This code is not right, or was used before.") from None
    return user


def reset(session: Session, ctx: Context, user: User) -> list[uuid.UUID]:
    """Switch it off for a user, whose row the caller has locked, who lost phone and codes; answers the sessions that
    ended. For operators only. Raises ``two_factor_off``."""
    if not user.has_two_factor:
        raise _is_off()
    now = ctx.now(session)
    switch_off(session, user, now)
    ended = sessions.end_all(session, ctx, user.id, SessionEnd.TWO_FACTOR_RESET)
    ctx.audit(session, "user.two_factor_reset", user, now=now, data={"sessions_ended": len(ended)})
    tell_owner(session, ctx, NoticeKind.TWO_FACTOR_OFF, user.id, now=now, about=new_id())
    return ended


def switch_off(session: Session, user: User, now: datetime) -> None:
    """Forget the second factor of a user whose row the caller has locked, where there is one; no session of theirs counts as
    one with two any more."""
    user.two_factor_since = None
    _forget(session, user)
    withdraw(session, user, Purpose.SECOND_FACTOR, now)
    session.execute(update(UserSession).where(UserSession.user_id == user.id).values(two_factor_at=None))


def forget_strangers(session: Session, user: User, now: datetime) -> None:
    """Switch it off for a user, whose row the caller has locked, who has just proved a mailbox that nobody had: it is whose the
    account was before. Not an administrator's: an operator knew them, and a mailbox alone must never be both factors."""
    if not user.is_admin:
        switch_off(session, user, now)


def count_attempt(session: Session, ctx: Context, user_id: uuid.UUID) -> None:
    """Count one code that somebody tries for a user. Raises that it is too often."""
    for scope in LIMITS:
        limits.enforce(session, ctx, scope, str(user_id), getattr(ctx.policy.limits, scope))


def wrong_code() -> RuleViolation:
    """The refusal of somebody signed in whose code does not count."""
    return field_error("code", "is not right, or was used before", "wrong_code")


def _moved(session: Session, ctx: Context, user: User, now: datetime) -> list[uuid.UUID]:
    """What follows for a user, whose row is locked and whose codes another phone makes now; the sessions that ended."""
    withdraw(session, user, Purpose.SECOND_FACTOR, now)
    ended = sessions.end_all(session, ctx, user.id, SessionEnd.TWO_FACTOR_MOVED, but=ctx.actor.session_id)
    ctx.audit(session, "user.two_factor_moved", user, now=now, data={"sessions_ended": len(ended)})
    tell_owner(session, ctx, NoticeKind.TWO_FACTOR_MOVED, user.id, now=now, about=new_id())
    return ended


def _show(session: Session, ctx: Context, vault: Vault, user: User, code: str, now: datetime) -> TwoFactor:
    """Use up a code or a backup code of a user whose row is locked. Raises ``two_factor_off`` and ``wrong_code``."""
    row = _row(session, user)
    if row is None or not user.has_two_factor:
        raise _is_off()
    secret = _secret(vault, row)
    if two_factor.is_backup_code(code):
        _use_backup_code(session, ctx, row, user, two_factor.backup_hash(secret, code), now)
    elif not _takes_step(row, secret, code, now):
        raise wrong_code()
    _succeeded(session, user)
    return row


def _takes_step(row: TwoFactor, secret: str, code: str, now: datetime) -> bool:
    step = two_factor.step_of(secret, code, now, row.last_step)
    if step is not None:
        row.last_step = step
    return step is not None


def _use_backup_code(session: Session, ctx: Context, row: TwoFactor, user: User, code_hash: str, now: datetime) -> None:
    if code_hash not in row.backup_hashes:
        raise wrong_code()
    row.backup_hashes = [each for each in row.backup_hashes if each != code_hash]
    ctx.audit(session, "user.backup_code_used", user, now=now, data={"left": len(row.backup_hashes)})
    tell_owner(session, ctx, NoticeKind.BACKUP_CODE_USED, user.id, now=now, about=new_id())


def _new_codes(row: TwoFactor, secret: str) -> list[str]:
    codes = two_factor.new_backup_codes()
    row.backup_hashes = [two_factor.backup_hash(secret, code) for code in codes]
    return codes


def _succeeded(session: Session, user: User) -> None:
    for scope in LIMITS:
        limits.forgive(session, scope, str(user.id))


def _row(session: Session, user: User) -> TwoFactor | None:
    """Read anew: the user's lock may have been waited for."""
    return session.get(TwoFactor, user.id, populate_existing=True)


def _forget(session: Session, user: User) -> None:
    row = _row(session, user)
    if row is not None:
        session.delete(row)
        session.flush()


def _secret(vault: Vault, row: TwoFactor, attribute: InstrumentedAttribute[Any] = TwoFactor.secret) -> str:
    """A seed of the row. Raises that codes cannot be checked where no key opens it, which operators have to mend."""
    place = place_of(attribute, row.user_id)
    try:
        return vault.open(getattr(row, attribute.key), place)
    except Unopenable:
        logger.error("sealed.unopenable", place=place, cure="./elite doctor")
        raise Busy(
            "two_factor_unavailable",
            "We cannot check your code right now, and it is not your fault. We have been told; if it lasts, write to us.",
            retry_after=60,
        ) from None


def _is_off() -> Conflict:
    return Conflict("two_factor_off", "Two-factor sign-in is not on.")
