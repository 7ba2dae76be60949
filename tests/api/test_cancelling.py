"""Giving up a booking, and what that would bring back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from models import Booking, Departure, Listing, Payment
from models.payments import Refund, RefundReason
from tests.factories import phone_number, start_in
from tests.support.http import refused


@pytest.fixture
def listing(make) -> Listing:
    return make.listing(slug="food-walk")


def test_cancelling_gives_the_seats_back_once(http, make, listing, db, untouched):
    booking = make.booking(listing=listing)
    payment = make.payment(booking)
    tourist = http.signed_in_as(make.reload_user(booking.customer_id))

    response = tourist.put(f"/api/bookings/{booking.id}/cancel", {"reason": " Our plans changed. "})

    assert response.status_code == 200
    body = response.get_json()
    assert (body["status"], body["hold_expires_at"], body["amount_due_now"]["amount"]) == ("cancelled", None, "0.00")
    assert body["cancellation"]["cancelled_by"] == "tourist"
    assert body["cancellation"]["reason"] == "Our plans changed."
    assert body["payment_schedule"][0]["state"] == "void"
    with db.reading() as session:
        assert session.scalars(select(Departure)).one().seats_taken == 0
        assert session.get_one(Payment, payment.id).state == "cancelled"
    with untouched():
        again = tourist.put(f"/api/bookings/{booking.id}/cancel", {"reason": "Again."})
    assert again.get_json() == body


def test_the_guide_may_cancel_too_and_without_a_body(http, make, listing):
    booking = make.booking(listing=listing)
    guide = http.signed_in_as(make.reload_user(booking.host_id))

    body = guide.put(f"/api/bookings/{booking.id}/cancel").get_json()

    assert (body["status"], body["cancellation"]["cancelled_by"]) == ("cancelled", "guide")


def test_a_stranger_cannot_cancel(http, make, listing, untouched):
    booking = make.booking(listing=listing)
    stranger = http.signed_in_as(make.user())

    with untouched():
        refused(stranger.put(f"/api/bookings/{booking.id}/cancel"), 404, "booking_not_found")
        refused(stranger.put(f"/api/bookings/{uuid.uuid4()}/cancel"), 404, "booking_not_found")
        refused(http.put(f"/api/bookings/{booking.id}/cancel"), 401, "token_missing")
    assert make.reload(booking).status == "pending"


@pytest.mark.parametrize("status", ["completed", "expired", "rejected", "no_show"])
def test_what_is_over_cannot_be_cancelled(http, make, listing, db, untouched, status):
    booking = make.booking(listing=listing)
    with db.transaction() as session:
        session.get_one(Booking, booking.id).status = status
    tourist = http.signed_in_as(make.reload_user(booking.customer_id))

    with untouched():
        refused(tourist.put(f"/api/bookings/{booking.id}/cancel"), 409, "booking_not_cancellable")


@pytest.mark.parametrize("status", ["cancelled", "completed", "expired", "rejected", "no_show"])
def test_what_cannot_be_cancelled_has_no_quote_and_nothing_due(http, make, listing, db, status):
    booking = make.booking(listing=listing)
    with db.transaction() as session:
        session.get_one(Booking, booking.id).status = status
    tourist = http.signed_in_as(make.reload_user(booking.customer_id))

    refused(tourist.get(f"/api/bookings/{booking.id}/cancellation-quote"), 409, "booking_not_cancellable")
    assert tourist.get(f"/api/bookings/{booking.id}").get_json()["amount_due_now"]["amount"] == "0.00"


def test_what_goes_back_is_told(http, make, listing, db, clock):
    booking = make.booking(listing=listing, starts_at=start_in(7))
    payment = make.payment(booking)
    tourist = http.signed_in_as(make.reload_user(booking.customer_id))
    assert tourist.get(f"/api/bookings/{booking.id}").get_json()["refunds"] == []
    with db.transaction() as session:
        session.get_one(Booking, booking.id).status = "confirmed"
        paid = session.get_one(Payment, payment.id)
        paid.state, paid.settles = "succeeded", True
    clock.offset += timedelta(days=4)

    cancelled = tourist.put(f"/api/bookings/{booking.id}/cancel").get_json()

    (refund,) = cancelled["refunds"]
    assert refund["amount"] == {"amount": "2750.00", "currency": "KES"}
    assert (refund["reason"], refund["state"]) == ("cancellation", "waiting")
    assert tourist.get("/api/bookings").get_json()["items"][0]["refunds"] == [refund]
    told = tourist.get(f"/api/payments/{payment.id}/status").get_json()
    assert told["refunds"] == [refund]
    assert told["next_step"] == "KES 2,750 is going back to you."
    swahili = tourist.get("/api/payments", headers={"Accept-Language": "sw"}).get_json()["items"][0]
    assert (swahili["refunds"], swahili["next_step"]) == ([refund], "Tunakurudishia KES 2,750.")


def test_lists_read_refunds_in_a_fixed_number_of_queries(http, make, db):
    tourist = make.user()
    client = http.signed_in_as(tourist)

    def refunded() -> None:
        payment = make.payment(make.booking(tourist), phone=phone_number())
        with db.transaction() as session:
            row = session.get_one(Payment, payment.id)
            row.state = "succeeded"
            session.add(Refund.of(row, RefundReason.SURPLUS, row.amount_minor, row.started_at, None))

    def queries(path: str) -> int:
        asked: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        items = client.get(path).get_json()["items"]
        event.remove(db.engine, "before_cursor_execute", note)
        assert all(item["refunds"] for item in items)
        return len(asked)

    refunded()
    client.get("/api/bookings")
    one = [queries(path) for path in ("/api/bookings", "/api/payments")]
    refunded()
    refunded()
    assert [queries(path) for path in ("/api/bookings", "/api/payments")] == one


@pytest.mark.parametrize("body", [{"reason": "x" * 501}, {"reason": 7}, {"because": "x"}, [], "reason"])
def test_a_bad_reason_is_refused(http, make, listing, untouched, body):
    booking = make.booking(listing=listing)
    tourist = http.signed_in_as(make.reload_user(booking.customer_id))

    with untouched():
        refused(tourist.put(f"/api/bookings/{booking.id}/cancel", body), 422, "invalid_fields")


def test_a_cancellation_quote_follows_the_policy_that_was_promised(http, make, listing, db, clock):
    booking = make.booking(listing=listing, starts_at=start_in(7))
    payment = make.payment(booking)
    tourist = http.signed_in_as(make.reload_user(booking.customer_id))
    guide = http.signed_in_as(make.reload_user(booking.host_id))
    path = f"/api/bookings/{booking.id}/cancellation-quote"
    assert tourist.get(path).get_json()["refund"] is None
    with db.transaction() as session:
        session.get_one(Booking, booking.id).status = "confirmed"
        paid = session.get_one(Payment, payment.id)
        paid.state, paid.settles = "succeeded", True

    early = tourist.get(path).get_json()
    clock.offset += timedelta(days=4)
    late = tourist.get(path).get_json()

    assert (early["refund_percent"], early["refund"]["amount"]) == (100, "5500.00")
    assert (late["refund_percent"], late["refund"]["amount"]) == (50, "2750.00")
    assert guide.get(path).get_json()["refund_percent"] == 100
    assert [tier["refund_percent"] for tier in early["tiers"]] == [100, 50]
