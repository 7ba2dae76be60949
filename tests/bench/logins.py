"""What people who sign in cost everybody else: how soon other routes answer, with logins beside them and without.

    ./elite bench logins [--rate 20] [--others 100] [--seconds 10] [--rounds 4]

Requests leave on a timetable whether or not earlier ones were answered, and each is timed from its place there, so that
what had to wait counts in full. Rounds with and without logins take turns; all share this machine's cores with the clients.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, cycle
from pathlib import Path

import psycopg2
from alembic import command

from api.passwords import Passwords
from ops.terminal import Terminal
from settings import Settings
from tests.bench import data, questions, servers
from tests.support.database import alembic_config

PASSWORD = "two zebras at dawn"
EXPERIENCES, TRAVELLERS = 2_000, 400
PATIENCE_SECONDS = 15
HEADS = ("round", "p50", "p95", "p99", "most", "answers")


@dataclass(slots=True)
class Tally:
    """Milliseconds of each answer since it was due, and how often which status came."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.times += other.times
        self.statuses += other.statuses

    def row(self, name: str) -> tuple[str, ...]:
        cuts = statistics.quantiles(self.times, n=100)
        figures = (cuts[49], cuts[94], cuts[98], max(self.times))
        said = ", ".join(f"{number:,} × {status}" for status, number in sorted(self.statuses.items()))
        return (name, *(f"{figure:.1f} ms" for figure in figures), said)


async def ask(port: int, requests: Iterator[bytes], rate: float, seconds: float) -> Tally:
    """Send ``rate`` requests a second, evenly, each on whichever kept connection is free, or on a new one."""
    tally, free, loop = Tally(), [], asyncio.get_running_loop()

    async def one(request: bytes, due: float) -> None:
        reader, writer = free.pop() if free else await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_SECONDS)
        fields = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:] if line)
        await reader.readexactly(int(fields.get("content-length", 0)))
        tally.times.append((loop.time() - due) * 1000)
        tally.statuses[int(head.split(b" ", 2)[1])] += 1
        free.append((reader, writer))

    start, under_way = loop.time(), []
    for number in count():
        due = start + number / rate
        if due >= start + seconds:
            break
        await asyncio.sleep(max(due - loop.time(), 0))
        under_way.append(asyncio.create_task(one(next(requests), due)))
    await asyncio.gather(*under_way)
    for _, writer in free:
        writer.close()
    return tally


def others(catalogue: data.Catalogue, settings: Settings) -> Iterator[bytes]:
    """What everybody else asks: lists, details, free times, and who they are."""
    tokens = cycle([questions.token(settings, *traveller) for traveller in catalogue.travellers])
    paths = zip(
        cycle(questions.lists()),
        cycle(questions.details(catalogue)),
        cycle(questions.availability(catalogue)),
        strict=False,
    )
    for listed, detail, times in paths:
        yield from (_get(listed), _get(detail), _get(times), _get("/api/users/me", next(tokens)))


def logins() -> Iterator[bytes]:
    for number in cycle(range(TRAVELLERS)):
        body = json.dumps({"email": f"traveller{number}@example.com", "password": PASSWORD}).encode()
        head = "POST /api/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        yield f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def main(options: argparse.Namespace) -> int:
    terminal = Terminal()
    environ = {**os.environ, "APP_ENV": "test", "CDN_BASE_URL": "https://images.example"}
    settings = Settings.from_env(environ)
    with contextlib.ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="elite-bench-")))
        with terminal.step(f"{EXPERIENCES:,} experiences, {TRAVELLERS} travellers with passwords"):
            command.upgrade(alembic_config(settings.database_url), "head")
            catalogue = loaded(settings, EXPERIENCES, TRAVELLERS)
        unmet = dict.fromkeys(("LIMIT_LOGIN_ADDRESS", "LIMIT_LOGIN_ACCOUNT"), f"{servers.UNMET} per 1m")
        ours = stack.enter_context(servers.ours({**environ, **unmet}, logs, ()))
        port, everybody, members = int(ours.url.rpartition(":")[2]), others(catalogue, settings), logins()
        alone, beside, signing_in = Tally(), Tally(), Tally()
        asyncio.run(ask(port, everybody, options.others, 3))
        with terminal.step(
            f"{options.others} requests a second, with {options.rate} logins a second and without"
        ) as step:
            for number in range(options.rounds):
                alone.add(asyncio.run(ask(port, everybody, options.others, options.seconds)))
                rest, entered = asyncio.run(_together(port, everybody, members, options))
                beside.add(rest)
                signing_in.add(entered)
                step.note = f"· {number + 1} of {options.rounds} rounds"
    terminal.gap()
    rows = [alone.row("without logins"), beside.row(f"with {options.rate} logins/s"), signing_in.row("the logins")]
    terminal.table([HEADS, *rows])
    terminal.line(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {datetime.now():%d %B %Y %H:%M}")
    return 0


async def _together(
    port: int, everybody: Iterator[bytes], members: Iterator[bytes], options: argparse.Namespace
) -> list[Tally]:
    return await asyncio.gather(
        ask(port, everybody, options.others, options.seconds), ask(port, members, options.rate, options.seconds)
    )


def loaded(settings: Settings, experiences: int, travellers: int) -> data.Catalogue:
    """A catalogue whose travellers can sign in."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    with contextlib.closing(connection):
        catalogue = data.load(connection, experiences, travellers, datetime.now(data.NAIROBI).date())
        password_hash = Passwords(rounds=settings.bcrypt_rounds, slots=1, queue=0).hash(PASSWORD)
        rows = [
            (f"traveller{number}@example.com", password_hash, str(user))
            for number, (user, _) in enumerate(catalogue.travellers)
        ]
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE users SET email = %s, password_hash = %s WHERE id = %s", rows)
    return catalogue


def _get(path: str, token: str | None = None) -> bytes:
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{authorization}\r\n".encode()
