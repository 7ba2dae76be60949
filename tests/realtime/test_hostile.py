"""Hostile sockets: each is refused, answered or cut, and everybody else goes on hearing from the same process."""

from __future__ import annotations

import contextlib
import json
import socket as sockets
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx
import pytest
import simple_websocket

from api.realtime.allowance import LARGEST_MESSAGE
from api.realtime.clients import MOST_UNKNOWN
from api.realtime.door import MOST_CONNECTS, MOST_REFUSED
from api.realtime.watch import STRANGER_SECONDS
from tests.support.flood import frame, opened

ADDRESS = "/socket.io/?EIO=4&transport=websocket"


def raw(url: str) -> simple_websocket.Client:
    """A websocket without any Socket.IO behind it, its handshake done."""
    return simple_websocket.Client(url.replace("http", "ws") + ADDRESS)


def answer_of(client: simple_websocket.Client, beginning: str) -> str:
    """The next message that begins so."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        message = client.receive(1)
        if isinstance(message, str) and message.startswith(beginning):
            return message
    raise AssertionError(f"no {beginning}")


def is_cut(client: simple_websocket.Client, within: float = 5.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            client.receive(0.2)
        except simple_websocket.ConnectionClosed:
            return True
    return False


def polling(url: str) -> tuple[str, str]:
    """A polling connection: where it is spoken to, and its id."""
    opened = httpx.get(f"{url}/socket.io/?EIO=4&transport=polling", trust_env=False)
    sid = json.loads(opened.text[1:])["sid"]
    return f"{url}/socket.io/?EIO=4&transport=polling&sid={sid}", sid


@pytest.fixture
def well(npm, person, origin, realtime):
    """Somebody well-behaved, who must not notice anything."""
    amina = person()
    socket = amina.connects(npm.socket(), origin)
    yield socket
    amina.is_told()
    assert socket.expect("notification")["seq"] == 1
    assert realtime.process.poll() is None


GARBAGE = (
    "",  # nothing
    "hello",  # text
    "9",  # a number
    "49",  # unknown packet
    '42["a",',  # broken JSON
    '42{"a":1}',  # no list
    "42[]",  # empty list
    "42[7]",  # number for a name
    "42[null]",  # null for a name
    "42" + "[" * 2000,  # deep
    '42["a",' + "9" * 4000 + "]",  # huge number
    '45999999999-["a",{"_placeholder":true,"num":0}]',  # attachments that never come
    b"\x00\xff\xfe",  # an attachment nobody asked for
    "40{",  # connect with no JSON
    "40[1]",  # connect with a list
    '40"token"',  # connect with a text
    '40/admin,{"token":"x"}',  # another room of the house
    "4",
    "431[1]",  # acknowledgement of nothing
    '44{"message":"x"}',  # an error of ours
    '42["connect",{},{"token":"x"}]',  # acting as the server
    '42["disconnect","transport close"]',  # leaving as the server
    '42["*","connect"]',  # everything at once
    "0{}",  # an opening
    "5",  # an upgrade
    "1",  # a close
)


@pytest.mark.parametrize("is_stranger", [True, False], ids=["strangers", "signed in"])
def test_garbage_is_answered_or_cut(well, person, origin, is_stranger):
    token = person().token
    for garbage in GARBAGE:
        client = raw(origin)
        try:
            if not is_stranger:
                client.send("40" + json.dumps({"token": token}))
                answer_of(client, "40{")
            for _ in range(3):
                client.send(garbage)
        except (simple_websocket.ConnectionClosed, OSError):
            # It was cut while we were still talking.
            continue
        finally:
            with contextlib.suppress(simple_websocket.ConnectionClosed, OSError):
                client.close()


def test_a_message_that_is_too_long_is_cut(well, origin):
    client = raw(origin)
    client.send("x" * (LARGEST_MESSAGE + 1))
    assert is_cut(client)
    url, _ = polling(origin)
    assert httpx.post(url, content="x" * (LARGEST_MESSAGE + 1), trust_env=False).status_code == 413


def test_polling_garbage_is_refused(well, origin):
    for content in ("", "\x1e" * 50, "\x1e".join(["42[]"] * 17), "bAAAA", "b!", "zzz", "0", "6", "5", "7", b"\xff\xfe"):
        url, _ = polling(origin)
        assert httpx.post(url, content=content, trust_env=False).status_code in (200, 400)
    for query in (
        "",
        "?EIO=3&transport=polling",
        "?EIO=4&transport=x",
        "?EIO=4&transport=polling&sid=nobody",
        "?EIO=4&j=x",
    ):
        assert httpx.get(f"{origin}/socket.io/{query}", trust_env=False).status_code == 400
    assert httpx.put(f"{origin}/socket.io/?EIO=4&transport=polling", trust_env=False).status_code in (400, 405)


def test_broken_http_is_refused(well, origin, realtime):
    for url in (origin, realtime.url):
        host, port = url.removeprefix("http://").split(":")
        for request in (
            b"\x16\x03\x01\x02\x00\r\n\r\n",
            b"GET /socket.io/ HTTP/9.9\r\n\r\n",
            b"GET\r\n\r\n",
            b"\r\n\r\n",
        ):
            with sockets.create_connection((host, int(port)), timeout=5) as connection:
                connection.sendall(request)
                assert b" 200 " not in connection.recv(4096)


def test_connecting_twice_on_one_connection_is_refused(well, person, origin):
    token = json.dumps({"token": person().token})
    client = raw(origin)
    client.send(f"40{token}")
    answer_of(client, "40{")
    client.send(f"40{token}")
    assert "Unable to connect" in answer_of(client, "44")
    client.close()


def test_an_event_that_we_do_not_know_is_answered_and_many_are_cut(well, npm, person, origin):
    amina = person()
    socket = amina.connects(npm.socket(), origin)
    for name in ("send_message", "join", "ready"):
        assert socket.emit(name, {"room": "user:somebody"})["code"] == "unknown_event"
    for _ in range(MOST_UNKNOWN):
        amina_says = socket.emit("again", 1) if not socket.all("disconnect") else None
        if amina_says and "error" in amina_says:
            break
    assert socket.expect("disconnect") == "io server disconnect"


def connect(client: simple_websocket.Client, namespace: str = "", **auth: str) -> None:
    client.send(f"40{namespace}{json.dumps(auth)}")


def test_who_is_refused_again_and_again_is_cut(well, origin, realtime):
    client = raw(origin)
    for _ in range(MOST_REFUSED):
        connect(client, token="a.b.c")
        assert "token_invalid" in answer_of(client, "44")
    assert is_cut(client)


def test_who_comes_and_goes_on_one_connection_is_cut(well, person, origin):
    client, token = raw(origin), person().token
    for _ in range(MOST_CONNECTS):
        connect(client, token=token)
        answer_of(client, "40{")
        client.send("41")
    connect(client, token=token)
    assert is_cut(client)


def test_another_namespace_is_answered_once_and_cut(well, person, origin):
    client = raw(origin)
    connect(client, "/admin,", token=person().token)
    assert "not_found" in answer_of(client, "44/admin,")
    assert is_cut(client)


def test_one_connection_is_upgraded_once_at_a_time(well, origin, realtime):
    _, sid = polling(origin)

    def upgrade():
        return opened(realtime.url, f"&sid={sid}")

    with upgrade() as first:
        assert b" 101 " in first.recv(4096)
        first.sendall(frame(b"2probe"))
        assert first.recv(4096).endswith(b"3probe")
        with upgrade() as second:
            assert b" 400 " in second.recv(4096)


def test_one_poll_waits_on_a_connection(well, origin):
    url, _ = polling(origin)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(httpx.get, url, trust_env=False, timeout=30) for _ in range(2)]
        refused = next(as_completed(answers)).result()
        assert (refused.status_code, refused.json()["code"]) == (400, "malformed_request")
        assert httpx.post(url, content="1", trust_env=False).status_code == 200


def test_what_the_drafts_of_websockets_said_is_not_spoken(well, realtime):
    host, port = realtime.url.removeprefix("http://").split(":")
    with sockets.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(
            f"GET {ADDRESS} HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n".encode()
        )
        assert b" 400 " in connection.recv(4096)


def test_a_body_without_end_is_not_read(well, realtime):
    host, port = realtime.url.removeprefix("http://").split(":")
    for length in ("Content-Length: 99999999999", "Transfer-Encoding: chunked"):
        with sockets.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(f"POST /socket.io/ HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode())
            assert b"Connection: close" in connection.recv(4096)


def test_who_never_says_who_they_are_is_cut(well, dawdlers):
    stranger, prober, since = dawdlers
    left = max(STRANGER_SECONDS + 5 - (time.monotonic() - since), 1)
    for connection in (stranger, prober):
        connection.settimeout(left)
        while connection.recv(4096):
            pass
