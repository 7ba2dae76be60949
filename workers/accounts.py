"""Accounts' slow and secret work: what must not show, by its time or its effects, in the answer to a stranger."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from models.jobs import Claim
from services.accounts import recovery
from services.context import Context
from services.personal_data import erasing
from workers.payload import uuid_of
from workers.running import DONE, Outcome, Postpone, transactional
from workers.runtime import Runtime


@transactional(JobKind.BEGIN_RESET)
def begin_reset(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Send the link for a new password; nothing where the id is nobody's."""
    recovery.begin_reset(session, ctx, runtime.one_time_tokens, uuid_of(job, "user_id"))


@transactional(JobKind.ERASE_ACCOUNT)
def erase(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Outcome:
    """Erase one account, a batch a run; what a run has erased stays so when the next one dies."""
    more = erasing.erase_account(session, ctx, uuid_of(job, "user_id"))
    return Postpone(ctx.now(session)) if more else DONE
