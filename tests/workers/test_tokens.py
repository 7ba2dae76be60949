"""The one access token: encrypted at rest, renewed by one at a time whoever asks, never left locked."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from domain.provider_errors import Unavailable
from models import ProviderToken
from models.session import Database
from workers import tokens as module
from workers.tokens import SharedTokens

KEY = Fernet.generate_key().decode()


class Desk:
    """Gives out tokens and counts them."""

    def __init__(self, seconds: int = 3_599, wait: float = 0.0):
        self.given = 0
        self.seconds = seconds
        self._wait = wait
        self._counting = threading.Lock()

    def __call__(self) -> tuple[str, int]:
        with self._counting:
            self.given += 1
            number = self.given
        threading.Event().wait(self._wait)
        return f"token-{number}", self.seconds


@pytest.fixture
def store(db, clock):
    return SharedTokens(db, clock, "mpesa", (KEY,))


def row(db) -> ProviderToken:
    with db.reading() as session:
        return session.scalars(select(ProviderToken)).one()


def test_a_token_is_fetched_once_and_shared(db, clock, store):
    desk = Desk()
    assert store.get() is None
    assert store.renew(desk, None) == "token-1"
    other_process = SharedTokens(db, clock, "mpesa", (KEY,))
    assert (other_process.get(), other_process.renew(desk, None)) == ("token-1", "token-1")
    assert desk.given == 1


def test_a_token_is_encrypted_at_rest(db, store):
    store.renew(Desk(), None)
    stored = row(db)
    assert "token-1" not in stored.token
    assert Fernet(KEY).decrypt(stored.token) == b"token-1"
    assert stored.renewing_until is None


def test_a_refused_token_is_renewed_once_however_many_were_refused(store):
    desk = Desk()
    store.renew(desk, None)
    assert [store.renew(desk, "token-1") for _ in range(3)] == ["token-2"] * 3
    assert desk.given == 2


def test_ten_threads_of_two_processes_fetch_one_token(db, clock, settings, store):
    second = Database(settings.database_url, pool_size=10)
    stores = [store, SharedTokens(second, clock, "mpesa", (KEY,))]
    desk = Desk(wait=0.1)
    store.renew(desk, None)
    with ThreadPoolExecutor(10) as threads:
        got = set(threads.map(lambda n: stores[n % 2].renew(desk, "token-1"), range(10)))
    second.dispose()
    assert (got, desk.given) == ({"token-2"}, 2)


def test_a_token_is_renewed_before_its_life_is_over(clock, store):
    desk = Desk()
    store.renew(desk, None)
    clock.offset += timedelta(seconds=3_599 - 301)
    assert store.get() == "token-1"
    clock.offset += timedelta(seconds=2)
    assert store.get() is None
    assert store.renew(desk, None) == "token-2"


def test_a_failed_fetch_gives_the_turn_to_the_next(db, store):
    def fails() -> tuple[str, int]:
        raise Unavailable("no", code="connect_error")

    with pytest.raises(Unavailable):
        store.renew(fails, None)
    assert (row(db).renewing_until, row(db).token) == (None, None)
    assert store.renew(Desk(), None) == "token-1"


def test_a_failed_fetch_leaves_the_old_token_refused(store):
    desk = Desk()
    store.renew(desk, None)

    def fails() -> tuple[str, int]:
        raise Unavailable("no", code="connect_error")

    with pytest.raises(Unavailable):
        store.renew(fails, "token-1")
    assert store.renew(desk, "token-1") == "token-2"


def test_a_renewer_that_died_is_waited_for_no_longer_than_its_turn(db, clock, store):
    class Killed(BaseException):
        pass

    with db.transaction() as session:
        session.add(ProviderToken(provider="mpesa", renewing_until=clock.now(session) + timedelta(seconds=0.3)))
    assert store.renew(Desk(), None) == "token-1"


def test_a_renewer_that_does_not_get_done_is_an_unavailable_provider(db, clock, store, monkeypatch):
    monkeypatch.setattr(module, "RENEWAL", timedelta(seconds=0.1))
    with db.transaction() as session:
        session.add(ProviderToken(provider="mpesa", renewing_until=clock.now(session) + timedelta(hours=1)))
    desk = Desk()
    with pytest.raises(Unavailable) as caught:
        store.renew(desk, None)
    assert (caught.value.code, desk.given) == ("token_busy", 0)


def test_a_token_written_under_a_lost_key_is_fetched_anew(db, clock, store):
    desk = Desk()
    store.renew(desk, None)
    other = SharedTokens(db, clock, "mpesa", (Fernet.generate_key().decode(),))
    assert other.get() is None
    assert other.renew(desk, None) == "token-2"


def test_a_rotated_key_still_reads_what_the_old_one_wrote(db, clock, store):
    desk = Desk()
    store.renew(desk, None)
    rotated = SharedTokens(db, clock, "mpesa", (Fernet.generate_key().decode(), KEY))
    assert rotated.get() == "token-1"


def test_no_connection_is_held_while_a_token_is_fetched(db, store):
    held: list[int] = []

    def fetch() -> tuple[str, int]:
        held.append(db.engine.pool.checkedout())
        return "token", 3_599

    store.renew(fetch, None)
    assert held == [0]
