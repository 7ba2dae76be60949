"""What lists cost that the reference does not have: deep pages by number and by cursor, near a place, and with free days."""

from __future__ import annotations

import json
import random
import urllib.request
from datetime import date, timedelta
from pathlib import Path

from ops.terminal import Terminal
from tests.bench import load
from tests.bench.data import SEED
from tests.bench.load import Round
from tests.bench.servers import Server

SORTS = ("rating", "price", "-price", "newest")
DEEP, SEVERAL = 500, 20
HEADS = ("list", "answers/s", "p50 ms", "p99 ms", "core ms: own + stores", "errors")


def measure(server: Server, terminal: Terminal, logs: Path, seconds: int, today: date) -> dict[str, dict[str, float]]:
    """A round of each kind, after one that does not count; shown as a table."""
    deep = max(min(DEEP, _pages(server) - SEVERAL), 2)
    kinds = {
        "first page": _of_all_sorts(1),
        f"page {deep} by page": _of_all_sorts(deep),
        f"page {deep} by cursor": [_next(server, path) for path in _of_all_sorts(deep - 1)],
        "near, nearest first": _near("distance", (5, 50)),
        "near, by stars": _near("rating", (5, 50)),
        "within 500 km, nearest first": _near("distance", (500, 500)),
        "free on a day": _free(today, 1),
        "free in a week": _free(today, 7),
        "free in 31 days": _free(today, 31),
    }
    rounds: dict[str, Round] = {}
    for number, (name, paths) in enumerate(kinds.items()):
        questions = load.write_questions(logs / f"lists-{number}.txt", paths)
        load.run(server, questions, 1)
        rounds[name] = load.run(server, questions, seconds)
    terminal.table([HEADS, *((name, *_row(one)) for name, one in rounds.items())])
    return {name: {"rate": one.rate, "p50_ms": one.p50_ms, "p99_ms": one.p99_ms} for name, one in rounds.items()}


def _row(one: Round) -> tuple[str, ...]:
    cost = f"{one.cpu_ms:.2f} + {one.cpu_ms_database:.2f}"
    return f"{one.rate:,.0f}", f"{one.p50_ms:.1f}", f"{one.p99_ms:.0f}", cost, str(one.refused + one.broken)


def _of_all_sorts(page: int) -> list[str]:
    return [f"/api/experiences?sort={sort}&page={page + more}" for more in range(SEVERAL) for sort in SORTS]


def _pages(server: Server) -> int:
    return _asked(server, "/api/experiences")["pagination"]["total_pages"]


def _next(server: Server, path: str) -> str:
    """The page behind one, by its cursor."""
    cursor = _asked(server, path)["pagination"]["next_cursor"]
    return f"{path.partition('&page=')[0]}&cursor={cursor}"


def _near(sort: str, radius: tuple[int, int]) -> list[str]:
    chance = random.Random(SEED)
    return [
        f"/api/experiences?lat={chance.uniform(-4, 4):.5f}&lon={chance.uniform(34.5, 40.5):.5f}"
        f"&radius={chance.randint(*radius)}&sort={sort}"
        for _ in range(200)
    ]


def _free(today: date, days: int) -> list[str]:
    chance, paths = random.Random(SEED), []
    for _ in range(200):
        first = today + timedelta(days=chance.randint(1, 40))
        last = first + timedelta(days=days - 1)
        paths.append(
            f"/api/experiences?date_from={first}&date_to={last}&guests={chance.randint(1, 4)}&sort={chance.choice(SORTS)}"
        )
    return paths


def _asked(server: Server, path: str) -> dict:
    with urllib.request.urlopen(server.url + path, timeout=30) as answer:
        return json.loads(answer.read())
