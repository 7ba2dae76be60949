"""Whether the time of an answer tells who has an account: the same requests for known and for unknown addresses, in turns.

    ./elite bench enumeration [--asked 500]

One client asks one thing after the other, known and unknown addresses in random order, so that whatever slows the machine
slows both. Where their times come from the same distribution, p is as likely small as large; below 0.05 look again, below
0.001 somebody can tell.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import json
import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from alembic import command

from ops.terminal import Terminal
from settings import Settings
from tests.bench import servers
from tests.bench.data import SEED
from tests.bench.logins import loaded
from tests.support.database import alembic_config

EXPERIENCES = 100
WRONG = "not the password"
LOGIN, FORGOT = "/api/auth/login", "/api/auth/forgot-password"
HEADS = ("asked", "times", "median known", "median unknown", "gap", "Mann-Whitney p")


@dataclass(slots=True)
class Sample:
    """Milliseconds of the answers for known and for unknown addresses to one kind of request."""

    name: str
    path: str
    body: dict[str, str]
    status: int
    known: list[float] = field(default_factory=list)
    unknown: list[float] = field(default_factory=list)

    def row(self) -> tuple[str, ...]:
        known, unknown = statistics.median(self.known), statistics.median(self.unknown)
        return (
            self.name,
            f"{len(self.known)} + {len(self.unknown)}",
            f"{known:.2f} ms",
            f"{unknown:.2f} ms",
            f"{known - unknown:+.2f} ms",
            f"{mann_whitney(self.known, self.unknown):.3f}",
        )


def mann_whitney(some: Sequence[float], others: Sequence[float]) -> float:
    """How likely two samples of one distribution differ in rank at least as much as these do (two-sided, for large ones)."""
    n, m = len(some), len(others)
    ordered = sorted([(value, 0) for value in some] + [(value, 1) for value in others])
    ranks, ties, seen = 0.0, 0, 0
    for _, group in itertools.groupby(ordered, key=lambda one: one[0]):
        members = [which for _, which in group]
        ranks += members.count(0) * (seen + (len(members) + 1) / 2)
        ties += len(members) ** 3 - len(members)
        seen += len(members)
    u = ranks - n * (n + 1) / 2
    deviation = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return 2 * statistics.NormalDist().cdf(-abs(u - n * m / 2) / deviation) if deviation else 1.0


def main(options: argparse.Namespace) -> int:
    terminal = Terminal()
    environ = {**os.environ, "APP_ENV": "test", "CDN_BASE_URL": "https://images.example"}
    settings = Settings.from_env(environ)
    with contextlib.ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="elite-bench-")))
        with terminal.step(f"{options.asked} travellers with passwords"):
            command.upgrade(alembic_config(settings.database_url), "head")
            loaded(settings, EXPERIENCES, options.asked)
        # One free guess for each account, so that the second is refused; the address of the client has no limit.
        limits = dict.fromkeys(("LIMIT_LOGIN_ADDRESS", "LIMIT_RESET_ADDRESS"), f"{servers.UNMET} per 1s")
        limits |= {"LIMIT_LOGIN_ACCOUNT": "1 per 1d"}
        ours = stack.enter_context(servers.ours({**environ, **limits}, logs, ()))
        samples = [
            Sample("login, wrong password", LOGIN, {"password": WRONG}, 401),
            Sample("login, has to wait", LOGIN, {"password": WRONG}, 429),
            Sample("forgot password", FORGOT, {}, 202),
        ]
        with terminal.step(f"{options.asked} known and {options.asked} unknown addresses"):
            ask(ours.url.removeprefix("http://"), samples, options.asked)
    terminal.gap()
    terminal.table([HEADS, *(sample.row() for sample in samples)])
    terminal.line(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {datetime.now():%d %B %Y %H:%M}")
    return 0


def ask(host: str, samples: Sequence[Sample], asked: int) -> None:
    """Send each request for each address, the addresses in random order, and note how long each answer took."""
    chance = random.Random(SEED)
    # Names of the same length, so that only the account makes a difference.
    addresses = [
        (f"{name}{number}@example.com", name) for name in ("traveller", "fortunate") for number in range(asked)
    ]
    connection = http.client.HTTPConnection(host, timeout=15)
    with contextlib.closing(connection):
        connection.request("GET", "/health/ready")
        connection.getresponse().read()
        for (address, name), sample in itertools.product(chance.sample(addresses, len(addresses)), samples):
            body = json.dumps({"email": address, **sample.body})
            started = time.perf_counter()
            connection.request("POST", sample.path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            taken = (time.perf_counter() - started) * 1000
            (sample.known if name == "traveller" else sample.unknown).append(taken)
            if response.status != sample.status:
                raise RuntimeError(f"{sample.name} was answered {response.status} for {address}")
