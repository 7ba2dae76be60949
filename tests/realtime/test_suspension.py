"""Suspended over HTTP, out within five seconds: from two web processes that remember everybody, and from both transports."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from tests.realtime.conftest import Person
from tests.support.npm_client import NpmSocket
from tests.support.waiting import eventually
from tests.support.web import web_server

CUT_WITHIN = 5.0
PEOPLE = 10
TRANSPORTS = ("websocket", "polling")


@dataclass
class Watched:
    """Somebody who asks and listens all the time."""

    person: Person
    sockets: dict[str, NpmSocket]
    url: str

    def suspended_by(self, admin: Person) -> dict[str, float]:
        """After how many seconds each way was shut, from the answer to the suspension on."""
        # A new connection each time, so that either process may answer.
        with httpx.Client(base_url=self.url, headers={"Connection": "close"}, trust_env=False) as client:
            assert {self.asks(client) for _ in range(6)} == {200}
            path, reason = f"/api/admin/users/{self.person.user.id}/suspend", {"reason": "For a test."}
            assert client.put(path, json=reason, headers=bearer(admin)).status_code == 200
            return self._watched(client)

    def asks(self, client: httpx.Client) -> int:
        return client.get("/api/users/me", headers=bearer(self.person)).status_code

    def _watched(self, client: httpx.Client) -> dict[str, float]:
        shut, began = {"rest": 0.0}, time.monotonic()
        while (passed := time.monotonic() - began) < CUT_WITHIN + 1:
            if self.asks(client) == 200:
                shut["rest"] = passed
            for name, socket in self.sockets.items():
                if socket.all("disconnect"):
                    shut.setdefault(name, passed)
            time.sleep(0.05)
        return shut


def bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}"}


def was_told(socket: NpmSocket) -> bool:
    refusals = [refusal["data"]["code"] for refusal in socket.all("connect_error")]
    return "io server disconnect" in socket.all("disconnect") or refusals == ["session_ended"]


@pytest.fixture
def two_processes(socket_environ, logs_folder) -> Iterator[str]:
    with web_server(socket_environ, logs_folder / "two.log", processes=2) as url:
        yield url


def test_ten_of_ten_are_out_within_five_seconds(npm, person, origin, two_processes, record_property):
    admin, staying = person(roles=["tourist", "admin"]), person()
    stays = staying.connects(npm.socket(), origin)
    people = [
        Watched(
            each, {name: each.connects(npm.socket(), origin, transports=[name]) for name in TRANSPORTS}, two_processes
        )
        for each in (person() for _ in range(PEOPLE))
    ]

    with ThreadPoolExecutor(PEOPLE) as threads:
        shut = list(threads.map(lambda each: each.suspended_by(admin), people))

    slowest = {way: max(each.get(way, float("inf")) for each in shut) for way in ("rest", *TRANSPORTS)}
    record_property("slowest", slowest)
    assert max(slowest.values()) < CUT_WITHIN, slowest
    for each in people:
        assert each.sockets["websocket"].all("disconnect") == ["io server disconnect"]
        # Cut between two polls, one comes back by itself, and is told then.
        eventually(lambda each=each: was_told(each.sockets["polling"]), what=str(each.sockets["polling"].heard))
    assert stays.all("disconnect") == []
