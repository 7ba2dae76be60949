"""Letting a client wait for a worker's result (``Prefer: wait=N``) without a database session, a place or all threads."""

from __future__ import annotations

import re
import threading
import time
import uuid
from datetime import timedelta
from enum import Enum

from sqlalchemy import select

import metrics
from api.workplaces import Workplaces
from domain.liveness import pulse_of
from domain.payments import OPEN_STATES
from models.clock import Clock
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
        if seconds <= 0:
            return Waited.NOT_ASKED
        if not self._places.acquire(blocking=False):
            return Waited.REFUSED
        metrics.WAITS.inc()
        try:
            return self._poll(payment_id, time.monotonic() + seconds) if self._is_lively() else Waited.REFUSED
        finally:
            metrics.WAITS.dec()
            self._places.release()

    def _poll(self, payment_id: uuid.UUID, deadline: float) -> Waited:
        while True:
            with self._db.reading() as session:
                state = session.scalar(select(Payment.state).where(Payment.id == payment_id))
            if state not in OPEN_STATES:
                return Waited.ANSWERED
            if time.monotonic() >= deadline:
                return Waited.TIMED_OUT
            with self._workplaces.left():
                time.sleep(POLL_SECONDS)

    def _is_lively(self) -> bool:
        with self._db.reading() as session:
            seen, now = heartbeats(session), self._clock.now(session)
        relay = seen.get("relay")
        return relay is not None and now - relay <= STALE_AFTER and pulse_of("queue:payments", seen, now).is_well
