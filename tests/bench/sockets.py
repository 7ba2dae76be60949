"""Thousands of official clients on one realtime process: how soon an event arrives, what a client costs, who goes deaf.

    ./elite bench sockets [500 2000 5000]

Clients, server, PostgreSQL and Redis share the machine, so the clients' own work is part of every figure.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from alembic import command
from flask import Flask
from sqlalchemy import insert, update

from api.tokens import access_token, configure_access_tokens
from domain.live import LiveEvent
from domain.notices import NoticeKind
from models import Database, Notification, User, UserSession
from ops import node
from ops.terminal import Terminal
from providers.live import LiveChannel
from settings import Settings
from tests.support.database import ROOT, alembic_config
from tests.support.npm_client import PROJECT
from tests.support.realtime import realtime_server

PACED_EVENTS, PACE_SECONDS = 400, 0.01
#: More at once than redis-py's own pool has connections: who shares it goes deaf for good.
SIMULTANEOUS, WORKERS = 150, 3
PATIENCE_SECONDS = 60
HEADS = (
    "clients",
    "connected in",
    "MB per 1,000",
    "emit p50",
    "emit p95",
    "commit p50",
    "commit p95",
    "to all p95",
    "deaf",
)


class Crowd:
    """The Node process with all clients."""

    def __init__(self, url: str, tokens: list[str]):
        node.packages(PROJECT)
        self._process = subprocess.Popen(
            [node.interpreter(), "crowd.mjs"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.seconds = self._ask({"url": url, "tokens": tokens})["seconds"]

    def expect(self, count: int) -> tuple[list[float], int]:
        """Latencies in milliseconds of the next ``count`` events, or of those that came in a minute, and how many clients
        heard one."""
        until = time.monotonic() + PATIENCE_SECONDS
        told = self._ask({"forget": False})
        while len(told["latencies"]) < count and time.monotonic() < until:
            time.sleep(0.3)
            told = self._ask({"forget": False})
        return self._ask({"forget": True})["latencies"], told["hearers"]

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        while line := self._process.stdout.readline():
            told: dict[str, Any] = json.loads(line)
            if "lost" not in told:
                return told
            sys.stdout.write(f"a client was lost: {told}\n")
        raise SystemExit("the clients' process ended")


@dataclass
class People:
    """Users with sessions and tokens, and the number of each one's latest event."""

    users: list[uuid.UUID]
    tokens: list[str]
    seqs: dict[uuid.UUID, int] = field(default_factory=dict)

    def event(self, user_id: uuid.UUID) -> LiveEvent:
        """The user's next event, stamped with this moment."""
        self.seqs[user_id] = self.seqs.get(user_id, 0) + 1
        now = datetime.now(UTC)
        at = {"at": time.time() * 1000}
        kind = NoticeKind.BOOKING_CONFIRMED.value
        return LiveEvent(uuid.uuid4(), self.seqs[user_id], kind, "You are going", "Two seats on Sunday", at, True, now)


def people(db: Database, settings: Settings, count: int) -> People:
    """Somebody for each client."""
    app = Flask("bench")
    configure_access_tokens(app, settings)
    users, sessions = [uuid.uuid4() for _ in range(count)], [uuid.uuid4() for _ in range(count)]
    now = datetime.now(UTC)
    with db.transaction() as session:
        rows = [
            {"id": each, "email": f"{each}@example.com", "first_name": "A", "last_name": "B", "status": "active"}
            for each in users
        ]
        session.execute(insert(User), [{**row, "roles": ["tourist"]} for row in rows])
        opened = {"rotated_at": now, "expires_at": now + timedelta(days=1)}
        pairs = zip(sessions, users, strict=True)
        session.execute(
            insert(UserSession), [{"id": sid, "user_id": uid, "token_hash": str(sid), **opened} for sid, uid in pairs]
        )
    with app.app_context():
        return People(users, [access_token(*pair) for pair in zip(users, sessions, strict=True)])


def committed(db: Database, live: LiveChannel, crowd: People, user_id: uuid.UUID) -> None:
    """An event as a worker tells it: its row, the commit, then the word to Redis. The clock starts before the commit."""
    with db.transaction() as session:
        event = crowd.event(user_id)
        session.execute(update(User).where(User.id == user_id).values(notification_seq=event.seq))
        values = {"seq": event.seq, "kind": event.kind, "title": event.title, "body": event.body, "data": {}}
        session.execute(insert(Notification), [{"id": event.id, "user_id": user_id, "key": str(event.id), **values}])
        event = LiveEvent(
            **{name: getattr(event, name) for name in event.__slots__} | {"data": {"at": time.time() * 1000}}
        )
    live.emit(user_id, event)


def measure(settings: Settings, db: Database, count: int, log: Path) -> dict[str, float]:
    """One realtime process with ``count`` clients."""
    crowd_of = people(db, settings, count)
    environ = {"SOCKETS": "50000", "SOCKETS_ADDRESS": "50000", "LOG_LEVEL": "warning"}
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(realtime_server({**os.environ, **environ}, log))
        process = psutil.Process(server.process.pid)
        empty = process.memory_info().rss
        crowd = Crowd(server.url, crowd_of.tokens)
        stack.callback(crowd.stop)
        channels = [LiveChannel(settings.redis_url) for _ in range(WORKERS)]
        for channel in channels:
            stack.callback(channel.close)
        live = channels[0]
        time.sleep(1)
        full = process.memory_info().rss

        paced = _paced(crowd, crowd_of, lambda user_id: live.emit(user_id, crowd_of.event(user_id)))
        rows = _paced(crowd, crowd_of, lambda user_id: committed(db, live, crowd_of, user_id))
        _burst(channels, crowd_of)
        crowd.expect(SIMULTANEOUS)
        for user_id in crowd_of.users:
            live.emit(user_id, crowd_of.event(user_id))
        to_all, hearers = crowd.expect(count)
    return {
        "clients": count,
        "connected_seconds": crowd.seconds,
        "rss_mb": full / 2**20,
        "mb_per_1000": (full - empty) / 2**20 / count * 1000,
        "emit_p50_ms": statistics.median(paced),
        "emit_p95_ms": _p95(paced),
        "commit_p50_ms": statistics.median(rows),
        "commit_p95_ms": _p95(rows),
        "to_all_p95_ms": _p95(to_all),
        "deaf": count - hearers,
    }


def _paced(crowd: Crowd, crowd_of: People, tell: Callable[[uuid.UUID], Any]) -> list[float]:
    for number in range(PACED_EVENTS):
        tell(crowd_of.users[number * 7919 % len(crowd_of.users)])
        time.sleep(PACE_SECONDS)
    return crowd.expect(PACED_EVENTS)[0]


def _burst(channels: list[LiveChannel], crowd_of: People) -> None:
    together = threading.Barrier(SIMULTANEOUS)

    def shout(number: int) -> None:
        user_id = crowd_of.users[number]
        event = crowd_of.event(user_id)
        together.wait()
        channels[number % WORKERS].emit(user_id, event)

    threads = [threading.Thread(target=shout, args=(number,)) for number in range(SIMULTANEOUS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def main(sizes: Sequence[int]) -> int:
    settings = Settings.from_env({**os.environ, "APP_ENV": "test"})
    os.environ["APP_ENV"] = "test"
    command.upgrade(alembic_config(settings.database_url), "head")
    db, terminal, results = Database(settings.database_url, pool_size=2), Terminal(), []
    with tempfile.TemporaryDirectory(prefix="elite-bench-") as logs:
        for count in sizes:
            with terminal.step(f"{count:,} clients"):
                results.append(measure(settings, db, count, Path(logs) / f"{count}.log"))
    terminal.gap()
    terminal.table([HEADS, *(_row(result) for result in results)])
    path = ROOT / f".state/bench/sockets-{datetime.now():%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"load_average": os.getloadavg(), "sockets": results}, indent=1))
    terminal.line(f"Milliseconds to the client; bar: p95 below 100. The whole record is {path}")
    return 0


def _row(result: dict[str, float]) -> tuple[str, ...]:
    times = ("emit_p50_ms", "emit_p95_ms", "commit_p50_ms", "commit_p95_ms", "to_all_p95_ms")
    return (
        f"{result['clients']:,}",
        f"{result['connected_seconds']:.1f} s",
        f"{result['mb_per_1000']:.0f}",
        *(f"{result[name]:.1f}" for name in times),
        f"{result['deaf']:.0f}",
    )
