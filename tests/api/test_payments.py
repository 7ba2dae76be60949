"""Starting to pay and learning the outcome, as the payer sees it."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from domain.payments import PaymentState
from models import Booking, Job, Payment
from tests.support.http import refused

PHONE = "0712 345 149"


@pytest.fixture
def booking(make) -> Booking:
    return make.booking()


@pytest.fixture
def payer(http, make, booking):
    return http.signed_in_as(make.reload_user(booking.customer_id))


def start(client, booking, path="/mpesa/initiate", **changes):
    body = {"booking_id": str(booking.id), "phone": PHONE} | changes
    body = {name: value for name, value in body.items() if value is not None}
    return client.post(f"/api/payments{path}", body)


@pytest.mark.parametrize(("path", "more"), [("/mpesa/initiate", {}), ("", {"provider": "mpesa"})])
def test_a_start_writes_the_attempt_and_its_job(payer, booking, db, path, more):
    response = start(payer, booking, path, **more)

    assert response.status_code == 202
    body = response.get_json()
    assert response.headers["Location"] == f"/api/payments/{body['id']}/status"
    assert (body["state"], body["attempt"], body["provider"]) == ("pending", 1, "mpesa")
    assert (body["amount"], body["currency"], body["booking_id"]) == ("5500.00", "KES", str(booking.id))
    assert body["phone"] == "07•• ••• 149"
    assert body["next_step"] == "We are sending a payment request to 07•• ••• 149."
    with db.reading() as session:
        assert session.scalars(select(Payment)).one().phone == "+254712345149"
        job = session.scalars(select(Job).where(Job.kind == "payments.push_stk")).one()
    assert (job.payload, job.request_id) == ({"payment_id": body["id"]}, response.headers["X-Request-ID"])


@pytest.mark.parametrize(
    "phone", ["0712345149", "+254 712 345 149", "254712345149", "712345149", 712345149, 254712345149]
)
def test_a_phone_may_be_written_in_many_ways(payer, booking, phone):
    assert start(payer, booking, phone=phone).get_json()["phone"] == "07•• ••• 149"


@pytest.mark.parametrize("amount", ["5500", "5500.00", 5500, 5500.0, " 5500.0 "])
def test_an_amount_that_agrees_is_welcome(payer, booking, amount):
    assert start(payer, booking, amount=amount).status_code == 202


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"phone": None}, 422, "invalid_fields", "phone"),
        ({"phone": ""}, 422, "invalid_fields", "phone"),
        ({"phone": "+44 20 7946 0018"}, 422, "invalid_fields", "phone"),
        ({"phone": "020 222 3344"}, 422, "invalid_fields", "phone"),
        ({"phone": "0712 345 14"}, 422, "invalid_fields", "phone"),
        ({"phone": "0712345149\u0000"}, 422, "invalid_fields", "phone"),
        ({"phone": ["0712345149"]}, 422, "invalid_fields", "phone"),
        ({"phone": True}, 422, "invalid_fields", "phone"),
        ({"phone": 10**40}, 422, "invalid_fields", "phone"),
        ({"booking_id": None}, 422, "invalid_fields", "booking_id"),
        ({"booking_id": "nonsense"}, 422, "invalid_fields", "booking_id"),
        ({"booking_id": 7}, 422, "invalid_fields", "booking_id"),
        ({"amount": "1"}, 422, "amount_mismatch", "amount"),
        ({"amount": "5500.01"}, 422, "amount_mismatch", "amount"),
        ({"amount": "5500.001"}, 422, "invalid_fields", "amount"),
        ({"amount": "-5500"}, 422, "invalid_fields", "amount"),
        ({"amount": "five"}, 422, "invalid_fields", "amount"),
        ({"amount": True}, 422, "invalid_fields", "amount"),
        ({"amount": 1e300}, 422, "invalid_fields", "amount"),
        ({"amount": "9" * 100}, 422, "invalid_fields", "amount"),
        ({"amount": {"amount": "5500"}}, 422, "invalid_fields", "amount"),
        ({"pin": "1234"}, 422, "invalid_fields", "pin"),
        ({"bookingId": str(uuid.uuid4())}, 422, "invalid_fields", "booking_id"),
    ],
)
def test_a_bad_start_is_refused_and_leaves_no_trace(payer, booking, untouched, change, status, code, field):
    with untouched():
        refused(start(payer, booking, **change), status, code, field)


def test_an_unknown_provider_is_refused(payer, booking, untouched):
    with untouched():
        refused(start(payer, booking, "", provider="cowries"), 422, "invalid_fields", "provider")
        refused(start(payer, booking, ""), 422, "invalid_fields", "provider")


def test_nobody_pays_for_somebody_elses_booking(http, make, booking, untouched):
    stranger, guide = http.signed_in_as(make.user()), http.signed_in_as(make.reload_user(booking.host_id))

    with untouched():
        for client in (stranger, guide):
            refused(start(client, booking), 404, "booking_not_found")
        refused(start(stranger, booking, booking_id=str(uuid.uuid4())), 404, "booking_not_found")
        refused(start(http, booking), 401, "token_missing")


def test_a_prompt_on_the_phone_blocks_a_second_one_for_a_while(payer, booking, clock, untouched, make):
    first = start(payer, booking).get_json()

    with untouched():
        response = start(payer, booking)
    body = refused(response, 409, "prompt_on_phone")
    assert body["payment_id"] == first["id"]
    assert 0 < int(response.headers["Retry-After"]) <= 90

    clock.offset += make.ctx.policy.certainty.prompt_lock
    second = start(payer, booking)
    assert (second.status_code, second.get_json()["attempt"]) == (202, 2)
    status = payer.get(f"/api/payments/{first['id']}/status").get_json()
    assert (status["state"], status["failure"]["code"]) == ("cancelled", "superseded")


def test_a_payment_under_review_is_named_and_nothing_is_asked_again(payer, booking, make, db, untouched):
    payment = make.payment(booking)
    with db.transaction() as session:
        session.get_one(Payment, payment.id).state = "needs_review"

    with untouched():
        body = refused(start(payer, booking), 409, "payment_under_review")
    assert body["payment_id"] == str(payment.id)


def test_many_starts_at_once_make_one_prompt(payer, booking, db):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: start(payer, booking), range(10)))

    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 9
    assert {answer.get_json()["code"] for answer in answers if answer.status_code == 409} == {"prompt_on_phone"}
    with db.reading() as session:
        assert len(session.scalars(select(Job).where(Job.kind == "payments.push_stk")).all()) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("confirmed", "already_paid"),
        ("paid", "already_paid"),
        ("expired", "hold_expired"),
        ("cancelled", "booking_not_payable"),
    ],
)
def test_a_booking_in_another_state_cannot_be_paid(payer, booking, db, untouched, status, code):
    with db.transaction() as session:
        session.get_one(Booking, booking.id).status = status

    with untouched():
        refused(start(payer, booking), 409, code)


def test_a_hold_that_has_ended_cannot_be_paid(payer, booking, clock, make, untouched):
    clock.offset += make.ctx.policy.hold.duration

    with untouched():
        refused(start(payer, booking), 409, "hold_expired")


def test_a_phone_is_asked_three_times_in_ten_minutes(http, make):
    for _ in range(3):
        booking = make.booking()
        assert start(http.signed_in_as(make.reload_user(booking.customer_id)), booking).status_code == 202
    booking = make.booking()
    client = http.signed_in_as(make.reload_user(booking.customer_id))

    response = start(client, booking)

    refused(response, 429, "too_many_stk_phone")
    assert 500 < int(response.headers["Retry-After"]) <= 600
    assert start(client, booking, phone="0712 345 150").status_code == 202


def test_a_status_is_told_to_the_payer_only(http, make, payer, booking):
    payment = make.payment(booking)
    path = f"/api/payments/{payment.id}/status"

    assert payer.get(path).get_json()["id"] == str(payment.id)
    assert http.signed_in_as(make.user(roles=["admin"])).get(path).status_code == 200
    theirs = refused(http.signed_in_as(make.user()).get(path), 404, "payment_not_found")
    nobodys = refused(payer.get(f"/api/payments/{uuid.uuid4()}/status"), 404, "payment_not_found")
    assert {**theirs, "request_id": ""} == {**nobodys, "request_id": ""}
    refused(http.signed_in_as(make.reload_user(booking.host_id)).get(path), 404, "payment_not_found")
    refused(http.get(path), 401, "token_missing")


def test_a_list_holds_ones_own_payments(http, make, payer, booking):
    payment = make.payment(booking)
    make.payment(make.booking())

    body = payer.get("/api/payments").get_json()

    assert [item["id"] for item in body["items"]] == [str(payment.id)]
    assert body["pagination"]["total"] == 1
    refused(payer.get("/api/payments?limit=1000"), 422, "invalid_fields", "limit")


def test_a_list_can_be_of_one_booking(http, make, payer, booking):
    payment = make.payment(booking)
    elsewhere = make.booking(make.reload_user(booking.customer_id))
    make.payment(elsewhere)
    strangers = make.booking()
    make.payment(strangers)

    def found(booking_id: object) -> list[str]:
        return [item["id"] for item in payer.get(f"/api/payments?booking_id={booking_id}").get_json()["items"]]

    assert found(booking.id) == [str(payment.id)]
    assert len(found("")) == 2
    assert found(strangers.id) == found(uuid.uuid4()) == []
    refused(payer.get("/api/payments?bookingId=nonsense"), 422, "invalid_fields", "booking_id")


@pytest.mark.parametrize(
    ("state", "code", "action", "next_step"),
    [
        ("processing", None, None, "Enter your M-Pesa PIN on 07•• ••• 149."),
        ("succeeded", None, None, "Your payment has arrived. There is nothing more to do."),
        ("failed", "1", "top_up_and_retry", None),
        ("cancelled", "1032", "retry", None),
        ("expired", "1019", "retry", None),
        ("unknown", "push_outcome_unknown", "wait_two_minutes", "We are asking M-Pesa"),
        ("needs_review", "amount_mismatch", "none", "We are checking this payment"),
        ("failed", "7777", "none", None),
    ],
)
def test_each_state_comes_with_its_next_step(payer, make, booking, db, state, code, action, next_step):
    payment = make.payment(booking, phone="+254712345149")
    with db.transaction() as session:
        row = session.get_one(Payment, payment.id)
        row.state, row.failure_code = state, code

    body = payer.get(f"/api/payments/{payment.id}/status").get_json()

    assert body["state"] == PaymentState(state)
    assert (body["failure"] or {}).get("action") == action
    assert (body["next_step"] or "").startswith(next_step or "")
    assert bool(body["next_step"]) == bool(next_step)


@pytest.mark.parametrize(
    ("locale", "asked", "word"),
    [
        ("sw", None, "lilighairiwa"),
        ("sw", "*", "lilighairiwa"),
        ("sw", "fr-FR, de;q=0.5", "lilighairiwa"),
        ("sw", "en;q=0", "lilighairiwa"),
        ("sw", "en-GB", "cancelled"),
        ("sw", "sw;q=0.4, en;q=0.9", "cancelled"),
        ("en", "sw-KE, en;q=0.5", "lilighairiwa"),
        ("en", None, "cancelled"),
    ],
)
def test_a_failure_speaks_the_payers_language(http, make, db, locale, asked, word):
    user = make.user(locale=locale)
    payment = make.payment(make.booking(user))
    with db.transaction() as session:
        row = session.get_one(Payment, payment.id)
        row.state, row.failure_code = "cancelled", "1032"
    client = http.signed_in_as(user)

    body = client.get(f"/api/payments/{payment.id}/status", headers={"Accept-Language": asked} if asked else {})

    assert word in body.get_json()["failure"]["message"]
