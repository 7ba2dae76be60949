"""Many hands at once: the last seats, one tourist twice, and jobs that meet the requests that close them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, event, select

from domain.jobs import JobKind
from models import Booking, Departure, Job
from models.jobs import add_job, bring_forward, claim, finish
from models.locks import lock_resources
from models.session import Database
from services.bookings.reserving import expire_hold
from tests.support.races import at_once, deadlocks


@pytest.fixture(autouse=True)
def _patient(db: Database) -> Iterator[None]:
    """Who waits for a lock waits long: on a busy machine fifty hands need more than the product's seconds."""

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")

    event.listen(db.engine, "begin", begun)
    yield
    event.remove(db.engine, "begin", begun)


def test_fifty_tourists_want_the_last_two_seats_and_two_get_them(db, make, book):
    listing = make.listing()
    book(make.user(), listing, guests={"adult": 6})
    tourists = [make.user() for _ in range(50)]
    before = deadlocks(db)

    outcomes = at_once([partial(book, user, listing, guests={"adult": 1}) for user in tourists])

    assert outcomes == {"won": 2, "seats_sold_out": 48}
    assert deadlocks(db) == before
    with db.reading() as session:
        assert session.scalars(select(Departure.seats_taken)).one() == 8
        assert len(session.scalars(select(Booking.id)).all()) == 3


def test_ended_holds_are_fought_for_without_selling_a_seat_twice(db, make, book, later):
    listing = make.listing()
    for _ in range(4):
        book(make.user(), listing, guests={"adult": 2})
    later(minutes=16)
    outcomes = at_once([partial(book, make.user(), listing, guests={"adult": 3}) for _ in range(12)])
    assert outcomes == {"won": 2, "seats_sold_out": 10}


def test_two_listings_of_one_guide_are_not_both_sold_at_once(make, book):
    guide = make.guide()
    listings = [make.listing(guide), make.listing(guide)]
    outcomes = at_once([partial(book, make.user(), listings[n % 2]) for n in range(8)])
    assert outcomes["won"] >= 1
    assert set(outcomes) <= {"won", "guide_busy", "seats_sold_out"}
    winners = {booking.listing_id for booking in _bookings(make)}
    assert len(winners) == 1


def _bookings(make) -> list[Booking]:
    with make.db.reading() as session:
        return list(session.scalars(select(Booking)))


def test_one_tourist_asking_twice_at_once_holds_once(make, book):
    tourist, listing = make.user(), make.listing()
    outcomes = at_once([lambda: book(tourist, listing)] * 6)
    assert outcomes == {"won": 1, "already_held": 5}


def test_one_tourist_cannot_hold_more_than_three_at_once(make, book):
    tourist = make.user()
    outcomes = at_once([partial(book, tourist, make.listing()) for _ in range(6)])
    assert outcomes == {"won": 3, "too_many_holds": 3}


def test_paying_twice_at_once_opens_one_attempt(make, book, pay):
    tourist = make.user()
    booking = book(tourist, make.listing())
    outcomes = at_once([lambda: pay(tourist, booking)] * 6)
    assert outcomes == {"won": 1, "prompt_on_phone": 5}


def test_money_cancellation_and_expiry_at_once_end_in_one_consistent_way(
    db, make, ctx, book, pay, cancel, mpesa, later
):
    for _ in range(5):
        tourist = make.user()
        booking = book(tourist, make.listing())
        payment = pay(tourist, booking)
        later(minutes=16)

        def expire(booking=booking) -> None:
            with db.transaction() as session:
                expire_hold(session, ctx, booking.id)

        outcomes = at_once(
            [
                partial(mpesa.pays, payment),
                partial(mpesa.pays_unseen, payment),
                partial(cancel, tourist, booking),
                expire,
            ]
        )
        assert set(outcomes) <= {"won", "booking_not_cancellable"}
        assert make.reload(booking).status in ("confirmed", "cancelled", "expired")


@pytest.fixture
def in_thread():
    """Start something that may have to wait; ``result()`` fails where it does not end soon."""
    with ThreadPoolExecutor(4) as threads:
        yield threads.submit


@pytest.mark.parametrize("through", ["same listing", "another listing of the guide"])
def test_a_booking_waits_for_whoever_takes_time_from_the_guide(db, make, book, in_thread, through):
    guide, tourist = make.guide(), make.user()
    listing = make.listing(guide)
    wanted = listing if through == "same listing" else make.listing(guide)
    with db.transaction() as session:
        lock_resources(session, [listing.resource_id])
        waiting = in_thread(book, tourist, wanted)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.4)
    assert waiting.result(timeout=5).status == "pending"


def test_a_hold_freed_by_a_taker_while_its_job_begins_is_no_deadlock(db, make, ctx, book, later, jobs, in_thread):
    listing = make.listing()
    booking = book(make.user(), listing, guests={"adult": 8})
    latecomer = make.user()
    later(minutes=16)
    (hold,) = jobs("hold:")
    with db.transaction() as session:
        job = claim(session, hold.id, hold.attempt, ctx.now(session))
        taken = in_thread(book, latecomer, listing)
        # The taker must not wait for the job's row while the job is about to wait for the guide's.
        taken.result(timeout=2)
        expire_hold(session, ctx, booking.id)
        assert finish(session, job, ctx.now(session))
    assert make.reload(booking).status == "expired"


def test_a_query_brought_forward_while_it_begins_is_not_waited_for(db, ctx, in_thread):
    with db.transaction() as session:
        now = ctx.now(session)
        in_an_hour = now + timedelta(hours=1)
        add_job(session, JobKind.QUERY_STK, "query:x", {}, due_at=in_an_hour, now=now, request_id=None)

    def forward() -> bool:
        with db.transaction() as session:
            return bring_forward(session, "query:x", ctx.now(session))

    with db.transaction() as session:
        session.scalars(select(Job).with_for_update()).one()
        assert in_thread(forward).result(timeout=2) is False
    assert forward() is True
    with db.reading() as session:
        assert session.scalars(select(Job.due_at)).one() < in_an_hour
