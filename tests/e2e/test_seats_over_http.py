"""Fifty people at once want the last two seats, through HTTP and two web processes."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text

from models import Booking, Departure, Listing
from tests.factories import Factory, start_in
from tests.support.web import web_server

pytestmark = pytest.mark.e2e

PEOPLE, SEATS_LEFT = 50, 2
GUARDS = ("ck_departures_seats_within_capacity", "ex_departures_resource_busy")
_people = itertools.count(1)


@dataclass
class Race:
    """What came back, and what the database says afterwards."""

    statuses: Counter
    codes: Counter
    losers_p99_ms: float
    seats_taken: int
    seats_booked: int


def run_race(base: str, make: Factory, listing: Listing) -> Race:
    starts_at = start_in(days=3)
    make.booking(listing=listing, starts_at=starts_at, guests={"adult": listing.capacity - SEATS_LEFT})
    tokens = [_register(base) for _ in range(PEOPLE)]
    barrier = threading.Barrier(PEOPLE)

    def book(token: str) -> tuple[httpx.Response, float]:
        with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
            client.get("/health")  # connected before the start
            barrier.wait()
            started = time.perf_counter()
            body = {"experience_id": str(listing.id), "starts_at": starts_at.isoformat(), "guests": 1}
            answer = client.post("/api/bookings", json=body)
            return answer, (time.perf_counter() - started) * 1000

    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = list(pool.map(book, tokens))
    losers = [ms for answer, ms in answers if answer.status_code != 201]
    with make.db.reading() as session:
        departure = session.scalars(select(Departure).where(Departure.listing_id == listing.id)).one()
        booked = session.scalar(select(func.sum(Booking.seats)).where(Booking.departure_id == departure.id))
    return Race(
        statuses=Counter(answer.status_code for answer, _ in answers),
        codes=Counter(answer.json().get("code") for answer, _ in answers if answer.status_code != 201),
        losers_p99_ms=statistics.quantiles(losers, n=100)[98] if len(losers) > 1 else 0.0,
        seats_taken=departure.seats_taken,
        seats_booked=booked,
    )


def test_exactly_two_of_fifty_get_the_last_two_seats(
    make: Factory, web_environ: dict[str, str], tmp_path: Path
) -> None:
    listing = make.listing()
    before = _deadlocks(make)
    with web_server(web_environ, tmp_path / "web.log") as base:
        race = run_race(base, make, listing)
    assert race.statuses == {201: SEATS_LEFT, 409: PEOPLE - SEATS_LEFT}, (
        race,
        (tmp_path / "web.log").read_text()[-2000:],
    )
    assert set(race.codes) == {"seats_sold_out"}
    assert race.seats_taken == race.seats_booked == listing.capacity
    assert _deadlocks(make) == before


def test_without_lock_and_constraints_the_same_race_oversells(
    make: Factory, web_environ: dict[str, str], tmp_path: Path
) -> None:
    """The negative control: were the guards gone, the test above would notice."""
    listing = make.listing()
    with make.db.engine.begin() as connection:
        definitions = {
            name: connection.scalar(
                text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
            )
            for name in GUARDS
        }
        for name in GUARDS:
            connection.execute(text(f"ALTER TABLE departures DROP CONSTRAINT {name}"))
    try:
        with web_server(web_environ, tmp_path / "web.log", target="tests.e2e.unguarded:app") as base:
            race = run_race(base, make, listing)
        assert race.seats_booked > listing.capacity, race
    finally:
        with make.db.engine.begin() as connection:
            connection.execute(text("TRUNCATE departures CASCADE"))
            for name, definition in definitions.items():
                connection.execute(text(f"ALTER TABLE departures ADD CONSTRAINT {name} {definition}"))


def _register(base: str) -> str:
    body = {
        "email": f"runner{next(_people)}@example.com",
        "password": "two zebras at dawn",
        "first_name": "Runner",
        "last_name": "Mwangi",
        "user_type": "tourist",
    }
    answer = httpx.post(f"{base}/api/auth/register", json=body, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()["access_token"]


def _deadlocks(make: Factory) -> int:
    with make.db.reading() as session:
        return session.scalar(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
