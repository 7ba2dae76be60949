"""Says whether the process in this container does its work: ``python healthcheck.py [NAME]`` exits with 0 or with 1."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import psycopg2

from domain.liveness import SILENCES, pulse_of

#: Written by docker/start; absent where something else than a process of the Procfile runs.
_NAME = Path(tempfile.gettempdir()) / "process"
_PROCFILE = Path(__file__).with_name("Procfile")
_SECONDS = 3
_HEARTBEATS = "SELECT name, at FROM heartbeats UNION ALL SELECT '', clock_timestamp()"


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Print one sentence on the process and return 0 where it is well."""
    name = arguments[0] if arguments else _NAME.read_text().strip() if _NAME.exists() else ""
    url = _page(name, environ)
    fault = _unanswered(url) if url else _unheard(name, environ)
    sys.stdout.write(f"{name or 'no process of the Procfile'}: {fault or 'well'}\n")
    return 1 if fault else 0


def _page(name: str, environ: Mapping[str, str]) -> str:
    """The page that a serving process answers while it lives; empty for the others."""
    flower_prefix = environ.get("FLOWER_URL_PREFIX", "").strip("/")
    pages = {
        "web": f"{environ.get('PORT') or '5000'}/health",
        "realtime": f"{environ.get('REALTIME_PORT') or '5001'}/health",
        "flower": f"{environ.get('FLOWER_PORT') or '5555'}/{flower_prefix}/healthcheck".replace("//", "/"),
    }
    return f"http://127.0.0.1:{pages[name]}" if name in pages else ""


def _unanswered(url: str) -> str:
    try:
        urllib.request.urlopen(url, timeout=_SECONDS).close()  # noqa: S310 - an address of ours
    except OSError as error:
        return f"{url} does not answer ({error})"
    return ""


def _unheard(name: str, environ: Mapping[str, str]) -> str:
    """What the process should have been heard of and was not.

    A database that is away is not the fault of the process that was asked about.
    """
    wanted = _heartbeats(name)
    if not wanted:
        return ""
    url = environ["DATABASE_URL"].replace("+psycopg2", "", 1)
    try:
        connection = psycopg2.connect(url, connect_timeout=_SECONDS, options=f"-c statement_timeout={_SECONDS}s")
        with closing(connection), connection.cursor() as cursor:
            cursor.execute(_HEARTBEATS)
            seen = dict(cursor.fetchall())
    except psycopg2.OperationalError:
        return ""
    now = seen.pop("")
    return ", ".join(
        f"{heart} is {pulse.value}" for heart in wanted if not (pulse := pulse_of(heart, seen, now)).is_well
    )


def _heartbeats(name: str) -> list[str]:
    """The names under which a process of the Procfile is heard of: its own, or those of its queues."""
    if name in SILENCES:
        return [name]
    line = re.search(rf"^{re.escape(name)}:.* -Q (\S+)", _PROCFILE.read_text(), re.MULTILINE) if name else None
    return [f"queue:{queue}" for queue in line[1].split(",")] if line else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
