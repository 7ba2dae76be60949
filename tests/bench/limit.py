"""What psycopg2 alone can do: the same reads and the same booking transaction, without HTTP, schemas, ORM or answers.

python -m tests.bench.limit URL ROUTE SECONDS FILE        one process; prints its figures as JSON
"""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras

from models.base import new_id
from services.availability import experiences as availability
from services.catalogue import experiences
from services.search import by_filters
from tests.bench.servers import ROOT

PROCESSES, THREADS = 2, 8
#: Everything that the product's booking asks and writes, in its order, with what it has learned before as parameters.
_BOOKING = (
    """SELECT u.id, u.status, u.roles, s.revoked_at, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = %(session)s""",
    "SELECT * FROM departures WHERE listing_id = %(listing)s AND lower(during) = %(start)s AND seats_taken > 0",
    "SELECT * FROM users WHERE id = %(user)s FOR NO KEY UPDATE",
    """INSERT INTO rate_limits AS r (scope, subject, hits)
       VALUES ('holds_user', %(user)s::text, ARRAY[clock_timestamp()]) ON CONFLICT (scope, subject) DO UPDATE
       SET hits = (SELECT coalesce(array_agg(h), '{}') FROM unnest(r.hits) h
         WHERE h > clock_timestamp() - interval '1 hour') || ARRAY[clock_timestamp()]
       WHERE (SELECT count(*) FROM unnest(r.hits) h WHERE h > clock_timestamp() - interval '1 hour') < 1000000
       RETURNING true""",
    "SELECT * FROM resources WHERE id = %(body)s FOR NO KEY UPDATE",
    "SELECT * FROM listings WHERE id = %(listing)s",
    """SELECT id FROM departures WHERE resource_id = %(body)s AND seats_taken > 0
       AND during && tstzrange(%(start)s - interval '1 day', %(end)s + interval '1 day')""",
    "SELECT clock_timestamp()",
    "SELECT * FROM schedule_rules WHERE listing_id = %(listing)s OR resource_id = %(body)s",
    """SELECT * FROM availability_calendar
       WHERE (listing_id = %(listing)s OR resource_id = %(body)s) AND on_date = %(start)s::date""",
    "SELECT * FROM bookings WHERE customer_id = %(user)s AND status = 'pending'",
    """INSERT INTO departures (id, listing_id, resource_id, during, capacity, seats_taken)
       VALUES (%(departure)s, %(listing)s, %(body)s, tstzrange(%(start)s, %(end)s), %(capacity)s, 0)
       ON CONFLICT ON CONSTRAINT uq_departures_listing_id_resource_id_during DO NOTHING RETURNING id""",
    """UPDATE departures SET seats_taken = seats_taken + 2 WHERE id = %(departure)s AND seats_taken + 2 <= capacity
       RETURNING *""",
    """INSERT INTO bookings (id, reference, customer_id, host_id, listing_id, departure_id, seats, guests, starts_at, ends_at,
         currency, status, confirmation, booked_at, hold_expires_at, refund_tiers)
       VALUES (%(booking)s, %(reference)s, %(user)s, %(host)s, %(listing)s, %(departure)s, 2, '{"adult": 2}', %(start)s,
         %(end)s, %(currency)s, 'pending', 'instant', clock_timestamp(), clock_timestamp() + interval '15 min', '[]')""",
    """INSERT INTO line_items (id, booking_id, position, kind, description, quantity, unit_minor, amount_minor, currency)
       VALUES (%(line)s, %(booking)s, 1, 'base', 'Walk (adult)', 2, %(price)s, %(price)s * 2, %(currency)s),
         (%(fee)s, %(booking)s, 2, 'fee', 'Service fee', 1, %(price)s / 5, %(price)s / 5, %(currency)s)""",
    """INSERT INTO receivables (id, booking_id, payer_id, amount_minor, currency, due_at)
       VALUES (%(receivable)s, %(booking)s, %(user)s, %(price)s * 2, %(currency)s, clock_timestamp())""",
    """INSERT INTO jobs (id, kind, queue, key, payload, first_due_at, due_at)
       VALUES (%(job)s, 'bookings.expire_hold', 'periodic', 'hold:' || %(booking)s::text, '{}',
         clock_timestamp() + interval '15 min', clock_timestamp() + interval '15 min') ON CONFLICT (key) DO NOTHING""",
    """INSERT INTO audit_logs (id, at, actor_id, actor_role, action, entity_type, entity_id, data)
       VALUES (%(audit)s, clock_timestamp(), %(user)s, 'tourist', 'booking.created', 'bookings', %(booking)s, '{}')""",
)
_LISTING = """SELECT id, host_id, resource_id, duration_minutes, capacity, price_minor, currency FROM listings
    WHERE id = %(listing)s AND kind = 'experience' AND status = 'active'"""


def measure(url: str, route: str, seconds: float, questions: Path) -> tuple[int, float]:
    """Answers of all processes together, and the seconds they took."""
    command = [sys.executable, "-m", "tests.bench.limit", url, route, str(seconds), str(questions)]
    processes = [
        subprocess.Popen([*command, str(number)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for number in range(PROCESSES)
    ]
    figures = [json.loads(process.communicate(timeout=seconds + 60)[0]) for process in processes]
    return sum(each["done"] for each in figures), max(each["seconds"] for each in figures)


def _run(url: str, route: str, seconds: float, lines: list[str]) -> dict[str, float]:
    work = _book if route == "booking" else _read
    counts = [0] * THREADS
    connections = [psycopg2.connect(url) for _ in range(THREADS)]
    until = time.monotonic() + seconds

    def go(number: int) -> None:
        step = work(connections[number], lines[number::THREADS], route)
        while time.monotonic() < until and next(step, None):
            counts[number] += 1

    threads = [threading.Thread(target=go, args=(number,)) for number in range(THREADS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"done": sum(counts), "seconds": time.perf_counter() - started}


def _read(connection: Any, lines: list[str], route: str) -> Iterator[bool]:
    connection.autocommit = True
    question, values_of = _QUESTIONS[route]
    with connection.cursor() as cursor:
        cursor.execute(question.preparation)
        while True:
            cursor.execute(question.execution, question.values(values_of(random.choice(lines))))
            yield bool(cursor.fetchall()) or route == "list"


def _book(connection: Any, lines: list[str], _route: str) -> Iterator[bool]:
    psycopg2.extras.register_uuid(conn_or_curs=connection)
    for line in lines:
        with connection, connection.cursor() as cursor:
            _one_booking(cursor, *_wish(line))
        yield True


def _wish(line: str) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID, datetime]:
    """Traveller, session, listing and start of a line that load.lua would send."""
    _path, token, body = line.split("\t")
    part = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    asked = json.loads(body)
    start = datetime.fromisoformat(asked["starts_at"])
    return uuid.UUID(claims["sub"]), uuid.UUID(claims["sid"]), uuid.UUID(asked["experience_id"]), start


def _one_booking(cursor: Any, user: uuid.UUID, session: uuid.UUID, listing: uuid.UUID, start: datetime) -> None:
    cursor.execute(_LISTING, {"listing": listing})
    _, host, body, minutes, capacity, price, currency = cursor.fetchone()
    values = {"user": user, "session": session, "listing": listing, "start": start, "host": host, "body": body}
    values |= {"end": start + timedelta(minutes=minutes), "capacity": capacity, "price": price, "currency": currency}
    values |= {name: new_id() for name in ("departure", "booking", "line", "fee", "receivable", "job", "audit")}
    values["reference"] = f"B-{values['booking'].hex[-12:]}"
    for statement in _BOOKING:
        cursor.execute(statement, values)
        if cursor.description:
            cursor.fetchall()


def _list_values(_line: str) -> dict[str, Any]:
    return {
        "category": random.choice(("food", "nature", "cultural")),
        "limit": 21,
        "counts": True,
        "offset": 20 * random.randrange(3),
    }


_QUESTIONS: dict[str, tuple[Any, Callable[[str], dict[str, Any]]]] = {
    "list": (by_filters.LIST.question(("category",), "rating"), _list_values),
    "detail": (experiences.DETAIL_BY_ID, lambda line: {"name": line.split("/")[3]}),
    "availability": (
        availability.BY_ID,
        lambda line: {"name": line.split("/")[3], "first": None, "last": None, "moved": timedelta(0)},
    ),
}


if __name__ == "__main__":
    _url, _route, _seconds, _file, _number = sys.argv[1:]
    _lines = Path(_file).read_text().splitlines()[int(_number) :: PROCESSES]
    sys.stdout.write(json.dumps(_run(_url, _route, float(_seconds), _lines)))
