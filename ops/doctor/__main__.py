"""The doctor where everything is installed already, such as in a container: ``python -m ops.doctor [--json]``."""

from __future__ import annotations

import sys

from ops.command import inside

if __name__ == "__main__":
    sys.exit(inside("doctor", sys.argv[1:]))
