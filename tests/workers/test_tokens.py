"""Prove that all processes share one gateway token, fetched by one of them at a time and unreadable at rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from domain.provider_errors import Unavailable
from domain.vault import Vault
from models.operations import ProviderToken
from models.session import Database
from workers import tokens
from workers.tokens import RENEWAL, SAFETY_MARGIN, SharedTokens

HOUR = 3_600
KEYS = (Fernet.generate_key().decode(), Fernet.generate_key().decode())


@pytest.fixture
def other_db(settings) -> Iterator[Database]:
    """Another process's connections to the same database."""
    database = Database(settings.database_url, pool_size=5)
    yield database
    database.dispose()


@pytest.fixture
def store(db, clock) -> Callable[..., SharedTokens]:
    """A process's store, with the first key unless told otherwise."""

    def store(*keys: str, database: Database = db) -> SharedTokens:
        return SharedTokens(database, clock, "mpesa", Vault(keys or KEYS[:1]))

    return store


def giving(token: str, seconds: int = HOUR) -> Callable[[], tuple[str, int]]:
    return lambda: (token, seconds)


def unwanted() -> tuple[str, int]:
    raise AssertionError("nobody should have fetched")


def row(db: Database) -> ProviderToken:
    with db.reading() as session:
        return session.get_one(ProviderToken, "mpesa")


def test_there_is_no_token_when_none_was_fetched(store):
    assert store().get() is None


def test_a_fetched_token_is_everybodys(store, other_db):
    assert store().renew(giving("first"), None) == "first"
    assert store(database=other_db).get() == "first"
    assert store(database=other_db).renew(unwanted, None) == "first"


def test_tokens_of_two_providers_are_kept_apart(store, db, clock):
    store().renew(giving("first"), None)
    assert SharedTokens(db, clock, "another", Vault(KEYS)).get() is None


def test_a_token_is_not_used_in_the_last_part_of_its_life(store, clock):
    store().renew(giving("first"), None)
    clock.offset += timedelta(seconds=HOUR) - SAFETY_MARGIN - timedelta(seconds=5)
    assert store().get() == "first"
    clock.offset += timedelta(seconds=10)
    assert store().get() is None
    assert store().renew(giving("second"), None) == "second"


def test_a_token_is_fetched_once_when_many_threads_of_two_processes_want_it(store, db, other_db):
    fetched, start = [], threading.Barrier(10, timeout=10)

    def fetch() -> tuple[str, int]:
        fetched.append(threading.get_ident())
        threading.Event().wait(0.2)
        return f"token {len(fetched)}", HOUR

    def want(number: int) -> str:
        mine = store(database=(db, other_db)[number % 2])
        start.wait()
        return mine.renew(fetch, None)

    with ThreadPoolExecutor(10) as threads:
        assert set(threads.map(want, range(10))) == {"token 1"}
    assert len(fetched) == 1


def test_a_refused_token_is_renewed_once_when_everybody_was_refused(store, db, other_db):
    store().renew(giving("stale"), None)
    fetched = []

    def fetch() -> tuple[str, int]:
        fetched.append(1)
        return "fresh", HOUR

    with ThreadPoolExecutor(10) as threads:
        wants = [store(database=(db, other_db)[number % 2]) for number in range(10)]
        assert set(threads.map(lambda mine: mine.renew(fetch, "stale"), wants)) == {"fresh"}
    assert len(fetched) == 1
    assert store().get() == "fresh"


def test_no_connection_is_held_while_a_token_is_fetched(store, db):
    def fetch() -> tuple[str, int]:
        return str(db.engine.pool.checkedout()), HOUR

    assert store().renew(fetch, None) == "0"


def test_a_token_cannot_be_read_from_its_row(store, db):
    store().renew(giving("a-very-secret-token"), None)
    assert "a-very-secret-token" not in row(db).token
    assert Vault(KEYS[:1]).open(row(db).token, "provider_tokens.token:mpesa") == "a-very-secret-token"


def test_a_token_that_the_previous_release_wrote_is_fetched_anew(store, db):
    store().renew(giving("first"), None)
    with db.transaction() as session:
        kept = text("UPDATE provider_tokens SET token = :token")
        session.execute(kept, {"token": Fernet(KEYS[0]).encrypt(b"first").decode()})
    assert store().get() is None
    assert store().renew(giving("second"), None) == "second"


def test_a_token_written_under_the_old_key_is_still_read_when_a_new_key_comes_first(store, db):
    old, new = KEYS
    store(old).renew(giving("first"), None)
    assert store(new, old).get() == "first"
    store(new, old).renew(giving("second"), "first")
    assert store(new).get() == "second"
    assert store(old).get() is None


def test_a_token_under_an_unknown_key_is_fetched_anew(store):
    store(KEYS[0]).renew(giving("first"), None)
    assert store(KEYS[1]).get() is None
    assert store(KEYS[1]).renew(giving("second"), None) == "second"


def test_a_failing_fetch_passes_through_and_gives_the_turn_back(store, db):
    def fail() -> tuple[str, int]:
        raise Unavailable("down", code="http_503")

    with pytest.raises(Unavailable) as refusal:
        store().renew(fail, None)
    assert refusal.value.code == "http_503"
    assert row(db).renewing_until is None
    assert store().renew(giving("first"), None) == "first"


def test_a_failing_fetch_leaves_the_token_that_others_still_use(store):
    store().renew(giving("first"), None)

    def fail() -> tuple[str, int]:
        raise Unavailable("down")

    with pytest.raises(Unavailable):
        store().renew(fail, "first")
    assert store().get() == "first"


def test_a_renewer_that_died_is_replaced_when_its_time_is_over(store, db, clock):
    assert store()._take_turn(None) == (None, True), "and is not heard of again"
    waiting = threading.Event()

    def waits() -> str:
        waiting.set()
        return store().renew(giving("second"), None)

    with ThreadPoolExecutor(1) as threads:
        token = threads.submit(waits)
        assert waiting.wait(5)
        threading.Event().wait(0.3)
        assert not token.done(), "while the turn is somebody else's"
        clock.offset += RENEWAL + timedelta(seconds=1)
        assert token.result(5) == "second"
    assert row(db).renewing_until is None


def test_nobody_waits_for_ever_when_the_renewer_does_not_get_done(monkeypatch, store):
    store()._take_turn(None)
    # The row's turn was taken for the usual time; only the patience is shortened.
    monkeypatch.setattr(tokens, "RENEWAL", timedelta(seconds=0.1))
    with pytest.raises(Unavailable) as refusal:
        store().renew(unwanted, None)
    assert refusal.value.code == "token_busy"
