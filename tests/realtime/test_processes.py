"""Several processes, a database or Redis that goes away, deafness, and an orderly end."""

from __future__ import annotations

import contextlib
import json
import select
import socket as sockets
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
import redis
from sqlalchemy.engine import make_url

from models.operations import heartbeats
from tests.support.network import forwarding, free_port
from tests.support.realtime import realtime_server
from tests.support.waiting import eventually


class Mute:
    """A way to Redis on which nothing that was subscribed to ever arrives, although every question is answered."""

    def __init__(self, url: str):
        self._far = urlsplit(url)
        self._listener = sockets.create_server(("127.0.0.1", 0))
        self.url = url.replace(f":{self._far.port}", f":{self._listener.getsockname()[1]}")
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = sockets.create_connection((self._far.hostname, self._far.port))
                subscribed = threading.Event()
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, target, subscribed), daemon=True).start()

    def _pump(self, source: sockets.socket, target: sockets.socket, subscribed: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if b"SUBSCRIBE" in data:
                    subscribed.set()
                if not (subscribed.is_set() and b"message" in data):
                    target.sendall(data)
        source.close()
        target.close()


#: Connections of one address.
MOST = 6


@pytest.fixture(scope="session", autouse=True)
def deaf(socket_environ, logs_folder, redis_url) -> Iterator[tuple]:
    """A process that hears nothing, since the first test of this folder: it takes a while to be sure of it."""
    way = Mute(redis_url)
    with realtime_server({**socket_environ, "REDIS_URL": way.url}, logs_folder / "deaf.log") as server:
        yield server, time.monotonic()
    way.close()


@pytest.fixture(scope="module")
def database_way(settings) -> int:
    return free_port()


@pytest.fixture(scope="module")
def second(socket_environ, settings, logs_folder, database_way) -> Iterator:
    """Another process, whose way to the database can be cut."""
    url = make_url(settings.database_url).set(host="127.0.0.1", port=database_way)
    environ = {**socket_environ, "DATABASE_URL": url.render_as_string(hide_password=False)}
    environ["SOCKETS_ADDRESS"] = str(MOST)
    with realtime_server(environ, logs_folder / "second.log") as server:
        yield server


@pytest.fixture
def postgres_url(settings) -> str:
    url = make_url(settings.database_url)
    return f"tcp://{url.host}:{url.port or 5432}"


def test_each_of_two_processes_delivers(npm, person, origin, second, database_way, postgres_url):
    with forwarding(database_way, postgres_url):
        amina = person()
        here, there = amina.connects(npm.socket(), origin), amina.connects(npm.socket(), second.url)

        amina.is_told(2)

        for socket in (here, there):
            socket.expect("notification", 2)
            assert [event["seq"] for event in socket.events] == [1, 2]


def test_without_the_database_nobody_is_cut_and_nobody_new_is_let_in(npm, person, second, database_way, postgres_url):
    amina, otieno = person(), person()
    with forwarding(database_way, postgres_url):
        inside = amina.connects(npm.socket(), second.url)

    outside = npm.socket()
    outside.connect(second.url, auth={"token": otieno.token})
    assert outside.expect("connect_error")["data"]["code"] == "unavailable"
    amina.is_told()
    inside.expect("notification")
    time.sleep(2.5)
    assert inside.all("disconnect") == []

    with forwarding(database_way, postgres_url):
        back = otieno.connects(npm.socket(), second.url)
        otieno.is_told()
        back.expect("notification")
    assert outside.events == []


def test_one_address_has_so_many_connections_and_requests(second):
    address = f"{second.url}/socket.io/?EIO=4&transport=polling"
    with httpx.Client(trust_env=False) as client, contextlib.ExitStack() as waiting:
        answers = [client.get(address) for _ in range(MOST + 1)]
        assert [answer.status_code for answer in answers] == [200] * MOST + [429]
        sids = [json.loads(answer.text[1:])["sid"] for answer in answers[:MOST]]

        posts = [waiting.enter_context(unfinished(second.url, sids[0])) for _ in range(2 * MOST + 1)]
        (refused, *_), _, _ = select.select(posts, [], [], 10)
        assert b" 429 " in refused.recv(4096)

        for post in posts:
            post.close()
        for sid in sids:
            eventually(lambda sid=sid: client.post(f"{address}&sid={sid}", content="1").is_success, what="the end")


def unfinished(url: str, sid: str) -> sockets.socket:
    """A message that does not come to its end."""
    host, port = url.removeprefix("http://").split(":")
    connection = sockets.create_connection((host, int(port)), timeout=5)
    connection.sendall(
        f"POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".encode()
    )
    return connection


def test_a_process_that_lost_its_channel_hears_again(npm, person, origin, realtime, redis_url):
    amina = person()
    socket = amina.connects(npm.socket(), origin)
    with redis.Redis.from_url(redis_url) as client:
        for each in client.client_list(_type="pubsub"):
            client.client_kill_filter(_id=each["id"])

    amina.is_told()

    assert socket.expect("notification")["seq"] == 1
    assert realtime.process.poll() is None


def test_a_process_tells_that_it_lives(db, realtime, ctx):
    def beats() -> bool:
        with db.reading() as session:
            return "realtime" in heartbeats(session)

    eventually(beats, within=6, what="the heartbeat")


def test_a_process_that_is_told_to_end_sends_its_clients_elsewhere(npm, person, second, database_way, postgres_url):
    with forwarding(database_way, postgres_url):
        amina = person()
        # Cut off from one, a client comes back by itself to whoever answers then.
        streaming = amina.connects(npm.socket(), second.url)
        polling = amina.connects(npm.socket(), second.url, transports=("polling",))

        assert second.stop(patience=5) == 0

        for socket in (streaming, polling):
            assert socket.expect("disconnect") == "transport close"


def test_a_process_that_is_deaf_ends_so_that_it_is_started_anew(deaf):
    server, since = deaf
    assert server.process.wait(max(1.0, 25 - (time.monotonic() - since))) == 1
    assert '"realtime.deaf"' in server.log.read_text()
