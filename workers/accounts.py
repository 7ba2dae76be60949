"""Accounts' slow and secret work: what must not show, by its time or its effects, in the answer to a stranger."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from models.jobs import Claim
from services import recovery
from services.context import Context
from workers.payload import uuid_of
from workers.running import transactional
from workers.runtime import Runtime


@transactional(JobKind.BEGIN_RESET)
def begin_reset(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Send the link for a new password; nothing where the id is nobody's."""
    recovery.begin_reset(session, ctx, runtime.one_time_tokens, uuid_of(job, "user_id"))
