"""Safaricom's callbacks: sense is stored once and acknowledged, nonsense changes nothing and is named."""

from __future__ import annotations

import copy
import dataclasses
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from api import Ports, create_app
from api.examples.payments import CALLBACK
from domain.jobs import JobKind
from models import Job, Payment, WebhookEvent
from services.money.paying import query_key
from tests.support.http import Http, refused

ACCEPTED = {"ResultCode": 0, "ResultDesc": "Accepted"}


@pytest.fixture
def payment(make) -> Payment:
    return make.payment(make.booking())


def path(payment: Payment) -> str:
    return f"/api/payments/mpesa/callback/{payment.callback_token}"


def test_a_callback_is_stored_as_it_came_with_the_job_that_reads_it(http, payment, db):
    raw = json.dumps(CALLBACK, indent=3).encode()

    response = http.post(path(payment), data=raw, content_type="application/json")

    assert (response.status_code, response.get_json()) == (200, ACCEPTED)
    with db.reading() as session:
        event = session.scalars(select(WebhookEvent)).one()
        job = session.scalars(select(Job).where(Job.kind == "webhooks.mpesa_callback")).one()
    assert (event.body, event.payment_id, event.source_ip) == (raw, payment.id, "127.0.0.1")
    assert job.payload == {"event_id": str(event.id)}


def test_the_same_bytes_again_are_acknowledged_and_not_stored_again(http, payment, untouched):
    http.post(path(payment), CALLBACK)

    with untouched():
        again = http.post(path(payment), CALLBACK)

    assert (again.status_code, again.get_json()) == (200, ACCEPTED)


def test_other_bytes_are_another_event(http, payment, db):
    http.post(path(payment), CALLBACK)
    other = copy.deepcopy(CALLBACK)
    other["Body"]["stkCallback"]["ResultDesc"] = "Said otherwise."
    http.post(path(payment), other)

    with db.reading() as session:
        assert len(session.scalars(select(WebhookEvent)).all()) == 2


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
def test_the_content_type_does_not_matter(http, payment, content_type):
    response = http.post(path(payment), data=json.dumps(CALLBACK), content_type=content_type)

    assert response.status_code == 200


@pytest.mark.parametrize(
    "token", ["x", "x" * 43, "%00" * 30, "..%2f..", "x" * 500, "' OR 1=1 --", "\U0001f600" * 30, "%ff" * 30]
)
def test_an_unknown_token_is_not_stored(http, payment, untouched, token):
    with untouched():
        response = http.post(f"/api/payments/mpesa/callback/{token}", CALLBACK)

    assert response.status_code == 404
    assert response.get_json()["code"] in ("callback_not_found", "not_found")


def garbled(change) -> dict:
    body = copy.deepcopy(CALLBACK)
    change(body["Body"]["stkCallback"])
    return body


def drop(*names):
    return lambda callback: [callback.pop(name) for name in names]


def put(**values):
    return lambda callback: callback.update(values)


def item(name, value):
    def change(callback):
        items = callback["CallbackMetadata"]["Item"]
        items[:] = [one for one in items if one["Name"] != name]
        if value is not None:
            items.append({"Name": name, "Value": value})

    return change


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (drop("ResultCode"), "ResultCode"),
        (drop("CheckoutRequestID"), "CheckoutRequestID"),
        (drop("MerchantRequestID"), "MerchantRequestID"),
        (drop("CallbackMetadata"), "Amount"),
        (put(ResultCode={"code": 0}), "ResultCode"),
        (put(ResultCode=True), "ResultCode"),
        (put(ResultCode="0; DROP"), "ResultCode"),
        (put(CheckoutRequestID=""), "CheckoutRequestID"),
        (put(CheckoutRequestID="x" * 101), "CheckoutRequestID"),
        (put(CheckoutRequestID="a\u0000b"), "CheckoutRequestID"),
        (put(ResultDesc=["x"]), "ResultDesc"),
        (item("Amount", None), "Amount"),
        (item("Amount", -5), "Amount"),
        (item("Amount", 1e300), "Amount"),
        (item("Amount", 10**400), "Amount"),
        (item("Amount", "5,500"), "Amount"),
        (item("Amount", 5500.001), "Amount"),
        (item("MpesaReceiptNumber", None), "MpesaReceiptNumber"),
        (item("MpesaReceiptNumber", "??"), "MpesaReceiptNumber"),
        (item("TransactionDate", 20261340110114), "TransactionDate"),
    ],
)
def test_a_garbled_callback_is_refused_by_field_and_changes_nothing(http, payment, untouched, caplog, change, field):
    with untouched():
        for address in (path(payment), "/api/payments/mpesa/callback"):
            refused(http.post(address, garbled(change)), 422, "malformed_callback", field)

    assert "254712345149" not in caplog.text
    assert "callback.malformed" in caplog.text


@pytest.mark.parametrize("body", [b"", b"{", b"null?", b"\xff\xfe\x00", b"NaN", b"[" * 16_000, b'{"Body": Infinity}'])
def test_what_is_not_json_is_refused(http, payment, untouched, body):
    with untouched():
        for address in (path(payment), "/api/payments/mpesa/callback"):
            refused(http.post(address, data=body, content_type="application/json"), 400, "malformed_request")


@pytest.mark.parametrize("body", [[], "text", 7, None, {}, {"Body": []}, {"Body": {"stkCallback": "x"}}])
def test_json_of_another_shape_is_refused(http, payment, untouched, body):
    with untouched():
        for address in (path(payment), "/api/payments/mpesa/callback"):
            response = http.post(address, data=json.dumps(body), content_type="application/json")
            assert (response.status_code, response.get_json()["code"]) == (422, "malformed_callback")


def test_an_overlong_callback_is_refused(http, payment, untouched):
    with untouched():
        response = http.post(path(payment), CALLBACK | {"padding": "x" * 16_384})

    refused(response, 413, "body_too_large")


def test_a_callback_without_a_token_only_makes_us_ask_sooner(http, payment, make, db):
    with db.transaction() as session:
        now = make.ctx.now(session)
        session.get_one(Payment, payment.id).provider_reference = CALLBACK["Body"]["stkCallback"]["CheckoutRequestID"]
        key, payload, later = query_key(payment.id), {"payment_id": payment.id}, now + timedelta(minutes=5)
        make.ctx.enqueue(session, JobKind.QUERY_STK, key, payload, now=now, due_at=later)

    response = http.post("/api/payments/mpesa/callback", CALLBACK)

    assert (response.status_code, response.get_json()) == (200, ACCEPTED)
    with db.reading() as session:
        assert session.scalars(select(WebhookEvent)).all() == []
        assert session.get_one(Payment, payment.id).state == "pending"
        job = session.scalars(select(Job).where(Job.key == query_key(payment.id))).one()
        assert job.due_at <= make.ctx.now(session)


def test_a_hint_about_nothing_is_accepted_and_changes_nothing(http, payment, untouched):
    with untouched():
        assert http.post("/api/payments/mpesa/callback", CALLBACK).status_code == 200


def test_only_listed_addresses_may_call_back_where_a_list_is_given(app, settings, contract, make, db, untouched):
    listed = dataclasses.replace(settings, mpesa_callback_ips=("196.201.214.0/24", "2001:db8::/32"), trusted_proxies=1)
    edge = app.extensions["elite"].ports
    http = Http(create_app(listed, Ports(db, edge.clock, edge.policy, edge.broker_ping, edge.storage)), contract, make)
    payment = make.payment(make.booking())

    with untouched():
        for address in ("198.51.100.7", "2001:db9::1", "nonsense", ""):
            response = http.post(path(payment), CALLBACK, headers={"X-Forwarded-For": address})
            refused(response, 403, "callback_address_refused")
        hint = http.post("/api/payments/mpesa/callback", CALLBACK, headers={"X-Forwarded-For": "198.51.100.7"})
        refused(hint, 403, "callback_address_refused")
    for address in ("196.201.214.200", "2001:db8::5"):
        assert http.post(path(payment), CALLBACK, headers={"X-Forwarded-For": address}).status_code == 200


def test_callbacks_are_never_limited(http, payment):
    answers = {http.post(path(payment), CALLBACK).status_code for _ in range(50)}

    assert answers == {200}
    assert "RateLimit-Limit" not in http.post(path(payment), CALLBACK).headers


def test_the_token_in_the_path_is_never_logged(http, payment, caplog):
    with caplog.at_level("INFO"):
        http.post(path(payment), CALLBACK)

    lines = [record for record in caplog.records if record.getMessage() == "request"]
    assert [line.route for line in lines] == ["/api/payments/mpesa/callback/<token>"]
    assert payment.callback_token not in caplog.text
