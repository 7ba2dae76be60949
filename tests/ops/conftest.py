"""Fixtures of the command's own tests: a terminal whose output can be read, and a state that services may live in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from models.session import Database
from ops import seed, state
from ops.terminal import Terminal
from settings import Settings
from tests.support.database import throw_away_database


class Output:
    """What the command has printed: a real file, because moving lines are written past Python's buffers."""

    def __init__(self, path: Path):
        self.stream = path.open("w", encoding="utf-8")
        self._path = path
        self._read = 0

    def fresh(self) -> str:
        """What was printed since the last call."""
        text = self._path.read_text()
        fresh, self._read = text[self._read :], len(text)
        return fresh


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Output]:
    made = Output(tmp_path / "terminal.txt")
    yield made
    made.stream.close()


@pytest.fixture
def terminal(output: Output) -> Terminal:
    return Terminal(output.stream, {})


@pytest.fixture
def folder() -> Iterator[state.State]:
    # Not tmp_path: the services may run as another user, who may not enter it.
    made = state.throw_away()
    yield made
    shutil.rmtree(made.path)


@pytest.fixture(scope="session")
def demo_settings(redis_url: str) -> Iterator[Callable[..., Settings]]:
    """Settings, with changes by name, of a database for the demo data; nobody but the load writes to it."""
    with throw_away_database(os.environ["DATABASE_URL"]) as url:
        environ = {"APP_ENV": "test", "DATABASE_URL": url, "REDIS_URL": redis_url, "BCRYPT_ROUNDS": "4"}
        yield lambda **changes: Settings.from_env(environ | changes)


@pytest.fixture(scope="session")
def demo_counts(demo_settings: Callable[..., Settings]) -> Mapping[str, int]:
    """The rows that a first load added, by table."""
    return dict(seed.load(demo_settings()).counts)


@pytest.fixture(scope="session")
def demo(demo_settings: Callable[..., Settings], demo_counts: Mapping[str, int]) -> Iterator[Database]:
    """A database with the demo data as a first load leaves it, to read from."""
    database = Database(demo_settings().database_url, pool_size=2)
    yield database
    database.dispose()
