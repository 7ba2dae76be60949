"""How long a change of a payment takes from its commit until Redis hands its live event to the socket processes.

    .venv/bin/python -m tests.bench.live [count]     against a running ./elite up, or DATABASE_URL and REDIS_URL

It leaves a guide, an experience and a booking behind, so give it a house of its own (ELITE_STATE).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
import uuid
from itertools import cycle, islice

import redis

from composition import policy_from
from domain.payments import PaymentState
from models import Payment
from models.clock import Clock
from models.doorbell import Doorbell
from models.session import Database
from ops import state
from providers.live import CHANNEL
from services.bookings.changes import move_payment
from services.context import Context
from settings import Settings
from tests.factories import Factory

PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 30.0


def measure(db: Database, ctx: Context, ears: redis.client.PubSub, payment_id: uuid.UUID, count: int) -> list[float]:
    """Milliseconds from each commit to the hearing of its event, one change at a time."""
    waits = []
    for each in islice(cycle((PaymentState.PROCESSING, PaymentState.UNKNOWN)), count):
        with db.transaction() as session:
            payment = session.get_one(Payment, payment_id, with_for_update=True)
            move_payment(session, ctx, payment, each, None, ctx.now(session))
        committed = time.perf_counter()
        _hear(ears, payment_id, each)
        waits.append((time.perf_counter() - committed) * 1000)
        time.sleep(PAUSE_SECONDS)
    return waits


def _hear(ears: redis.client.PubSub, payment_id: uuid.UUID, awaited: PaymentState) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        message = ears.get_message(timeout=1.0)
        if message is None or message["type"] != "message" or message["data"].startswith(b"canary:"):
            continue
        event = json.loads(message["data"])
        if event["event"] == "payment_updated":
            data = event["data"][0]["data"]
            if (data["payment_id"], data["status"]) == (str(payment_id), awaited):
                return
    raise SystemExit("an event did not come: are relay and worker-out running?")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    record = {} if "DATABASE_URL" in os.environ else state.durable(os.environ).record
    settings = Settings.from_env({"APP_ENV": "test", **record.get("environment", {}), **os.environ})
    db = Database(settings.database_url, pool_size=2, on_jobs_added=Doorbell(settings.database_url).ring)
    ctx = Context(policy=policy_from(settings), clock=Clock(), request_id="bench")
    make = Factory(db, ctx)
    mark = uuid.uuid4().hex[:8]
    guest, guide = make.user(email=f"{mark}@example.com"), make.guide(email=f"guide-{mark}@example.com")
    phone = f"+2547{int(mark, 16) % 10**8:08d}"
    payment = make.payment(make.booking(guest, make.listing(guide, slug=f"bench-{mark}")), phone=phone)
    with redis.Redis.from_url(settings.redis_url) as client, client.pubsub(ignore_subscribe_messages=True) as ears:
        ears.subscribe(CHANNEL)
        measure(db, ctx, ears, payment.id, 10)
        waits = sorted(measure(db, ctx, ears, payment.id, count))
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    figures = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": waits[-1]}
    sys.stdout.write(
        json.dumps({"changes": count, **{name: round(value, 1) for name, value in figures.items()}}) + "\n"
    )


if __name__ == "__main__":
    main()
