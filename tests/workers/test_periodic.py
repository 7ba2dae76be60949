"""What happens by the clock: claimed once, seen to be alive, and nothing forgotten or kept for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.jobs import QUEUE_NAMES, JobKind
from domain.payments import Evidence
from models import Job, Payment, PeriodicRun
from models.operations import heartbeats
from tests.support.evidence import Witness
from workers import periodic

EVERY = timedelta(minutes=2)


@pytest.fixture
def tick(db, ctx):
    def tick(name: str = "periodic.sweep_payments", every: timedelta = EVERY) -> bool:
        with db.transaction() as session:
            return periodic.tick(session, ctx, name, every)

    return tick


def keys(db, kind: JobKind) -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Job.key).where(Job.kind == kind).order_by(Job.id)))


def test_a_tick_is_claimed_once_by_many_at_once(db, tick, clock):
    with db.reading() as session:
        clock.offset += timedelta(seconds=120 - clock.now(session).timestamp() % 120)
    with ThreadPoolExecutor(8) as threads:
        claimed = list(threads.map(lambda _: tick(), range(8)))
    assert sorted(claimed) == [False] * 7 + [True]
    assert len(keys(db, JobKind.SWEEP_PAYMENTS)) == 1
    with db.reading() as session:
        assert "beat" in heartbeats(session)


def test_the_next_bucket_is_another_run(db, tick, clock):
    assert tick()
    clock.offset += EVERY
    assert tick()
    assert tick("periodic.purge_jobs"), "and so is another name"
    assert len(keys(db, JobKind.SWEEP_PAYMENTS)) == 2


def test_canaries_go_through_every_queue_and_leave_a_heartbeat(db, tick, hands):
    assert tick("canaries", timedelta(seconds=15))
    sung = hands.work(*QUEUE_NAMES)
    assert sorted(sung) == sorted(kind.value for kind in periodic.CANARIES)
    with db.reading() as session:
        assert {f"queue:{name}" for name in QUEUE_NAMES} <= set(heartbeats(session))


def test_a_canary_that_still_waits_is_not_sent_again(db, tick, hands, clock):
    tick("canaries", timedelta(seconds=15))
    hands.work("payments")
    clock.offset += timedelta(seconds=15)
    tick("canaries", timedelta(seconds=15))
    assert len(keys(db, JobKind.CANARY_PAYMENTS)) == 2
    assert len(keys(db, JobKind.CANARY_WEBHOOKS)) == 1


def sweep(db, ctx, hands) -> None:
    with db.transaction() as session:
        now = ctx.now(session)
        ctx.enqueue(session, JobKind.SWEEP_PAYMENTS, f"sweep:{now}", {}, now=now)
    hands.work("periodic")


def forget(db, payment) -> None:
    """Nobody asks about the payment any more: its jobs are dead."""
    with db.transaction() as session:
        now = session.scalar(select(Payment.started_at))
        session.execute(update(Job).where(Job.key.contains(str(payment.id))).values(dead_at=now))


@pytest.mark.parametrize("killed", ["query", "push"])
def test_the_sweep_finds_a_payment_that_nobody_asks_about(db, ctx, story, hands, killed):
    payment = story.pushed() if killed == "query" else story.begins()
    story.sandbox.faults(drop_callback=True)
    forget(db, payment)
    story.later(seconds=91)
    sweep(db, ctx, hands)
    hands.work("payments")
    if killed == "push":
        assert story.payment.state == "unknown"
        return
    story.pin()
    story.later(seconds=60)
    hands.work("payments")
    assert story.ends == ("succeeded", None, "confirmed")


@pytest.mark.parametrize("state", ["asked about", "too young", "settled", "superseded and over"])
def test_the_sweep_leaves_alone_what_needs_no_question(db, ctx, story, hands, state):
    mpesa = Witness(db, ctx)
    payment = story.pushed()
    if state == "settled":
        story.pin()
        story.callbacks_come()
    if state == "superseded and over":
        mpesa.says(payment, Evidence.SUPERSEDED, key="superseded")
        with db.transaction() as session:
            session.get_one(Payment, payment.id).next_query_at = None
    if state != "asked about":
        forget(db, payment)
    story.later(seconds=10 if state == "too young" else 91)
    before = len(keys(db, JobKind.QUERY_STK))
    sweep(db, ctx, hands)
    assert len(keys(db, JobKind.QUERY_STK)) == before
    if state == "too young":
        story.later(seconds=100)
        sweep(db, ctx, hands)


def test_old_jobs_are_purged_and_dead_ones_kept(db, ctx, hands, clock, tick):
    with db.transaction() as session:
        now = ctx.now(session)
        for key, kind in (("done", JobKind.NOTIFY), ("canary", JobKind.CANARY_MEDIA), ("dead", JobKind.NOTIFY)):
            ctx.enqueue(session, kind, key, {}, now=now)
        ctx.enqueue(session, JobKind.NOTIFY, "open", {}, now=now)
        session.execute(update(Job).where(Job.key.in_(["done", "canary"])).values(done_at=now))
        session.execute(update(Job).where(Job.key == "dead").values(dead_at=now))

    def left() -> set[str]:
        with db.transaction() as session:
            now = ctx.now(session)
            ctx.enqueue(session, JobKind.PURGE_JOBS, f"purge:{now}", {}, now=now)
        hands.work("periodic")
        with db.reading() as session:
            return {key for key in session.scalars(select(Job.key)) if not key.startswith(("purge:", "periodic."))}

    tick()
    assert left() == {"done", "canary", "dead", "open"}
    clock.offset += timedelta(hours=1, seconds=1)
    assert left() == {"done", "dead", "open"}
    clock.offset += timedelta(days=8)
    assert left() == {"done", "dead", "open"}
    with db.reading() as session:
        assert session.scalars(select(PeriodicRun.name)).all() == []
    clock.offset += timedelta(days=90)
    assert left() == {"dead", "open"}
