"""Fixtures of the command's own tests: a terminal whose output can be read, and a state that services may live in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import state
from ops.terminal import Terminal


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
