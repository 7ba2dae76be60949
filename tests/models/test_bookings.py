"""What a booking's rows refuse, and how a booking writes down its own changes."""

from __future__ import annotations

import pytest

from domain.bookings import BookingVerb
from domain.errors import Conflict
from models import Booking, BookingEvent, LineItem, Receivable
from models.base import new_id
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)


def test_a_tourist_holds_a_departure_once(db, make, refused):
    held = make.booking()
    columns = {column.name for column in Booking.__table__.columns} - {"id", "reference", "created_at"}
    copy = {name: getattr(held, name) for name in columns}
    with refused("uq_bookings_one_hold"), db.transaction() as session:
        session.add(Booking(**copy))
    with db.transaction() as session:
        session.add(Booking(**copy | {"status": "cancelled"}))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"seats": 0}, "ck_bookings_seats_positive"),
        ({"ends_at": utc(2020, 1, 1)}, "ck_bookings_times_ordered"),
        ({"status": "lost"}, "ck_bookings_status_known"),
    ],
)
def test_a_booking_that_makes_no_sense_is_refused(db, make, refused, changes, constraint):
    booking = make.booking()
    with refused(constraint), db.transaction() as session:
        for name, value in changes.items():
            setattr(session.get_one(Booking, booking.id), name, value)


@pytest.mark.parametrize(
    ("quantity", "unit", "amount", "is_fine"), [(2, 100, 200, True), (2, 100, 199, False), (0, 100, 0, True)]
)
def test_a_line_is_quantity_times_unit(db, make, refused, quantity, unit, amount, is_fine):
    line = LineItem(
        booking_id=make.booking().id,
        position=9,
        kind="base",
        description="Walk",
        quantity=quantity,
        unit_minor=unit,
        amount_minor=amount,
        currency="KES",
    )

    def write():
        with db.transaction() as session:
            session.add(line)

    if is_fine:
        write()
        return
    with refused("ck_line_items_amount_adds_up"):
        write()


def test_what_is_owed_is_never_less_than_nothing(db, make, refused):
    booking = make.booking()
    with refused("ck_receivables_amount_positive"), db.transaction() as session:
        session.query(Receivable).filter_by(booking_id=booking.id).update({"amount_minor": -1})


def test_a_change_of_state_is_written_down_with_who_made_it_and_when(db, make):
    booking, guide = make.booking(), make.guide()
    with db.transaction() as session:
        row = session.get_one(Booking, booking.id)
        assert row.move(session, BookingVerb.CANCEL, NOW, actor_id=guide.id) is True
        assert row.move(session, BookingVerb.CANCEL, NOW) is False
    assert make.reload(booking).status == "cancelled"
    with db.reading() as session:
        (event,) = session.query(BookingEvent).filter_by(booking_id=booking.id)
        assert (event.verb, event.from_status, event.to_status) == ("cancel", "pending", "cancelled")
        assert (event.at, event.actor_id) == (NOW, guide.id)


def test_a_refused_change_of_state_leaves_no_trace(db, make):
    booking = make.booking()
    with db.transaction() as session:
        row = session.get_one(Booking, booking.id)
        with pytest.raises(Conflict):
            row.move(session, BookingVerb.COMPLETE, NOW)
    assert make.reload(booking).status == "pending"
    with db.reading() as session:
        assert session.query(BookingEvent).count() == 0


def test_new_ids_grow_with_time():
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}
