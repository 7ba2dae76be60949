"""Work to do, as rows that commit together with the records they belong to and stay until the work is done.

Redis only carries the message that there is something to do: a lost message, a killed worker and a flushed Redis are all
met by the same expiry of an offer or a lease.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Integer, SmallInteger, and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.jobs import OFFER, QUEUE_NAMES, JobKind, retry_delay, rules_for
from models.base import Base, Created, Instant, WithId, new_id
from models.session import JOBS_ADDED


class Job(WithId, Created, Base):
    """One piece of work. ``attempt`` is the fencing number: only the latest claim may finish the job."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_open", "queue", "due_at", postgresql_where=text("done_at IS NULL AND dead_at IS NULL")),
        Index("ix_jobs_done", "done_at", postgresql_where=text("done_at IS NOT NULL")),
        Index("ix_jobs_dead", "queue", "kind", postgresql_where=text("dead_at IS NOT NULL")),
    )

    #: A member of JobKind; no CHECK, so that a new kind of work needs no migration.
    kind: Mapped[str]
    queue: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    #: When the job was first to be done; deadlines count from here.
    first_due_at: Mapped[Instant]
    due_at: Mapped[Instant]
    offered_until: Mapped[Instant | None]
    #: Offers since the last claim that was committed. A second one says that the first was lost, waited long in its queue, or
    #: was taken by a worker that died with its transaction.
    offers: Mapped[int] = mapped_column(Integer, server_default="0")
    lease_until: Mapped[Instant | None]
    attempt: Mapped[int] = mapped_column(server_default="0")
    failures: Mapped[int] = mapped_column(server_default="0")
    crashes: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    done_at: Mapped[Instant | None]
    dead_at: Mapped[Instant | None]
    last_error: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's right to do a job once: valid while the job's attempt is still ``attempt``."""

    job_id: uuid.UUID
    kind: JobKind
    attempt: int
    payload: dict[str, Any]
    request_id: str | None
    first_due_at: datetime
    failures: int
    #: Whether it may have killed the worker that had it before.
    is_suspect: bool = False

    @property
    def deadline(self) -> datetime:
        """When failures stop being retried."""
        return self.first_due_at + rules_for(self.kind).deadline

    def retry_at(self, now: datetime, jitter: float, wait: float | None = None) -> datetime | None:
        """When to try again after a failure: with backoff, or after the ``wait`` seconds a provider asked for; None past
        the deadline."""
        delay = retry_delay(rules_for(self.kind), self.failures, jitter)
        at = now + (max(delay, timedelta(seconds=wait)) if wait else delay)
        return at if at <= self.deadline else None


@dataclass(frozen=True, slots=True)
class Offer:
    """A due job as the relay hands it to a queue."""

    job_id: uuid.UUID
    kind: str
    queue: str
    attempt: int
    request_id: str | None


def add_job(
    session: Session,
    kind: JobKind,
    key: str,
    payload: dict[str, Any],
    *,
    due_at: datetime,
    now: datetime,
    request_id: str | None,
) -> bool:
    """Add a job in the caller's transaction; False where its key is already there. ``payload`` holds ids only."""
    added = session.execute(
        insert(Job)
        .values(
            id=new_id(),
            kind=kind.value,
            queue=kind.queue,
            key=key,
            payload=payload,
            first_due_at=due_at,
            due_at=due_at,
            request_id=request_id,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Job.id)
    ).first()
    if added and due_at <= now:
        session.info[JOBS_ADDED] = True
    return added is not None


def bring_forward(session: Session, key: str, due_at: datetime) -> bool:
    """Make an open job due earlier; False where there is none, where it is due by then anyway, or where it runs now."""
    moved = session.execute(
        update(Job).where(Job.id.in_(_not_running(key)), Job.due_at > due_at).values(due_at=due_at).returning(Job.id)
    ).first()
    if moved:
        session.info[JOBS_ADDED] = True
    return moved is not None


def is_open(session: Session, key_prefix: str) -> bool:
    """Whether a job whose key begins so is still to be done."""
    return (
        session.scalar(select(Job.id).where(Job.key.startswith(key_prefix, autoescape=True), _is_open()).limit(1))
        is not None
    )


def finish_by_key(session: Session, key: str, at: datetime) -> None:
    """Close a job whose reason is gone (the hold was paid); a run in flight finds the reason gone and leaves."""
    session.execute(update(Job).where(Job.id.in_(_not_running(key))).values(done_at=at))


def offer_due(session: Session, queue: str, now: datetime, limit: int) -> Sequence[Offer]:
    """Reserve due jobs of a queue for one offer; several relays may do this at once."""
    due = (
        select(Job.id)
        .where(
            Job.queue == queue,
            _is_open(),
            Job.due_at <= now,
            or_(Job.offered_until.is_(None), Job.offered_until <= now),
            or_(Job.lease_until.is_(None), Job.lease_until <= now),
        )
        .order_by(Job.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = session.execute(
        update(Job)
        .where(Job.id == due.c.id)
        .values(offered_until=now + OFFER, offers=Job.offers + 1)
        .returning(Job.id, Job.kind, Job.queue, Job.attempt, Job.request_id)
    )
    return [Offer(*row) for row in rows]


def withdraw_offers(session: Session, job_ids: Sequence[uuid.UUID]) -> None:
    """The broker did not take them: they are due again at once."""
    unmade = {"offered_until": None, "offers": func.greatest(Job.offers - 1, 0)}
    session.execute(update(Job).where(Job.id.in_(job_ids)).values(**unmade))


def next_due_at(session: Session, now: datetime) -> datetime | None:
    """The next instant at which a job that waits for its time becomes due; expired offers and leases are polled for."""
    soonest = (
        select(func.min(Job.due_at)).where(Job.queue == queue, _is_open(), Job.due_at > now).scalar_subquery()
        for queue in QUEUE_NAMES
    )
    return session.scalar(select(func.least(*soonest)))


def claim(session: Session, job_id: uuid.UUID, attempt: int, now: datetime) -> Claim | None:
    """Take a job that was offered as ``attempt``; None where it is done, dead, or somebody else's.

    An expired lease that nobody gave back is a crash; one more than its kind is forgiven makes the job dead. A claim that is
    suspect is to be committed before the work begins, or its crash leaves no lease behind.
    """
    job = session.execute(
        select(Job)
        .where(Job.id == job_id, Job.attempt == attempt, _is_open())
        .where(or_(Job.lease_until.is_(None), Job.lease_until <= now))
        .with_for_update()
    ).scalar()
    if job is None:
        return None
    if job.lease_until is not None:
        job.crashes += 1
    kind = JobKind(job.kind)
    rules, is_suspect = rules_for(kind), job.offers > 1 or job.crashes > 0
    if job.crashes > rules.crashes:
        job.dead_at, job.last_error = now, f"crashed {job.crashes} times"
        return None
    job.attempt += 1
    job.lease_until = now + rules.lease
    job.offered_until, job.offers = None, 0
    return Claim(job.id, kind, job.attempt, job.payload, job.request_id, job.first_due_at, job.failures, is_suspect)


def hold(session: Session, taken: Claim) -> bool:
    """Lock the job of a claim that is committed, so that nobody takes it while we work; False where somebody has."""
    mine = select(Job.id).where(Job.id == taken.job_id, Job.attempt == taken.attempt, _is_open()).with_for_update()
    return session.scalar(mine) is not None


def finish(session: Session, done: Claim, now: datetime) -> bool:
    """Mark the job done in the transaction that commits its effect; False where the claim was lost meanwhile."""
    return _close(session, done, done_at=now, lease_until=None, last_error=None)


def is_done(session: Session, held: Claim) -> bool:
    """Whether this very claim's job is done, by itself or by an effect that closed it by its key (a hold that ended)."""
    mine = select(Job.id).where(Job.id == held.job_id, Job.attempt == held.attempt, Job.done_at.is_not(None))
    return session.scalar(mine) is not None


def postpone(session: Session, taken: Claim, due_at: datetime) -> bool:
    """Give the job back without a fault, to be done again at ``due_at``."""
    return _close(session, taken, due_at=due_at, lease_until=None)


def fail(session: Session, failed: Claim, now: datetime, error: str, retry_at: datetime | None) -> bool:
    """Give the job back after a failure, to be tried again at ``retry_at``, or dead where there is no such time."""
    values: dict[str, Any] = {"failures": failed.failures + 1, "last_error": error[:500], "lease_until": None}
    values |= {"due_at": retry_at} if retry_at else {"dead_at": now}
    return _close(session, failed, **values)


def revive(
    session: Session, now: datetime, *, kind: str | None = None, job_id: uuid.UUID | None = None
) -> Sequence[Job]:
    """Give dead jobs a new life, as if they had just become due: all of them, those of a ``kind``, or one."""
    chosen = [Job.dead_at.is_not(None), Job.done_at.is_(None)]
    chosen += [Job.kind == kind] if kind else []
    chosen += [Job.id == job_id] if job_id else []
    fresh = {"dead_at": None, "failures": 0, "crashes": 0, "offers": 0, "lease_until": None, "offered_until": None}
    revived = session.scalars(
        update(Job).where(*chosen).values(**fresh, due_at=now, first_due_at=now).returning(Job)
    ).all()
    if revived:
        session.info[JOBS_ADDED] = True
    return revived


def _close(session: Session, held: Claim, **values: Any) -> bool:
    updated = session.execute(
        update(Job)
        .where(Job.id == held.job_id, Job.attempt == held.attempt, _is_open())
        .values(**values)
        .returning(Job.id)
    ).first()
    return updated is not None


def _not_running(key: str) -> Any:
    """An open job, unless another transaction works on it: a run locks its job before the bookings that it moves, so
    whoever holds a booking must not wait for a job."""
    return select(Job.id).where(Job.key == key, _is_open()).with_for_update(skip_locked=True)


def _is_open() -> Any:
    return and_(Job.done_at.is_(None), Job.dead_at.is_(None))
