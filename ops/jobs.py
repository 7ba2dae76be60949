"""``./elite jobs``: the work that gave up, and the way back into life once its cause is mended."""

from __future__ import annotations

import argparse
import os
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from models.clock import Clock
from models.jobs import Job, revive
from models.session import Database
from ops.errors import OpsError
from ops.product import opened
from ops.terminal import Terminal
from services.context import Context

LISTED = 50


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """List dead jobs, or put some back; raises OpsError where no database is known or it does not answer."""
    with opened(os.environ, "elite-jobs-retry") as product:
        if options.verb == "list":
            _list(product.database, terminal)
        else:
            _say_retried(retry(product.database, product.clock, product.ctx, options), terminal)
    return 0


def retry(database: Database, clock: Clock, ctx: Context, options: argparse.Namespace) -> Sequence[Job]:
    """Revive what was asked for and write it into the audit log. Raises OpsError where nothing was asked for."""
    if not (options.kind or options.id or options.all):
        raise OpsError("Which jobs?", "./elite jobs retry --kind KIND, --id ID or --all; ./elite jobs lists them.")
    with database.transaction() as session:
        now = clock.now(session)
        revived = revive(session, now, kind=options.kind, job_id=_id(options.id))
        for job in revived:
            ctx.audit(session, "job.revived", job, now=now, data={"kind": job.kind})
    return revived


def _list(database: Database, terminal: Terminal) -> None:
    with database.reading() as session:
        dead = session.scalars(
            select(Job)
            .where(Job.dead_at.is_not(None), Job.done_at.is_(None))
            .order_by(Job.dead_at.desc())
            .limit(LISTED)
        ).all()
    if not dead:
        terminal.good("No job has given up.")
        return
    rows = [(str(j.id), j.kind, f"{j.dead_at:%Y-%m-%d %H:%M} UTC", j.last_error or "") for j in dead]
    terminal.table([("Job", "Kind", "Gave up", "Last error"), *rows])
    terminal.line("When the cause is mended: ./elite jobs retry --kind KIND, --id ID or --all")


def _say_retried(revived: Sequence[Job], terminal: Terminal) -> None:
    if revived:
        terminal.good(f"{len(revived)} put back; they are due now.")
    else:
        terminal.good("Nothing to put back: no such job has given up.")


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise OpsError(f"'{text}' is not the id of a job.", "./elite jobs lists them with their ids.") from None
