"""Letting a client wait for a worker's result (``Prefer: wait=N``) without a database session, a place or all threads."""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import Session

import metrics
from api.workplaces import Workplaces
from domain.liveness import pulse_of
from domain.payments import OPEN_STATES
from models.clock import Clock
from models.jobs import Job
from models.operations import heartbeats
from models.payments import Payment
from models.session import Database

MOST_SECONDS = 10
POLL_SECONDS = 0.25
#: A relay that was last seen longer ago than this is not waited for.
STALE_AFTER = timedelta(seconds=60)

_WAIT = re.compile(r"\bwait\s*=\s*\"?([0-9]{1,6})", re.IGNORECASE)


class Waited(Enum):
    """How a wait ended."""

    NOT_ASKED = "not_asked"
    #: Too many wait already, or there is nobody to wait for.
    REFUSED = "refused"
    ANSWERED = "answered"
    TIMED_OUT = "timed_out"


def seconds_asked(prefer: str) -> int:
    """The seconds of a ``Prefer`` header, at most ten; 0 where none are asked for."""
    match = _WAIT.search(prefer)
    return min(int(match[1]), MOST_SECONDS) if match else 0


class Waits:
    """The places to wait in one process, bounded because each wait holds a thread."""

    def __init__(self, db: Database, clock: Clock, workplaces: Workplaces):
        self._db = db
        self._clock = clock
        self._workplaces = workplaces
        self._places = threading.BoundedSemaphore(workplaces.waiting)

    def for_payment(self, payment_id: uuid.UUID, seconds: int) -> Waited:
        """Wait until a payment is neither pending nor processing, at most ``seconds``."""

        def is_decided(session: Session) -> bool:
            return session.scalar(select(Payment.state).where(Payment.id == payment_id)) not in OPEN_STATES

        return self._wait(is_decided, "payments", seconds) if seconds > 0 else Waited.NOT_ASKED

    def for_job(self, key: str, queue: str, seconds: float) -> Waited:
        """Wait until a job is done, or has failed once: nobody should stand by while it is tried again."""

        def is_over(session: Session) -> bool:
            waiting = select(Job.id).where(Job.key == key, Job.done_at.is_(None), Job.dead_at.is_(None))
            return session.scalar(waiting.where(Job.failures == 0)) is None

        return self._wait(is_over, queue, seconds)

    def _wait(self, is_over: Callable[[Session], bool], queue: str, seconds: float) -> Waited:
        if not self._places.acquire(blocking=False):
            return Waited.REFUSED
        metrics.WAITS.inc()
        try:
            return self._poll(is_over, time.monotonic() + seconds) if self._is_lively(queue) else Waited.REFUSED
        finally:
            metrics.WAITS.dec()
            self._places.release()

    def _poll(self, is_over: Callable[[Session], bool], deadline: float) -> Waited:
        while True:
            with self._db.reading() as session:
                if is_over(session):
                    return Waited.ANSWERED
            if time.monotonic() >= deadline:
                return Waited.TIMED_OUT
            with self._workplaces.left():
                time.sleep(POLL_SECONDS)

    def _is_lively(self, queue: str) -> bool:
        with self._db.reading() as session:
            seen, now = heartbeats(session), self._clock.now(session)
        relay = seen.get("relay")
        return relay is not None and now - relay <= STALE_AFTER and pulse_of(f"queue:{queue}", seen, now).is_well
