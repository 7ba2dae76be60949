"""Brings a database to the newest version, as a step of ``up`` and as a command of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping

from ops import environment, services, state
from ops.errors import OpsError
from ops.terminal import Terminal
from ops.venv import ROOT


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Migrate the database of DATABASE_URL, else of the running ``up``, else of the one ``up`` would start."""
    env = environment.read(ROOT, os.environ)
    choice = services.chosen(options.services, env)
    folder = state.durable(env)
    if choice == "auto" and not env.get("DATABASE_URL") and folder.is_locked():
        env["DATABASE_URL"] = folder.record.get("database_url", "")
    running = services.Services()
    try:
        if choice != "auto" or not env.get("DATABASE_URL"):
            folder.make()
            folder.lock()
        services.start_database(running, folder, choice, env, terminal, is_durable=True)
        upgrade({**env, "DATABASE_URL": running.database_url}, terminal)
    finally:
        running.stop()
    return 0


def upgrade(env: Mapping[str, str], terminal: Terminal) -> None:
    """Run every migration that DATABASE_URL has not seen; raises OpsError with what the database said."""
    with terminal.step("Database at the newest version"):
        output = run_module(["alembic", "upgrade", "head"], env)
        if isinstance(output, OpsError):
            raise OpsError(
                "The database could not be brought to the newest version.",
                "Nothing of the failed migration was kept. Correct what it says and start again.",
                output.details,
            )


def run_module(arguments: list[str], env: Mapping[str, str]) -> str | OpsError:
    """What ``python -m ARGUMENTS`` prints, or an error with its last lines where it fails."""
    answer = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )
    if not answer.returncode:
        return answer.stdout
    lines = [line for line in (answer.stdout + answer.stderr).splitlines() if line.strip()]
    # Of a traceback only its end says what went wrong.
    ends = [line for line in lines if line.strip() == line and not line.startswith("Traceback")]
    return OpsError(f"{arguments[0]} failed.", "", (ends or lines)[-4:])
