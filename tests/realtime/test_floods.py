"""One client that never stops sending: it is cut, and meanwhile everybody else is served by the same process."""

from __future__ import annotations

import subprocess
import sys

import httpx
import psutil
import pytest

from tests.support.database import ROOT
from tests.support.flood import flooding, frame, opened

FLOODS = {
    "a message without end": (frame(b"4" + b"a" * 15_000, final=False), frame(b"a" * 16_000, kind=0, final=False) * 4),
    "a message of nothing": (frame(b"4", final=False), frame(kind=0, final=False) * 5_000),
    "packets that mean nothing": (b"", frame(b"6") * 5_000),
    "pongs": (b"", frame(kind=10) * 5_000),
    "packets that belong to an upgrade": (b"", frame(b"5") * 5_000),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_cut_while_others_are_served(npm, person, realtime, name):
    amina = person()
    hers = amina.connects(npm.socket(), realtime.url)
    process = psutil.Process(realtime.process.pid)
    before = process.memory_info().rss

    with flooding(opened(realtime.url), *FLOODS[name]) as cut:
        amina.is_told()
        assert httpx.get(f"{realtime.url}/health", timeout=5, trust_env=False).status_code == 200
        assert hers.expect("notification")["seq"] == 1
        assert cut.wait(5)

    assert process.memory_info().rss - before < 10_000_000
    assert hers.all("disconnect") == []


def test_a_frozen_process_ends_itself_and_hears_when_it_is_told_to():
    program = "import realtime; dog = realtime.Watchdog({}); dog.start(); {}\nwhile True: pass"
    cases = (("0.2, 60", "", b'"realtime.frozen"'), ("60, 0.2", "dog.stop(); dog.pulse()", b'"realtime.overdue"'))
    processes = [
        subprocess.Popen([sys.executable, "-c", program.format(limits, told)], cwd=ROOT, stderr=subprocess.PIPE)
        for limits, told, _ in cases
    ]
    for process, (_, _, event) in zip(processes, cases, strict=True):
        try:
            _, words = process.communicate(timeout=60)
        finally:
            process.kill()
        assert (process.returncode, event in words) == (1, True), words
