"""Transactions commit once and ring afterwards; nothing waits for ever; the clock is the database's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from psycopg2.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from domain.jobs import JobKind
from models import User
from models.clock import Clock
from models.jobs import add_job, bring_forward
from models.session import Database
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)
SECOND = timedelta(seconds=1)


@pytest.fixture
def rings() -> list[int]:
    """How many jobs the database held each time the doorbell was rung."""
    return []


@pytest.fixture
def bell(db, rings) -> Iterator[Database]:
    """A database that counts, on a connection of its own, what the relay would find when the doorbell rings."""

    def ring():
        with db.reading() as session:
            rings.append(session.scalar(text("SELECT count(*) FROM jobs")))

    database = Database(db.url, pool_size=2, on_jobs_added=ring)
    yield database
    database.dispose()


def add(session, key="a", due_at=NOW):
    return add_job(session, JobKind.NOTIFY, key, {}, due_at=due_at, now=NOW, request_id=None)


def user(email="amina@example.com"):
    return User(email=email, first_name="Amina", last_name="Otieno", roles=["tourist"])


def count(db):
    with db.reading() as session:
        return session.query(User).count()


def test_a_transaction_commits_at_its_end(db):
    with db.transaction() as session:
        session.add(user())
        session.flush()
        assert count(db) == 0
    assert count(db) == 1


def test_a_transaction_that_fails_leaves_nothing(db):
    def work():
        with db.transaction() as session:
            session.add(user())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert count(db) == 0


def test_a_transaction_whose_commit_fails_leaves_nothing_and_does_not_ring(db, bell, rings):
    def work():
        with bell.transaction() as session:
            add(session)
            session.add_all([user(), user()])

    with pytest.raises(IntegrityError):
        work()
    assert (count(db), rings) == (0, [])


def test_rows_stay_readable_after_the_commit(db):
    with db.transaction() as session:
        row = user()
        session.add(row)
    assert row.first_name == "Amina"


def test_reading_commits_nothing(db):
    with db.reading() as session:
        session.add(user())
        session.flush()
    assert count(db) == 0


def test_the_doorbell_rings_once_after_the_commit_and_finds_all_the_jobs(bell, rings):
    with bell.transaction() as session:
        add(session, "a")
        add(session, "b")
        assert rings == []
    assert rings == [2]


def test_the_doorbell_rings_for_a_job_that_is_brought_forward(bell, rings):
    with bell.transaction() as session:
        add(session, due_at=NOW + SECOND)
    with bell.transaction() as session:
        bring_forward(session, "a", NOW)
    assert rings == [1]


def test_the_doorbell_is_silent_when_there_is_nothing_new_to_do_now(bell, rings):
    with bell.transaction() as session:
        add(session, "later", due_at=NOW + SECOND)
    with bell.transaction() as session:
        add(session, "later", due_at=NOW)
    with bell.transaction() as session:
        session.add(user())
    assert rings == []


def test_the_doorbell_is_silent_when_the_transaction_fails(bell, rings):
    def work():
        with bell.transaction() as session:
            add(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert rings == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("lock_timeout", "3s"),
        ("statement_timeout", "15s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("TimeZone", "UTC"),
        ("application_name", "elite-events"),
        ("transaction_isolation", "read committed"),
    ],
)
def test_every_connection_has_our_limits(db, setting, value):
    with db.reading() as session:
        assert session.scalar(text(f"SHOW {setting}")) == value


def test_a_statement_that_takes_too_long_is_ended(db):
    with db.reading() as session:
        session.execute(text("SET LOCAL statement_timeout = '20ms'"))
        with pytest.raises(OperationalError) as refusal:
            session.execute(text("SELECT pg_sleep(5)"))
        assert isinstance(refusal.value.orig, QueryCanceled)


def test_a_connection_that_died_in_the_pool_is_replaced(db):
    database = Database(db.url, pool_size=1)
    try:
        with database.reading() as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
        with db.reading() as session:
            session.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})
        with database.reading() as session:
            assert session.scalar(text("SELECT pg_backend_pid()")) != pid
    finally:
        database.dispose()


def test_an_error_of_the_database_does_not_quote_the_values_it_was_given(db):
    with db.reading() as session, pytest.raises(DBAPIError) as refusal:
        session.execute(text("SELECT 1 / (0 * length(:secret))"), {"secret": "canary-token"})
    assert "division by zero" in str(refusal.value)
    assert "canary-token" not in str(refusal.value)


def test_the_clock_is_the_databases_and_goes_on_during_a_transaction(db):
    clock = Clock()
    with db.reading() as session:
        first = clock.now(session)
        session.execute(text("SELECT pg_sleep(0.002)"))
        second = clock.now(session)
        assert first < second
        assert session.scalar(text("SELECT clock_timestamp()")) - second < 5 * SECOND
    assert first.utcoffset() == timedelta(0)


@pytest.mark.parametrize("offset", [timedelta(days=2), timedelta(hours=-3)])
def test_the_clock_is_moved_by_its_offset(db, offset):
    moved = Clock(offset)
    with db.reading() as session:
        assert abs(moved.now(session) - offset - Clock().now(session)) < 5 * SECOND
    assert abs(moved.wall() - offset - datetime.now(UTC)) < 5 * SECOND
