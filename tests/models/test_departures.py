"""What the database refuses by itself: too many seats, and a guide in two places."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import DataError, IntegrityError

from models import Departure
from tests.factories import utc

HOUR = timedelta(hours=1)
EIGHT = utc(2026, 6, 1, 8)
BUSY = "ex_departures_resource_busy"
WITHIN = "ck_departures_seats_within_capacity"


@pytest.fixture
def depart(db, make):
    """Writes departures of one guide with two listings; hours count from eight o'clock."""
    host = make.guide()
    listings = [make.listing(host), make.listing(host)]

    def write(start, end, *, seats=1, listing=0, capacity=4, of=None, bounds="[)"):
        sold = of or listings[listing]
        with db.transaction() as session:
            row = Departure(
                listing_id=sold.id,
                resource_id=sold.resource_id,
                during=Range(EIGHT + start * HOUR, EIGHT + end * HOUR, bounds=bounds),
                capacity=capacity,
                seats_taken=seats,
            )
            session.add(row)
        return row

    return write


@pytest.mark.parametrize("seats", [-1, 5])
def test_seats_below_none_or_above_the_capacity_are_refused(depart, refused, seats):
    with refused(WITHIN):
        depart(0, 3, seats=seats)


@pytest.mark.parametrize("change", [-3, 3])
def test_a_counter_that_leaves_its_bounds_is_refused_and_stays_as_it_was(db, make, depart, refused, change):
    row = depart(0, 3, seats=2)
    with refused(WITHIN), db.transaction() as session:
        session.execute(
            update(Departure).where(Departure.id == row.id).values(seats_taken=Departure.seats_taken + change)
        )
    assert make.reload(row).seats_taken == 2


def test_a_capacity_below_the_seats_that_are_taken_is_refused(db, depart, refused):
    row = depart(0, 3, seats=2)
    with refused(WITHIN), db.transaction() as session:
        session.execute(update(Departure).where(Departure.id == row.id).values(capacity=1))


@pytest.mark.parametrize(("start", "end"), [(1, 4), (-2, 1), (1, 2), (-1, 5), (0, 3), (2.99, 4)])
def test_a_guide_cannot_run_two_tours_at_once(depart, refused, start, end):
    depart(0, 3)
    with refused(BUSY):
        depart(start, end, listing=1)


@pytest.mark.parametrize(("start", "end"), [(3, 6), (-3, 0)])
def test_a_tour_may_begin_when_another_ends(depart, start, end):
    depart(0, 3)
    assert depart(start, end, listing=1).seats_taken == 1


def test_departures_without_seats_taken_stand_in_nobodys_way(depart):
    depart(0, 3, seats=0)
    depart(1, 4, listing=1)
    depart(2, 5, seats=0)


def test_the_first_seats_of_a_departure_are_refused_when_the_guide_is_taken_meanwhile(db, depart, refused):
    empty = depart(0, 3, seats=0)
    depart(1, 4, listing=1)
    with refused(BUSY), db.transaction() as session:
        session.execute(update(Departure).where(Departure.id == empty.id).values(seats_taken=1))


def test_two_guides_may_run_tours_at_once(make, depart):
    depart(0, 3)
    assert depart(0, 3, of=make.listing()).seats_taken == 1


def test_one_run_of_a_listing_is_one_departure(depart, refused):
    depart(0, 3, seats=0)
    with refused("uq_departures_listing_id_resource_id_during"):
        depart(0, 3, seats=0)


@pytest.mark.parametrize("bounds", ["[]", "()", "(]"])
def test_a_time_that_is_not_half_open_is_refused(depart, refused, bounds):
    with refused("ck_departures_during_half_open"):
        depart(0, 3, bounds=bounds)


def test_a_time_that_is_empty_or_runs_backwards_is_refused(depart, refused):
    with refused("ck_departures_during_half_open"):
        depart(0, 0)
    with pytest.raises(DataError, match="lower bound must be less"):
        depart(3, 0)


def test_the_constraints_are_checked_at_each_statement_and_not_at_the_end(db, depart):
    row = depart(0, 3, seats=4)
    with db.transaction() as session:
        one_more = update(Departure).where(Departure.id == row.id).values(seats_taken=5)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(one_more)
