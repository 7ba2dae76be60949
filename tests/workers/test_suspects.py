"""Prove that a job which kills its workers before anything is committed is found out, counted, given up, and never done twice."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from domain.jobs import MAX_CRASHES, OFFER, rules_for
from models.jobs import offer_due
from tests.support.hands import Hands
from tests.support.jobs import CALLING, QUICK, Killed, Steps, effect
from workers import running
from workers.running import Postpone, transactional


@pytest.fixture
def offered(db, ctx):
    """Offers what is due to nobody, as the relay does whose message is lost or whose worker dies."""

    def offered(queue: str = QUICK.queue) -> int:
        with db.transaction() as session:
            return len(offer_due(session, queue, ctx.now(session), 10))

    return offered


def kills() -> None:
    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        effect(session, ctx, "effect")
        session.flush()
        raise Killed


def test_a_job_whose_transaction_dies_with_its_worker_is_dead_after_so_many_crashes(
    make, hands, add, happened, offered, later, caplog
):
    kills()
    job = add()
    runs = 0
    while offered() and runs < 20:
        with pytest.raises(Killed) if runs <= MAX_CRASHES + 1 else nullcontext():
            hands.do(make.reload(job))
        runs += 1
        later(seconds=rules_for(QUICK).lease.total_seconds() + 1)
    job = make.reload(job)
    # The first run cost nothing and left nothing; the last claim was not allowed any more.
    assert (runs, job.crashes, job.last_error) == (MAX_CRASHES + 3, MAX_CRASHES + 1, f"crashed {MAX_CRASHES + 1} times")
    assert (job.dead_at is not None, happened()) == (True, set())
    assert caplog.text.count("job.suspect") == MAX_CRASHES + 1
    assert "job.dead" in caplog.text


def test_a_first_run_commits_its_claim_with_its_work_and_a_suspect_ones_before_it(make, hands, add, offered, later):
    seen: list[int] = []

    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        seen.append(make.reload(job_row).attempt)
        return Postpone(ctx.now(session))

    job_row = add()
    assert offered() == 1
    hands.do(job_row)
    later(seconds=1)
    for _ in range(2):
        assert offered() == 1
        later(seconds=11)
    hands.do(make.reload(job_row))
    assert seen == [0, 2]


def test_between_crashes_a_job_rests_for_its_lease(hands, make, add, offered, later):
    kills()
    job = add()
    for _ in range(2):
        assert offered() == 1
        with pytest.raises(Killed):
            hands.do(make.reload(job))
        later(seconds=OFFER.total_seconds())
    assert offered() == 0
    later(seconds=rules_for(QUICK).lease.total_seconds() - 11)
    assert offered() == 0
    later(seconds=2)
    assert offered() == 1


def test_a_suspect_job_that_fails_or_succeeds_ends_as_any_other(make, hands, add, happened, offered, later):
    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        effect(session, ctx, f"effect {job.failures}")
        if not job.failures:
            raise ValueError

    job = add()
    for _ in range(3):
        offered()
        later(seconds=11)
    hands.do(job)
    after = make.reload(job)
    assert (after.failures, after.crashes, after.last_error, after.lease_until) == (1, 0, "ValueError", None)
    later(seconds=5)
    hands.work(QUICK.queue)
    assert (make.reload(job).done_at is not None, happened()) == (True, {"effect 1"})


@pytest.mark.parametrize("is_held", [True, False])
def test_a_slow_worker_whose_suspect_job_was_taken_over_commits_nothing(
    monkeypatch, make, runtime, hands, add, happened, offered, later, is_held
):
    """Between its claim and its work it sleeps through its lease. Without the hold, its effect would be a second one."""
    real = running.hold

    def slow(session, taken):
        monkeypatch.setattr(running, "hold", real)
        later(seconds=rules_for(QUICK).lease.total_seconds() + 1)
        Hands(runtime).do(make.reload(job))
        return real(session, taken) if is_held else True

    @transactional(QUICK)
    def work(session, ctx, job, runtime):
        effect(session, ctx, f"effect {job.attempt}")

    job = add()
    for _ in range(2):
        offered()
        later(seconds=11)
    monkeypatch.setattr(running, "hold", slow)
    hands.do(job)
    assert happened() == ({"effect 2"} if is_held else {"effect 1", "effect 2"})
    assert (make.reload(job).attempt, make.reload(job).done_at is not None) == (2, True)


def test_a_provider_job_that_dies_while_it_is_prepared_counts_its_crashes(make, hands, add, calling, offered, later):
    class Dying(Steps):
        def prepare(self, session, ctx, job, runtime):
            raise Killed

    calling(Dying())
    job = add(CALLING)
    for _ in range(3):
        offered(CALLING.queue)
        with pytest.raises(Killed):
            hands.do(make.reload(job))
        later(seconds=rules_for(CALLING).lease.total_seconds() + 1)
    assert (make.reload(job).crashes, make.reload(job).attempt) == (1, 2)


@pytest.mark.parametrize("end", ["crashes", "deadline"])
def test_steps_learn_in_its_own_transaction_that_their_job_is_dead(make, hands, add, calling, happened, later, end):
    class Told(Steps):
        def gave_up(self, session, ctx, job):
            effect(session, ctx, f"gave up {job.payload['name']}")

    def die() -> None:
        raise Killed if end == "crashes" else ValueError

    calling(Told(die))
    job = add(CALLING)
    if end == "crashes":
        for _ in range(MAX_CRASHES + 1):
            with pytest.raises(Killed):
                hands.do(make.reload(job))
            later(seconds=rules_for(CALLING).lease.total_seconds() + 1)
    else:
        later(seconds=rules_for(CALLING).deadline.total_seconds())
    assert "gave up job" not in happened()
    hands.do(make.reload(job))
    assert make.reload(job).dead_at is not None
    assert "gave up job" in happened()
