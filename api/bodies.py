"""Bodies arrive at their sender's pace: whoever trickles is refused, and few may be slow at a time.

The server has no deadline for a body, and a read of its stream cannot be broken off. So each is made by a thread beside, for
which the one that answers waits no longer than an honest sender needs. Where a read was given up, the answer goes out and the
connection is ended: granian must not see the end of a request whose body is being read, or it stands still.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from typing import Any

from werkzeug.exceptions import RequestTimeout

from api.cutting import cut
from api.workplaces import Workplaces
from domain.errors import Busy

#: A read may take ten seconds, and as long as its bytes take at 64 kbit/s, which is as slow as networks are.
GRACE_SECONDS, BYTES_A_SECOND = 10.0, 8 * 1024
#: What has arrived already, as behind a proxy that buffers, is here within this time; nobody leaves a place for it.
PROMPT_SECONDS = 0.05
#: Threads that read, those that were given up included: to hold one takes a connection, too.
MOST_READERS = 512
#: How long whoever was refused may take to go by himself; and how long somebody who goes on sending may be taken for
#: somebody else, whose request takes no longer.
CUT_SECONDS, SPARED_SECONDS = 0.5, 15.0
_LARGEST_READ = 64 * 1024

_Answers = SimpleQueue[bytes | Exception]
_Asked = SimpleQueue[tuple[Any, int, _Answers]]


class BodyTooSlow(RequestTimeout):
    """The body did not arrive in time."""


class Bodies:
    """How one process reads bodies."""

    def __init__(self, workplaces: Workplaces, *, grace_seconds: float = GRACE_SECONDS, readers: int = MOST_READERS):
        self.workplaces = workplaces
        self._grace_seconds = grace_seconds
        self._readers = _Readers(readers)

    def timely(self, environ: dict[str, Any], answer: Callable[[], Iterable[bytes]]) -> Iterable[bytes]:
        """The answer to a request, whose body, if it has one, may take so much time."""
        length = _length(environ)
        if length == 0:
            return answer()
        with ExitStack() as held:
            body = environ["wsgi.input"] = _Timely(self, environ["wsgi.input"], length, held)
            answered = answer()
        return body.farewell(answered, environ["REMOTE_ADDR"]) if body.is_given_up else answered

    def begin(self, stream: Any, size: int) -> _Answers:
        """Have so much read, or all there is by the end; what came of it arrives there. Raises :class:`Busy`."""
        return self._readers.begin(stream, size)

    def patience(self, size: int) -> float:
        """Seconds within which so many bytes have to arrive."""
        return self._grace_seconds + size / BYTES_A_SECOND


class _Timely:
    """The stream of one body; ``held`` is let go of when the request has its answer."""

    def __init__(self, bodies: Bodies, stream: Any, length: int | None, held: ExitStack):
        self._bodies, self._stream, self._held = bodies, stream, held
        self._left = length
        self._is_slow = False
        #: Of the read that is being made.
        self._answers: _Answers | None = None

    def read(self, size: int = -1) -> bytes:
        """As a stream reads, in pieces that are not too large. Raises :class:`BodyTooSlow` and :class:`Busy`."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_LARGEST_READ), b""))
        size = min(size, _LARGEST_READ if self._left is None else min(self._left, _LARGEST_READ))
        if not size:
            return b""
        self._answers = self._bodies.begin(self._stream, size)
        brought = self._wait(self._answers, size)
        self._answers = None
        if isinstance(brought, Exception):
            raise brought
        self._left = self._left and self._left - len(brought)
        return brought

    @property
    def is_given_up(self) -> bool:
        """Whether a read of it goes on that nobody waits for."""
        return self._answers is not None

    def farewell(self, answered: Iterable[bytes], peer: str) -> Iterator[bytes]:
        """The answer, and behind it the end of the connection with ``peer``."""
        yield b"".join(answered)
        at = time.monotonic()
        while self._answers is not None:
            try:
                self._answers.get(timeout=CUT_SECONDS)
                self._answers = None
            except Empty:
                cut(peer, at, spares_senders=time.monotonic() - at < SPARED_SECONDS)

    def _wait(self, answers: _Answers, size: int) -> bytes | Exception:
        try:
            return answers.get(timeout=PROMPT_SECONDS)
        except Empty:
            pass
        workplaces = self._bodies.workplaces
        if not self._is_slow:
            self._held.enter_context(workplaces.receiving())
            self._is_slow = True
        try:
            with workplaces.left():
                return answers.get(timeout=self._bodies.patience(size))
        except Empty:
            raise BodyTooSlow from None


class _Readers:
    """Threads that make one read at a time each; as many as are needed at once."""

    def __init__(self, most: int):
        self._idle: list[_Asked] = []
        self._unborn = threading.Semaphore(most)

    def begin(self, stream: Any, size: int) -> _Answers:
        answers: _Answers = SimpleQueue()
        try:
            asked = self._idle.pop()
        except IndexError:
            asked = self._born()
        asked.put((stream, size, answers))
        return answers

    def _born(self) -> _Asked:
        if not self._unborn.acquire(blocking=False):
            raise Busy("busy", "Too much is arriving right now. Try again in a moment.", retry_after=1)
        asked: _Asked = SimpleQueue()
        # What is stuck must not keep the process from ending.
        threading.Thread(target=self._work, args=(asked,), name="body", daemon=True).start()
        return asked

    def _work(self, asked: _Asked) -> None:
        while True:
            stream, size, answers = asked.get()
            brought: bytes | Exception
            try:
                brought = stream.read(size)
            except Exception as error:
                brought = error
            # Idle before it is answered, so that the next read of the same body finds it.
            self._idle.append(asked)
            answers.put(brought)
            # As long as anybody has the stream, the server keeps the connection.
            del stream, answers, brought


def _length(environ: Mapping[str, Any]) -> int | None:
    """The announced length; None where the body comes in chunks, and nothing where there is none."""
    announced = str(environ.get("CONTENT_LENGTH") or "")
    if announced.isascii() and announced.isdigit():
        return int(announced)
    return None if "HTTP_TRANSFER_ENCODING" in environ else 0
