"""Relay and workers in one pair of hands: due jobs done one after the other, when the test says so."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from domain.jobs import JobKind
from models.jobs import Job
from workers.handlers import HANDLERS
from workers.runtime import Runtime

#: A story that is still not over after so many jobs never will be.
MOST_JOBS = 200


class Hands:
    """Does what the relay would offer now."""

    def __init__(self, runtime: Runtime):
        self.runtime = runtime

    def due(self, *queues: str) -> Sequence[Job]:
        with self.runtime.db.reading() as session:
            now = self.runtime.clock.now(session)
            return session.scalars(
                select(Job)
                .where(Job.queue.in_(queues), Job.done_at.is_(None), Job.dead_at.is_(None), Job.due_at <= now)
                .where(or_(Job.lease_until.is_(None), Job.lease_until <= now))
                .order_by(Job.due_at, Job.id)
            ).all()

    def do(self, job: Job) -> None:
        """One run of a job, as a worker that got its message."""
        HANDLERS[JobKind(job.kind)].run(self.runtime, job.id, job.attempt, job.request_id)

    def work(self, *queues: str) -> list[str]:
        """Do everything that is due (by default what moves payments and bookings); the kinds, in order."""
        done: list[str] = []
        while waiting := self.due(*(queues or ("payments", "webhooks"))):
            done.append(waiting[0].kind)
            assert len(done) < MOST_JOBS, done
            self.do(waiting[0])
        return done
