"""Bookings' due dates: the end of a hold."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from models.jobs import Claim
from services.bookings.reserving import expire_hold
from services.context import Context
from workers.payload import uuid_of
from workers.running import DONE, Outcome, Postpone, transactional
from workers.runtime import Runtime


@transactional(JobKind.EXPIRE_HOLD)
def expire(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Outcome:
    """Free the seats of a booking that nobody paid, or come back when an open payment has prolonged its hold."""
    again = expire_hold(session, ctx, uuid_of(job, "booking_id"))
    return Postpone(again) if again else DONE
