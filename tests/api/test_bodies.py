"""Bodies that trickle: refused in time and without a trace, few at once, and nobody else notices."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from api.bodies import Bodies, BodyTooSlow
from api.workplaces import Workplaces
from domain.errors import Busy
from tests.support.waiting import eventually

THREADS = 14


class Trickle:
    """A body that stops after some bytes, until its connection ends."""

    def __init__(self, content: bytes = b""):
        self._content = io.BytesIO(content)
        self.is_over = threading.Event()

    def read(self, size: int) -> bytes:
        found = self._content.read(size)
        if not found:
            self.is_over.wait(30)
        return found


def read(bodies: Bodies, stream, **environ) -> bytes:
    given = {"wsgi.input": stream, "REMOTE_ADDR": "192.0.2.1", **environ}
    return b"".join(bodies.timely(given, lambda: [given["wsgi.input"].read()]))


@pytest.mark.parametrize("length", [0, 1, 64 * 1024, 300_000])
@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_body_is_read_whole(length, is_chunked):
    content = bytes(length)
    said = {"HTTP_TRANSFER_ENCODING": "chunked"} if is_chunked else {"CONTENT_LENGTH": str(length)}
    assert read(Bodies(Workplaces(THREADS)), io.BytesIO(content), **said) == content


def test_no_more_is_asked_for_than_was_announced():
    assert read(Bodies(Workplaces(THREADS)), io.BytesIO(b"12345"), CONTENT_LENGTH="3") == b"123"


def test_a_request_without_a_body_needs_no_reader():
    stream = io.BytesIO()
    environ = {"wsgi.input": stream}
    assert Bodies(Workplaces(THREADS), readers=0).timely(environ, lambda: [b"answered"]) == [b"answered"]
    assert environ["wsgi.input"] is stream


def test_what_a_stream_raises_is_raised():
    class Broken:
        def read(self, size):
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        read(Bodies(Workplaces(THREADS)), Broken(), CONTENT_LENGTH="3")


def test_a_body_has_ten_seconds_and_as_long_as_it_takes_at_a_slow_networks_pace():
    bodies = Bodies(Workplaces(THREADS))
    assert (bodies.patience(0), bodies.patience(8 * 1024), bodies.patience(64 * 1024)) == (10, 11, 18)


def test_a_body_that_stops_is_refused_and_its_reader_comes_back_when_the_connection_ends():
    bodies = Bodies(Workplaces(THREADS), grace_seconds=0.1, readers=1)
    trickle = Trickle(b"half")
    with pytest.raises(BodyTooSlow):
        read(bodies, trickle, CONTENT_LENGTH="8")
    with pytest.raises(Busy):
        read(bodies, io.BytesIO(b"whole"), CONTENT_LENGTH="5")
    trickle.is_over.set()
    eventually(lambda: bodies._readers._idle, what="the reader's return")
    assert read(bodies, io.BytesIO(b"whole"), CONTENT_LENGTH="5") == b"whole"


def test_few_bodies_may_be_slow_at_once_and_none_holds_a_place():
    workplaces = Workplaces(THREADS)
    bodies, trickles = Bodies(workplaces, grace_seconds=30), [Trickle() for _ in range(6)]

    def send(trickle: Trickle) -> bytes:
        with workplaces.taken():
            return read(bodies, trickle, CONTENT_LENGTH="8")

    with ThreadPoolExecutor(len(trickles)) as pool, ExitStack() as at_last:
        for trickle in trickles:
            at_last.callback(trickle.is_over.set)
        sent = [pool.submit(send, trickle) for trickle in trickles]
        eventually(lambda: not workplaces._receiving._value, what="the slow ones' arrival")
        with pytest.raises(Busy):
            read(bodies, Trickle(), CONTENT_LENGTH="8")
        assert read(bodies, io.BytesIO(b"whole"), CONTENT_LENGTH="5") == b"whole", "whoever is quick is not concerned"
        with ExitStack() as places:
            for _ in range(workplaces.number):
                places.enter_context(workplaces.taken())
    assert [each.result() for each in sent] == [b""] * 6
    assert (workplaces._receiving._value, len(workplaces._free._free)) == (6, workplaces.number)
