"""What is said about a payment becomes its state: once, in any order, and never back from a success."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from domain.payments import Evidence
from models import AuditEntry, Departure, PaymentEvent, Receivable
from services.bookings.locking import lock_payment
from services.money.evidence import receipt_is_taken
from tests.support.database import row_counts
from tests.support.evidence import receipt
from tests.support.refusals import unchanged


@pytest.fixture
def started(make, book, pay):
    """A payment that has just been started, with its tourist and booking."""

    def started(**listing):
        tourist = make.user()
        booking = book(tourist, make.listing(**listing))
        return tourist, booking, pay(tourist, booking)

    return started


def test_a_success_settles_what_is_owed_and_confirms(db, make, started, mpesa, jobs, told):
    tourist, booking, payment = started()
    mpesa.accepts(payment)
    payment = mpesa.pays(payment, "SGH1AAA001")
    assert (payment.state, payment.settles, payment.receipt, payment.failure_code) == (
        "succeeded",
        True,
        "SGH1AAA001",
        None,
    )
    assert payment.paid_at is not None
    assert make.reload(booking).status == "confirmed"
    with db.reading() as session:
        receivable = session.scalars(select(Receivable)).one()
        assert (receivable.state, receivable.settled_at is not None) == ("settled", True)
        moves = session.scalars(
            select(AuditEntry.data).where(AuditEntry.action == "payment.moved").order_by(AuditEntry.id)
        ).all()
    assert moves == [{"from": "pending", "to": "processing"}, {"from": "processing", "to": "succeeded"}]
    assert jobs("hold:")[0].done_at is not None
    assert told(tourist) == ["booking_confirmed", "payment_receipt"]
    assert [job.payload["kind"] for job in jobs("tell:") if job.payload["user_id"] == str(booking.host_id)] == [
        "new_booking"
    ]


def test_a_listing_confirmed_by_hand_is_paid_and_waits_for_its_guide(make, started, mpesa, told):
    tourist, booking, payment = started(confirmation="manual")
    mpesa.pays(payment)
    assert make.reload(booking).status == "paid"
    assert told(tourist) == ["payment_receipt"]


def test_the_same_callback_again_has_no_second_effect(db, started, mpesa):
    _, _, payment = started()
    number = receipt()
    mpesa.pays(payment, number)
    with unchanged(db):
        for _ in range(3):
            mpesa.pays(payment, number)


@pytest.mark.parametrize("code", ["1", "1032", "1019", "2001", "1037"])
def test_a_success_counts_when_it_comes_after_a_failure(make, started, mpesa, code):
    _, booking, payment = started()
    failed = mpesa.fails(payment, code)
    assert failed.failure_code == code
    assert failed.state == {"1032": "cancelled", "1019": "expired"}.get(code, "failed")
    paid = mpesa.pays(payment)
    assert (paid.state, paid.failure_code) == ("succeeded", None)
    assert make.reload(booking).status == "confirmed"


@pytest.mark.parametrize(
    ("what", "details"),
    [
        (Evidence.CALLBACK_FAILURE, {"code": "1032"}),
        (Evidence.CALLBACK_INCONCLUSIVE, {"code": "1037"}),
        (Evidence.QUERY_FAILURE, {"code": "1"}),
        (Evidence.REFUSED, {"code": "push_busy"}),
        (Evidence.OUTCOME_UNKNOWN, {}),
        (Evidence.GAVE_UP, {}),
        (Evidence.MISMATCH, {"code": "amount_mismatch"}),
        (Evidence.UNKNOWN_CODE, {"code": "7777"}),
        (Evidence.SUPERSEDED, {}),
    ],
)
def test_a_success_never_regresses(make, started, mpesa, told, what, details):
    tourist, booking, payment = started()
    mpesa.pays(payment)
    news = told(tourist)
    after = mpesa.says(payment, what, **details)
    assert (after.state, after.settles, after.failure_code) == ("succeeded", True, None)
    assert make.reload(booking).status == "confirmed"
    assert told(tourist) == news
    expected = "contradiction" if what in (Evidence.MISMATCH, Evidence.UNKNOWN_CODE) else None
    assert after.attention == expected


def test_a_querys_success_settles_and_the_receipt_comes_later(db, started, mpesa):
    _, _, payment = started()
    paid = mpesa.pays_unseen(payment)
    assert (paid.state, paid.settles, paid.receipt) == ("succeeded", True, None)
    before = row_counts(db.engine)
    learned = mpesa.pays(payment, "SGH2BBB002")
    assert (learned.receipt, learned.settles) == ("SGH2BBB002", True)
    after = row_counts(db.engine)
    assert {name for name in after if after[name] != before[name]} == {"payment_events"}


@pytest.mark.parametrize("code", ["amount_mismatch", "identity_mismatch", "receipt_reused"])
def test_a_mismatch_confirms_nothing_and_waits_for_a_person(db, make, started, mpesa, told, code):
    tourist, booking, payment = started()
    doubted = mpesa.says(payment, Evidence.MISMATCH, code=code)
    assert (doubted.state, doubted.attention, doubted.failure_code, doubted.settles) == (
        "needs_review",
        code,
        code,
        False,
    )
    assert make.reload(booking).status == "pending"
    with db.reading() as session:
        assert session.scalars(select(Receivable.state)).one() == "open"
    assert told(tourist) == ["payment_under_review"]


def test_an_unknown_code_is_never_paid(make, started, mpesa, told):
    tourist, booking, payment = started()
    doubted = mpesa.says(payment, Evidence.UNKNOWN_CODE, code="7777")
    assert (doubted.state, doubted.attention, doubted.failure_code) == ("needs_review", "unknown_code", "7777")
    assert make.reload(booking).status == "pending"
    assert told(tourist) == ["payment_under_review"]


@pytest.mark.parametrize("order", list(itertools.permutations(["query", "callback"])))
def test_a_querys_success_and_a_callbacks_failure_contradict_each_other(make, started, mpesa, order):
    _, booking, payment = started()
    for source in order:
        payment = mpesa.pays_unseen(payment) if source == "query" else mpesa.fails(payment)
    if order[0] == "query":
        assert (payment.state, make.reload(booking).status) == ("succeeded", "confirmed"), "it was settled already"
    else:
        assert (payment.state, payment.attention) == ("needs_review", "contradiction")
        assert make.reload(booking).status == "pending"


def test_a_success_resolves_a_review(make, started, mpesa):
    _, booking, payment = started()
    mpesa.says(payment, Evidence.GAVE_UP)
    assert mpesa.pays(payment).state == "succeeded"
    assert make.reload(booking).status == "confirmed"


def test_an_unreachable_phone_fails_a_payment_only_when_the_query_agrees(make, started, mpesa, told):
    tourist, _, payment = started()
    mpesa.accepts(payment)
    assert mpesa.says(payment, Evidence.CALLBACK_INCONCLUSIVE, code="1037").state == "processing"
    assert told(tourist) == []
    failed = mpesa.says(payment, Evidence.QUERY_FAILURE_EARLY, code="1037")
    assert (failed.state, failed.failure_code) == ("failed", "1037")
    assert told(tourist) == ["payment_failed"]


def test_two_receipts_for_one_prompt_are_flagged_and_the_first_word_stands(started, mpesa):
    _, _, payment = started()
    mpesa.pays(payment, "SGH3CCC003")
    after = mpesa.pays(payment, "SGH0AAA000")
    assert (after.state, after.receipt, after.attention) == ("succeeded", "SGH3CCC003", "contradiction")


def test_a_receipt_belongs_to_one_payment(db, ctx, started, mpesa):
    _, _, first = started()
    _, _, second = started()
    mpesa.pays(first, "SGH4DDD004")
    with db.transaction() as session:
        held = lock_payment(session, ctx, second.id)
        assert receipt_is_taken(session, held.payment, "SGH4DDD004")
        assert not receipt_is_taken(session, held.payment, "SGH4DDD005")


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_the_end_is_the_same_in_whatever_order_things_are_said(db, make, started, mpesa, order):
    _, booking, payment = started()
    story = [
        lambda: mpesa.accepts(payment),
        lambda: mpesa.says(payment, Evidence.CALLBACK_INCONCLUSIVE, code="1037"),
        lambda: mpesa.says(payment, Evidence.QUERY_FAILURE_EARLY, code="1037"),
        lambda: mpesa.pays(payment, "SGH5EEE005"),
    ]
    for step in order:
        story[step]()
    payment = make.reload(payment)
    assert (payment.state, payment.receipt, payment.settles) == ("succeeded", "SGH5EEE005", True)
    assert make.reload(booking).status == "confirmed"
    with db.reading() as session:
        assert session.scalars(select(Departure.seats_taken)).one() == 2
        assert len(session.scalars(select(PaymentEvent)).all()) == 5, "four things said, and that we settled"
