"""The one origin of a developer's machine: what nginx is in production, it hands each request to the API or the sockets.

    python -m ops.origin        with PORT and ORIGIN_HOST to listen on, WEB_PORT and REALTIME_PORT to hand on to

One request a connection: the head is read and rewritten, everything after it is spliced both ways as it comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

LARGEST_HEAD = 32 * 1024
PIECE = 64 * 1024
HEAD_SECONDS = 10.0
#: A body that stops coming, an answer that nobody takes.
STALL_SECONDS = 15.0
#: Longer than any answer takes: a long poll may last 45 s. Sockets ping each other more often than this.
ANSWER_SECONDS = 75.0
CONNECT_SECONDS = 2.0
#: A small body, all of it.
BODY_SECONDS = 15.0
SOCKETS = re.compile(r"/socket\.io(/|\?|$)")
_LINE_ENDS = re.compile(r"[\r\n\0]")
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-connection", "upgrade"})


class Refused(Exception):
    """The request is answered here: ``status`` and a sentence."""

    def __init__(self, status: int, title: str, code: str, detail: str):
        super().__init__(detail)
        self.status, self.title, self.code, self.detail = status, title, code, detail

    def answer(self) -> bytes:
        """The whole answer, with the members of our problem documents."""
        body = json.dumps(
            {
                "type": f"urn:elite-events:problem:{self.code}",
                "title": self.code.replace("_", " ").capitalize(),
                "status": self.status,
                "detail": self.detail,
                "message": self.detail,
                "code": self.code,
                "errors": {},
            }
        ).encode()
        retry = "Retry-After: 1\r\n" if self.status >= 500 else ""
        head = (
            f"HTTP/1.1 {self.status} {self.title}\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\n{retry}Connection: close\r\n\r\n"
        )
        return head.encode() + body


@dataclass
class Head:
    """The first line of a request or an answer, and its headers in their order."""

    first: str
    headers: list[tuple[str, str]]

    @classmethod
    def parse(cls, raw: bytes) -> Head:
        """Raises ValueError for what is no HTTP/1 head."""
        first, *lines = raw.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        headers = []
        for line in lines:
            name, colon, value = line.partition(":")
            # A line end inside a line would be one to whoever reads the head after us.
            if not colon or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or _LINE_ENDS.search(value):
                raise ValueError(line)
            headers.append((name, value.strip()))
        return cls(first, headers)

    def get(self, name: str) -> str:
        """All values of a header, as one comma list."""
        return ", ".join(value for each, value in self.headers if each.lower() == name)

    def without(self, names: frozenset[str]) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.headers if name.lower() not in names]

    def render(self, headers: list[tuple[str, str]]) -> bytes:
        lines = [self.first, *(f"{name}: {value}" for name, value in headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Origin:
    """The two processes behind one address, by their ports on this machine."""

    def __init__(self, web: int, realtime: int):
        self._web = web
        self._realtime = realtime

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, from its first byte to its last."""
        try:
            await self._exchange(reader, writer)
        except Refused as refusal:
            with contextlib.suppress(OSError, TimeoutError):
                writer.write(refusal.answer())
                await _soon(writer.drain(), STALL_SECONDS)
        except (OSError, EOFError, TimeoutError):
            # Whoever hung up or fell silent is told nothing.
            writer.transport.abort()
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _request(reader)
        is_socket = bool(SOCKETS.match(request.first.split(" ")[1]))
        upgrades = is_socket and request.get("upgrade").lower() == "websocket"
        # A small body is read before anybody is asked: threads of the API must not wait for a slow client.
        small = await _small_body(request, reader)
        port = self._realtime if is_socket else self._web
        try:
            back_reader, back_writer = await _soon(
                asyncio.open_connection("127.0.0.1", port, limit=PIECE), CONNECT_SECONDS
            )
        except (OSError, TimeoutError):
            raise Refused(503, "Service Unavailable", "unavailable", "We are starting. Try again.") from None
        try:
            back_writer.write(_handed_on(request, writer.get_extra_info("peername")[0], upgrades=upgrades) + small)
            switched = asyncio.Event() if upgrades else None
            rest = (
                _pipe(reader, back_writer, switched)
                if switched
                else _send_body(request, reader, back_writer, len(small))
            )
            body = asyncio.create_task(rest)
            try:
                await _answer(back_reader, writer, body, switched)
            finally:
                body.cancel()
                await asyncio.gather(body, return_exceptions=True)
        finally:
            back_writer.close()


async def _request(reader: asyncio.StreamReader) -> Head:
    try:
        request = Head.parse(await _soon(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS))
    except asyncio.LimitOverrunError:
        raise Refused(431, "Too Large", "malformed_request", "The headers are too long.") from None
    except ValueError:
        raise Refused(400, "Bad Request", "malformed_request", "The request could not be read.") from None
    if not re.fullmatch(r"[A-Z]+ /\S* HTTP/1\.[01]", request.first):
        raise Refused(400, "Bad Request", "malformed_request", "The request could not be read.")
    return request


def _handed_on(request: Head, address: str, *, upgrades: bool) -> bytes:
    """The request's head for whoever answers it, who is told where it came from as any proxy tells."""
    forwarded = {"x-forwarded-for": address, "x-forwarded-proto": "http"}
    headers = request.without(_HOP_BY_HOP | forwarded.keys())
    for name, value in forwarded.items():
        given = request.get(name)
        headers.append((name, f"{given}, {value}" if given else value))
    headers += [("Upgrade", "websocket"), ("Connection", "Upgrade")] if upgrades else [("Connection", "close")]
    return request.render(headers)


def _length(request: Head) -> int:
    """Bytes that follow the head; raises ValueError where that is told in no way or in two."""
    length = request.get("content-length")
    if request.get("transfer-encoding"):
        if length or request.get("transfer-encoding").lower() != "chunked":
            raise ValueError(length)
        return 0
    if length and not re.fullmatch(r"\d{1,15}", length):
        raise ValueError(length)
    return int(length or 0)


async def _small_body(request: Head, reader: asyncio.StreamReader) -> bytes:
    try:
        length = _length(request)
    except ValueError:
        raise Refused(400, "Bad Request", "malformed_request", "The length of the body is unclear.") from None
    if length > PIECE or request.get("expect"):
        return b""
    return await _soon(reader.readexactly(length), BODY_SECONDS)


async def _send_body(request: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: int) -> None:
    """The rest of the body, as it comes; then waits for the client to hang up. What follows a body is nobody's."""
    if request.get("transfer-encoding"):
        await _send_chunks(reader, writer)
    left = _length(request) - sent
    while left > 0 and (piece := await _soon(reader.read(min(PIECE, left)), STALL_SECONDS)):
        await _write(writer, piece)
        left -= len(piece)
    while await reader.read(PIECE):
        pass


async def _send_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    size = -1
    while size:
        line = await _soon(reader.readuntil(b"\r\n"), STALL_SECONDS)
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}\r\n", line):
            raise EOFError
        size = int(line, 16)
        # The last chunk ends with an empty line too: trailers are not taken.
        data = await _soon(reader.readexactly(size + 2), STALL_SECONDS)
        if data[-2:] != b"\r\n":
            raise EOFError
        await _write(writer, line + data)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, switched: asyncio.Event) -> None:
    """Everything that the client says, once the other side has agreed to hear it."""
    await switched.wait()
    while piece := await reader.read(PIECE):
        await _write(writer, piece)


async def _write(writer: asyncio.StreamWriter, piece: bytes) -> None:
    writer.write(piece)
    await _soon(writer.drain(), ANSWER_SECONDS)


async def _answer(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    body: asyncio.Task[None],
    switched: asyncio.Event | None,
) -> None:
    """The whole answer, piece by piece, unless the client goes away first."""
    answer = asyncio.create_task(_pass_answer(reader, writer, switched))
    try:
        await asyncio.wait({answer, body}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done() and body.exception() is None:
            # The client has hung up, or says that it has no more to say: what is left may still be on its way.
            await asyncio.wait({answer}, timeout=1.0)
        if answer.done():
            answer.result()
        elif body.exception():
            raise EOFError
    finally:
        answer.cancel()
        await asyncio.gather(answer, return_exceptions=True)


async def _pass_answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, switched: asyncio.Event | None
) -> None:
    while True:
        try:
            head = Head.parse(await _soon(reader.readuntil(b"\r\n\r\n"), ANSWER_SECONDS))
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError):
            raise Refused(502, "Bad Gateway", "unavailable", "The answer was lost. Try again.") from None
        if head.first.split(" ")[1].startswith("1"):
            writer.write(head.render(head.headers))
        else:
            writer.write(head.render([*head.without(_HOP_BY_HOP), ("Connection", "close")]))
        if switched and head.first.split(" ")[1] == "101":
            switched.set()
        # After any other 1xx the answer itself is still to come.
        if not re.match(r"HTTP/1\.[01] 1(?!01)", head.first):
            break
    while piece := await _soon(reader.read(PIECE), None if switched else ANSWER_SECONDS):
        writer.write(piece)
        await _soon(writer.drain(), STALL_SECONDS)


async def _soon(waiting: Awaitable[T], seconds: float | None) -> T:
    return await asyncio.wait_for(waiting, seconds)


async def main() -> None:
    origin = Origin(int(os.environ["WEB_PORT"]), int(os.environ["REALTIME_PORT"]))
    host, port = os.environ.get("ORIGIN_HOST", "127.0.0.1"), int(os.environ["PORT"])
    server = await asyncio.start_server(origin.serve, host, port, limit=LARGEST_HEAD, backlog=1024)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with server:
        await stopped.wait()
        # Leaving the block would wait for every open socket.
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
