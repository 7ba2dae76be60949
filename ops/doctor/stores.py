"""PostgreSQL, Redis and the machine below them: room, clocks, and whoever holds on to something for too long."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import redis
from sqlalchemy import text

from composition import redis_client
from ops import services
from ops.doctor.findings import Finding, broken, good, look
from ops.doctor.patient import Patient
from ops.errors import OpsError
from ops.venv import ROOT

SKEW_SECONDS = 5.0
LONG_SECONDS = 60
CROWDED = 0.8
LITTLE_ROOM, NO_ROOM = 2_000_000_000, 200_000_000
_TIMEOUT = 3.0

_CONNECTIONS = text(
    "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity WHERE backend_type = 'client backend'"
)
_LONG = text(
    """
    SELECT pid, application_name, state, extract(epoch FROM clock_timestamp() - xact_start)::int
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < clock_timestamp() - :long * interval '1 s'
    ORDER BY xact_start LIMIT 5
    """
)


def packages(patient: Patient) -> Iterator[Finding]:
    """What is installed is what requirements.txt pins."""
    wrong = []
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if not (match := re.fullmatch(r"([\w.-]+)==(\S+)", line.strip())):
            continue
        try:
            installed = importlib.metadata.version(match[1])
        except importlib.metadata.PackageNotFoundError:
            installed = "missing"
        if installed != match[2]:
            wrong.append(f"{match[1]}: {installed}, wanted {match[2]}")
    if wrong:
        yield broken(
            "Packages", f"{len(wrong)} differ from requirements.txt", "pip install -r requirements.txt", *wrong
        )
    else:
        yield good("Packages", "as requirements.txt pins them")


def disk(patient: Patient) -> Iterator[Finding]:
    """Room where the data and the logs of this machine go."""
    place = next(path for path in (patient.folder.path, *patient.folder.path.parents) if path.exists())
    free = shutil.disk_usage(place).free
    said = f"{free / 1e9:.1f} GB free at {place}"
    if free < NO_ROOM:
        yield broken("Disk", said, "Free some space: PostgreSQL stops writing when there is none.")
    elif free < LITTLE_ROOM:
        yield look("Disk", said, "Free some space soon; PostgreSQL stops writing when there is none.")
    else:
        yield good("Disk", said)


def clocks(patient: Patient) -> Iterator[Finding]:
    """Tokens are dated by this machine and holds by the database: they have to agree."""
    with patient.database.reading() as session:
        theirs = session.scalar(text("SELECT clock_timestamp()"))
    skew = (datetime.now(UTC) - theirs).total_seconds()
    if abs(skew) > SKEW_SECONDS:
        yield broken(
            "Clocks",
            f"this machine is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the database",
            "Let both follow NTP (timedatectl set-ntp true): tokens and M-Pesa's signed timestamps fail by the clock.",
        )
    elif patient.settings.clock_offset:
        yield look("Clocks", f"CLOCK_OFFSET moves the product's time by {patient.settings.clock_offset}", "Unset it.")
    else:
        yield good("Clocks", f"agree within {abs(skew):.1f} s")


def connections(patient: Patient) -> Iterator[Finding]:
    """Room for another process, and nobody who keeps a transaction open."""
    with patient.database.reading() as session:
        used, most = session.execute(_CONNECTIONS).one()
        long = session.execute(_LONG, {"long": LONG_SECONDS}).all()
    said = f"{used} of {most} in use"
    if used > CROWDED * most:
        yield look("Connections", said, "Raise max_connections, or run fewer processes (docs/deployment.md).")
    else:
        yield good("Connections", said)
    for pid, name, state, seconds in long:
        yield look(
            "Transactions",
            f"process {pid} ({name or 'unnamed'}, {state}) has had one open for {seconds} s",
            f"If nobody knows why: SELECT pg_terminate_backend({pid}); every job that it interrupts is done again.",
        )


def stores(patient: Patient) -> Iterator[Finding]:
    """Redis answers, is new enough, takes writes, and never throws a queue away to make room."""
    addresses = {"Redis": patient.env["REDIS_URL"], "Broker": patient.env.get("CELERY_BROKER_URL", "")}
    for subject, url in addresses.items():
        if not url or (subject == "Broker" and (url == addresses["Redis"] or not url.startswith("redis"))):
            continue
        try:
            version = services.check_redis(url)
            yield from _redis(subject, url, version)
        except OpsError as error:
            meanwhile = "Until then bookings and callbacks go on, and jobs wait in PostgreSQL."
            cure = f"{patient.without_a_new_one(error.cure)} {meanwhile}"
            yield broken(subject, error.message, cure)
        except redis.RedisError as error:
            yield broken(
                subject,
                f"answers, but refuses to write: {str(error).split('.')[0]}",
                "Free its memory or disk, or point REDIS_URL at the primary. Jobs wait in PostgreSQL meanwhile.",
            )


def _redis(subject: str, url: str, version: str) -> Iterator[Finding]:
    client = redis_client(url, _TIMEOUT)
    try:
        client.set("elite-events:doctor", "was here", ex=5)
        memory = client.info("memory")
    finally:
        client.close()
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield look(
            subject,
            f"{version} answers and may evict keys ({policy})",
            "Set maxmemory-policy noeviction: an evicted queue costs ten seconds a job until it is offered again.",
        )
    else:
        yield good(subject, f"{version} answers and takes writes, {memory['used_memory_human']} in use")
