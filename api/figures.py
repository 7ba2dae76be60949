"""The house's figures as Prometheus wants them, remembered some seconds so that scraping cannot hurt the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy.exc
import structlog
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from domain.gateways import ABILITIES
from domain.jobs import QUEUE_NAMES, JobKind
from domain.payments import PaymentState
from models.clock import Clock
from models.session import Database
from services.figures import Figures, JobState, Teller, read_figures

#: Two scrapes closer together than this see the same figures.
REMEMBERED_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read, no figures where the database did not answer; on this process's clock."""

    figures: Figures | None
    has_broker: bool
    at: float


class FiguresOfHouse(Collector):
    """One process's view of rows and broker. One that is away is a figure too, never an error."""

    def __init__(self, db: Database, clock: Clock, broker_ping: Callable[[], None], revision: str):
        self._db = db
        self._clock = clock
        self._broker_ping = broker_ping
        self._revision = revision
        self._turn = threading.Lock()
        self._last: _Reading | None = None

    def collect(self) -> Iterable[Metric]:
        seen = self._recall()
        yield _gauge("elite_build_info", "What is running, always 1.", {(self._revision,): 1}, ("revision",))
        yield _gauge(
            "elite_database_up", "1 where the figures below could be read, 0 where not.", seen.figures is not None
        )
        yield _gauge("elite_broker_up", "1 where the broker takes messages, 0 where not.", seen.has_broker)
        if seen.figures is not None:
            yield from _families(seen.figures)

    def _recall(self) -> _Reading:
        """What was read, fresh enough; while one thread reads them anew, the others are served the last ones."""
        last = self._last
        if last is not None and time.monotonic() - last.at < REMEMBERED_SECONDS:
            return last
        if not self._turn.acquire(blocking=last is None):
            return last
        try:
            if self._last is last:
                self._last = _Reading(self._read(), self._asks_broker(), time.monotonic())
            return self._last
        finally:
            self._turn.release()

    def _read(self) -> Figures | None:
        try:
            with self._db.reading() as session:
                return read_figures(session, self._clock.now(session), datetime.now(UTC))
        except sqlalchemy.exc.SQLAlchemyError as error:
            log.warning("metrics.database_away", error=type(error).__name__)
            return None

    def _asks_broker(self) -> bool:
        try:
            self._broker_ping()
        except Exception as error:
            log.warning("metrics.broker_away", error=type(error).__name__)
            return False
        return True


def _families(figures: Figures) -> Iterator[Metric]:
    yield from _of_jobs(figures)
    yield from _of_payments(figures)
    yield _gauge(
        "elite_heartbeat_age_seconds",
        "Time since relay, beat and the canary of each queue were last seen.",
        _one_label(dict(figures.heartbeats)),
        ("name",),
    )
    yield _gauge(
        "elite_run_age_seconds",
        "Time since each periodic run was last begun; none for one that never was.",
        _one_label(dict(figures.runs)),
        ("name",),
    )


def _of_jobs(figures: Figures) -> Iterator[Metric]:
    none = {(kind.queue, kind.value, state.value): 0 for kind in JobKind for state in JobState}
    yield _gauge(
        "elite_jobs",
        "Unfinished jobs, each in one state; a queue's count ends at 5,000.",
        none | dict(figures.jobs),
        ("queue", "kind", "state"),
    )
    queues = dict.fromkeys(QUEUE_NAMES, 0.0)
    yield _gauge(
        "elite_jobs_oldest_due_age_seconds",
        "How long the oldest due job of a queue has been due and not begun.",
        _one_label(queues | dict(figures.oldest_due)),
        ("queue",),
    )
    yield _gauge(
        "elite_relay_lag_seconds",
        "How long the oldest due job of a queue has waited for the relay to offer it.",
        _one_label(queues | dict(figures.relay_lag)),
        ("queue",),
    )


def _of_payments(figures: Figures) -> Iterator[Metric]:
    none = {(provider, state.value): 0 for provider in ABILITIES for state in PaymentState}
    yield _gauge(
        "elite_payments_unsettled",
        "Payments whose end is not known or not certain, by state.",
        {labels: count for labels, (count, _) in figures.unsettled.items()},
        ("provider", "state"),
    )
    yield _gauge(
        "elite_payments_unsettled_oldest_age_seconds",
        "Age of the oldest payment whose end is not known or not certain, by state.",
        {labels: age for labels, (_, age) in figures.unsettled.items()},
        ("provider", "state"),
    )
    yield _gauge(
        "elite_payments_recent",
        "Payments started within the last hour, by the state they are in now.",
        none | dict(figures.recent),
        ("provider", "state"),
    )
    nobody = {(provider, teller.value): 0 for provider in ABILITIES for teller in Teller}
    yield _gauge(
        "elite_payments_told_recent",
        "Payments started within the last hour of whose end we were told: by a callback, or only when we asked.",
        nobody | dict(figures.told),
        ("provider", "teller"),
    )
    yield _gauge(
        "elite_payments_needing_attention",
        "Payments that a person has to look at, by reason.",
        _one_label(dict(figures.attention)),
        ("reason",),
    )
    yield _gauge("elite_refunds_waiting", "Refunds that nobody has paid yet.", figures.refunds_waiting)
    yield _gauge("elite_refunds_waiting_oldest_age_seconds", "Age of the oldest of them.", figures.oldest_refund)


def _one_label(values: dict[str, float]) -> dict[tuple[str, ...], float]:
    return {(name,): value for name, value in values.items()}


def _gauge(
    name: str, text: str, values: float | dict[tuple[str, ...], float], labels: tuple[str, ...] = ()
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels)
    for labelled, value in (values if isinstance(values, dict) else {(): values}).items():
        family.add_metric(labelled, value)
    return family
