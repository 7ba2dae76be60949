"""One's own details: kept right by oneself, two changes at once one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.one_time import Purpose
from models.users import User
from services.accounts.one_time_tokens import withdraw
from services.accounts.users import still_signed_in
from services.context import Context

#: What people change of themselves without further proof.
OWN_DETAILS = ("first_name", "last_name", "phone", "locale", "timezone", "currency")


def change_details(session: Session, ctx: Context, changes: Mapping[str, Any]) -> User:
    """Change those of the actor's ``OWN_DETAILS`` that are named and differ. The log keeps their names, not their values."""
    user = still_signed_in(session, ctx)
    changed = [name for name in OWN_DETAILS if name in changes and getattr(user, name) != changes[name]]
    for name in changed:
        setattr(user, name, changes[name])
    if "phone" in changed:
        # Nobody has proved to read the new one, and a code for another is not what they want any more.
        user.phone_verified_at = None
        withdraw(session, user, Purpose.PHONE_VERIFICATION, ctx.now(session))
    if changed:
        ctx.audit(session, "user.changed", user, now=ctx.now(session), data={"fields": changed})
    return user


def take_phone(session: Session, ctx: Context, user: User, phone: str) -> None:
    """Let a number that a user, whose row is locked, gave elsewhere be their account's where that has none. Nobody has proved to
    read it; one that somebody else has proved to read stays theirs."""
    if user.phone is not None:
        return
    proved = User.phone == phone, User.phone_verified_at.is_not(None)
    if session.scalar(select(User.id).where(*proved).limit(1)) is None:
        user.phone = phone
        ctx.audit(session, "user.changed", user, now=ctx.now(session), data={"fields": ["phone"]})
