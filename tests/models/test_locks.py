"""Row locks: one order, one at a time, and no longer than they have to be waited for."""

from __future__ import annotations

import threading

import pytest
from psycopg2.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from models import Guide, Payment, Resource, User, UserSession
from models.base import new_id
from models.locks import (
    LockOrderViolation,
    lock_bookings,
    lock_departures,
    lock_payments,
    lock_resources,
    lock_session,
    lock_sessions,
    lock_user,
)
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)


@pytest.fixture
def locks(make):
    """A booking's locks in their order."""
    booking = make.booking()
    make.payment(booking)
    resource_id = make.listing().resource_id
    return [
        lambda session: lock_user(session, booking.customer_id),
        lambda session: lock_resources(session, [resource_id]),
        lambda session: lock_departures(session, [booking.departure_id]),
        lambda session: lock_bookings(session, [booking.id]),
        lambda session: lock_payments(session, [booking.id]),
    ]


def test_locks_are_taken_in_their_order_some_of_them_or_all(db, locks):
    for chosen in (locks, locks[::2], [locks[1], locks[1], locks[4], locks[4]]):
        with db.transaction() as session:
            for lock in chosen:
                lock(session)


@pytest.mark.parametrize(("later", "earlier"), [(one, other) for one in range(5) for other in range(one)])
def test_a_lock_that_comes_too_late_is_refused_before_it_can_deadlock(db, locks, later, earlier):
    with db.transaction() as session:
        locks[later](session)
        with pytest.raises(LockOrderViolation):
            locks[earlier](session)
        with session.begin_nested(), pytest.raises(LockOrderViolation):
            locks[earlier](session)


def test_a_new_transaction_begins_the_order_anew(db, locks):
    with db.reading() as session:
        locks[4](session)
        session.rollback()
        locks[0](session)


def test_the_first_lock_of_a_session_counts_as_well(db, locks):
    with db.reading() as session:
        locks[4](session)
        with pytest.raises(LockOrderViolation):
            locks[0](session)


def wait_briefly(session):
    session.execute(text("SET LOCAL lock_timeout = '50ms'"))


@pytest.mark.parametrize("number", range(5))
def test_what_is_locked_is_nobody_elses_until_the_end(db, locks, number):
    with db.transaction() as session:
        locks[number](session)
        with db.reading() as other:
            wait_briefly(other)
            with pytest.raises(OperationalError) as refusal:
                locks[number](other)
            assert isinstance(refusal.value.orig, LockNotAvailable)
    with db.transaction() as other:
        wait_briefly(other)
        locks[number](other)


def test_rows_that_refer_to_a_locked_row_can_still_be_written(db, make):
    user = make.user()
    with db.transaction() as session:
        lock_user(session, user.id)
        with db.transaction() as other:
            wait_briefly(other)
            other.add(UserSession(user_id=user.id, token_hash="h", rotated_at=NOW, expires_at=NOW))
            other.add(Guide(user_id=user.id, slug="s", bio="", region="Nairobi"))


def test_a_row_is_read_anew_under_its_lock(db, make):
    user = make.user(first_name="Before")
    with db.transaction() as session:
        known = session.get_one(User, user.id)
        with db.transaction() as other:
            other.get_one(User, user.id).first_name = "After"
        assert known.first_name == "Before"
        assert lock_user(session, user.id) is known
        assert known.first_name == "After"


def test_many_rows_are_locked_in_id_order_whatever_order_they_are_named_in(db, make, rush):
    users = [make.user() for _ in range(6)]
    ids = sorted(new_id() for _ in users)
    with db.transaction() as session:
        # On the disk they lie the other way round.
        for user, one in zip(users, reversed(ids), strict=True):
            session.add(Resource(id=one, user_id=user.id))
            session.flush()

    def work(number):
        with db.transaction() as session:
            locked = lock_resources(session, ids if number % 2 else ids[::-1])
            return [row.id for row in locked]

    assert rush(12, work) == [ids] * 12


def test_a_bookings_payments_are_all_locked(db, make):
    booking = make.booking()
    payment = make.payment(booking)
    with db.transaction() as session:
        session.add(
            Payment(
                receivable_id=payment.receivable_id,
                provider="mpesa",
                attempt=2,
                amount_minor=1,
                currency="KES",
                state="failed",
                started_at=NOW,
            )
        )
    with db.transaction() as session:
        assert sorted(row.attempt for row in lock_payments(session, [booking.id])) == [1, 2]


def test_a_users_living_families_are_locked_in_id_order_and_nobody_elses(db, make):
    user, other = make.user(), make.user()
    with db.transaction() as session:
        families = [
            UserSession(user_id=owner.id, token_hash=f"h{number}", rotated_at=NOW, expires_at=NOW)
            for number, owner in enumerate([user, user, user, other])
        ]
        families[1].revoke("signed_out", NOW)
        session.add_all(families)
    with db.transaction() as session:
        lock_user(session, user.id)
        locked = lock_sessions(session, user.id)
        assert [row.id for row in locked] == sorted([families[0].id, families[2].id])
        with db.transaction() as another:
            wait_briefly(another)
            lock_session(another, families[3].id)
        with db.reading() as another:
            wait_briefly(another)
            with pytest.raises(OperationalError):
                lock_session(another, families[0].id)


def test_a_family_of_tokens_is_locked_by_one_at_a_time(db, make):
    user = make.user()
    with db.transaction() as session:
        family = UserSession(user_id=user.id, token_hash="h", rotated_at=NOW, expires_at=NOW)
        session.add(family)
    seen = []

    def second():
        with db.transaction() as other:
            seen.append(lock_session(other, family.id).token_hash)

    with db.transaction() as session:
        lock_session(session, family.id).rotate("new", NOW)
        session.flush()
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.1)
        assert not seen
    thread.join(5)
    assert seen == ["new"]
