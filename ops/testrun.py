"""The whole suite on a PostgreSQL and Redis of its own, so that no developer's data or settings can colour a result."""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ops import services, state
from ops.terminal import Terminal
from ops.venv import ROOT
from settings import Settings

COVERAGE_FLOOR = 90


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Lint and all tests, or only pytest where it was given arguments; the exit code of the first failure."""
    choice = services.chosen(options.services, os.environ)
    running = services.Services()
    folder = state.throw_away()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        services.start(running, folder, choice, {}, terminal, is_durable=False)
        env = clean_environment(os.environ, running, folder.path)
        # The first failure ends the run: a last line that says "passed" must not stand under a failed one.
        return next((result for result in (_run(command, env) for command in commands(options.rest)) if result), 0)
    finally:
        running.stop()
        shutil.rmtree(folder.path, ignore_errors=True)


def commands(arguments: list[str]) -> list[list[str]]:
    """What is run, in order; pytest last, so that its summary is the last line."""
    pytest = [sys.executable, "-m", "pytest", *arguments]
    if arguments:
        return [pytest]
    tools = Path(sys.executable).parent
    return [
        [sys.executable, "-m", "ruff", "check", "."],
        [sys.executable, "-m", "ruff", "format", "--check", "."],
        [str(tools / "lint-imports"), "--no-cache"],
        [*pytest, "--cov", "--cov-report=term:skip-covered", f"--cov-fail-under={COVERAGE_FLOOR}"],
    ]


def clean_environment(environ: Mapping[str, str], running: services.Services, folder: Path) -> dict[str, str]:
    """The caller's environment without the product's settings, pointed at the throw-away services."""
    ours = {field.metadata["name"] for field in dataclasses.fields(Settings)} | {"NODE_ENV", "ELITE_STATE"}
    kept = {name: value for name, value in environ.items() if name not in ours}
    return {
        **kept,
        "APP_ENV": "test",
        "DATABASE_URL": running.database_url,
        "REDIS_URL": running.redis_url,
        # Two runs side by side would otherwise write into one file.
        "COVERAGE_FILE": str(folder / "coverage"),
    }


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which unlike Ctrl-C has reached only us and not the command we run."""


def _run(command: list[str], env: Mapping[str, str]) -> int:
    sys.stdout.flush()
    child = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        return child.wait()
    except KeyboardInterrupt as interruption:
        if isinstance(interruption, _Terminated):
            child.send_signal(signal.SIGINT)
        try:
            # Fixtures may have processes of their own to stop.
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
        raise


def _interrupt(*_) -> None:
    raise _Terminated
