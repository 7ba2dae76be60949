"""Hot reads: prepared once, right after everything that may befall a connection, and refused like other questions."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from sqlalchemy import Integer, bindparam, cast, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

from models import Listing
from models.prepared import Question
from models.session import HOT_CONNECTIONS, Database
from tests.support.network import free_port

DOUBLE = Question(select(cast(bindparam("n"), Integer) * 2, text("pg_backend_pid()")))
PREPARED = Question(text("SELECT count(*) FROM pg_prepared_statements"))


@pytest.fixture
def small(settings) -> Database:
    """A database with two connections of its own."""
    database = Database(settings.database_url, pool_size=2)
    yield database
    database.dispose()


def end_all_but_mine(db: Database) -> int:
    query = """
        SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND application_name = :name
    """
    with db.transaction() as session:
        return session.scalar(text(query), {"name": db.name})


def test_a_question_is_answered_by_its_parameters(small):
    assert [small.hot.ask(DOUBLE, n=n)[0][0] for n in (1, 21, -4)] == [2, 42, -8]


def test_a_question_is_prepared_once_on_a_connection(small):
    for n in range(5):
        small.hot.ask(DOUBLE, n=n)
    assert small.hot.ask(PREPARED) == [(2,)]


def test_a_connection_forgets_when_it_has_prepared_very_many(small, monkeypatch):
    monkeypatch.setattr("models.prepared.MOST_PREPARED", 3)
    for number in range(10):
        assert small.hot.ask(Question(text(f"SELECT {number}"))) == [(number,)]
    assert small.hot.ask(PREPARED)[0][0] <= 3


def test_text_stays_text_whatever_it_holds(small):
    question = Question(text("SELECT CAST(:given AS text)"))
    for given in ("'; DROP TABLE users; --", "100 %", "%s", "\\", "ä€😀", ""):
        assert small.hot.ask(question, given=given) == [(given,)]


def test_nothing_is_left_open(small):
    small.hot.ask(DOUBLE, n=1)
    with small.transaction() as session:
        states = (
            "SELECT DISTINCT state FROM pg_stat_activity WHERE application_name = :name AND pid <> pg_backend_pid()"
        )
        assert session.scalars(text(states), {"name": small.name}).all() == ["idle"]


def test_connections_that_the_database_ended_cost_nobody_an_error(settings):
    small = Database(settings.database_url, pool_size=2, name="elite-events-ended")
    try:
        both = threading.Barrier(2)

        def ask() -> None:
            both.wait(5)
            small.hot.ask(Question(text("SELECT pg_sleep(0.1)")))

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert end_all_but_mine(small) == 2

        assert [small.hot.ask(DOUBLE, n=n)[0][0] for n in (1, 2, 3)] == [2, 4, 6]
    finally:
        small.dispose()


def test_a_column_that_changes_its_type_is_answered_in_the_new_one(small):
    with small.transaction() as session:
        session.execute(text("CREATE TABLE changing (n integer)"))
        session.execute(text("INSERT INTO changing VALUES (7)"))
    try:
        question = Question(text("SELECT n FROM changing"))
        assert small.hot.ask(question) == [(7,)]
        with small.transaction() as session:
            session.execute(text("ALTER TABLE changing ALTER n TYPE text"))
        assert small.hot.ask(question) == [("7",)]
    finally:
        with small.transaction() as session:
            session.execute(text("DROP TABLE changing"))


def test_what_the_database_refuses_is_told_without_its_parameters(small):
    with pytest.raises(DBAPIError) as refusal:
        small.hot.ask(Question(text("SELECT 1 / CAST(:n AS integer)")), n=0)
    assert isinstance(refusal.value.orig, psycopg2.errors.DivisionByZero)
    with pytest.raises(DBAPIError) as refusal:
        small.hot.ask(
            Question(select(Listing.id).where(Listing.slug == bindparam("slug"), text("1 / 0 = 1"))), slug="s3"
        )
    assert "s3" not in str(refusal.value).replace(str(refusal.value.orig), "")
    assert small.hot.ask(DOUBLE, n=1)[0][0] == 2


def test_without_a_database_it_is_unavailable():
    away = Database(f"postgresql+psycopg2://elite@127.0.0.1:{free_port()}/nothing", pool_size=2)
    with pytest.raises(OperationalError):
        away.hot.ask(DOUBLE, n=1)


def test_many_who_ask_at_once_share_few_connections(settings):
    wide = Database(settings.database_url, pool_size=20)
    try:
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda n: wide.hot.ask(DOUBLE, n=n)[0], range(60)))
        assert [doubled for doubled, _ in answers] == [2 * n for n in range(60)]
        assert len({pid for _, pid in answers}) <= HOT_CONNECTIONS
    finally:
        wide.dispose()


def test_a_question_that_finds_no_free_connection_is_refused_after_a_while(settings, monkeypatch):
    monkeypatch.setattr("models.prepared.WAIT_SECONDS", 0.05)
    narrow = Database(settings.database_url, pool_size=1)
    try:
        slow = threading.Thread(target=narrow.hot.ask, args=(Question(text("SELECT pg_sleep(0.5)")),))
        slow.start()
        refusals = 0
        while slow.is_alive() and not refusals:
            try:
                narrow.hot.ask(DOUBLE, n=1)
            except TimeoutError:
                refusals += 1
        slow.join(5)
        assert refusals == 1
        assert narrow.hot.ask(DOUBLE, n=1)[0][0] == 2
    finally:
        narrow.dispose()


def test_a_connection_that_has_served_long_enough_is_replaced(small, monkeypatch):
    first = small.hot.ask(DOUBLE, n=1)[0][1]
    monkeypatch.setattr("models.prepared.LONGEST_CONNECTED", 0.0)
    assert small.hot.ask(DOUBLE, n=1)[0][1] != first
