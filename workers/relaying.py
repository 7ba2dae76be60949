"""The relay: offers due jobs to Celery's queues, woken by a hint, polling at least every second; any number may run."""

from __future__ import annotations

import select as os_select
import threading
from collections.abc import Sequence
from datetime import timedelta

import psycopg2
import structlog
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import SQLAlchemyError

from domain.jobs import QUEUE_NAMES
from models.clock import Clock
from models.doorbell import CHANNEL, connect
from models.jobs import Offer, next_due_at, offer_due, withdraw_offers
from models.operations import beat
from models.session import Database

logger = structlog.get_logger(__name__)

BATCH = 200
POLL_SECONDS = 1.0
HEARTBEAT_EVERY = timedelta(seconds=5)
#: A queue longer than this has enough to do; what is not offered now is offered later.
FULL_QUEUE = 1_000
#: After a fault of database or broker.
PAUSE_SECONDS = 1.0


class Relay:
    """One relay process. ``stop`` may be called from a signal handler."""

    def __init__(self, db: Database, clock: Clock, celery: Celery):
        self._db = db
        self._clock = clock
        self._celery = celery
        self._broker_errors = _broker_errors(celery)
        #: Until it has answered: at the start, and after each fault of its.
        self._doubts_broker = True
        self._stopping = threading.Event()
        self._listener: psycopg2.extensions.connection | None = None

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Offer until stopped; faults of database and broker are waited out."""
        logger.info("relay.started")
        heartbeat_due = None
        while not self._stopping.is_set():
            try:
                with self._db.reading() as session:
                    now = self._clock.now(session)
                if heartbeat_due is None or now >= heartbeat_due:
                    with self._db.transaction() as session:
                        beat(session, "relay", now)
                    heartbeat_due = now + HEARTBEAT_EVERY
                while self.offer_once() and not self._stopping.is_set():
                    pass
                self._wait(self._seconds_until_next())
            except (SQLAlchemyError, psycopg2.Error, *self._broker_errors) as error:
                logger.error("relay.fault", error=type(error).__name__)
                self._hang_up()
                self._stopping.wait(PAUSE_SECONDS)
        self._hang_up()
        logger.info("relay.stopped")

    def offer_once(self) -> int:
        """One batch for each queue; how many jobs were offered. Raises what the broker's client raises where it is away."""
        if self._doubts_broker:
            # Reserving jobs that cannot be sent would hide from operators for how long they have waited for us.
            self._length(QUEUE_NAMES[0])
            self._doubts_broker = False
        return sum(self._offer(queue) for queue in QUEUE_NAMES)

    def _offer(self, queue: str) -> int:
        with self._db.transaction() as session:
            offers = offer_due(session, queue, self._clock.now(session), BATCH)
        if not offers:
            return 0
        try:
            if self._length(queue) > FULL_QUEUE:
                self._withdraw(offers)
                return 0
            self._publish(offers)
        except self._broker_errors:
            self._doubts_broker = True
            self._withdraw(offers)
            raise
        return len(offers)

    def _publish(self, offers: Sequence[Offer]) -> None:
        with self._celery.producer_pool.acquire(block=True, timeout=5) as producer:
            for offer in offers:
                self._celery.send_task(
                    offer.kind,
                    args=(str(offer.job_id), offer.attempt, offer.request_id),
                    queue=offer.queue,
                    producer=producer,
                    retry=False,
                )

    def _length(self, queue: str) -> int:
        with self._celery.producer_pool.acquire(block=True, timeout=5) as producer:
            return producer.channel.queue_declare(queue=queue, passive=False, durable=True).message_count

    def _withdraw(self, offers: Sequence[Offer]) -> None:
        with self._db.transaction() as session:
            withdraw_offers(session, [offer.job_id for offer in offers])

    def _seconds_until_next(self) -> float:
        with self._db.reading() as session:
            now = self._clock.now(session)
            due = next_due_at(session, now)
        if due is None:
            return POLL_SECONDS
        return min(max((due - now).total_seconds(), 0.0), POLL_SECONDS)

    def _wait(self, seconds: float) -> None:
        """Sleep until the doorbell rings, at most ``seconds``."""
        if self._listener is None or self._listener.closed:
            self._listener = connect(self._db.url, f"{self._db.name} doorbell")
            with self._listener.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            return  # What was committed before we listened has not rung.
        os_select.select([self._listener], [], [], seconds)
        self._listener.poll()
        self._listener.notifies.clear()

    def _hang_up(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None


def _broker_errors(celery: Celery) -> tuple[type[Exception], ...]:
    """Kombu's own error, and those that pass through it unnamed when a connection breaks that was good before."""
    with celery.connection_for_write() as connection:
        return (BrokerError, ConnectionError, TimeoutError, *connection.connection_errors, *connection.channel_errors)
