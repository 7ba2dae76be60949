"""Limits counted in PostgreSQL are exact, however many ask at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.policy import Limit
from models.operations import RateLimit, beat, forget, heartbeats, hit
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)
SECOND = timedelta(seconds=1)
THREE_A_MINUTE = Limit(3, timedelta(minutes=1))


@pytest.fixture
def hit_at(db):
    """Counts one hit of one subject, ``seconds`` after nine o'clock, in a transaction of its own."""

    def count(seconds, subject="a", scope="stk_phone", limit=THREE_A_MINUTE):
        with db.transaction() as session:
            return hit(session, scope, subject, limit, NOW + seconds * SECOND)

    return count


def test_hits_pass_until_the_limit_is_used_up_and_then_say_how_long_to_wait(hit_at):
    assert [hit_at(0), hit_at(10), hit_at(20)] == [None, None, None]
    assert hit_at(30) == 30.0
    assert hit_at(59.5) == 1.0


def test_the_window_slides_to_the_microsecond(hit_at):
    for second in (0, 10, 20):
        hit_at(second)
    assert hit_at(59.999999) is not None
    assert hit_at(60) is None
    assert hit_at(69.999999) == 1.0
    assert hit_at(70) is None


def test_a_refused_hit_does_not_count(hit_at):
    for second in (0, 1, 2, 3, 4, 5):
        hit_at(second)
    assert [hit_at(60), hit_at(61), hit_at(62), hit_at(63) is None] == [None, None, None, False]


def test_scopes_and_subjects_are_counted_apart(hit_at):
    for second in (0, 1, 2):
        hit_at(second)
    assert hit_at(3) is not None
    assert hit_at(3, subject="b") is None
    assert hit_at(3, scope="stk_user") is None


def test_old_hits_are_not_kept(db, hit_at):
    for second in (0, 1, 2, 100):
        hit_at(second)
    with db.reading() as session:
        assert session.get_one(RateLimit, ("stk_phone", "a")).hits == [NOW + 100 * SECOND]


def test_what_is_forgotten_is_counted_anew(db, hit_at):
    for second in (0, 1, 2):
        hit_at(second)
    with db.transaction() as session:
        forget(session, "stk_phone", "a")
    assert hit_at(3) is None


def test_a_hit_counts_only_when_its_transaction_commits(db, hit_at):
    def hit_and_fail():
        with db.transaction() as session:
            hit(session, "stk_phone", "a", THREE_A_MINUTE, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hit_and_fail()
    assert [hit_at(0), hit_at(0), hit_at(0), hit_at(0) is None] == [None, None, None, False]


@pytest.mark.parametrize("spread", [0, 0.001], ids=["in the same microsecond", "a millisecond apart"])
def test_hits_at_once_never_exceed_the_limit(hit_at, rush, spread):
    limit = Limit(5, timedelta(minutes=1))
    answers = rush(20, lambda number: hit_at(number * spread, limit=limit))
    assert answers.count(None) == 5
    assert all(isinstance(answer, float) for answer in answers if answer is not None)


def test_a_heartbeat_remembers_the_latest_sign_of_life(db):
    with db.transaction() as session:
        beat(session, "relay", NOW)
        beat(session, "worker-money", NOW)
        beat(session, "relay", NOW + SECOND)
        beat(session, "relay", NOW - SECOND)
    with db.reading() as session:
        assert heartbeats(session) == {"relay": NOW + SECOND, "worker-money": NOW}
