"""Where data lives, that one command holds it at a time, and that throw-away folders are thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops import state
from ops.errors import OpsError


def test_a_given_folder_wins_and_a_users_lies_at_home(monkeypatch):
    assert state.durable({"ELITE_STATE": "/somewhere"}).path == Path("/somewhere")
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    assert state.durable({"HOME": "/home/amina"}).path == Path("/home/amina/.local/share/elite-events")
    monkeypatch.setattr(os, "getuid", lambda: 0)
    assert state.durable({"HOME": "/root"}).path == Path("/var/lib/elite-events")


def test_counting_begins_anew(folder):
    for _ in range(2):
        folder.empty_metrics()
        assert list(folder.metrics.iterdir()) == []
        (folder.metrics / "counter_0.db").write_bytes(b"counts")


def test_the_second_of_two_is_told_where_the_first_runs(folder):
    folder.write_record({"pid": 4711, "api_url": "http://localhost:5000"})
    handle = folder.lock()
    assert folder.is_locked()
    with pytest.raises(OpsError, match=r"already running at http://localhost:5000 \(process 4711\)"):
        folder.lock()
    os.close(handle)
    assert not folder.is_locked()
    os.close(folder.lock())


def test_a_broken_record_counts_as_none(folder):
    (folder.path / "up.json").write_text("{half")
    assert folder.record == {}


def test_an_unwritable_folder_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OpsError, match="cannot be written"):
        state.State(tmp_path / "file" / "state").make()


def test_folders_of_killed_test_runs_are_cleared_away(folder):
    child = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = folder.path.parent / f"elite-test-{int(child.stdout)}-left"
    left.mkdir()
    again = state.throw_away()
    assert not left.exists()
    assert folder.path.exists()
    again.logs.rmdir()
    again.dist.rmdir()
    (again.path / "up.lock").unlink()
    again.path.rmdir()
