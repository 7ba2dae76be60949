"""Places to work: fewer than threads, left by whoever only waits, and never lost."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

import pytest

from api.passwords import NICENESS, Passwords
from api.workplaces import Workplaces
from domain.errors import Busy
from models.session import HOT_CONNECTIONS

THREADS = 14


class Crowd:
    """Requests that come all at once, and how many of them were at work together."""

    def __init__(self, work: Callable[[], object] = lambda: time.sleep(0.02)):
        self.work = work
        self.most = self._now = 0
        self._lock = threading.Lock()

    def step(self, by: int) -> None:
        with self._lock:
            self._now += by
            self.most = max(self.most, self._now)

    def come(self, place: Callable[[], AbstractContextManager[None]], times: int = THREADS) -> list[object]:
        """What each of them met with: its result, or the exception it ended with."""
        with ThreadPoolExecutor(times) as pool:
            asked = [pool.submit(self._one, place) for _ in range(times)]
            return [future.exception() or future.result() for future in asked]

    def _one(self, place: Callable[[], AbstractContextManager[None]]) -> object:
        with place():
            self.step(1)
            try:
                return self.work()
            finally:
                self.step(-1)


def test_no_more_requests_are_worked_on_than_there_are_places():
    workplaces, crowd, unbounded = Workplaces(THREADS), Crowd(), Crowd()
    crowd.come(workplaces.taken)
    unbounded.come(nullcontext)
    assert crowd.most == workplaces.number == 4 < unbounded.most


def test_who_waits_leaves_the_place_to_others_and_takes_one_again():
    workplaces, everybody, crowd = Workplaces(THREADS), threading.Barrier(THREADS), Crowd()

    def work() -> None:
        crowd.step(-1)
        with workplaces.left():
            # Comes to an end only when more are here at once than there are places.
            everybody.wait(5)
        crowd.step(1)
        time.sleep(0.02)

    crowd.work = work
    assert crowd.come(workplaces.taken) == [None] * THREADS
    assert crowd.most <= workplaces.number


def test_a_request_that_fails_gives_its_place_back():
    workplaces = Workplaces(THREADS)

    def fail() -> None:
        with workplaces.left():
            raise ValueError

    for _ in range(3):
        assert {type(met) for met in Crowd(fail).come(workplaces.taken)} == {ValueError}
    assert all_places_are_free(workplaces)


def test_a_thread_without_a_place_leaves_none():
    workplaces = Workplaces(THREADS)
    with workplaces.left():
        pass
    assert all_places_are_free(workplaces)


def test_whoever_waits_for_a_password_works_on_nothing():
    workplaces = Workplaces(THREADS)
    passwords = Passwords(rounds=4, slots=1, queue=3, aside=workplaces.left)
    passwords._slots.acquire()
    with ThreadPoolExecutor(1) as pool:
        signing_in = pool.submit(Crowd(lambda: passwords.matches("x", None)).come, workplaces.taken, 4)
        time.sleep(0.1)
        assert all_places_are_free(workplaces)
        passwords._slots.release()
        assert signing_in.result() == [False] * 4


def test_few_hand_files_to_the_storage_at_once():
    workplaces = Workplaces(THREADS)
    with ExitStack() as storing:
        for _ in range(4):
            storing.enter_context(workplaces.storing())
        with pytest.raises(Busy), workplaces.storing():
            pass
    with workplaces.storing():
        pass


def all_places_are_free(workplaces: Workplaces) -> bool:
    crowd = Crowd()
    crowd.come(workplaces.taken)
    return crowd.most == workplaces.number


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness of their own on Linux alone")
def test_hashing_steps_back_behind_whoever_answers_requests():
    passwords = Passwords(rounds=4, slots=1, queue=0)
    niceness = passwords._in_turn(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert niceness == os.getpriority(os.PRIO_PROCESS, 0) + NICENESS
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == niceness - NICENESS


@pytest.mark.parametrize("path", ["/health", "/api/experiences?limit=0"])
def test_every_request_takes_a_place(http, path):
    """Also one that turns out to be refused, and was a hot read until then."""
    workplaces = http.edge.workplaces
    with waiting(lambda: http.get(path), [workplaces.taken() for _ in range(workplaces.number)]) as asked:
        pass
    assert asked.result().status_code in (200, 422)


@pytest.mark.parametrize("path", ["/api/experiences", "/api/experiences?limit=0"])
def test_hot_reads_have_places_of_their_own(http, path):
    reading = http.edge.workplaces.reading
    with waiting(lambda: http.get(path), [reading for _ in range(HOT_CONNECTIONS)]) as asked:
        pass
    assert asked.result().status_code in (200, 422)


def test_who_looks_need_not_wait_for_those_who_work(http):
    workplaces = http.edge.workplaces
    with ExitStack() as working:
        for _ in range(workplaces.number):
            working.enter_context(workplaces.taken())
        assert http.get("/api/experiences").status_code == 200


@contextmanager
def waiting(ask: Callable[[], object], places: list[AbstractContextManager[None]]) -> Iterator[Future]:
    """Somebody who asks while all places are taken, and is seen to wait until they are free."""
    with ThreadPoolExecutor(1) as pool, ExitStack() as others:
        for place in places:
            others.enter_context(place)
        asked = pool.submit(ask)
        time.sleep(0.2)
        assert not asked.done()
        others.close()
        yield asked


def test_whoever_has_left_a_place_leaves_none_a_second_time():
    workplaces = Workplaces(THREADS)
    with workplaces.taken(), workplaces.left():
        with workplaces.left():
            assert len(workplaces._free._free) == workplaces.number
        assert len(workplaces._free._free) == workplaces.number
    assert len(workplaces._free._free) == workplaces.number
