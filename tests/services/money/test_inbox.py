"""The inbox: what M-Pesa calls us with is stored once and raw, and strangers can fill nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotFound
from domain.jobs import JobKind
from models import Job, Payment, WebhookEvent
from services.money.inbox import hint_mpesa_callback, receive_mpesa_callback
from services.money.paying import query_key
from tests.support.refusals import refused, unchanged

BODY = b'{"Body": {"stkCallback": {}}}'


@pytest.fixture
def payment(make, book, pay):
    tourist = make.user()
    return pay(tourist, book(tourist, make.listing()))


@pytest.fixture
def receive(db, make):
    def receive(token, body=BODY):
        with db.transaction() as session:
            return receive_mpesa_callback(session, make.ctx, token, body)

    return receive


def test_a_callback_is_stored_as_it_came_with_the_job_that_reads_it(db, payment, receive, jobs):
    assert receive(payment.callback_token, b"\xff not even JSON") is True
    with db.reading() as session:
        event = session.scalars(select(WebhookEvent)).one()
    assert (event.provider, event.payment_id, bytes(event.body)) == ("mpesa", payment.id, b"\xff not even JSON")
    assert event.processed_at is None
    (job,) = jobs("inbox:")
    assert (job.kind, job.payload) == ("webhooks.mpesa_callback", {"event_id": str(event.id)})


def test_the_same_bytes_are_stored_once(db, payment, receive):
    receive(payment.callback_token)
    with unchanged(db):
        assert receive(payment.callback_token) is False


def test_the_same_bytes_are_stored_once_when_they_come_at_once(db, payment, receive):
    with ThreadPoolExecutor(8) as threads:
        stored = list(threads.map(lambda _: receive(payment.callback_token), range(8)))
    assert sorted(stored) == [False] * 7 + [True]


def test_other_bytes_are_another_callback(payment, receive, jobs):
    assert receive(payment.callback_token)
    assert receive(payment.callback_token, BODY + b" ")
    assert len(jobs("inbox:")) == 2


def test_nothing_is_stored_for_a_token_that_is_nobodys(db, payment, receive):
    for token in ("x" * 43, "", payment.callback_token[:-1], str(payment.id)):
        with refused(db, "callback_not_found", NotFound):
            receive(token)


@pytest.fixture
def asked_later(db, ctx, payment):
    """The payment's query is due in two minutes."""
    with db.transaction() as session:
        session.get_one(Payment, payment.id).provider_reference = "ws_CO_191120261200"
        now = ctx.now(session)
        due = now + timedelta(minutes=2)
        ctx.enqueue(session, JobKind.QUERY_STK, query_key(payment.id), {"payment_id": payment.id}, now=now, due_at=due)
    return payment


def hint(db, ctx, reference: str) -> None:
    with db.transaction() as session:
        hint_mpesa_callback(session, ctx, reference)


def test_a_stranger_who_knows_a_payment_brings_its_query_forward_and_no_more(db, ctx, make, asked_later, jobs):
    hint(db, ctx, "ws_CO_191120261200")
    (query,) = jobs("query:")
    with db.reading() as session:
        assert query.due_at <= ctx.now(session)
    assert make.reload(asked_later).state == "pending"


def test_a_stranger_makes_us_ask_about_one_payment_a_few_times_a_minute_at_most(db, ctx, asked_later, jobs):
    later = jobs("query:")[0].due_at
    brought_forward = 0
    for _ in range(20):
        hint(db, ctx, "ws_CO_191120261200")
        with db.transaction() as session:
            query = session.scalars(select(Job).where(Job.key.startswith("query:"))).one()
            brought_forward += query.due_at < later
            query.due_at = later
    assert brought_forward == 4


def test_a_stranger_who_knows_nothing_moves_nothing(db, ctx, asked_later, jobs):
    (before,) = jobs("query:")
    with unchanged(db):
        hint(db, ctx, "ws_CO_000000000000")
    assert jobs("query:")[0].due_at == before.due_at
