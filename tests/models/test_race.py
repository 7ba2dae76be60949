"""Fifty take the last two seats at once, and the same rush without the guards shows that it would tell overselling."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.errors import Conflict
from models import Departure
from models.locks import lock_resources
from models.session import Database
from services.bookings.seats import SeatRequest, take_seats
from tests.factories import start_in

CROWD, LAST_SEATS = 50, 2


@pytest.fixture
def crowded(db) -> Iterator[Database]:
    """A database with a connection for everybody in the crowd."""
    database = Database(db.url, pool_size=CROWD)
    yield database
    database.dispose()


def outcomes(answers) -> Counter:
    """How many won, and why the others did not: by code of refusal, or by the name of the error."""
    return Counter(
        answer.code if isinstance(answer, Conflict) else type(answer).__name__ if answer is not True else "won"
        for answer in answers
    )


def request_for(listing, *, minutes=0, seats=1) -> SeatRequest:
    start = start_in(7) + timedelta(minutes=minutes)
    return SeatRequest(listing.id, listing.resource_id, start, start + listing.duration, seats, listing.capacity)


def seats_sold(db) -> list[int]:
    with db.reading() as session:
        return sorted(row.seats_taken for row in session.query(Departure))


@pytest.mark.parametrize("is_locked", [True, False], ids=["under the lock", "by the counter alone"])
def test_the_last_two_seats_are_sold_twice_and_no_more(crowded, make, rush, is_locked):
    listing = make.listing(capacity=LAST_SEATS, max_guests=LAST_SEATS)

    def work(_number):
        with crowded.transaction() as session:
            if is_locked:
                lock_resources(session, [listing.resource_id])
            take_seats(session, [request_for(listing)])
        return True

    assert outcomes(rush(CROWD, work)) == {"won": 2, "seats_sold_out": 48}
    assert seats_sold(crowded) == [2]


def test_a_guide_is_sold_once_when_many_want_overlapping_times(crowded, make, rush):
    listing = make.listing(capacity=LAST_SEATS, max_guests=LAST_SEATS)

    def work(number):
        with crowded.transaction() as session:
            lock_resources(session, [listing.resource_id])
            take_seats(session, [request_for(listing, minutes=number)])
        return True

    assert outcomes(rush(CROWD, work)) == {"won": 1, "guide_busy": 49}
    assert sum(seats_sold(crowded)) == 1


def test_seats_of_two_guides_are_taken_together_or_not_at_all(crowded, make, rush):
    first, second = (make.listing(capacity=LAST_SEATS, max_guests=LAST_SEATS) for _ in range(2))

    def work(number):
        requests = [request_for(first), request_for(second)]
        with crowded.transaction() as session:
            lock_resources(session, [first.resource_id, second.resource_id])
            take_seats(session, requests[:: 1 if number % 2 else -1])
        return True

    assert outcomes(rush(CROWD, work)) == {"won": 2, "seats_sold_out": 48}
    assert seats_sold(crowded) == [2, 2]


def test_without_lock_counter_and_constraint_the_same_rush_oversells(crowded, rush):
    """The negative control: read, then write, on a copy of the table that has no constraints."""
    with crowded.transaction() as session:
        session.execute(text("CREATE TABLE departures_unguarded (LIKE departures INCLUDING DEFAULTS)"))
        session.execute(
            text(
                "INSERT INTO departures_unguarded (id, listing_id, resource_id, during, capacity, seats_taken) "
                "SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '[2030-01-01,2030-01-02)', :seats, 0"
            ),
            {"seats": LAST_SEATS},
        )
    everybody_has_read = threading.Barrier(CROWD, timeout=20)

    def work(_number):
        with crowded.transaction() as session:
            capacity, taken = session.execute(text("SELECT capacity, seats_taken FROM departures_unguarded")).one()
            everybody_has_read.wait()
            if taken + 1 > capacity:
                raise Conflict("seats_sold_out", "No seats are left.")
            session.execute(text("UPDATE departures_unguarded SET seats_taken = seats_taken + 1"))
        return True

    try:
        assert outcomes(rush(CROWD, work))["won"] > LAST_SEATS
        with crowded.reading() as session:
            assert session.scalar(text("SELECT seats_taken FROM departures_unguarded")) > LAST_SEATS
    finally:
        with crowded.transaction() as session:
            session.execute(text("DROP TABLE departures_unguarded"))
