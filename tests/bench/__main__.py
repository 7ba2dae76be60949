"""Measures the product against its references on one machine, in short rounds that take turns.

    ./elite bench [list cached detail availability search suggest booking lists pickup] [--seconds 4] [--rounds 3] [--quick]
    ./elite bench sockets [500 2000 5000]
    ./elite bench logins [--rate 20]
    ./elite bench enumeration [--asked 500]
    ./elite bench scale [10000 1000000]

DATABASE_URL and REDIS_URL name empty, throw-away services, whose processes are BENCH_STORES.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psutil
import psycopg2
from alembic import command

from ops.terminal import Terminal
from settings import Settings
from tests.bench import (
    data,
    enumeration,
    limit,
    lists,
    load,
    logins,
    pickup,
    questions,
    report,
    same,
    scale,
    servers,
    sockets,
)
from tests.bench.options import parse
from tests.support.database import alembic_config

#: Bars: how often the reference's rate. The specification names none for searching and suggesting; as for details, it is theirs.
BARS = {"list": 1.2, "cached": 1.0, "detail": 1.0, "availability": 1.0, "search": 1.0, "suggest": 1.0, "booking": 0.5}
COMPARED = 50
#: What is compared without a cache, and the list that is kept, for so many seconds.
UNCACHED, CACHED = {"CACHE_SECONDS": "0"}, {"CACHE_SECONDS": "60"}
AGAINST = {"booking": "bare psycopg2", "cached": "Express + Redis"}
#: A booking is sold once, so a round needs as many as the machine could make in its time.
BOOKINGS_A_SECOND = 1_200
#: What bookings leave behind; each round begins with the catalogue as it was.
_SOLD = """
    SET session_replication_role = replica;
    TRUNCATE bookings, booking_events, line_items, receivables, jobs, rate_limits, idempotency_keys,
        audit_logs, audit_unchained, audit_chain CASCADE;
    SET session_replication_role = origin;
    DELETE FROM departures WHERE lower(during) > now() + interval '35 days';
"""
_AT_WORK = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    if options.names == ["sockets"]:
        return sockets.main(options.clients)
    if options.names == ["logins"]:
        return logins.main(options)
    if options.names == ["enumeration"]:
        return enumeration.main(options)
    if options.names == ["scale"]:
        return scale.main(options)
    terminal = Terminal()
    with contextlib.ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="elite-bench-")))
        bench = _Bench(options, terminal, logs, stack)
        bench.prepare()
        measured = [bench.measure(name) for name in BARS if name in options.names]
        extra = {"pickup_ms": bench.pickup()} if "pickup" in options.names else {}
        if "lists" in options.names:
            extra["lists"] = bench.lists()
        terminal.gap()
        if measured:
            terminal.table([report.HEADS, *(one.row() for one in measured)])
        for name, figures in extra.items():
            terminal.line(f"{name}: {figures}")
        path = options.json or servers.ROOT / f".state/bench/{datetime.now():%Y%m%d-%H%M%S}.json"
        report.write(path, bench.conditions(), measured, extra)
        terminal.line(
            f"Two processes each, {load.CONNECTIONS} connections by {load.tool()}; the whole record is {path}"
        )
    return 0


class _Bench:
    """One run: the catalogue, the servers, and what has been asked so far."""

    def __init__(self, options: argparse.Namespace, terminal: Terminal, logs: Path, stack: contextlib.ExitStack):
        self._options, self._terminal, self._logs, self._stack = options, terminal, logs, stack
        self._stores = tuple(psutil.Process(int(pid)) for pid in os.environ.get("BENCH_STORES", "").split(",") if pid)
        self._environ = {**os.environ, "APP_ENV": "test", "CDN_BASE_URL": "https://images.example"}
        self._settings = Settings.from_env(self._environ)
        self._asked = 0

    def prepare(self) -> None:
        """Catalogue, servers, and the proof that both say the same."""
        quick = self._options.quick
        with self._terminal.step("Catalogue") as step:
            command.upgrade(alembic_config(self._settings.database_url), "head")
            size = (400, 60) if quick else (data.EXPERIENCES, data.TRAVELLERS)
            self._connection = psycopg2.connect(os.environ["DATABASE_URL"])
            self._stack.callback(self._connection.close)
            self.catalogue = data.load(self._connection, *size, datetime.now(data.NAIROBI).date())
            step.title = f"{size[0]:,} experiences of {size[0] // data.LISTINGS_A_GUIDE:,} guides"
        with self._terminal.step("Both servers") as step:
            environ = self._environ | UNCACHED
            self.ours = self._stack.enter_context(servers.ours(environ, self._logs, self._stores))
            self.reference = self._stack.enter_context(servers.reference(environ, self._logs, self._stores))
            kinds = ("list", "detail", "search", "suggest", "availability")
            paths = [path for name in kinds for path in self._paths(name, COMPARED)]
            count = same.check(self.ours, self.reference, [*paths, *questions.oddities(self.catalogue)])
            step.title = f"Both servers give the same answers to {count} questions"

    def measure(self, name: str) -> report.Measured:
        """Rounds in turn, ours and theirs, after one of each that does not count."""
        measured = report.Measured(name, AGAINST.get(name, "Express + pg"), BARS[name])
        kinds = {"booking": self._booking_rounds, "cached": self._cached_rounds}
        rounds = kinds.get(name, self._read_rounds)
        with self._terminal.step(f"{name}") as step:
            for _ in rounds(name, measured):
                step.note = f"· {len(measured.ours)} of {self._options.rounds} rounds"
        return measured

    def pickup(self) -> dict[str, float]:
        """Milliseconds from a job's row to a worker's done mark, on an idle system."""
        with self._terminal.step("pickup"), servers.workers(self._environ, self._logs):
            return pickup.measured(self._settings.database_url, 5 if self._options.quick else 100)

    def conditions(self) -> dict[str, object]:
        return {
            "at": datetime.now().astimezone().isoformat(),
            "seconds": self._options.seconds,
            "encoding": self._options.encoding,
            "tool": load.tool(),
            "cores": os.cpu_count(),
            "machine": platform.platform(),
            "python": platform.python_version(),
            "load_average": os.getloadavg(),
        }

    def lists(self) -> dict[str, dict[str, float]]:
        """Lists of ours alone."""
        self._terminal.gap()
        today = datetime.now(data.NAIROBI).date()
        return lists.measure(self.ours, self._terminal, self._logs, self._options.seconds, today)

    def _cached_rounds(self, name: str, measured: report.Measured) -> Iterator[None]:
        """Both with a cache, and asked so few questions that all are in it."""
        environ = self._environ | CACHED
        with (
            servers.ours(environ, self._logs, self._stores) as ours,
            servers.reference(environ, self._logs, self._stores) as reference,
        ):
            yield from self._rounds(name, measured, ours, reference)

    def _read_rounds(self, name: str, measured: report.Measured) -> Iterator[None]:
        yield from self._rounds(name, measured, self.ours, self.reference)

    def _rounds(
        self, name: str, measured: report.Measured, ours: servers.Server, reference: servers.Server
    ) -> Iterator[None]:
        path = load.write_questions(self._logs / f"{name}.txt", self._paths(name, None))
        for server in (ours, reference):
            load.run(server, path, min(self._options.seconds, 2), encoding=self._options.encoding)
        for number in range(self._options.rounds):
            for server, rounds in ((ours, measured.ours), (reference, measured.theirs)):
                told = {"encoding": self._options.encoding, "start": number * 499}
                rounds.append(load.run(server, path, self._options.seconds, **told))
            yield

    def _booking_rounds(self, _name: str, measured: report.Measured) -> Iterator[None]:
        # Every statement is built for the first time once a process, and a booking has thirty of them.
        load.ask_all(self.ours, self._bookings(30 if self._options.quick else 300))
        for _ in range(self._options.rounds):
            for work in (self._book_over_http, self._book_bare):
                self._unsell()
                work(measured)
            yield

    def _book_over_http(self, measured: report.Measured) -> None:
        measured.ours.append(load.run(self.ours, self._bookings(), self._options.seconds))

    def _book_bare(self, measured: report.Measured) -> None:
        done, seconds = limit.measure(os.environ["DATABASE_URL"], "booking", self._options.seconds, self._bookings())
        measured.rates.append(done / seconds)

    def _bookings(self, count: int | None = None) -> Path:
        most = 3 * len(self.catalogue.travellers)
        count = min(count or self._options.seconds * BOOKINGS_A_SECOND, most)
        lines = questions.bookings(self.catalogue, self._settings, self._asked, count)
        self._asked += count
        return load.write_questions(self._logs / "booking.txt", lines)

    def _unsell(self) -> None:
        with self._connection.cursor() as cursor:
            # wrk hangs up at its end; what it asked last is still being done.
            for _ in range(100):
                cursor.execute(_AT_WORK)
                if not cursor.fetchone()[0]:
                    break
                time.sleep(0.1)
            cursor.execute(_SOLD)
            cursor.execute("VACUUM ANALYZE departures")

    def _paths(self, name: str, count: int | None) -> list[str]:
        made = {
            "list": questions.lists,
            "cached": questions.popular,
            "detail": lambda *count: questions.details(self.catalogue, *count),
            "availability": lambda *count: questions.availability(self.catalogue, *count),
            "search": questions.searches,
            "suggest": questions.suggestions,
        }[name]
        return made(count) if count else made()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
