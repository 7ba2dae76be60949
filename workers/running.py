"""How a job is done: claim it, do it, and mark it done in the transaction that commits its effect.

A handler is one of two shapes. A transactional one does everything in one transaction. A provider one has three steps:
``prepare`` (short transaction, commits the claim), ``call`` (no session open), ``record`` (short transaction).

The first claim is committed with the work of the first transaction, which costs nothing and leaves no trace of a worker that
dies in it. So a job that was offered in vain is suspect: its claim is committed by itself, and outlives the worker.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from domain.jobs import JobKind
from domain.provider_errors import ProviderError, Throttled, Unavailable
from models.jobs import Claim, Job, claim, fail, finish, hold, is_done, postpone
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

    def gave_up(self, session: Session, ctx: Context, job: Claim | Job) -> None:
        """The job is dead from now on, in this transaction."""


class ProviderSteps(Protocol):
    """The three steps of a job that calls somebody outside."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Any | Outcome: ...

    def call(self, runtime: Runtime, prepared: Any) -> Any: ...

    def record(self, session: Session, ctx: Context, job: Claim, prepared: Any, answer: Any) -> Outcome: ...


@runtime_checkable
class GivesUp(Protocol):
    """Steps whose rows would wait for ever for a job that is dead."""

    def gave_up(self, session: Session, ctx: Context, job: Claim | Job) -> None: ...


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
            if kept:
                HANDLERS[job.kind].gave_up(session, ctx, job)
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
        HANDLERS[JobKind(job.kind)].gave_up(session, ctx, job)
        logger.error("job.dead", kind=job.kind, error=job.last_error)
    return held


class _Attempt:
    """One message's try at a job."""

    def __init__(self, runtime: Runtime, job_id: uuid.UUID, attempt: int, request_id: str | None):
        self.runtime = runtime
        self.ctx = context_for(runtime, request_id)
        self._job_id, self._attempt = job_id, attempt
        #: Once it is committed: until then, a claim may be rolled back.
        self._claim: Claim | None = None

    @contextmanager
    def claimed(self) -> Iterator[tuple[Session, Claim | None]]:
        """The transaction that holds the job, and the right to do it or None. A suspect job's claim is committed first."""
        with self.runtime.db.transaction() as session:
            job = _claimed(session, self.ctx, self._job_id, self._attempt)
            if job is None or not job.is_suspect:
                yield session, job
        if job is not None and job.is_suspect:
            logger.warning("job.suspect", kind=job.kind.value, attempt=job.attempt)
            self._claim = job
            with self.runtime.db.transaction() as session:
                yield session, job if hold(session, job) else None
        self._claim = job

    def fail(self, error: Exception) -> None:
        """The transaction was rolled back: in a new one, give the job back with the failure written down.

        Where even that fails (no database), the lease or the offer runs out and the job is offered again.
        """
        logger.warning("job.failed", error=describe(error), exc_info=True)
        with self.runtime.db.transaction() as session:
            job = self._claim or _claimed(session, self.ctx, self._job_id, self._attempt)
            if job is not None:
                close(session, self.ctx, job, retry_after(self.ctx, session, job, error))


class _Transactional:
    def __init__(self, work: Callable[..., Outcome | None]):
        self.work = work

    def run(self, runtime: Runtime, job_id: uuid.UUID, attempt: int, request_id: str | None) -> None:
        this, outcome = _Attempt(runtime, job_id, attempt, request_id), None
        try:
            with this.claimed() as (session, job):
                if job is not None:
                    outcome = self.work(session, this.ctx, job, runtime)
                    close(session, this.ctx, job, outcome)
        except Exception as error:
            this.fail(error)
        else:
            _go_on(outcome)

    def gave_up(self, session: Session, ctx: Context, job: Claim | Job) -> None:
        """It has done nothing."""


class _Provider:
    def __init__(self, steps: ProviderSteps):
        self.steps = steps

    def run(self, runtime: Runtime, job_id: uuid.UUID, attempt: int, request_id: str | None) -> None:
        this = _Attempt(runtime, job_id, attempt, request_id)
        try:
            with this.claimed() as (session, job):
                if job is None:
                    return
                prepared = self.steps.prepare(session, this.ctx, job, runtime)
                if isinstance(prepared, Outcome):
                    close(session, this.ctx, job, prepared)
                    return
            self._record(runtime, this.ctx, job, prepared, self._answer(runtime, job, prepared))
        except Exception as error:
            this.fail(error)

    def gave_up(self, session: Session, ctx: Context, job: Claim | Job) -> None:
        """Its steps may have more to say of it."""
        if isinstance(self.steps, GivesUp):
            self.steps.gave_up(session, ctx, job)

    def _answer(self, runtime: Runtime, job: Claim, prepared: Any) -> Any:
        """What the call brought; a provider's error is an answer as well."""
        try:
            return self.steps.call(runtime, prepared)
        except ProviderError as error:
            if not isinstance(error, Unavailable | Throttled):
                # Those two are retried, and told where that is decided.
                logger.warning("provider.failed", kind=job.kind.value, error=describe(error))
            return error

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
