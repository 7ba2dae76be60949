"""A database that stands still, with its connections open, holds nobody up; and is found again by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from models import User, patience
from models.doorbell import connect
from models.prepared import Question
from models.session import Database
from tests.support.network import forwarding, free_port
from tests.support.waiting import eventually

ONE = Question(text("SELECT 1"))
UNPATCHED_PROMPT_SECONDS = patience.PROMPT_SECONDS
#: Far more than anything here may take, and far less than for ever.
PATIENCE = 30


@dataclass
class Far:
    """A database behind a line that can stand still."""

    db: Database
    flows: threading.Event

    def warm(self) -> None:
        assert self.db.hot.ask(ONE) == [(1,)]
        with self.db.reading() as session:
            session.execute(text("SELECT 1"))


@pytest.fixture
def far(settings, db, monkeypatch) -> Iterator[Far]:
    for name, seconds in (("LOOK", 0.05), ("PROMPT", 0.4), ("SUSPICIOUS", 0.2), ("LONGEST", 1.5)):
        monkeypatch.setattr(patience, f"{name}_SECONDS", seconds)
    port, flows = free_port(), threading.Event()
    flows.set()
    url = make_url(settings.database_url)
    with forwarding(port, settings.database_url, flows):
        database = Database(url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False), pool_size=12)
        try:
            yield Far(database, flows)
        finally:
            flows.set()
            database.dispose()
            # What stood still may still be on its way to a commit, and the next test begins with empty tables.
            eventually(lambda: _is_quiet(db), within=PATIENCE, what="the end of what the line held up")


def _is_quiet(db: Database) -> bool:
    at_work = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
    """
    with db.reading() as session:
        return session.scalar(text(at_work)) == 0


@pytest.fixture
def alone() -> Iterator[Callable[[Callable[[], Any]], Future]]:
    """Runs something in a thread, so that a wait without end fails the test instead of holding it up."""
    with ThreadPoolExecutor(20) as threads:
        yield threads.submit


def lost(work: Future) -> OperationalError:
    """The error of work that has to fail, within patience."""
    with pytest.raises(OperationalError) as failure:
        work.result(PATIENCE)
    return failure.value


def read(far: Far) -> int:
    with far.db.reading() as session:
        return session.scalar(text("SELECT 1"))


def users(db: Database) -> int:
    with db.reading() as session:
        return session.query(User).count()


def user() -> User:
    return User(email="amina@example.com", first_name="Amina", last_name="Otieno", roles=["tourist"])


@pytest.mark.parametrize("ask", [lambda far: far.db.hot.ask(ONE), read], ids=["hot", "session"])
def test_who_asks_a_database_that_stands_still_is_told(far, alone, ask):
    far.warm()
    far.flows.clear()

    lost(alone(lambda: ask(far)))


def test_without_the_patrol_the_same_question_waits_until_the_database_goes_on(far, alone, monkeypatch):
    monkeypatch.setattr(patience.Patrol, "look", lambda self: None)
    far.warm()
    far.flows.clear()

    waiting = alone(lambda: far.db.hot.ask(ONE))

    with pytest.raises(TimeoutError):
        waiting.result(5 * patience.PROMPT_SECONDS)
    far.flows.set()
    assert waiting.result(PATIENCE) == [(1,)]


def test_a_connection_that_is_never_made_is_given_up(far, alone):
    far.flows.clear()

    lost(alone(lambda: read(far)))


def test_while_the_database_is_away_one_tries_and_the_others_are_refused_at_once(far, alone):
    far.warm()
    far.flows.clear()
    lost(alone(lambda: far.db.hot.ask(ONE)))
    assert far.db.hot._patience.trying.acquire(blocking=False)
    try:
        for ask in (lambda: far.db.hot.ask(ONE), lambda: read(far)) * 5:
            with pytest.raises(OperationalError, match="does not answer"):
                ask()
    finally:
        far.db.hot._patience.trying.release()


def test_it_is_found_again_by_the_first_who_tries(far, alone):
    far.warm()
    far.flows.clear()
    for failed in [alone(lambda: read(far)) for _ in range(10)]:
        lost(failed)

    far.flows.set()

    assert [read(far), far.db.hot.ask(ONE), read(far)] == [1, [(1,)], 1]


def test_a_transaction_that_the_database_left_leaves_nothing(far, db, alone):
    def work() -> None:
        with far.db.transaction() as session:
            session.add(user())
            session.flush()
            far.flows.clear()
            session.execute(text("SELECT 1"))

    far.warm()
    error = lost(alone(work))

    assert error.connection_invalidated
    far.flows.set()
    assert (users(db), read(far)) == (0, 1)


def test_a_commit_whose_answer_never_came_is_told_as_a_lost_connection(far, alone):
    def work() -> None:
        with far.db.transaction() as session:
            session.add(user())
            session.flush()
            far.flows.clear()

    far.warm()
    error = lost(alone(work))

    assert error.connection_invalidated


def test_a_statement_that_only_takes_long_is_left_alone(far):
    with far.db.transaction() as session:
        session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": 2 * patience.PROMPT_SECONDS})
        session.add(user())
    assert users(far.db) == 1


def test_each_row_of_a_long_list_has_a_wait_of_its_own(far, monkeypatch):
    monkeypatch.setattr(patience, "LONGEST_SECONDS", patience.PROMPT_SECONDS)
    with far.db.transaction() as session:
        cursor = session.connection().connection.cursor()
        cursor.executemany("SELECT pg_sleep(%s)", [(patience.PROMPT_SECONDS / 4,)] * 8)


def test_the_server_gives_up_on_a_hot_read_before_we_give_up_on_the_server(far):
    given = far.db.hot.ask(Question(text("SELECT current_setting('statement_timeout')")))[0][0]
    assert given == f"{patience.PROMPT_SERVER_SECONDS}s"
    assert patience.PROMPT_SERVER_SECONDS < UNPATCHED_PROMPT_SECONDS


def test_what_fails_for_another_reason_does_not_make_the_database_away(far):
    with pytest.raises(DBAPIError):
        far.db.hot.ask(Question(text("SELECT 1 / 0")))
    assert not far.db.hot._patience.is_away


def test_a_doorbell_that_nobody_answers_is_given_up(far, alone):
    listener = connect(far.db.url)
    far.flows.clear()
    waiting = alone(lambda: listener.cursor().execute("LISTEN nothing"))
    with pytest.raises(psycopg2.OperationalError):
        waiting.result(PATIENCE)


def test_a_child_leaves_its_parents_connections_alone(far):
    far.warm()
    child = os.fork()
    if child == 0:
        os._exit(len(patience._patrol._watched))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


GREEN = """
import warnings; warnings.simplefilter("ignore")
import eventlet; eventlet.monkey_patch()
import sys, threading
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from models import patience
from models.session import Database

patience.LOOK_SECONDS, patience.PROMPT_SECONDS = 0.05, 0.4
for warm in (True, False):
    db = Database(sys.argv[1], pool_size=2)
    if warm:
        with db.reading() as session:
            session.execute(text("SELECT 1"))
        print("still?", flush=True)
        sys.stdin.readline()
    try:
        with db.reading() as session:
            session.execute(text("SELECT 1"))
    except OperationalError:
        print("told", flush=True)
"""


def test_green_threads_are_told_as_well_also_while_they_connect(far):
    command = [sys.executable, "-c", GREEN, far.db.url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "still?\n"
            far.flows.clear()
            told, _ = process.communicate("\n", timeout=PATIENCE)
            assert told == "told\ntold\n"
        finally:
            process.kill()
