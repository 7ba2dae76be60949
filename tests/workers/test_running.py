"""How a job is done: effect and done mark commit together, failures come back, and a lost claim finishes nothing."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from domain.jobs import JobKind, rules_for
from domain.provider_errors import Throttled
from models import Heartbeat, Job
from models.operations import beat
from tests.support.mpesa_story import Interrupted
from workers import running
from workers.running import DONE, HANDLERS, Postpone, provider_steps, retry_after, transactional

KIND = JobKind.SEND_EMAIL


@pytest.fixture
def handles(monkeypatch):
    """Put ``work`` (or steps) in the place of a kind's handler."""

    def handles(work, decorate=transactional):
        monkeypatch.setitem(HANDLERS, KIND, None)
        decorate(KIND)(work)

    return handles


@pytest.fixture
def bare(db, clock):
    """A runtime that only has the database."""
    return SimpleNamespace(db=db, clock=clock, policy=None)


@pytest.fixture
def add(db, ctx):
    """Add a job; answers its id."""

    def add(**payload: str) -> uuid.UUID:
        with db.transaction() as session:
            ctx.enqueue(session, KIND, f"test:{uuid.uuid4()}", payload, now=ctx.now(session))
            session.flush()
            return session.scalars(select(Job.id).order_by(Job.id.desc())).first()

    return add


@pytest.fixture
def run(bare):
    def run(job_id, attempt=0):
        HANDLERS[KIND].run(bare, job_id, attempt, "test-request")

    return run


@pytest.fixture
def job(db):
    def job(job_id) -> Job:
        with db.reading() as session:
            return session.get_one(Job, job_id)

    return job


def effects(db) -> list[str]:
    with db.reading() as session:
        return session.scalars(select(Heartbeat.name).order_by(Heartbeat.name)).all()


def leaves_a_mark(session, ctx, job, runtime):
    beat(session, f"mark:{job.attempt}", ctx.now(session))


# --- One transaction ---


def test_the_effect_and_the_done_mark_commit_together(db, add, handles, run, job):
    handles(leaves_a_mark)
    job_id = add(booking_id="x")
    run(job_id)
    assert effects(db) == ["mark:1"]
    assert job(job_id).done_at is not None


def test_neither_commits_when_the_process_dies_before_the_end(db, add, handles, run, job):
    def dies(*args):
        leaves_a_mark(*args)
        raise Interrupted

    handles(dies)
    job_id = add()
    with pytest.raises(Interrupted):
        run(job_id)
    assert effects(db) == []
    left = job(job_id)
    assert (left.done_at, left.attempt, left.lease_until) == (None, 0, None)


def test_a_failure_is_rolled_back_and_comes_again_with_backoff(db, add, handles, run, job, ctx):
    def fails(*args):
        leaves_a_mark(*args)
        raise ValueError("a secret that is not written down")

    handles(fails)
    job_id = add()
    delays = []
    for attempt in range(3):
        run(job_id, attempt)
        failed = job(job_id)
        with db.reading() as session:
            delays.append((failed.due_at - ctx.now(session)).total_seconds())
        assert (failed.failures, failed.attempt, failed.last_error) == (attempt + 1, attempt + 1, "ValueError")
        assert (failed.lease_until, failed.offered_until, failed.dead_at) == (None, None, None)
    assert effects(db) == []
    assert 0.7 < delays[0] <= 2 < delays[2] <= 8


def test_a_failure_is_dead_but_kept_when_its_deadline_has_passed(add, handles, run, job, clock):
    def fails(*_):
        raise ValueError

    handles(fails)
    job_id = add()
    clock.offset += rules_for(KIND).deadline
    run(job_id)
    dead = job(job_id)
    assert (dead.dead_at is not None, dead.done_at, dead.last_error) == (True, None, "ValueError")
    run(job_id, dead.attempt)
    assert job(job_id).attempt == dead.attempt, "nobody runs it again"


def test_a_job_that_succeeds_after_failures_forgets_its_error(add, handles, run, job):
    outcomes = [ValueError, None]

    def fails_once(*_):
        if error := outcomes.pop(0):
            raise error

    handles(fails_once)
    job_id = add()
    run(job_id)
    run(job_id, 1)
    done = job(job_id)
    assert (done.done_at is not None, done.last_error, done.failures) == (True, None, 1)


def test_a_postponed_job_comes_again_without_a_failure(add, handles, run, job):
    def later(session, ctx, job, runtime):
        return Postpone(ctx.now(session) + timedelta(hours=1))

    handles(later)
    job_id = add()
    before = job(job_id)
    run(job_id)
    after = job(job_id)
    assert after.due_at - before.due_at == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=5))
    assert (after.failures, after.done_at, after.lease_until) == (0, None, None)


@pytest.mark.parametrize("attempt", [1, 7])
def test_a_message_of_another_attempt_does_nothing(db, add, handles, run, job, attempt):
    handles(leaves_a_mark)
    job_id = add()
    run(job_id, attempt)
    assert (effects(db), job(job_id).attempt) == ([], 0)
    run(uuid.uuid4())
    assert effects(db) == []


def test_a_message_delivered_many_times_at_once_is_done_once(db, add, handles, run):
    handles(leaves_a_mark)
    job_id = add()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: run(job_id), range(8)))
    assert effects(db) == ["mark:1"]


# --- Three steps ---


class Steps:
    """Steps that note what happens; a test overrides what it is about."""

    def __init__(self):
        self.happened: list[str] = []

    def __call__(self):
        return self

    def prepare(self, session, ctx, job, runtime):
        self.happened.append("prepare")
        return "prepared"

    def call(self, runtime, prepared):
        self.happened.append("call")
        return "answer"

    def record(self, session, ctx, job, prepared, answer):
        beat(session, f"record:{answer}", ctx.now(session))
        self.happened.append(f"record {answer}")
        return DONE


@pytest.fixture
def steps(handles):
    steps = Steps()
    handles(steps, provider_steps)
    return steps


def test_a_provider_job_claims_calls_and_records(db, add, steps, run, job):
    job_id = add()
    run(job_id)
    assert steps.happened == ["prepare", "call", "record answer"]
    assert job(job_id).done_at is not None
    assert effects(db) == ["record:answer"]


def test_the_claim_is_committed_and_no_connection_held_during_the_call(db, add, steps, run, job):
    job_id = add()
    seen = []

    def call(runtime, prepared):
        seen.append((db.engine.pool.checkedout(), job(job_id).attempt, job(job_id).lease_until is not None))
        return "answer"

    steps.call = call
    run(job_id)
    assert seen == [(0, 1, True)]


def test_an_outcome_of_prepare_ends_the_job_without_a_call(add, steps, run, job):
    steps.prepare = lambda *_: DONE
    job_id = add()
    run(job_id)
    assert steps.happened == []
    assert job(job_id).done_at is not None


def test_a_failing_preparation_comes_again_with_backoff_and_is_dead_in_the_end(add, steps, run, job, clock):
    def prepare(*_):
        raise KeyError("payment_id")

    steps.prepare = prepare
    job_id = add()
    run(job_id)
    failed = job(job_id)
    assert (failed.failures, failed.last_error, failed.lease_until) == (1, "KeyError", None)
    assert failed.due_at > failed.first_due_at
    clock.offset += rules_for(KIND).deadline
    run(job_id, failed.attempt)
    assert job(job_id).dead_at is not None
    assert steps.happened == []


def test_a_failing_record_gives_the_job_back(db, add, steps, run, job):
    def record(session, ctx, *_):
        beat(session, "half", ctx.now(session))
        raise ValueError

    steps.record = record
    job_id = add()
    run(job_id)
    failed = job(job_id)
    assert (failed.failures, failed.last_error, failed.lease_until, effects(db)) == (1, "ValueError", None, [])


def test_a_providers_error_is_handed_to_record_and_its_pause_respected(db, add, steps, run, job):
    def call(*_):
        raise Throttled("later", code="429", retry_after=300)

    def record(session, ctx, job, prepared, answer):
        return retry_after(ctx, session, job, answer)

    steps.call, steps.record = call, record
    job_id = add()
    run(job_id)
    failed = job(job_id)
    assert failed.last_error == "Throttled: 429"
    assert failed.due_at - failed.first_due_at >= timedelta(seconds=300)


def test_a_bug_in_the_call_gives_the_job_back(add, steps, run, job):
    def call(*_):
        raise ZeroDivisionError

    steps.call = call
    job_id = add()
    run(job_id)
    assert (job(job_id).failures, job(job_id).last_error) == (1, "ZeroDivisionError")


def test_a_killed_workers_job_is_claimed_again_when_its_lease_is_over(add, steps, run, job, clock):
    def call(*_):
        raise Interrupted

    steps.call = call
    job_id = add()
    with pytest.raises(Interrupted):
        run(job_id)
    run(job_id, 1)
    assert job(job_id).attempt == 1, "the lease still stands"
    clock.offset += rules_for(KIND).lease + timedelta(seconds=1)
    steps.call = lambda *_: "second answer"
    run(job_id, 1)
    done = job(job_id)
    assert (done.done_at is not None, done.attempt, done.crashes) == (True, 2, 1)


def test_a_job_that_kills_its_workers_is_dead_after_the_sixth(add, steps, run, job, clock):
    def call(*_):
        raise Interrupted

    steps.call = call
    job_id = add()
    for attempt in range(6):
        with pytest.raises(Interrupted):
            run(job_id, attempt)
        clock.offset += rules_for(KIND).lease + timedelta(seconds=1)
    run(job_id, 6)
    dead = job(job_id)
    assert (dead.dead_at is not None, dead.crashes, dead.last_error) == (True, 6, "crashed 6 times")


def test_a_slow_run_records_its_answer_but_cannot_finish_the_job(db, add, steps, run, job, clock):
    job_id = add()

    def call(*_):
        clock.offset += rules_for(KIND).lease + timedelta(seconds=1)
        steps.call = Steps.call.__get__(steps)
        steps.record = lambda session, ctx, *_: Postpone(ctx.now(session) + timedelta(hours=1))
        run(job_id, 1)
        steps.record = Steps.record.__get__(steps)
        return "slow answer"

    steps.call = call
    run(job_id)
    kept = job(job_id)
    assert effects(db) == ["record:slow answer"]
    assert (kept.done_at, kept.attempt) == (None, 2), "the second run's word about the job stands"


def test_a_failure_is_described_without_secrets():
    assert running.describe(Throttled("token abc", code="500.003.02")) == "Throttled: 500.003.02"
    assert running.describe(ValueError("+254712345678")) == "ValueError"
