"""A real socket process behind the real origin, clients of both languages, and people to connect as."""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.live import LiveEvent
from domain.notices import NoticeKind
from models import Notification, User
from providers.live import LiveChannel
from services.feed import event_of
from settings import Settings
from tests.factories import Factory
from tests.support.flood import opened
from tests.support.http import Http
from tests.support.npm_client import NpmClients, NpmSocket
from tests.support.realtime import Server, origin_server, realtime_server
from tests.support.web import web_server


@pytest.fixture(scope="session")
def socket_environ(settings: Settings) -> dict[str, str]:
    """The environment of every process of these tests."""
    return {
        "APP_ENV": "test",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "BCRYPT_ROUNDS": "4",
        "TRUSTED_PROXIES": "1",
        "SOCKETS_USER": "3",
    }


@pytest.fixture(scope="session")
def logs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("realtime")


@pytest.fixture(scope="session")
def realtime(socket_environ: dict[str, str], logs_folder: Path) -> Iterator[Server]:
    with realtime_server(socket_environ, logs_folder / "realtime.log") as server:
        yield server
    # Errors are for what a person has to mend: no client, however hostile, may write one.
    assert [line for line in server.log.read_text().splitlines() if '"level":"error"' in line] == []


@pytest.fixture(scope="session", autouse=True)
def dawdlers(realtime: Server) -> Iterator[tuple[socket.socket, socket.socket, float]]:
    """Who never says who they are, and who never ends an upgrade, since before all tests: it takes a while to cut them."""
    polling = httpx.get(f"{realtime.url}/socket.io/?EIO=4&transport=polling", trust_env=False)
    sid = json.loads(polling.text[1:])["sid"]
    with opened(realtime.url) as stranger, opened(realtime.url, f"&sid={sid}") as prober:
        yield stranger, prober, time.monotonic()


@pytest.fixture(scope="session")
def origin(socket_environ: dict[str, str], realtime: Server, logs_folder: Path) -> Iterator[str]:
    """One address for the API and the sockets."""
    with (
        web_server(socket_environ, logs_folder / "web.log", processes=1) as web_url,
        origin_server(web_url, realtime.url, logs_folder / "origin.log") as server,
    ):
        yield server.url


@pytest.fixture(scope="session")
def _npm() -> Iterator[NpmClients]:
    clients = NpmClients()
    yield clients
    clients.stop()


@pytest.fixture
def npm(_npm: NpmClients) -> Iterator[NpmClients]:
    """The official client; its sockets end with the test."""
    yield _npm
    _npm.close_all()


@pytest.fixture
def live(redis_url: str) -> Iterator[LiveChannel]:
    """The way on which workers tell."""
    channel = LiveChannel(redis_url)
    yield channel
    channel.close()


@dataclass
class Person:
    """A signed-in user with a phone in their hand."""

    user: User
    token: str
    http: Http
    live: LiveChannel
    make: Factory

    def writes(self, number: int = 1) -> list[LiveEvent]:
        """Rows of news for this person, committed and not yet sent."""
        with self.make.db.transaction() as session:
            user, now = session.get_one(User, self.user.id, with_for_update=True), self.make.ctx.now(session)
            rows = [
                Notification(
                    user_id=user.id,
                    seq=user.notification_seq + each,
                    key=f"test:{uuid.uuid4()}",
                    kind=NoticeKind.BOOKING_CONFIRMED.value,
                    title="You are going",
                    body="Two seats",
                    data={},
                    has_badge=True,
                    created_at=now,
                )
                for each in range(1, number + 1)
            ]
            user.notification_seq += number
            session.add_all(rows)
            session.flush()
            return [event_of(row) for row in rows]

    def sends(self, *events: LiveEvent) -> None:
        for event in events:
            assert self.live.emit(self.user.id, event)

    def is_told(self, number: int = 1) -> list[LiveEvent]:
        """News written and sent, as a worker does it."""
        events = self.writes(number)
        self.sends(*events)
        return events

    def connects(self, socket: NpmSocket, url: str, since: Any = None, **options: Any) -> NpmSocket:
        """Connect and wait until events flow."""
        auth = {"token": self.token} | ({"since": since} if since is not None else {})
        socket.connect(url, auth=auth, **options)
        socket.expect("ready")
        return socket


@pytest.fixture
def person(http: Http, make: Factory, live: LiveChannel) -> Any:
    """Makes people."""

    def made(user: User | None = None, **values: Any) -> Person:
        user = user or make.user(**values)
        signed_in = http.signed_in_as(user)
        return Person(user, str(signed_in.token), signed_in, live, make)

    return made
