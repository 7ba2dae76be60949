"""Prove that a job's effect and its end are one, and that nothing which fails, dies or runs late is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from domain.jobs import MAX_CRASHES, rules_for
from domain.provider_errors import Rejected, Throttled, Unavailable
from tests.support.hands import Hands
from tests.support.jobs import CALLING, QUICK, Killed, Steps, effect
from workers import running
from workers.running import DONE, Postpone, Retry, retry_after, transactional

SECOND = timedelta(seconds=1)


def test_effect_and_end_are_committed_together_when_the_work_succeeds(make, hands, add, happened):
    seen: list[tuple[Any, ...]] = []

    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        effect(session, ctx, "effect")
        seen.append((job.payload, job.attempt, ctx.request_id, ctx.actor.role, set(happened())))

    job = add()
    hands.do(job)
    assert seen == [({"name": "job"}, 1, "the-request", "system", set())]
    assert happened() == {"effect"}
    job = make.reload(job)
    assert (job.done_at is not None, job.lease_until, job.last_error, job.failures) == (True, None, None, 0)


def test_neither_effect_nor_end_is_committed_when_the_job_cannot_be_finished(monkeypatch, make, hands, add, happened):
    def no_database(*_args):
        raise TimeoutError("the database is gone")

    transactional(QUICK)(lambda session, ctx, job, runtime: effect(session, ctx, "effect"))
    monkeypatch.setattr(running, "finish", no_database)
    job = add()
    hands.do(job)
    assert happened() == set()
    assert (make.reload(job).done_at, make.reload(job).last_error) == (None, "TimeoutError")


def test_a_failed_job_is_rolled_back_and_given_back_with_backoff(make, hands, add, happened, later, caplog):
    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        effect(session, ctx, f"effect {job.attempt}")
        if job.attempt < 3:
            raise ValueError("secret words")

    job = add()
    hands.do(job)
    first = make.reload(job)
    assert happened() == set()
    assert (first.failures, first.last_error, first.lease_until, first.dead_at) == (1, "ValueError", None, None)
    assert 1 <= (first.due_at - job.due_at).total_seconds() <= 4
    assert hands.due(QUICK.queue) == [], "not at once"
    assert "job.retried" in caplog.text
    later(seconds=4)
    hands.work(QUICK.queue)
    assert make.reload(job).failures == 2
    assert 2 <= (make.reload(job).due_at - first.due_at).total_seconds() <= 9, "twice as long"
    later(seconds=9)
    hands.work(QUICK.queue)
    assert make.reload(job).done_at is not None
    assert happened() == {f"effect {make.reload(job).attempt}"}


def test_a_job_that_always_fails_is_dead_and_kept_when_its_deadline_has_passed(make, hands, add, later, caplog):
    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        raise ValueError

    job = add()
    hands.do(job)
    later(seconds=rules_for(QUICK).deadline.total_seconds() - 60)
    hands.work(QUICK.queue)
    assert make.reload(job).dead_at is None
    later(hours=1)
    hands.work(QUICK.queue)
    job = make.reload(job)
    assert (job.dead_at is not None, job.done_at, job.last_error) == (True, None, "ValueError")
    assert "job.dead" in caplog.text
    later(days=1)
    assert hands.due(QUICK.queue) == []


def test_a_job_that_kills_its_worker_is_dead_after_so_many_claims(make, hands, add, calling, later, caplog):
    def die() -> None:
        raise Killed

    steps = calling(Steps(die))
    job = add(CALLING)
    for _ in range(MAX_CRASHES + 1):
        with pytest.raises(Killed):
            hands.work(CALLING.queue)
        assert hands.due(CALLING.queue) == [], "while the lease stands"
        later(seconds=rules_for(CALLING).lease.total_seconds() + 1)
    assert "job.dead" not in caplog.text
    hands.do(make.reload(job))
    assert make.reload(job).dead_at is not None
    assert steps.calls == MAX_CRASHES + 1
    assert "job.dead" in caplog.text


def test_a_postponed_job_waits_without_a_fault(make, hands, add, later):
    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        return Postpone(ctx.now(session) + timedelta(hours=1)) if job.attempt == 1 else DONE

    job = add()
    hands.do(job)
    assert (make.reload(job).failures, make.reload(job).last_error, hands.due(QUICK.queue)) == (0, None, [])
    later(hours=1)
    assert len(hands.work(QUICK.queue)) == 1
    assert make.reload(job).done_at is not None


def test_a_message_that_comes_twice_does_nothing_the_second_time(hands, add, calling):
    steps = calling(Steps())
    job = add(CALLING)
    hands.do(job)
    hands.do(job)
    assert steps.calls == 1


def test_preparing_is_committed_and_no_connection_held_when_the_call_is_made(db, make, hands, add, calling, happened):
    seen: list[Any] = []

    def look() -> None:
        seen.append((db.engine.pool.checkedout(), happened(), make.reload(job).attempt))

    calling(Steps(look))
    job = add(CALLING)
    hands.do(job)
    assert seen == [(0, {"prepared 1"}, 1)]
    assert happened() == {"prepared 1", "answer to job 1"}
    assert make.reload(job).done_at is not None


@pytest.mark.parametrize(
    "error", [Unavailable("x"), Throttled("x"), Rejected("x")], ids=lambda error: type(error).__name__
)
def test_a_providers_error_is_recorded_as_the_answer(make, hands, add, calling, error):
    answers: list[Any] = []

    class Recording(Steps):
        def record(self, session, ctx, job, prepared, answer):
            answers.append(answer)
            return DONE

    def refuse() -> None:
        raise error

    calling(Recording(refuse))
    job = add(CALLING)
    hands.do(job)
    assert answers == [error]
    assert make.reload(job).done_at is not None


def test_a_provider_is_given_the_pause_that_it_asked_for(make, hands, add, calling):
    class Retrying(Steps):
        def record(self, session, ctx, job, prepared, answer):
            return retry_after(ctx, session, job, answer)

    def refuse() -> None:
        raise Throttled("slow down", code="http_429", retry_after=300.0)

    calling(Retrying(refuse))
    job = add(CALLING)
    hands.do(job)
    after = make.reload(job)
    assert 300 <= (after.due_at - job.due_at).total_seconds() <= 305
    assert (after.last_error, after.failures) == ("Throttled: http_429", 1)


@pytest.mark.parametrize("step", ["prepare", "call", "record"])
def test_an_unexpected_exception_gives_the_job_back_with_backoff(make, hands, add, calling, later, step):
    steps = calling(Steps())
    real = getattr(steps, step)

    def fails_once(*args):
        setattr(steps, step, real)
        raise KeyError("nobody thought of this")

    setattr(steps, step, fails_once)
    job = add(CALLING)
    hands.do(job)
    after = make.reload(job)
    assert (after.failures, after.last_error, after.lease_until, after.done_at) == (1, "KeyError", None, None)
    assert after.due_at > job.due_at
    later(seconds=5)
    hands.work(CALLING.queue)
    assert make.reload(job).done_at is not None


def test_a_slow_run_cannot_finish_a_job_that_was_claimed_again_but_what_it_recorded_stays(
    make, hands, add, calling, later, happened, caplog
):
    called, answered = [threading.Event(), threading.Event()], [threading.Event(), threading.Event()]

    def wait() -> None:
        number = steps.calls - 1
        called[number].set()
        assert answered[number].wait(10)

    steps = calling(Steps(wait))
    job = add(CALLING)
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(hands.do, job)
        assert called[0].wait(10)
        later(seconds=rules_for(CALLING).lease.total_seconds() + 1)
        quick = threads.submit(hands.do, make.reload(job))
        assert called[1].wait(10)
        answered[0].set()
        slow.result(10)
        assert make.reload(job).done_at is None, "only the latest claim may finish it"
        assert "answer to job 1" in happened()
        assert caplog.text.count("job.fenced") == 1
        answered[1].set()
        quick.result(10)
    job = make.reload(job)
    assert (job.attempt, job.crashes, job.done_at is not None) == (2, 1, True)
    assert caplog.text.count("job.fenced") == 1


def test_a_slow_runs_failure_does_not_disturb_the_run_that_took_over(make, runtime, hands, add, calling, later, caplog):
    def the_other_finishes() -> None:
        steps.during = lambda: None
        later(seconds=rules_for(CALLING).lease.total_seconds() + 1)
        Hands(runtime).do(make.reload(job))
        raise OSError("too late")

    steps = calling(Steps(the_other_finishes))
    job = add(CALLING)
    hands.do(job)
    job = make.reload(job)
    assert (job.attempt, job.failures, job.last_error, job.done_at is not None) == (2, 0, None, True)
    assert "job.fenced" in caplog.text


def test_a_retry_without_a_time_makes_the_job_dead(make, hands, add):
    transactional(QUICK)(lambda session, ctx, job, runtime: Retry("hopeless", None))
    job = add()
    hands.do(job)
    job = make.reload(job)
    assert (job.dead_at is not None, job.last_error, job.failures) == (True, "hopeless", 1)


def test_a_failure_is_described_without_its_words(make, hands, add, caplog):
    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        raise Unavailable("could not reach +254712345678", code="connect_error")

    job = add()
    hands.do(job)
    assert make.reload(job).last_error == "Unavailable: connect_error"
