"""The product's workers with one kind of job that kills whoever runs it: ``celery -A tests.support.poisoned_worker``."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from models.jobs import Claim
from models.operations import beat
from services.context import Context
from workers.app import app
from workers.running import transactional
from workers.runtime import Runtime

__all__ = ["app"]


@transactional(JobKind(os.environ["POISON"]))
def die(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Write something, say in a file that we were here, and be killed as the kernel kills who takes too much memory."""
    beat(session, os.environ["EFFECT"], ctx.now(session))
    session.flush()
    with Path(os.environ["DEATHS"]).open("a") as deaths:
        deaths.write(f"{job.attempt}\n")
    os.kill(os.getpid(), signal.SIGKILL)
