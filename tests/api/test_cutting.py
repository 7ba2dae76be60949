"""Connections that are ended behind their answer: the one that was answered at that moment, and no other."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator

import pytest

from api.cutting import cut

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other kernels do not tell")


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end of a connection, and the peer's."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = socket.create_connection(server.getsockname(), timeout=1)
        ours, _ = server.accept()
        with ours, peer:
            yield ours, peer


def is_cut(peer: socket.socket) -> bool:
    peer.settimeout(0.2)
    try:
        return peer.recv(100) == b""
    except TimeoutError:
        return False


@pytest.fixture
def answered_at(pair) -> float:
    ours, peer = pair
    peer.sendall(b"a")
    ours.sendall(b"answer")
    at = time.monotonic()
    time.sleep(0.3)
    assert peer.recv(100) == b"answer"
    return at


def test_whoever_was_answered_at_that_moment_is_cut(pair, answered_at):
    _, peer = pair
    cut("127.0.0.1", answered_at, spares_senders=True)
    assert is_cut(peer)


def test_whoever_goes_on_sending_may_be_somebody_with_another_request(pair, answered_at):
    _, peer = pair
    peer.sendall(b"a")
    time.sleep(0.01)
    cut("127.0.0.1", answered_at, spares_senders=True)
    assert not is_cut(peer)
    cut("127.0.0.1", answered_at, spares_senders=False)
    assert is_cut(peer)


@pytest.mark.parametrize(
    ("address", "ago", "is_answered"),
    [("192.0.2.1", 0, True), ("127.0.0.1", 1, True), ("127.0.0.1", 0, False)],
    ids=["another peer", "another moment", "never answered"],
)
def test_nobody_else_is(pair, address, ago, is_answered):
    ours, peer = pair
    if is_answered:
        ours.sendall(b"answer")
        assert peer.recv(100) == b"answer"
    cut(address, time.monotonic() - ago, spares_senders=False)
    assert not is_cut(peer)
