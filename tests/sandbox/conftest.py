"""A sandbox on a port of its own and somebody who receives its callbacks; no database, no broker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from sandbox import Config, create_app
from sandbox.server import bind
from tests.sandbox.callers import Caller, Receiver

QUICK = {"callback_seconds": 0.02, "phone_off_seconds": 0.05, "copy_gap_seconds": 0.01}


@pytest.fixture
def start_sandbox() -> Iterator[Callable[..., Caller]]:
    """Start a sandbox with the given settings over the quick ones; all are stopped at the end."""
    running = []

    def start(**settings: object) -> Caller:
        app = create_app(Config(**{**QUICK, **settings}))
        server = bind(app, "127.0.0.1", 0)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        caller = Caller(f"http://127.0.0.1:{server.port}")
        running.append((app, server, thread, caller))
        return caller

    yield start
    for app, server, thread, caller in running:
        caller.close()
        app.extensions["sandbox"].stop()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Where callbacks arrive."""
    listening = Receiver()
    yield listening
    listening.close()


@pytest.fixture
def sandbox(start_sandbox: Callable[..., Caller], receiver: Receiver) -> Caller:
    """A sandbox whose pushes name the receiver as their CallBackURL."""
    caller = start_sandbox()
    caller.callback_url = receiver.url
    return caller
