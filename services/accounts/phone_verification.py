"""Confirming that an account's phone is read by its owner, with a code by SMS."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.errors import Conflict, RuleViolation, field_error
from domain.notices import NoticeKind
from domain.one_time import MOST_ATTEMPTS, OneTimeTokens, Purpose
from models.users import User
from services import limits
from services.accounts.one_time_tokens import issue_code, try_code
from services.accounts.users import still_signed_in
from services.context import Context
from services.telling import tell_owner


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a code that was typed: the user's phone is confirmed, or there is a refusal to raise once the wrong
    attempt is committed."""

    user: User
    refusal: RuleViolation | None = None


def send_code(session: Session, ctx: Context, tokens: OneTimeTokens, phone: str | None) -> None:
    """Send the actor a code by SMS, to their own phone or to the one that is to become theirs; it ends the one before.

    Whether the number is somebody else's too makes no difference: an answer that told would tell who has an account.
    Raises ``phone_already_verified``, that there is no number, or that it is too often.
    """
    user = still_signed_in(session, ctx)
    phone = phone or user.phone
    if phone is None:
        raise field_error("phone", "is needed: your account has no number")
    if phone == user.phone and user.phone_verified_at is not None:
        raise Conflict("phone_already_verified", "Your phone number is confirmed already.")
    figures = ctx.policy.limits
    limits.enforce(session, ctx, "otp_user", str(user.id), figures.otp_user)
    limits.enforce(session, ctx, "otp_phone", phone, figures.otp_phone)
    limits.enforce(session, ctx, "otp_phone_day", phone, figures.otp_phone_day)
    code, now = issue_code(session, ctx, tokens, user, Purpose.PHONE_VERIFICATION, phone), ctx.now(session)
    ctx.audit(session, "user.phone_code_sent", user, now=now, data={"is_own": phone == user.phone})
    tell_owner(session, ctx, NoticeKind.PHONE_CODE, user.id, now=now, about=code.id, one_time_token_id=code.id)


def verify_code(session: Session, ctx: Context, tokens: OneTimeTokens, code: str) -> Tried:
    """Make the phone that a code was sent to the actor's own and confirmed.

    Never raises for a wrong code: the attempt must be committed although the caller is refused.
    """
    user = still_signed_in(session, ctx)
    found, now = try_code(session, ctx, tokens, user, Purpose.PHONE_VERIFICATION, code), ctx.now(session)
    if found is None:
        return Tried(user, _over())
    if found.used_at is None:
        return Tried(user, _wrong(MOST_ATTEMPTS - found.attempts))
    is_new = user.phone != found.phone
    user.phone, user.phone_verified_at = found.phone, now
    ctx.audit(session, "user.phone_verified", user, now=now, data={"is_new": is_new})
    return Tried(user)


def _wrong(left: int) -> RuleViolation:
    return RuleViolation(
        "phone_code_wrong",
        f"This is not the code that we sent. {_human(left)}",
        errors={"code": ["is not the code that we sent"]},
        extra={"attempts_left": left},
    )


def _human(left: int) -> str:
    if left == 0:
        return "Ask for a new one."
    return "You may try once more." if left == 1 else f"You may try {left} more times."


def _over() -> RuleViolation:
    return RuleViolation(
        "phone_code_over",
        "This code does not work any more: it was used, replaced by a newer one, tried too often, or has expired. "
        "Ask for a new one.",
        errors={"code": ["is not valid any more"]},
    )
