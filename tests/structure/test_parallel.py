"""Each process of the whole suite has services of its own, and the one that hands out the work leaves them to the others."""

from __future__ import annotations

import pytest

from tests.support.parallel import take_own_services, worker

GIVEN = {"DATABASE_URL": "postgresql://one postgresql://two", "REDIS_URL": "redis://one redis://two"}


@pytest.mark.parametrize(("name", "number", "own"), [("gw0", 0, "one"), ("gw1", 1, "two")])
def test_a_worker_takes_its_own(name, number, own):
    environ = {**GIVEN, "PYTEST_XDIST_WORKER": name}
    take_own_services(environ)
    assert worker(environ) == number
    assert (environ["DATABASE_URL"], environ["REDIS_URL"]) == (f"postgresql://{own}", f"redis://{own}")


def test_whoever_hands_out_the_work_leaves_them_to_the_workers():
    environ = dict(GIVEN)
    take_own_services(environ)
    assert environ == GIVEN


def test_a_single_process_keeps_what_it_was_given():
    environ = {"DATABASE_URL": "postgresql://one", "REDIS_URL": "redis://one"}
    take_own_services(environ)
    assert environ == {"DATABASE_URL": "postgresql://one", "REDIS_URL": "redis://one"}
