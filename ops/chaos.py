"""The fault run as a command: everything dies under load, and the sandbox's record says whether anything was lost."""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from pathlib import Path

from ops import services
from ops.terminal import Terminal

#: One kill every so many seconds, unless a number is asked for.
_SECONDS_A_KILL = 4.0
_SHORT_SECONDS = 60


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """One fault run; 0 where every promise held."""
    from tests.chaos import run as fault_run
    from tests.chaos.plan import Size

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    seed = options.seed if options.seed is not None else int(time.time())
    storm = options.minutes * 60
    is_short = storm < _SHORT_SECONDS
    size = Size(
        payments=options.payments,
        storm=storm,
        kills=options.kills if options.kills is not None else round(storm / _SECONDS_A_KILL),
        flushes=options.flushes,
        slow=3.0 if is_short else 115.0,
        prompt=4.0 if is_short else 30.0,
        passing=round(storm / 30),
        freezes=0 if is_short else 4,
        is_small=is_short,
        stops_redis=not options.keep_redis,
        restarts_postgres=not options.keep_postgres,
    )
    folder = Path(options.report) if options.report else Path(tempfile.gettempdir()) / f"elite-chaos-{seed}"
    choice = services.chosen(options.services, os.environ)
    return 0 if fault_run.run(terminal, choice, seed, size, folder) else 1


def _interrupt(*_) -> None:
    raise KeyboardInterrupt
