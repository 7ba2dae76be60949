"""What the tests of the database share: threads that start together, and refusals by the name of a constraint."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

#: The answers of all threads of a rush; one that failed answers with its exception.
Rush = Callable[[int, Callable[[int], Any]], list[Any]]
Refused = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def rush() -> Rush:
    """``rush(count, work)`` calls ``work(number)`` in ``count`` threads that all start at once."""

    def run(count: int, work: Callable[[int], Any]) -> list[Any]:
        barrier = threading.Barrier(count, timeout=20)

        def one(number: int) -> Any:
            barrier.wait()
            try:
                return work(number)
            except Exception as error:
                return error

        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(one, range(count)))

    return run


@pytest.fixture
def refused() -> Refused:
    """``with refused("ck_…"):`` holds when exactly this constraint refuses what the block does."""

    @contextmanager
    def by(constraint: str) -> Iterator[None]:
        with pytest.raises(IntegrityError) as refusal:
            yield
        assert refusal.value.orig.diag.constraint_name == constraint

    return by
