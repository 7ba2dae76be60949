"""Counting across processes: nothing is lost when one ends, nothing lingers, and the folder does not grow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from metrics.store import Shared, folder_given

ROOT = Path(__file__).resolve().parents[2]

#: Counts one request and one waiting one, says so, and does what it is told.
COUNTING = """
import os, sys, metrics
metrics.request_answered("GET", "/here", 200, 0.01)
metrics.WAITS.inc()
print("counted", flush=True)
for line in sys.stdin:
    if line == "fork\\n":
        child = os.fork()
        metrics.request_answered("GET", "/here", 200, 0.01)
        if child == 0:
            metrics.WAITS.inc()
            os._exit(0)
        os.waitpid(child, 0)
        print("forked", flush=True)
"""


def environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}


@contextmanager
def counting(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has counted and goes on living."""
    command = [sys.executable, "-c", COUNTING]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout.readline() == "counted\n"
            yield process
        finally:
            process.kill()


def scrape(folder: Path) -> dict[str, float]:
    """Every sample by its name."""
    return {sample.name: sample.value for family in Shared(folder).collect() for sample in family.samples}


def test_processes_count_together_and_the_dead_are_remembered_by_their_counters_only(tmp_path):
    with counting(tmp_path), counting(tmp_path):
        seen = scrape(tmp_path)
        assert (seen["elite_http_requests_total"], seen["elite_waits"]) == (2, 2)
    seen = scrape(tmp_path)

    assert seen["elite_http_requests_total"] == 2
    assert seen["elite_http_request_duration_seconds_count"] == 2
    assert seen.get("elite_waits", 0) == 0


def test_restarts_neither_lose_counts_nor_make_the_folder_grow(tmp_path):
    with counting(tmp_path) as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
    files = sorted(tmp_path.iterdir())
    with counting(tmp_path):
        assert scrape(tmp_path)["elite_waits"] == 1

    assert scrape(tmp_path)["elite_http_requests_total"] == 2
    assert sorted(tmp_path.iterdir()) == files


def test_a_forked_child_counts_for_itself_and_leaves_its_parent_alone(tmp_path):
    with counting(tmp_path) as parent:
        parent.stdin.write("fork\n")
        parent.stdin.flush()
        assert parent.stdout.readline() == "forked\n"
        seen = scrape(tmp_path)

    assert seen["elite_http_requests_total"] == 3
    assert seen["elite_waits"] == 1


def test_a_file_that_is_only_just_made_does_not_upset_a_scrape(tmp_path):
    (tmp_path / "counter_7.db").touch()
    (tmp_path / "gauge_livesum_8.db").touch()

    with counting(tmp_path):
        assert scrape(tmp_path)["elite_http_requests_total"] == 1


@pytest.mark.parametrize("given", ["", "  ", None])
def test_without_a_folder_a_process_counts_for_itself(monkeypatch, given):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    if given is not None:
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", given)

    assert folder_given() is None
