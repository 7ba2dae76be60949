"""The doctor where everything is installed already, such as in a container: ``python -m ops.doctor [--json]``."""

from __future__ import annotations

import sys

from ops.command import parse
from ops.doctor import run
from ops.errors import OpsError
from ops.terminal import Terminal

if __name__ == "__main__":
    terminal = Terminal()
    try:
        sys.exit(run(parse("doctor", sys.argv[1:]), terminal))
    except OpsError as error:
        terminal.problem(error)
        sys.exit(1)
