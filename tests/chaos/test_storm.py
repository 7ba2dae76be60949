"""The fault run itself, in its smallest size: a dozen travellers pay while everything is killed once and Redis is emptied."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ops.venv import ROOT

pytestmark = pytest.mark.e2e

SEED, TRAVELLERS, KILLS = 11, 12, 8


def test_nothing_is_lost_or_doubled_while_everything_dies(tmp_path: Path) -> None:
    arguments = [
        "--seed",
        SEED,
        "--payments",
        TRAVELLERS,
        "--kills",
        KILLS,
        "--minutes",
        0.12,
        "--flushes",
        1,
        "--report",
        tmp_path,
    ]
    arguments += ["--keep-redis", "--keep-postgres"]
    run = subprocess.run(
        [sys.executable, ROOT / "elite", "chaos", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=420,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert sum(report["kills"].values()) >= KILLS // 2, report["kills"]
    assert report["others"]["flush redis"] == 1
    assert report["states"]["succeeded"] >= TRAVELLERS // 3, report["states"]
    assert all(verdict["held"] and verdict["compared"] for verdict in report["verdicts"])
