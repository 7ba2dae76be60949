"""The house in figures: how much work and money is where, read at a cost that does not grow with what is finished."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from domain.jobs import QUEUE_NAMES, RUN_NAMES
from models.operations import heartbeats

#: Counts end here, per queue and per question: beyond it there is no other answer than "far too many".
MOST_COUNTED = 5_000
#: The payments whose outcomes are told: those started within this time.
RECENT = timedelta(hours=1)
#: What the whole reading may take; a slow database is not made slower by being watched.
STATEMENT_TIMEOUT_MS = 2_000


class JobState(StrEnum):
    """Where an unfinished job is. Each is in one state only."""

    #: Its time has come; offered to a queue or not.
    DUE = "due"
    #: Its time is yet to come.
    WAITING = "waiting"
    #: A worker has it.
    RUNNING = "running"
    #: A worker has it, or had it and died; earlier ones did die of it, or with it.
    CRASHING = "crashing"
    #: It failed and will be tried again.
    RETRYING = "retrying"
    #: It failed for too long; a person has to look.
    DEAD = "dead"


class Teller(StrEnum):
    """How we learned of a payment's end."""

    #: The provider called us, before or after we asked.
    CALLBACK = "callback"
    #: We asked, and no callback has come.
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by their labels, ages in seconds. What is not there is nought."""

    #: By queue, kind and state.
    jobs: Mapping[tuple[str, str, str], int]
    #: By queue: how long the oldest due job has been due.
    oldest_due: Mapping[str, float]
    #: By queue: how long the oldest due job has waited for the relay to offer it.
    relay_lag: Mapping[str, float]
    #: By name: how long ago it was seen.
    heartbeats: Mapping[str, float]
    #: By periodic run: how long ago it was last begun.
    runs: Mapping[str, float]
    #: By provider and state, of payments whose end is not known or not certain: how many, and the age of the oldest.
    unsettled: Mapping[tuple[str, str], tuple[int, float]]
    #: By provider and state, of payments started lately.
    recent: Mapping[tuple[str, str], int]
    #: By provider and teller, of payments started lately of whose end we were told.
    told: Mapping[tuple[str, str], int]
    #: By reason.
    attention: Mapping[str, int]
    #: Refunds that nobody has paid yet, and the age of the oldest.
    refunds_waiting: int
    oldest_refund: float


# Statistics lag behind exactly when much happens at once; left to them, the planner would fetch and sort a whole backlog.
_WITHIN_BOUNDS = text(
    f"""
    SELECT set_config('transaction_read_only', 'on', true),
           set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true),
           set_config('enable_seqscan', 'off', true),
           set_config('enable_bitmapscan', 'off', true),
           set_config('enable_sort', 'off', true)
    """
)
# Every inner query follows an index and stops at :most; tests/services/test_figures.py holds them to their indexes.
_OPEN_JOBS = text(
    """
    SELECT q.queue, j.kind, j.state, count(*) AS jobs, min(j.due_at) AS due_at,
           min(greatest(j.due_at, j.offered_until, j.lease_until))
               FILTER (WHERE j.offered_until IS NULL OR j.offered_until <= :now) AS offerable_at
    FROM unnest(CAST(:queues AS text[])) AS q (queue)
    CROSS JOIN LATERAL (
        SELECT kind, due_at, offered_until, lease_until,
               CASE WHEN lease_until > :now THEN CASE WHEN crashes > 0 THEN 'crashing' ELSE 'running' END
                    WHEN due_at <= :now THEN 'due'
                    WHEN failures > 0 THEN 'retrying' ELSE 'waiting' END AS state
        FROM jobs WHERE queue = q.queue AND done_at IS NULL AND dead_at IS NULL ORDER BY due_at LIMIT :most
    ) AS j
    GROUP BY q.queue, j.kind, j.state
    """
)
_DEAD_JOBS = text(
    """
    SELECT queue, kind, count(*) AS jobs
    FROM (SELECT queue, kind FROM jobs WHERE dead_at IS NOT NULL LIMIT :most) AS dead
    GROUP BY queue, kind
    """
)
_UNSETTLED = text(
    """
    SELECT provider, state, count(*) AS payments, min(started_at) AS started_at
    FROM (
        SELECT provider, state, started_at FROM payments
        WHERE state IN ('pending', 'processing', 'unknown', 'needs_review', 'disputed') LIMIT :most
    ) AS unsettled
    GROUP BY provider, state
    """
)
_RECENT = text(
    """
    SELECT provider, state, count(*) AS payments
    FROM (SELECT provider, state FROM payments WHERE id >= :since ORDER BY id DESC LIMIT :most) AS recent
    GROUP BY provider, state
    """
)
_TOLD = text(
    """
    SELECT p.provider, t.teller, count(*) AS payments
    FROM (SELECT id, provider FROM payments WHERE id >= :since ORDER BY id DESC LIMIT :most) AS p
    CROSS JOIN LATERAL (
        SELECT CASE WHEN bool_or(evidence NOT LIKE 'query%') THEN 'callback' ELSE 'query' END AS teller
        FROM payment_events
        WHERE payment_id = p.id
          AND (evidence LIKE 'callback%' OR evidence IN ('mismatch', 'query_success', 'query_failure'))
        HAVING count(*) > 0
    ) AS t
    GROUP BY p.provider, t.teller
    """
)
_ATTENTION = text(
    """
    SELECT reason, count(*) AS payments
    FROM (
        SELECT coalesce(attention, state) AS reason FROM payments
        WHERE attention IS NOT NULL OR state = 'needs_review' LIMIT :most
    ) AS doubted
    GROUP BY reason
    """
)
_REFUNDS = text(
    """
    SELECT count(*) AS refunds, min(requested_at) AS requested_at
    FROM (
        SELECT requested_at FROM refunds WHERE state = 'waiting' ORDER BY requested_at LIMIT :most
    ) AS waiting
    """
)
_RUNS = text(
    """
    SELECT n.name, r.bucket
    FROM unnest(CAST(:runs AS text[])) AS n (name)
    CROSS JOIN LATERAL (SELECT bucket FROM periodic_runs WHERE name = n.name ORDER BY bucket DESC LIMIT 1) AS r
    """
)
#: Every question with the values that it needs.
QUERIES = (_OPEN_JOBS, _DEAD_JOBS, _UNSETTLED, _RECENT, _TOLD, _ATTENTION, _REFUNDS, _RUNS)


def read_figures(session: Session, now: datetime, wall: datetime) -> Figures:
    """Read everything in the session's one transaction. ``now`` is the product's clock, ``wall`` the one that ids tell."""
    session.execute(_WITHIN_BOUNDS)
    open_jobs, dead, unsettled, recent, told, attention, (refunds,), runs = (
        session.execute(query, _values(query, now, wall)).all() for query in QUERIES
    )
    due = [row for row in open_jobs if row.state == JobState.DUE]
    jobs = {(row.queue, row.kind, row.state): row.jobs for row in open_jobs}
    return Figures(
        jobs=jobs | {(row.queue, row.kind, JobState.DEAD.value): row.jobs for row in dead},
        oldest_due=_oldest(due, "due_at", now),
        relay_lag=_oldest(due, "offerable_at", now),
        heartbeats={name: _age(at, now) for name, at in heartbeats(session).items()},
        runs={row.name: _age(row.bucket, now) for row in runs},
        unsettled={(row.provider, row.state): (row.payments, _age(row.started_at, now)) for row in unsettled},
        recent={(row.provider, row.state): row.payments for row in recent},
        told={(row.provider, row.teller): row.payments for row in told},
        attention={row.reason: row.payments for row in attention},
        refunds_waiting=refunds.refunds,
        oldest_refund=_age(refunds.requested_at, now),
    )


def _values(query: Any, now: datetime, wall: datetime) -> dict[str, Any]:
    """The values that a query names."""
    given = {
        "now": now,
        "queues": list(QUEUE_NAMES),
        "most": MOST_COUNTED,
        "since": first_id(wall - RECENT),
        "runs": list(RUN_NAMES),
    }
    return {name: given[name] for name in query.compile().params}


def first_id(at: datetime) -> uuid.UUID:
    """The lowest id that a row written at ``at`` can have: a UUIDv7 begins with its milliseconds."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80)


def _oldest(rows: list[Row[Any]], column: str, now: datetime) -> dict[str, float]:
    oldest: dict[str, float] = {}
    for row in rows:
        if at := getattr(row, column):
            oldest[row.queue] = max(oldest.get(row.queue, 0.0), _age(at, now))
    return oldest


def _age(at: datetime | None, now: datetime) -> float:
    return max((now - at).total_seconds(), 0.0) if at else 0.0
