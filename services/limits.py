"""Limits that must hold without Redis: counted in PostgreSQL, by digest of what they limit."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.errors import TooMany
from domain.policy import Limit, LimitPolicy
from models import operations
from models.operations import RateLimit
from services.context import Context


def enforce(session: Session, ctx: Context, scope: str, subject: str, limit: Limit) -> None:
    """Count one hit of ``subject``; raises :class:`TooMany` with the seconds to wait where the limit is used up."""
    _refuse(scope, operations.hit(session, scope, _digest(scope, subject), limit, ctx.now(session)))


def admits(session: Session, ctx: Context, scope: str, subject: str, limit: Limit) -> bool:
    """Count one hit of ``subject``; whether there was room for it."""
    return operations.hit(session, scope, _digest(scope, subject), limit, ctx.now(session)) is None


def slow_down(session: Session, ctx: Context, scope: str, subject: str, free: Limit) -> None:
    """Count one guess of ``subject``; beyond the free ones raises :class:`TooMany` until it has waited, each time for longer."""
    now = ctx.now(session)
    _refuse(scope, operations.guess(session, scope, _digest(scope, subject), free, ctx.policy.delays, now))


def forgive(session: Session, scope: str, subject: str) -> None:
    """Start counting anew: what was limited has succeeded, so that only failures add up."""
    operations.forget(session, scope, _digest(scope, subject))


def give_back(session: Session, scope: str, subject: str) -> None:
    """Take back one hit of ``subject`` that has succeeded, where those of others count on."""
    operations.give_back(session, scope, _digest(scope, subject))


def _refuse(scope: str, wait: float | None) -> None:
    if wait is not None:
        seconds = math.ceil(wait)
        raise TooMany(f"too_many_{scope}", f"Too many attempts. Try again in {_human(seconds)}.", retry_after=seconds)


def forget_everywhere(session: Session, subjects: Iterable[str]) -> None:
    """Drop whatever was ever counted of these subjects."""
    digests = [_digest(scope.name, subject) for scope in fields(LimitPolicy) for subject in subjects]
    session.execute(delete(RateLimit).where(RateLimit.subject.in_(digests)))


def _digest(scope: str, subject: str) -> str:
    return hashlib.sha256(f"{scope}:{subject}".encode()).hexdigest()


def _human(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} seconds"
    if seconds <= 2 * 3600:
        return f"{math.ceil(seconds / 60)} minutes"
    return f"{math.ceil(seconds / 3600)} hours"
