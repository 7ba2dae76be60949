"""How long a job waits from its row's writing until a worker has done it, on an idle system.

    .venv/bin/python -m tests.bench.pickup [count]     against a running ./elite up, or DATABASE_URL where it is given

Canary jobs do nothing but write a heartbeat, so nearly all of the time is commit, doorbell, relay, broker and claim.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
import uuid

from sqlalchemy import select

from domain.jobs import JobKind
from models.clock import Clock
from models.doorbell import Doorbell
from models.jobs import Job, add_job
from models.session import Database
from ops import state
from settings import normalise_database_url

PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 30


def measure(db: Database, count: int) -> list[float]:
    """Milliseconds from the row's writing to its done mark, one job at a time."""
    clock = Clock()
    waits = []
    for _ in range(count):
        key = f"bench:{uuid.uuid4()}"
        with db.transaction() as session:
            now = clock.now(session)
            add_job(session, JobKind.CANARY_PAYMENTS, key, {}, due_at=now, now=now, request_id="bench")
        waits.append(_done_after(db, key))
        time.sleep(PAUSE_SECONDS)
    return waits


def _done_after(db: Database, key: str) -> float:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with db.reading() as session:
            created_at, done_at = session.execute(select(Job.created_at, Job.done_at).where(Job.key == key)).one()
        if done_at:
            return (done_at - created_at).total_seconds() * 1000
        time.sleep(0.005)
    raise SystemExit("a canary did not come back: is ./elite up running?")


def measured(url: str, count: int) -> dict[str, float]:
    """Percentiles of ``count`` jobs, after one that waits until the workers are up."""
    db = Database(url, pool_size=2, on_jobs_added=Doorbell(url).ring)
    measure(db, 1)
    waits = sorted(measure(db, count))
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    figures = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": waits[-1]}
    return {name: round(value, 1) for name, value in figures.items()}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    url = os.environ.get("DATABASE_URL") or state.durable(os.environ).record.get("database_url")
    if not url:
        raise SystemExit("Nothing runs here: start ./elite up first, or give DATABASE_URL.")
    sys.stdout.write(json.dumps({"jobs": count, **measured(normalise_database_url(url), count)}) + "\n")


if __name__ == "__main__":
    main()
