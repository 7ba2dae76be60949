"""A network that tests can cut and mend: a port that forwards to a service, or to nobody."""

from __future__ import annotations

import contextlib
import itertools
import random
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.support.parallel import worker

#: Below those that the kernel gives to whoever asks for any, in a part for each worker of a parallel run: between the
#: choice of a port and its use, nobody else is given it.
_PART = 5_000
_FIRST_PORT = 12_000 + _PART * worker()
_places = itertools.count(random.randrange(_PART))


def free_port() -> int:
    """A port of this machine on which nobody listens now; each call answers another."""
    for place in itertools.islice(_places, _PART):
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", _FIRST_PORT + place % _PART))
            return listener.getsockname()[1]
    raise OSError("this machine has no free port left")


@contextlib.contextmanager
def forwarding(port: int, url: str, flows: threading.Event | None = None) -> Iterator[None]:
    """While the block runs, ``port`` leads to the service of ``url`` (tcp or unix socket).

    While ``flows`` is given and not set, connections are made and stay open and nothing gets through them.
    """
    if flows is None:
        flows = threading.Event()
        flows.set()
    listener = socket.create_server(("127.0.0.1", port))
    opened: list[socket.socket] = [listener]
    threading.Thread(target=_accept, args=(listener, url, opened, flows), daemon=True).start()
    try:
        yield
    finally:
        # Nobody gets in any more; then the newest connections first, such as those that only listen.
        for one in (listener, *reversed(opened[1:])):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _accept(listener: socket.socket, url: str, opened: list[socket.socket], flows: threading.Event) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        far = _connect(url)
        opened += [near, far]
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=_pump, args=(source, target, flows), daemon=True).start()


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 6379))
    far = socket.socket(socket.AF_UNIX)
    far.connect(parts.path)
    return far


def _pump(source: socket.socket, target: socket.socket, flows: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            flows.wait()
            target.sendall(data)
