"""The whole suite runs in several processes at once: which of them this one is, and what belongs to it alone."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping

_WORKER = "PYTEST_XDIST_WORKER"


def worker(environ: Mapping[str, str] = os.environ) -> int:
    """The number of this worker from 0 on; 0 also where there is only one."""
    return int(environ.get(_WORKER, "gw0").removeprefix("gw"))


def take_own_services(environ: MutableMapping[str, str]) -> None:
    """Of the PostgreSQL and Redis that were started for each worker, take ours: nobody else stops or empties them.

    The process that hands out the work runs no tests and takes none: the workers inherit its environment.
    """
    if _WORKER not in environ:
        return
    for name in ("DATABASE_URL", "REDIS_URL"):
        if " " in environ.get(name, ""):
            environ[name] = environ[name].split(" ")[worker(environ)]
