"""Applications' work that must not show in the answer to a stranger, and what ends them by the clock."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from models.jobs import Claim
from models.locks import lock_application
from services.applications import applying, records
from services.context import Context
from workers.payload import uuid_of
from workers.running import transactional
from workers.runtime import Runtime


@transactional(JobKind.OPEN_APPLICATION)
def open_application(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Ask the applicant to confirm the address, or find that another application counts."""
    applying.open_application(session, ctx, uuid_of(job, "application_id"))


@transactional(JobKind.ASK_FOR_FILES)
def ask_for_files(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Tell the applicant which of the files we could not take."""
    application = lock_application(session, uuid_of(job, "application_id"))
    if application is not None and records.refused_files(session, application):
        records.ask_for_files(session, ctx, application)


@transactional(JobKind.SWEEP_APPLICATIONS)
def sweep_applications(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Delete what nobody confirmed or came back to."""
    applying.sweep(session, ctx)
