"""Whoever has waited longest comes next, however busy those are who come along just then."""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import pytest

from turns import Turns

ROUNDS = 50


class Pool(Protocol):
    def take(self) -> str: ...

    def give(self, thing: str) -> None: ...


class Unfair:
    """What the standard library has: whoever is quick is served."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.give = self._queue.put
        self.take = self._queue.get


def overtaken(pool: Pool) -> int:
    """How often somebody who gives a thing back has it again before the one who was waiting for it."""
    count = 0
    for _ in range(ROUNDS):
        pool.take()
        served = threading.Event()
        waiter = threading.Thread(target=wait_once, args=(pool, served))
        waiter.start()
        while not is_waiting(pool, waiter):
            time.sleep(0.001)
        pool.give("it")
        pool.take()
        count += not served.is_set()
        pool.give("it")
        waiter.join(5)
    return count


def wait_once(pool: Pool, served: threading.Event) -> None:
    thing = pool.take()
    served.set()
    pool.give(thing)


def is_waiting(pool: Pool, waiter: threading.Thread) -> bool:
    if isinstance(pool, Turns):
        return bool(pool._waiting)
    time.sleep(0.005)
    return waiter.is_alive()


@pytest.fixture
def pool() -> Turns[str]:
    return Turns(["it"])


def test_who_waits_is_served_before_who_comes_along(pool):
    assert overtaken(pool) == 0


def test_a_queue_would_serve_the_quicker_one():
    unfair = Unfair()
    unfair.give("it")

    assert overtaken(unfair) > 0


def test_the_thing_that_was_used_last_is_the_next():
    pool = Turns(["cold", "warm"])

    assert pool.take() == "warm"
    pool.give("warm")
    assert [pool.take(), pool.take()] == ["warm", "cold"]


def test_whoever_waits_too_long_is_told_and_forgotten(pool):
    pool.take()
    with pytest.raises(TimeoutError):
        pool.take(0.01)

    pool.give("it")
    assert pool.take(0.01) == "it"


def test_what_is_handed_over_as_the_wait_ends_is_not_lost(pool):
    def come(_: int) -> int:
        taken = 0
        for _ in range(300):
            try:
                thing = pool.take(0.0002)
            except TimeoutError:
                continue
            time.sleep(0.0002)
            pool.give(thing)
            taken += 1
        return taken

    with ThreadPoolExecutor(8) as crowd:
        taken = list(crowd.map(come, range(8)))

    assert sum(taken) > 0
    assert pool.take(0) == "it"
    assert pool.take_idle() == []


def test_all_that_nobody_has_can_be_taken_away():
    pool = Turns([1, 2, 3])
    pool.take()

    assert pool.take_idle() == [1, 2]
    with pytest.raises(TimeoutError):
        pool.take(0)
