"""Prove that regular work is created once per period, and finds what was forgotten without disturbing the rest."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from beat.schedule import RUNS
from domain.jobs import QUEUE_NAMES, JobKind
from domain.one_time import OneTimeTokens, Purpose
from domain.payments import Evidence
from models.jobs import Job, add_job, finish_by_key, is_open
from models.locks import lock_user
from models.one_time_tokens import OneTimeToken
from models.operations import PeriodicRun, RateLimit, heartbeats
from models.payments import Payment
from services import limits
from services.accounts import one_time_tokens
from services.money.paying import push_key, query_key
from tests.support.evidence import Witness
from workers import periodic
from workers.running import HANDLERS

QUARTER = RUNS["canaries"]
SWEEP, PURGE = JobKind.SWEEP_PAYMENTS, JobKind.PURGE_JOBS


@pytest.fixture
def tick(db, ctx) -> Callable[..., bool]:
    def tick(name: str = "canaries", every: timedelta | None = None) -> bool:
        with db.transaction() as session:
            return periodic.tick(session, ctx, name, every or RUNS[name])

    return tick


@pytest.fixture
def jobs(db) -> Callable[..., Sequence[Job]]:
    """All jobs whose key begins so."""

    def jobs(prefix: str = "") -> Sequence[Job]:
        with db.reading() as session:
            return session.scalars(select(Job).where(Job.key.startswith(prefix)).order_by(Job.key)).all()

    return jobs


@pytest.fixture
def run(db, ctx, runtime) -> Callable[[JobKind], None]:
    """Does one run of a periodic kind now."""

    def run(kind: JobKind) -> None:
        with db.transaction() as session:
            now = ctx.now(session)
            add_job(session, kind, f"{kind}:{now.isoformat()}", {}, due_at=now, now=now, request_id=None)
            (job,) = session.scalars(select(Job).where(Job.key == f"{kind}:{now.isoformat()}")).all()
        HANDLERS[kind].run(runtime, job.id, 0, None)

    return run


@pytest.fixture
def lose(db) -> Callable[[Payment], None]:
    """Takes a payment's jobs away, so that nobody watches it any more."""

    def lose(payment: Payment) -> None:
        with db.transaction() as session:
            session.execute(delete(Job).where(Job.key.in_([push_key(payment.id), query_key(payment.id)])))

    return lose


def test_a_period_is_claimed_once_when_two_beats_tick_at_once(db, ctx, jobs):
    start = threading.Barrier(4, timeout=10)

    def tick(_number: int) -> bool:
        with db.transaction() as session:
            start.wait()
            return periodic.tick(session, ctx, "canaries", timedelta(days=1))

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(tick, range(4))) == [False, False, False, True]
    assert len(jobs()) == len(QUEUE_NAMES)


def test_each_period_is_claimed_anew(tick, later, jobs):
    assert (tick(SWEEP), tick(PURGE)) == (True, True)
    later(minutes=2)
    assert (tick(SWEEP), tick(SWEEP)) == (True, False)
    assert Counter(job.kind for job in jobs()) == {SWEEP: 2, PURGE: 1}


def test_a_tick_is_beats_heartbeat(tick, db, clock, later):
    tick()
    later(minutes=1)
    tick()
    with db.reading() as session:
        seen, now = heartbeats(session), clock.now(session)
    assert now - seen["beat"] < timedelta(seconds=5)
    assert seen["canaries"] == seen["beat"]


def test_one_canary_is_sent_through_each_queue(tick, jobs):
    tick()
    assert sorted(job.queue for job in jobs()) == sorted(QUEUE_NAMES)
    assert all(job.kind.endswith(".canary") for job in jobs())


def test_no_second_canary_is_sent_while_the_first_one_waits(tick, jobs, later, hands):
    tick()
    hands.work("payments")
    later(seconds=QUARTER.total_seconds())
    tick()
    assert Counter(job.queue for job in jobs()) == dict.fromkeys(QUEUE_NAMES, 1) | {"payments": 2}


def test_a_canary_that_arrives_is_its_queues_heartbeat(tick, hands, db, clock):
    tick()
    hands.work(*QUEUE_NAMES)
    with db.reading() as session:
        beats, now = heartbeats(session), clock.now(session)
    assert set(beats) == {"beat", "canaries"} | {f"queue:{queue}" for queue in QUEUE_NAMES}
    assert all(now - at < timedelta(seconds=5) for at in beats.values())


def test_an_unknown_run_adds_nothing(tick, db):
    with pytest.raises(ValueError, match="unheard_of"):
        tick("periodic.unheard_of", timedelta(minutes=1))
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(PeriodicRun)) == 0


def test_the_sweep_gives_a_forgotten_payment_a_question(db, make, run, lose, later, jobs):
    payment = make.payment(make.booking())
    lose(payment)
    later(minutes=11)
    run(SWEEP)
    (question,) = jobs(query_key(payment.id))
    assert (question.kind, question.payload, question.done_at) == (
        JobKind.QUERY_STK,
        {"payment_id": str(payment.id)},
        None,
    )


def test_the_sweep_asks_only_once_while_its_question_is_open(make, run, lose, later, jobs):
    payment = make.payment(make.booking())
    lose(payment)
    later(minutes=11)
    run(SWEEP)
    later(minutes=2)
    run(SWEEP)
    assert len(jobs(query_key(payment.id))) == 1


def test_the_sweep_leaves_a_young_payment_alone(make, run, lose, jobs, later):
    payment = make.payment(make.booking())
    lose(payment)
    run(SWEEP)
    assert jobs("query:") == []
    later(minutes=11)
    run(SWEEP)
    assert len(jobs("query:")) == 1


def test_the_sweep_leaves_a_payment_alone_when_its_push_is_open(make, run, later, jobs):
    make.payment(make.booking())
    later(minutes=11)
    run(SWEEP)
    assert jobs("query:") == []


def test_the_sweep_leaves_a_payment_alone_when_its_question_is_open(db, ctx, make, run, lose, later, jobs):
    payment = make.payment(make.booking())
    lose(payment)
    with db.transaction() as session:
        now, key = ctx.now(session), query_key(payment.id)
        add_job(session, JobKind.QUERY_STK, key, {}, due_at=now + timedelta(hours=1), now=now, request_id=None)
    later(minutes=11)
    run(SWEEP)
    assert len(jobs("query:")) == 1


def test_the_sweep_asks_again_about_a_payment_whose_question_is_dead(db, make, run, later, jobs):
    payment = make.payment(make.booking())
    with db.transaction() as session:
        session.execute(update(Job).where(Job.key == push_key(payment.id)).values(dead_at=func.now()))
    later(minutes=11)
    run(SWEEP)
    assert len(jobs("query:")) == 1


@pytest.mark.parametrize("ending", ["pays", "fails"])
def test_the_sweep_leaves_a_settled_payment_alone(db, ctx, make, run, lose, later, jobs, ending):
    payment = make.payment(make.booking())
    getattr(Witness(db, ctx), ending)(payment)
    lose(payment)
    later(minutes=11)
    run(SWEEP)
    assert jobs("query:") == []


@pytest.mark.parametrize(("is_open", "questions"), [(True, 1), (False, 0)])
def test_the_sweep_asks_about_a_superseded_payment_only_while_its_story_is_open(
    db, ctx, make, run, lose, later, jobs, is_open, questions
):
    payment, witness = make.payment(make.booking()), Witness(db, ctx)
    witness.accepts(payment)
    witness.says(payment, Evidence.SUPERSEDED, key="superseded")
    with db.transaction() as session:
        session.get_one(Payment, payment.id).next_query_at = ctx.now(session) if is_open else None
    lose(payment)
    later(minutes=11)
    run(SWEEP)
    assert len(jobs("query:")) == questions


def test_a_forgotten_payment_is_settled_by_the_question_that_the_sweep_asked(story, run, lose):
    payment = story.pushed()
    story.sandbox.faults(drop_callback=True)
    story.pin()
    lose(payment)
    story.later(seconds=91)
    run(SWEEP)
    story.work("payments")
    assert story.ends == ("succeeded", None, "confirmed")


def test_a_payment_whose_push_was_never_made_has_failed_after_the_sweep(story, run, lose):
    payment = story.begins()
    lose(payment)
    story.later(seconds=91)
    run(SWEEP)
    story.work("payments")
    assert story.ends == ("failed", "push_busy", "pending")


def test_a_payment_whose_push_called_and_died_is_unknown_after_the_sweep(story, run, lose):
    payment = story.begins()
    with story.db.transaction() as session:
        session.get_one(Payment, payment.id).call_started_at = payment.started_at
    lose(payment)
    story.later(seconds=91)
    run(SWEEP)
    story.work("payments")
    assert story.ends == ("unknown", "push_outcome_unknown", "pending")


@pytest.fixture
def old(db, ctx) -> Callable[..., None]:
    """``old(key, kind, done=..., dead=...)``: a job that ended so long ago."""

    def old(key: str, kind: JobKind = JobKind.NOTIFY, *, done: timedelta | None = None, dead: timedelta | None = None):
        with db.transaction() as session:
            now = ctx.now(session)
            long_ago = now - timedelta(days=400)
            add_job(session, kind, key, {}, due_at=long_ago, now=long_ago, request_id=None)
            if done:
                finish_by_key(session, key, now - done)
            if dead:
                session.execute(update(Job).where(Job.key == key).values(dead_at=now - dead))

    return old


def keys(found: Sequence[Job]) -> list[str]:
    return [job.key for job in found if job.kind != PURGE]


def test_the_purge_forgets_what_was_finished_long_ago_and_nothing_else(old, run, jobs):
    old("a finished long ago", done=timedelta(days=91))
    old("b finished lately", done=timedelta(days=89))
    old("c dead long ago", dead=timedelta(days=300))
    old("d still open")
    run(PURGE)
    assert keys(jobs()) == ["b finished lately", "c dead long ago", "d still open"]


def test_the_purge_forgets_canaries_after_an_hour(old, run, jobs):
    for number, minutes in enumerate((59, 61)):
        old(f"canary {number}", JobKind.CANARY_MEDIA, done=timedelta(minutes=minutes))
    old("open canary", JobKind.CANARY_MEDIA)
    old("dead canary", JobKind.CANARY_MEDIA, dead=timedelta(days=1))
    run(PURGE)
    assert keys(jobs()) == ["canary 0", "dead canary", "open canary"]


def test_the_purge_takes_one_batch_at_a_time(monkeypatch, old, run, jobs):
    monkeypatch.setattr(periodic, "BATCH", 2)
    for number in range(5):
        old(f"job {number}", done=timedelta(days=91))
    left = []
    for _ in range(3):
        run(PURGE)
        left.append(len(keys(jobs())))
    assert left == [3, 1, 0]


def test_the_purge_forgets_runs_after_a_week(tick, run, later, db):
    tick(SWEEP)
    later(days=6)
    tick(SWEEP)
    later(days=2)
    run(PURGE)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(PeriodicRun)) == 1


def test_the_purge_forgets_links_and_codes_a_week_after_their_end(db, ctx, make, run, later):
    tokens, user = OneTimeTokens("a-key-of-the-tests-that-is-long-enough"), make.user()
    with db.transaction() as session:
        one_time_tokens.issue(session, ctx, tokens, lock_user(session, user.id), Purpose.PASSWORD_RESET)
    later(days=7, minutes=1)
    with db.transaction() as session:
        kept = one_time_tokens.issue(session, ctx, tokens, lock_user(session, user.id), Purpose.EMAIL_VERIFICATION)
    run(PURGE)
    with db.reading() as session:
        assert len(session.scalars(select(OneTimeToken)).all()) == 2
    later(hours=2)
    run(PURGE)
    with db.reading() as session:
        assert session.scalars(select(OneTimeToken.id)).all() == [kept.id]


def test_the_purge_forgets_counts_in_which_nothing_counts(db, ctx, run, later):
    limit = ctx.policy.limits.stk_phone

    def hit(subject):
        with db.transaction() as session:
            limits.enforce(session, ctx, "stk_phone", subject, limit)

    hit("an old one")
    later(hours=23)
    hit("a new one")
    run(PURGE)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(RateLimit)) == 2
    later(hours=1, seconds=1)
    run(PURGE)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(RateLimit)) == 1


def test_a_purged_payments_job_may_be_added_again(old, run, db):
    old("a", done=timedelta(days=91))
    run(PURGE)
    old("a")
    with db.reading() as session:
        assert is_open(session, "a")
