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


def test_whoever_was_answered_at_that_moment_is_cut_also_if_he_goes_on_sending(pair):
    ours, peer = pair
    peer.sendall(b"a")
    ours.sendall(b"answer")
    at = time.monotonic()
    time.sleep(0.3)
    peer.sendall(b"a")
    cut("127.0.0.1", at)
    assert peer.recv(100) == b"answer"
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
    cut(address, time.monotonic() - ago)
    assert not is_cut(peer)
