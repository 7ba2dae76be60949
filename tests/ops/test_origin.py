"""The origin of a developer's machine as any client meets it: whole requests and answers, honest about where they came from."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable

import pytest

from ops import origin
from ops.origin import LARGEST_HEAD, Origin
from tests.support.network import free_port

Behind = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def talk(behind: Behind | None, request: bytes, *, sockets: Behind | None = None) -> bytes:
    """What a client is answered that sends ``request`` and waits; None behind means that nobody listens."""

    async def conversation() -> bytes:
        async with contextlib.AsyncExitStack() as stack:

            async def listening(handler: Behind, **options: int) -> int:
                server = await asyncio.start_server(handler, "127.0.0.1", 0, **options)
                stack.callback(server.close)
                return server.sockets[0].getsockname()[1]

            ports = [await listening(each) if each else free_port() for each in (behind, sockets)]
            front = await listening(Origin(*ports).serve, limit=LARGEST_HEAD)
            reader, writer = await asyncio.open_connection("127.0.0.1", front)
            stack.callback(writer.close)
            writer.write(request)
            return await asyncio.wait_for(reader.read(), 10)

    return asyncio.run(conversation())


async def repeating(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers with the head that it was sent."""
    head = await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nX-Own: 1\r\n\r\n" + head)
    writer.close()


def problem(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), json.loads(body)["code"]


def test_a_request_arrives_as_through_any_proxy():
    request = b"GET /api/x?y=1 HTTP/1.1\r\nHost: here\r\nConnection: keep-alive\r\nX-Forwarded-For: 1.2.3.4\r\nAccept: a\r\n\r\n"
    head, _, echoed = talk(repeating, request).partition(b"\r\n\r\n")

    assert head.split(b"\r\n") == [b"HTTP/1.1 200 OK", b"X-Own: 1", b"Connection: close"]
    lines = echoed.decode().strip().split("\r\n")
    assert lines[0] == "GET /api/x?y=1 HTTP/1.1"
    assert {"Host: here", "Accept: a", "x-forwarded-for: 1.2.3.4, 127.0.0.1", "x-forwarded-proto: http"} <= set(lines)
    assert [line for line in lines if line.lower().startswith("connection")] == ["Connection: close"]


@pytest.mark.parametrize("path", [b"/socket.io/?EIO=4", b"/socket.io", b"/socket.io?x"])
def test_sockets_have_their_own_process(path):
    assert b" 200 " in talk(None, b"GET " + path + b" HTTP/1.1\r\n\r\n", sockets=repeating)
    assert problem(talk(None, b"GET /socket.iox HTTP/1.1\r\n\r\n", sockets=repeating)) == (503, "unavailable")


def test_a_process_that_is_not_there_or_dies_is_a_problem_to_try_again():
    async def dying(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    for behind, status in ((None, 503), (dying, 502)):
        answer = talk(behind, b"GET / HTTP/1.1\r\n\r\n")
        assert problem(answer) == (status, "unavailable")
        assert b"Retry-After: 1\r\n" in answer


@pytest.mark.parametrize(
    "smuggled",
    [
        b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    ],
)
def test_what_follows_a_request_reaches_nobody(smuggled):
    heard = []

    async def listening(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(TimeoutError):
            while piece := await asyncio.wait_for(reader.read(65536), 0.2):
                heard.append(piece)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    talk(listening, smuggled + b"GET /metrics HTTP/1.1\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n")
    assert b"/metrics" not in b"".join(heard)
    assert b"Upgrade" not in b"".join(heard)


def test_a_refused_upgrade_becomes_no_pipe():
    heard = []

    async def refusing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            heard.append(await asyncio.wait_for(reader.read(100), 0.2))
        writer.close()

    head = b"GET /socket.io/ HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    talk(None, head + b"GET /metrics HTTP/1.1\r\n\r\n", sockets=refusing)
    assert b"/metrics" not in b"".join(heard)


def test_a_slow_body_troubles_nobody_behind_us(monkeypatch):
    monkeypatch.setattr(origin, "BODY_SECONDS", 0.1)
    reached = []

    async def counting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append(1)
        writer.close()

    talk(counting, b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf")
    assert reached == []


@pytest.mark.parametrize(
    "request_",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nX-A: b\n\nGET /metrics HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX-A: b\0\r\n\r\n",
    ],
)
def test_a_request_that_could_be_read_in_two_ways_is_refused(request_):
    assert problem(talk(repeating, request_)) == (400, "malformed_request")


@pytest.mark.parametrize(
    "request_", [b"GET / HTTP/2\r\n\r\n", b"GET /\r\n\r\n", b"x\r\n\r\n", b"GET / HTTP/1.1\r\na b\r\n\r\n"]
)
def test_what_is_no_request_is_refused(request_):
    assert problem(talk(repeating, request_)) == (400, "malformed_request")


def test_endless_headers_are_refused():
    request = b"GET / HTTP/1.1\r\nX: " + b"x" * (LARGEST_HEAD + 1) + b"\r\n\r\n"
    assert problem(talk(repeating, request)) == (431, "malformed_request")


def test_large_bodies_pass_both_ways():
    async def counting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(3_000_000)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + body[::-1])
        await writer.drain()
        writer.close()

    body = b"a" * 1_500_000 + b"b" * 1_500_000
    answer = talk(counting, b"POST / HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n" + body)
    assert answer.partition(b"\r\n\r\n")[2] == body[::-1]


def test_an_upgrade_becomes_a_pipe():
    async def upgrading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"Connection: Upgrade\r\n" in head
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        writer.write(await reader.readexactly(5))
        writer.close()

    answer = talk(
        None, b"GET /socket.io/ HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello", sockets=upgrading
    )
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert b"Connection: Upgrade" in answer
    assert answer.endswith(b"hello")
