"""Guides' licences by the clock: each whose end is news is seen to by a job of its own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from models.jobs import Claim, is_open
from services.context import Context
from services.guides.licences import licences_to_settle, settle_licence
from workers.payload import uuid_of
from workers.running import transactional
from workers.runtime import Runtime

#: Most licences end with a year, so that many may be due at once; the rest has a turn at the next tick.
GUIDES_A_RUN = 2_000


@transactional(JobKind.WATCH_LICENCES)
def watch_licences(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Find those whose licence ends soon or has ended: one who is hard to settle keeps nobody else waiting."""
    now = ctx.now(session)
    for user_id in licences_to_settle(session, now, GUIDES_A_RUN):
        key = f"licence:{user_id}:"
        if not is_open(session, key):
            due = f"{key}{now.isoformat(timespec='minutes')}"
            ctx.enqueue(session, JobKind.SETTLE_LICENCE, due, {"user_id": user_id}, now=now)


@transactional(JobKind.SETTLE_LICENCE)
def settle(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Tell one guide, and withdraw what they offer where the licence has ended."""
    settle_licence(session, ctx, uuid_of(job, "user_id"))
