"""The providers that the clients are tested against: a scripted one, and the sandbox as its own process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from providers.http import Timeouts
from tests.providers.daraja_case import OAUTH, TOKEN, Calls
from tests.providers.fakes import MemoryTokenStore
from tests.providers.recorded import RecordedProvider, answer, drip, hang
from tests.support import network

ROOT = Path(__file__).parents[2]

#: For a busy machine: an answer that comes is waited for.
PATIENT = Timeouts(connect=5, read=5, write=5, pool=5, total=10)
#: For answers that never come; ``total`` is above ``read`` so that either can be met.
HASTY = Timeouts(connect=5, read=0.15, write=5, pool=5, total=0.3)


@pytest.fixture
def provider() -> Iterator[RecordedProvider]:
    server = RecordedProvider()
    yield server
    server.stop()


@pytest.fixture
def timeouts(request: pytest.FixtureRequest) -> Timeouts:
    """Patient, unless the test's ``reply`` is one that nobody should wait for."""
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    return HASTY if parameters.get("reply") in (hang, drip) else PATIENT


@pytest.fixture
def calls(provider: RecordedProvider, timeouts: Timeouts) -> Iterator[Calls]:
    """A Daraja client of the scripted provider, with a token that it may exchange for ``second-token``."""
    calls = Calls(provider.url + "/daraja", MemoryTokenStore(TOKEN), timeouts)
    provider.script(OAUTH, answer(200, {"access_token": "second-token", "expires_in": "3599"}))
    yield calls
    calls.client.close()


@pytest.fixture
def free_port() -> int:
    """A port on which nobody listens."""
    return network.free_port()


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The sandbox, running; each test asks for what it needs of it and resets it first."""
    port = network.free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env={
            "SANDBOX_PORT": str(port),
            "SANDBOX_HOST": "127.0.0.1",
            "SANDBOX_CALLBACK_SECONDS": "0.05",
            "SANDBOX_PHONE_OFF_SECONDS": "0.05",
            "SANDBOX_COPY_GAP_SECONDS": "0.02",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _await_health(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _await_health(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"the sandbox ended with {process.returncode}")
        try:
            if httpx.get(f"{url}/__sim/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError("the sandbox did not answer in time")


@pytest.fixture
def sandbox(sandbox_url: str) -> Iterator[httpx.Client]:
    """The sandbox's control API, with no records and no faults."""
    with httpx.Client(base_url=f"{sandbox_url}/__sim", trust_env=False, timeout=5) as control:
        control.post("/reset").raise_for_status()
        yield control
        control.post("/reset").raise_for_status()
