"""Limits counted in PostgreSQL are exact, however many ask at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.policy import DelayPolicy, Limit
from models.operations import RateLimit, beat, forget, forget_old_hits, give_back, guess, heartbeats, hit
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


@pytest.fixture
def guess_at(db):
    """Counts one guess ``seconds`` after nine o'clock, in a transaction of its own."""

    def count(seconds, free=Limit(3, timedelta(days=1))):  # noqa: B008 - frozen
        with db.transaction() as session:
            return guess(session, "login_account", "a", free, DelayPolicy(), NOW + seconds * SECOND)

    return count


def test_guesses_are_free_at_first_and_then_wait_twice_as_long_each_time_up_to_an_hour(guess_at):
    assert [guess_at(0), guess_at(0), guess_at(0)] == [None, None, None]
    at, waits = 0.0, []
    for _ in range(10):
        wait = guess_at(at)
        assert guess_at(at + wait - 0.001) == 1.0
        at += wait
        assert guess_at(at) is None
        waits.append(wait)
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_guess_that_has_to_wait_does_not_wait_longer_for_it(guess_at):
    for _ in range(3):
        guess_at(0)
    assert [guess_at(second) for second in (1, 2, 3, 29)] == [29.0, 28.0, 27.0, 1.0]
    assert guess_at(30) is None


def test_a_guess_waits_no_longer_than_until_one_is_free_again(guess_at):
    free = Limit(3, timedelta(seconds=40))
    for second in (0, 10, 20):
        assert guess_at(second, free) is None
    assert guess_at(25, free) == 15.0
    assert guess_at(40, free) is None


def test_of_guesses_at_once_no_more_than_the_free_ones_pass_and_then_one_for_each_wait(guess_at, rush):
    assert rush(20, lambda _: guess_at(0)).count(None) == 3
    assert rush(20, lambda _: guess_at(30)).count(None) == 1
    assert rush(20, lambda _: guess_at(89.9)).count(None) == 0
    assert rush(20, lambda _: guess_at(90)).count(None) == 1


def test_a_hit_that_is_given_back_makes_room_for_one(db, hit_at):
    for second in (0, 1, 2):
        hit_at(second)
    for _ in range(2):
        with db.transaction() as session:
            give_back(session, "stk_phone", "a")
            give_back(session, "stk_phone", "nobody")
    assert [hit_at(3), hit_at(4), hit_at(5) is None] == [None, None, False]
    for _ in range(5):
        with db.transaction() as session:
            give_back(session, "stk_phone", "a")
    with db.reading() as session:
        assert session.get_one(RateLimit, ("stk_phone", "a")).hits == []


def test_old_subjects_are_forgotten_but_not_one_that_is_being_counted(db, hit_at):
    for number in range(5):
        hit_at(number, subject=f"old {number}")
    hit_at(100, subject="new")
    hit_at(0, subject="given back")
    with db.transaction() as session:
        give_back(session, "stk_phone", "given back")
    with db.transaction() as counting:
        hit(counting, "stk_phone", "old 0", THREE_A_MINUTE, NOW + 200 * SECOND)
        with db.transaction() as session:
            forget_old_hits(session, NOW + 50 * SECOND, 100)
    with db.reading() as session:
        assert set(session.scalars(select(RateLimit.subject))) == {"old 0", "new"}


def test_a_heartbeat_remembers_the_latest_sign_of_life(db):
    with db.transaction() as session:
        beat(session, "relay", NOW)
        beat(session, "worker-money", NOW)
        beat(session, "relay", NOW + SECOND)
        beat(session, "relay", NOW - SECOND)
    with db.reading() as session:
        assert heartbeats(session) == {"relay": NOW + SECOND, "worker-money": NOW}
