"""Senders who trickle, on real sockets, without a proxy in front: they are refused in time, and nobody else waits for them."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import func, select

from models import AuditEntry, Job
from tests.support.web import web_server

pytestmark = pytest.mark.e2e

#: One process of the test's has eight threads; of fourteen, as it believes to have, six may be with slow bodies.
CROWD, MAY_BE_SLOW = 8, 6
#: A read is given so long at first by ``tests.support.hasty_web``; importing it here would build an application.
GRACE_SECONDS = 2.0
JSON = {"path": "/api/auth/register", "type": "application/json"}
FILE = {"path": "/api/guides/apply", "type": "multipart/form-data; boundary=b"}


class Slow:
    """A sender of a body that never comes to its end; it sends a byte every half second, or nothing at all."""

    def __init__(self, base: str, path: str, type: str):
        address = urlsplit(base)
        self.began = time.monotonic()
        self.socket = socket.create_connection((address.hostname, address.port), timeout=0.5)
        head = f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: {type}\r\nContent-Length: 5000\r\n\r\n"
        self.socket.sendall(head.encode() + b"{")

    def answer(self, *, trickles: bool) -> tuple[int, float]:
        """The status of the answer and the seconds it took."""
        while time.monotonic() < self.began + 40:
            try:
                said = self.socket.recv(4096)
            except TimeoutError:
                if trickles:
                    self.socket.sendall(b" ")
                continue
            return int(said.split()[1]) if said else 0, time.monotonic() - self.began
        raise AssertionError("no answer")

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def web(request, web_environ, tmp_path) -> Iterator[str]:
    with web_server(web_environ, tmp_path / "log", target=request.param, processes=1) as base:
        yield base


def crowd(held: ExitStack, base: str, body: dict[str, str]) -> list[Slow]:
    slow = [Slow(base, **body) for _ in range(CROWD)]
    for each in slow:
        held.callback(each.close)
    time.sleep(1)
    return slow


@pytest.mark.parametrize("web", ["tests.support.hasty_web:app"], indirect=True)
@pytest.mark.parametrize("trickles", [True, False], ids=["trickling", "silent"])
@pytest.mark.parametrize("body", [JSON, FILE], ids=["json", "file"])
def test_slow_senders_are_refused_in_time_without_a_trace_and_others_do_not_wait(web, db, body, trickles):
    with ExitStack() as held, ThreadPoolExecutor(CROWD) as pool:
        slow = crowd(held, web, body)
        asked = [pool.submit(each.answer, trickles=trickles) for each in slow]
        began = time.monotonic()
        assert httpx.get(f"{web}/api/experiences", timeout=2).status_code == 200
        answered = httpx.post(f"{web}/api/auth/login", json={"email": "a@b.example", "password": "x"}, timeout=2)
        assert answered.status_code == 401
        assert time.monotonic() - began < 2
        answers = [each.result() for each in asked]
        assert Counter(status for status, _ in answers) == {408: MAY_BE_SLOW, 503: CROWD - MAY_BE_SLOW}
        assert all(seconds < 2 for status, seconds in answers if status == 503)
        assert all(GRACE_SECONDS <= seconds < GRACE_SECONDS + 4 for status, seconds in answers if status == 408)
        # As many again find the places that those have left, though the silent are still there.
        again = crowd(held, web, body)
        assert httpx.get(f"{web}/api/experiences", timeout=2).status_code == 200
        assert len({each.socket for each in again}) == CROWD
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize("web", ["tests.support.unbounded_web:app"], indirect=True)
def test_without_the_bounds_a_few_silent_senders_stop_the_house(web):
    """The control: what the server itself does with such senders."""
    with ExitStack() as held:
        crowd(held, web, JSON)
        with pytest.raises(httpx.TimeoutException):
            httpx.get(f"{web}/api/experiences", timeout=3 * GRACE_SECONDS)
