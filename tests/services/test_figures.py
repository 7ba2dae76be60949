"""The house in figures: every job and payment in its one state, ages from the right instant, and never a whole table."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from domain.jobs import JobKind
from domain.payments import Evidence
from models import Job, Payment, Refund
from models.jobs import add_job
from models.operations import PeriodicRun
from services import figures
from services.figures import Figures, read_figures
from services.money import evidence

SMS = ("deliveries", "deliveries.send_sms")


@pytest.fixture(autouse=True)
def sound_books() -> None:
    """The books are cooked here: rows are put into states without their stories."""


@pytest.fixture
def read(db, ctx):
    def read() -> Figures:
        with db.reading() as session:
            return read_figures(session, ctx.now(session), datetime.now(UTC))

    return read


@pytest.fixture
def add(db, ctx):
    """Adds a job that is due so many seconds ago, with other columns as told (seconds from now for instants)."""

    def add(kind: JobKind = JobKind.SEND_SMS, *, due: float = -60, **columns) -> None:
        with db.transaction() as session:
            now = ctx.now(session)
            key = uuid.uuid4().hex
            add_job(session, kind, key, {}, due_at=now + timedelta(seconds=due), now=now, request_id=None)
            counted = {name: columns.pop(name, 0) for name in ("failures", "crashes")}
            at = {name: now + timedelta(seconds=value) for name, value in columns.items()}
            session.execute(update(Job).where(Job.key == key).values(at | counted))

    return add


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({"due": -60}, "due"),
        ({"due": -60, "offered_until": 5}, "due"),
        ({"due": -60, "lease_until": 30}, "running"),
        ({"due": -60, "lease_until": -1}, "due"),
        ({"due": -60, "lease_until": 30, "crashes": 1}, "crashing"),
        ({"due": -60, "lease_until": -1, "crashes": 1}, "due"),
        ({"due": 60}, "waiting"),
        ({"due": 60, "failures": 2}, "retrying"),
        ({"due": -60, "failures": 2}, "due"),
        ({"due": -60, "dead_at": -1}, "dead"),
    ],
)
def test_an_unfinished_job_is_in_one_state(add, read, columns, state):
    add(**columns)

    assert read().jobs == {(*SMS, state): 1}


def test_a_finished_job_is_in_none(add, read):
    add(done_at=-1)

    assert read().jobs == {}


@pytest.mark.parametrize(
    ("columns", "oldest_due", "relay_lag"),
    [
        ({"due": -60}, 60, 60),
        ({"due": -60, "offered_until": 5}, 60, None),
        ({"due": -60, "offered_until": -20}, 60, 20),
        ({"due": -60, "lease_until": -10, "offered_until": -40}, 60, 10),
        ({"due": -60, "lease_until": 10}, None, None),
        ({"due": 60}, None, None),
    ],
)
def test_a_job_is_late_from_when_it_was_due_and_the_relay_from_when_it_could_offer(
    add, read, columns, oldest_due, relay_lag
):
    add(**columns)
    seen = read()

    def expected(age: int | None):
        return {} if age is None else {"deliveries": pytest.approx(age, abs=5)}

    assert seen.oldest_due == expected(oldest_due)
    assert seen.relay_lag == expected(relay_lag)


def test_the_oldest_job_tells_although_counting_ends(add, read, monkeypatch):
    monkeypatch.setattr(figures, "MOST_COUNTED", 2)
    for due in (-30, -600, -40):
        add(due=due)
    add(JobKind.NOTIFY)
    add(JobKind.MPESA_CALLBACK)
    seen = read()

    assert sum(count for (queue, *_), count in seen.jobs.items() if queue == "deliveries") == 2
    assert seen.oldest_due["deliveries"] == pytest.approx(600, abs=5)
    assert seen.jobs[("webhooks", "webhooks.mpesa_callback", "due")] == 1


def test_payments_and_refunds_are_told_by_what_is_to_be_done(make, db, ctx, read):
    paid, doubtful, open_one, old = (make.payment(make.booking()) for _ in range(4))
    with db.transaction() as session:
        now = ctx.now(session)
        session.execute(update(Payment).where(Payment.id == paid.id).values(state="succeeded"))
        session.execute(update(Payment).where(Payment.id == doubtful.id).values(state="needs_review"))
        session.execute(
            update(Payment)
            .where(Payment.id == old.id)
            .values(id=figures.first_id(now - timedelta(hours=2)), state="succeeded", attention="receipt_reused")
        )
        session.execute(update(Payment).where(Payment.id == open_one.id).values(started_at=now - timedelta(minutes=30)))
        session.add(
            Refund(
                payment_id=paid.id,
                amount_minor=100,
                currency="KES",
                reason="surplus",
                requested_at=now - timedelta(hours=3),
            )
        )
    seen = read()

    assert seen.unsettled == {
        ("mpesa", "pending"): (1, pytest.approx(1_800, abs=5)),
        ("mpesa", "needs_review"): (1, pytest.approx(0, abs=5)),
    }
    assert seen.recent == {("mpesa", "succeeded"): 1, ("mpesa", "needs_review"): 1, ("mpesa", "pending"): 1}
    assert seen.attention == {"needs_review": 1, "receipt_reused": 1}
    assert (seen.refunds_waiting, seen.oldest_refund) == (1, pytest.approx(10_800, abs=5))


@pytest.mark.parametrize(
    ("said", "teller"),
    [
        ([Evidence.QUERY_SUCCESS], "query"),
        ([Evidence.QUERY_FAILURE], "query"),
        ([Evidence.QUERY_SUCCESS, Evidence.SETTLED, Evidence.CALLBACK_SUCCESS], "callback"),
        ([Evidence.CALLBACK_INCONCLUSIVE, Evidence.QUERY_FAILURE], "callback"),
        ([Evidence.MISMATCH, Evidence.QUERY_SUCCESS], "callback"),
        ([Evidence.ACCEPTED, Evidence.QUERY_FAILURE_EARLY], None),
        ([Evidence.REFUSED], None),
    ],
)
def test_a_payment_that_only_our_question_decided_is_told_apart(make, db, ctx, read, said, teller):
    payment = make.payment(make.booking())
    with db.transaction() as session:
        for what in said:
            evidence.record(session, payment, what, key=what.value, at=ctx.now(session))

    assert read().told == ({("mpesa", teller): 1} if teller else {})


def test_each_periodic_run_is_told_by_its_last_beginning(db, ctx, read):
    with db.transaction() as session:
        now = ctx.now(session)
        for name, hours in (("periodic.sweep_media", 5), ("periodic.sweep_media", 4), ("canaries", 1)):
            at = now - timedelta(hours=hours)
            session.add(PeriodicRun(name=name, bucket=at, claimed_at=at))

    assert read().runs == {"periodic.sweep_media": pytest.approx(14_400, abs=5)}


def test_no_question_reads_a_table_from_end_to_end(db, ctx):
    used = set()
    with db.reading() as session:
        now = ctx.now(session)
        session.execute(figures._WITHIN_BOUNDS)
        for query in figures.QUERIES:
            values = figures._values(query, now, datetime.now(UTC))
            plan = "\n".join(session.scalars(text(f"EXPLAIN {query}"), values))
            assert "Seq Scan" not in plan
            used |= set(re.findall(r"Scan.* using (\w+)", plan))

    assert used == {
        "ix_jobs_open",
        "ix_jobs_dead",
        "ix_payments_unsettled",
        "pk_payments",
        "uq_payment_events_payment_id_key",
        "ix_payments_attention",
        "ix_refunds_state_requested_at",
        "pk_periodic_runs",
    }
