"""The benchmarks, on a PostgreSQL and Redis of their own."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys

from ops import services, state
from ops.terminal import Terminal
from ops.testrun import clean_environment
from ops.venv import ROOT
from tests.bench.options import parse


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Measure; 0 also where a bar was missed, for that is a figure and no failure."""
    parse(options.rest)
    running = services.Services()
    folder = state.throw_away()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        services.start(running, folder, services.chosen(options.services, os.environ), {}, terminal, is_durable=False)
        stores = ",".join(str(server.pid) for server in running.servers)
        env = {**clean_environment(os.environ, running, folder.path), "BENCH_STORES": stores}
        command = [sys.executable, "-m", "tests.bench", *options.rest]
        sys.stdout.flush()
        child = subprocess.Popen(command, cwd=ROOT, env=env)
        try:
            return child.wait()
        except KeyboardInterrupt:
            # What it started ends with it.
            child.terminate()
            child.wait(15)
            raise
    finally:
        running.stop()
        shutil.rmtree(folder.path, ignore_errors=True)


def _interrupt(*_) -> None:
    raise KeyboardInterrupt
