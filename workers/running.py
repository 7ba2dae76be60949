"""How a job is done: claim it, do it, and mark it done in the transaction that commits its effect.

A handler is one of two shapes. A transactional one does everything in one transaction. A provider one has three steps:
``prepare`` (short transaction, commits the claim), ``call`` (no session open), ``record`` (short transaction).
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from domain.jobs import JobKind
from domain.provider_errors import ProviderError, Throttled, Unavailable
from models.jobs import Claim, Job, claim, fail, finish, is_done, postpone
from services.context import Context
from workers.runtime import Runtime

logger = structlog.get_logger(__name__)


#: Seconds between the tries to record an answer while the database does not take it.
RECORD_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


@dataclass(frozen=True, slots=True)
class Done:
    """The work is finished. ``then`` is done once that is committed, at most once and best effort: what must not be lost
    is a job of its own."""

    then: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Postpone:
    """Nothing went wrong; do it again at ``due_at``."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Retry:
    """Something went wrong; try again at ``at``, or give up loudly where that is None."""

    error: str
    at: datetime | None


Outcome = Done | Postpone | Retry
DONE = Done()


class Handler(Protocol):
    """One kind of job, done."""

    def run(self, runtime: Runtime, job_id: uuid.UUID, attempt: int, request_id: str | None) -> None: ...


class ProviderSteps(Protocol):
    """The three steps of a job that calls somebody outside."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Any | Outcome: ...

    def call(self, runtime: Runtime, prepared: Any) -> Any: ...

    def record(self, session: Session, ctx: Context, job: Claim, prepared: Any, answer: Any) -> Outcome: ...


HANDLERS: dict[JobKind, Handler] = {}


def transactional(*kinds: JobKind) -> Callable[[Callable[..., Outcome | None]], Callable[..., Outcome | None]]:
    """Register ``work(session, ctx, job, runtime)`` as the whole of a job; its transaction is the job's."""

    def register(work: Callable[..., Outcome | None]) -> Callable[..., Outcome | None]:
        for kind in kinds:
            HANDLERS[kind] = _Transactional(work)
        return work

    return register


def provider_steps(kind: JobKind) -> Callable[[type], type]:
    """Register a class with ``prepare``, ``call`` and ``record``."""

    def register(steps: type) -> type:
        HANDLERS[kind] = _Provider(steps())
        return steps

    return register


def context_for(runtime: Runtime, request_id: str | None) -> Context:
    """A job's circumstances: the system acts, in the name of the request that asked for it."""
    return Context(policy=runtime.policy, clock=runtime.clock, request_id=request_id)


def retry_after(ctx: Context, session: Session, job: Claim, error: Exception) -> Retry:
    """Backoff with jitter, the provider's own pause where it named one, None past the deadline of the kind."""
    wait = error.retry_after if isinstance(error, ProviderError) else None
    return Retry(describe(error), job.retry_at(ctx.now(session), random.random(), wait))


def describe(error: Exception) -> str:
    """A failure in a line that holds no secret: the type, and a provider's own code."""
    if isinstance(error, ProviderError):
        return f"{type(error).__name__}: {error.code}"
    return type(error).__name__


def close(session: Session, ctx: Context, job: Claim, outcome: Outcome | None) -> None:
    """Write what became of the job; a claim that was lost meanwhile changes nothing."""
    now = ctx.now(session)
    if isinstance(outcome, Postpone):
        kept = postpone(session, job, outcome.due_at)
    elif isinstance(outcome, Retry):
        kept = fail(session, job, now, outcome.error, outcome.at)
        if outcome.at is None:
            logger.error("job.dead", kind=job.kind.value, error=outcome.error)
        else:
            logger.warning("job.retried", kind=job.kind.value, error=outcome.error, failures=job.failures + 1)
    else:
        kept = finish(session, job, now)
    if not kept and not is_done(session, job):
        logger.warning("job.fenced", kind=job.kind.value, attempt=job.attempt)


def _claimed(session: Session, ctx: Context, job_id: uuid.UUID, attempt: int) -> Claim | None:
    """The right to do the job, or None; one that killed its workers too often gives up here, and says so as all do."""
    now = ctx.now(session)
    held = claim(session, job_id, attempt, now)
    if held is None and (job := session.get(Job, job_id)) is not None and job.dead_at == now:
        logger.error("job.dead", kind=job.kind, error=job.last_error)
    return held


class _Transactional:
    def __init__(self, work: Callable[..., Outcome | None]):
        self.work = work

    def run(self, runtime: Runtime, job_id: uuid.UUID, attempt: int, request_id: str | None) -> None:
        ctx, outcome = context_for(runtime, request_id), None
        try:
            with runtime.db.transaction() as session:
                job = _claimed(session, ctx, job_id, attempt)
                if job is not None:
                    outcome = self.work(session, ctx, job, runtime)
                    close(session, ctx, job, outcome)
        except Exception as error:
            _fail_anew(runtime, ctx, job_id, attempt, error)
        else:
            _go_on(outcome)


class _Provider:
    def __init__(self, steps: ProviderSteps):
        self.steps = steps

    def run(self, runtime: Runtime, job_id: uuid.UUID, attempt: int, request_id: str | None) -> None:
        ctx = context_for(runtime, request_id)
        claimed = None
        try:
            with runtime.db.transaction() as session:
                job = _claimed(session, ctx, job_id, attempt)
                if job is None:
                    return
                prepared = self.steps.prepare(session, ctx, job, runtime)
                if isinstance(prepared, Outcome):
                    close(session, ctx, job, prepared)
                    return
            # Only now: until its transaction is committed, a claim may be rolled back.
            claimed = job
            try:
                answer = self.steps.call(runtime, prepared)
            except ProviderError as error:
                answer = error
                if not isinstance(error, Unavailable | Throttled):
                    # Those two are retried, and told where that is decided.
                    logger.warning("provider.failed", kind=job.kind.value, error=describe(error))
            self._record(runtime, ctx, job, prepared, answer)
        except Exception as error:
            _fail_anew(runtime, ctx, job_id, attempt, error, claimed)

    def _record(self, runtime: Runtime, ctx: Context, job: Claim, prepared: Any, answer: Any) -> None:
        """Write the answer down, with some patience: it is in nobody's hands but ours."""
        for wait in (*RECORD_WAITS, None):
            try:
                with runtime.db.transaction() as session:
                    outcome = self.steps.record(session, ctx, job, prepared, answer)
                    close(session, ctx, job, outcome)
                _go_on(outcome)
                return
            except (OperationalError, PoolTimeout) as error:
                if wait is None:
                    raise
                logger.warning("job.record_retried", kind=job.kind.value, error=describe(error))
                time.sleep(wait)


def _go_on(outcome: Outcome | None) -> None:
    """What follows a commit; the job is done, whatever becomes of it."""
    if not isinstance(outcome, Done) or outcome.then is None:
        return
    try:
        outcome.then()
    except Exception as error:
        logger.warning("job.then_failed", error=describe(error), exc_info=True)


def _fail_anew(
    runtime: Runtime, ctx: Context, job_id: uuid.UUID, attempt: int, error: Exception, claimed: Claim | None = None
) -> None:
    """The job's transaction was rolled back: in a new one, give the job back with the failure written down.

    Where even that fails (no database), the lease or the offer runs out and the job is offered again.
    """
    logger.warning("job.failed", error=describe(error), exc_info=True)
    with runtime.db.transaction() as session:
        job = claimed or _claimed(session, ctx, job_id, attempt)
        if job is not None:
            close(session, ctx, job, retry_after(ctx, session, job, error))
