"""Limits that must hold without Redis: counted in PostgreSQL, by digest of what they limit."""

from __future__ import annotations

import hashlib
import math

from sqlalchemy.orm import Session

from domain.errors import TooMany
from domain.policy import Limit
from models.operations import forget, hit
from services.context import Context


def enforce(session: Session, ctx: Context, scope: str, subject: str, limit: Limit) -> None:
    """Count one hit of ``subject``; raises :class:`TooMany` with the seconds to wait where the limit is used up."""
    wait = hit(session, scope, _digest(scope, subject), limit, ctx.now(session))
    if wait is not None:
        seconds = math.ceil(wait)
        raise TooMany(f"too_many_{scope}", f"Too many attempts. Try again in {_human(seconds)}.", retry_after=seconds)


def forgive(session: Session, scope: str, subject: str) -> None:
    """Start counting anew: what was limited has succeeded, so that only failures add up."""
    forget(session, scope, _digest(scope, subject))


def _digest(scope: str, subject: str) -> str:
    return hashlib.sha256(f"{scope}:{subject}".encode()).hexdigest()


def _human(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} seconds"
    if seconds <= 2 * 3600:
        return f"{math.ceil(seconds / 60)} minutes"
    return f"{math.ceil(seconds / 3600)} hours"
