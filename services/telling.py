"""Deciding that somebody is told something: a job in the same transaction as what happened."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from domain.notices import NoticeKind
from models.bookings import Booking
from services.context import Context


def tell(
    session: Session,
    ctx: Context,
    kind: NoticeKind,
    user_id: uuid.UUID,
    booking: Booking,
    *,
    now: datetime,
    about: Any = None,
    **ids: uuid.UUID,
) -> None:
    """Let a user know, once per kind and ``about`` (a payment or refund id where the booking alone is not enough)."""
    key = f"tell:{kind}:{user_id}:{about or booking.id}"
    payload = {"kind": kind.value, "user_id": user_id, "booking_id": booking.id, **ids}
    ctx.enqueue(session, JobKind.NOTIFY, key, payload, now=now)


def tell_owner(
    session: Session,
    ctx: Context,
    kind: NoticeKind,
    user_id: uuid.UUID,
    *,
    now: datetime,
    about: Any,
    **ids: uuid.UUID,
) -> None:
    """Let a user know something about their account, once per kind and ``about``."""
    payload = {"kind": kind.value, "user_id": user_id, **ids}
    ctx.enqueue(session, JobKind.NOTIFY, f"tell:{kind}:{user_id}:{about}", payload, now=now)
