"""Patience for what happens elsewhere: a bounded wait with a clear complaint."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(probe: Callable[[], T], *, within: float = 10.0, every: float = 0.05, what: str = "it") -> T:
    """The first truthy answer of ``probe``; fails the test when none comes ``within`` seconds."""
    deadline = time.monotonic() + within
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {within} s (last answer: {answer!r})")
        time.sleep(every)
