"""Load on a server, by wrk where the machine has it and by autocannon elsewhere, and what it cost in time of the cores."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ops import node
from tests.bench.servers import Server

HERE = Path(__file__).parent
CONNECTIONS, WARMING_THREADS = 32, 8
#: A round is given so much longer than it should take.
PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Round:
    """One round of load: what was answered, how soon, and the milliseconds of a core that each answer took."""

    requests: int
    seconds: float
    refused: int
    broken: int
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    cpu_ms_database: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


class LoadFailed(Exception):
    """The tool that makes the load did not say what it measured."""


def tool() -> str:
    """The name of what makes the load on this machine."""
    return "wrk" if shutil.which("wrk") else "autocannon"


def write_questions(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def run(server: Server, questions: Path, seconds: float, *, encoding: str = "identity", start: int = 0) -> Round:
    """One round of ``questions`` (see load.lua), asked by 32 connections at once."""
    before = server.cpu_seconds()
    command = _command(server.url, questions, seconds, encoding, start)
    answer = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + PATIENCE_SECONDS, check=False, cwd=HERE / "reference"
    )
    after = server.cpu_seconds()
    try:
        figures = json.loads(answer.stderr.strip().splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise LoadFailed(f"{tool()} said: {answer.stdout[-500:]}{answer.stderr[-500:]}") from error
    asked = max(figures["requests"], 1)
    own, database = ((end - begin) * 1000 / asked for begin, end in zip(before, after, strict=True))
    return Round(**figures, cpu_ms=own, cpu_ms_database=database)


def ask_all(server: Server, questions: Path) -> None:
    """Send every POST of a file once, however long it takes. Raises :class:`LoadFailed` where one is refused."""

    def ask(line: str) -> int:
        path, token, body = line.split("\t")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with urllib.request.urlopen(
            urllib.request.Request(server.url + path, body.encode(), headers), timeout=30
        ) as answer:
            return answer.status

    try:
        with ThreadPoolExecutor(WARMING_THREADS) as pool:
            list(pool.map(ask, questions.read_text().splitlines()))
    except OSError as error:
        raise LoadFailed(f"{questions.stem}: {error}") from error


def _command(url: str, questions: Path, seconds: float, encoding: str, start: int) -> list[str]:
    duration = str(max(round(seconds), 1))
    if tool() == "wrk":
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{duration}s", "--timeout", "20s", "-s", str(HERE / "load.lua")]
        return ["wrk", *options, url, "--", str(questions), encoding, str(start)]
    load = str(HERE / "reference/load.js")
    return [str(node.interpreter()), load, url, str(CONNECTIONS), duration, str(questions), encoding, str(start)]
