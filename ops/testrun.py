"""The whole suite on PostgreSQL and Redis of its own, so that no developer's data or settings can colour a result."""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops import services, state
from ops.terminal import Terminal
from ops.venv import ROOT
from settings import Settings

COVERAGE_FLOOR = 90
#: More would wait for each other's processes: many tests start several of their own.
MOST_WORKERS = 4


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Lint and all tests, or only pytest where it was given arguments; the exit code of the first failure."""
    choice = services.chosen(options.services, os.environ)
    workers = 1 if options.rest else min(processors(), MOST_WORKERS)
    folder = state.throw_away()
    houses: list[services.Services] = []
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for number in range(workers):
            house = state.State(folder.path / str(number))
            house.make()
            houses.append(services.Services())
            services.start(houses[-1], house, choice, {}, terminal, is_durable=False)
        env = clean_environment(os.environ, together(houses), folder.path)
        # The first failure ends the run: a last line that says "passed" must not stand under a failed one.
        asked = commands(options.rest, workers)
        return next((result for result in (_run(command, env) for command in asked) if result), 0)
    finally:
        for running in houses:
            running.stop()
        shutil.rmtree(folder.path, ignore_errors=True)


def processors() -> int:
    """How many processors of this machine are ours to use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def commands(arguments: list[str], workers: int = 1) -> list[list[str]]:
    """What is run, in order; pytest last, so that its summary is the last line.

    Several ``workers`` share the files in the order of their cost. One that crashed is not replaced: it is a failure.
    """
    pytest = [sys.executable, "-m", "pytest", *arguments]
    if arguments:
        return [pytest]
    if workers > 1:
        pytest += [f"--numprocesses={workers}", "--dist=loadfile", "--no-loadscope-reorder", "--max-worker-restart=0"]
    tools = Path(sys.executable).parent
    return [
        [sys.executable, "-m", "ruff", "check", "."],
        [sys.executable, "-m", "ruff", "format", "--check", "."],
        [str(tools / "lint-imports"), "--no-cache"],
        [*pytest, "--cov", "--cov-report=term:skip-covered", f"--cov-fail-under={COVERAGE_FLOOR}"],
    ]


def together(houses: Sequence[services.Services]) -> services.Services:
    """The services of all workers as lists of addresses, from which tests/support/parallel.py takes each worker's own."""
    return services.Services(
        database_url=" ".join(each.database_url for each in houses),
        redis_url=" ".join(each.redis_url for each in houses),
    )


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
            # Fixtures may have processes of their own to stop, each worker for itself.
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
        raise


def _interrupt(*_) -> None:
    raise _Terminated
