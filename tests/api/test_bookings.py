"""Holding seats: every way to ask, every refusal by name, and nothing left behind by a refusal."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, Booking, Departure, Listing
from tests.factories import NAIROBI, start_in
from tests.support.http import refused


@pytest.fixture
def listing(make) -> Listing:
    return make.listing(slug="food-walk")


@pytest.fixture
def amina(http, make):
    """A client signed in as a tourist."""
    return http.signed_in_as(make.user())


def wish(**changes) -> dict:
    body = {"experience_id": "food-walk", "starts_at": start_in().isoformat(), "guests": 2}
    return {name: value for name, value in (body | changes).items() if value is not None}


def test_seats_are_held_at_the_price_of_the_listing(amina, listing, db):
    response = amina.post("/api/bookings", wish(special_requests="  One of us is\nvegetarian. "))

    assert response.status_code == 201
    body = response.get_json()
    assert response.headers["Location"] == f"/api/bookings/{body['id']}"
    assert (body["status"], body["seats"], body["guests"]) == ("pending", 2, {"adult": 2})
    assert body["total"] == body["amount_due_now"] == {"amount": "5500.00", "currency": "KES"}
    assert [line["amount"]["amount"] for line in body["lines"]] == ["5000.00", "500.00"]
    assert body["payment_schedule"][0]["state"] == "open"
    assert body["special_requests"] == "One of us is\nvegetarian."
    assert body["experience"]["meeting_point"] == listing.meeting_point
    assert body["guide"]["phone"] is None
    held = datetime.fromisoformat(body["hold_expires_at"]) - datetime.fromisoformat(body["booked_at"])
    assert held == timedelta(minutes=15)
    with db.reading() as session:
        assert session.scalars(select(Departure)).one().seats_taken == 2


LOCAL = start_in().astimezone(NAIROBI)


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": start_in().strftime("%Y-%m-%dT%H:%M:%SZ")},
        {"starts_at": LOCAL.isoformat()},
        {"starts_at": None, "date": str(LOCAL.date()), "time": "08:00"},
        {"starts_at": None, "booking_date": str(LOCAL.date()), "start_time": "08:00"},
        {"starts_at": None, "bookingDate": str(LOCAL.date()), "bookingTime": "08:00:00"},
        {"starts_at": None, "startsAt": start_in().isoformat()},
        {"guests": None, "number_of_guests": 2},
        {"guests": None, "numberOfGuests": "2"},
        {"guests": None, "guest_count": 2},
        {"guests": {"adult": 2}},
        {"currency": "KES"},
        {"notes": "hello"},
        {"specialRequests": ""},
    ],
)
def test_a_wish_may_be_spelled_in_many_ways(amina, listing, change):
    response = amina.post("/api/bookings", wish(**change))

    assert response.status_code == 201, response.get_json()
    body = response.get_json()
    assert (body["starts_at"], body["guests"]) == (start_in().strftime("%Y-%m-%dT%H:%M:%SZ"), {"adult": 2})


def test_names_of_tiers_are_never_respelled(amina, make):
    tiers = [
        {"name": "adult", "price_minor": 250_000, "takes_seat": True},
        {"name": "young_person", "price_minor": 100_000, "takes_seat": True},
    ]
    make.listing(slug="food-walk", tiers=tiers)

    right = amina.post("/api/bookings", wish(guests={"adult": 1, "young_person": 1}))
    wrong = amina.post("/api/bookings", wish(guests={"adult": 1, "youngPerson": 1}))

    assert right.get_json()["total"]["amount"] == "3850.00"
    refused(wrong, 422, "invalid_field", "guests")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"experience_id": None}, "experience_id"),
        ({"experience_id": 7}, "experience_id"),
        ({"experience_id": "\u0000"}, "experience_id"),
        ({"starts_at": None}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": "2026-12-05T09:00:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
        ({"starts_at": 1_800_000_000}, "starts_at"),
        ({"date": "2026-12-05"}, "date"),
        ({"starts_at": None, "date": "2026-12-05"}, "time"),
        ({"starts_at": None, "time": "09:00"}, "date"),
        ({"starts_at": None, "date": "2026-02-30", "time": "09:00"}, "date"),
        ({"starts_at": None, "date": "2026-12-05", "time": "25:00"}, "time"),
        ({"starts_at": None, "date": "2026-12-05", "time": "09:00+03:00"}, "time"),
        ({"guests": None}, "guests"),
        ({"guests": 0}, "guests"),
        ({"guests": -1}, "guests"),
        ({"guests": 1.5}, "guests"),
        ({"guests": True}, "guests"),
        ({"guests": "many"}, "guests"),
        ({"guests": 10**30}, "guests"),
        ({"guests": [2]}, "guests"),
        ({"guests": {}}, "guests"),
        ({"guests": {"adult": -1}}, "guests"),
        ({"guests": {"adult": 0}}, "guests"),
        ({"guests": {"robot": 1}}, "guests"),
        ({"guests": {"x" * 41: 1}}, "guests"),
        ({"guests": {f"tier{number}": 1 for number in range(11)}}, "guests"),
        ({"guests": 9}, "guests"),
        ({"guests": 2, "number_of_guests": 2}, "guests"),
        ({"currency": "USD"}, "currency"),
        ({"currency": "Shillings"}, "currency"),
        ({"special_requests": "x" * 1001}, "special_requests"),
        ({"special_requests": "\u0007"}, "special_requests"),
        ({"special_requests": ["a"]}, "special_requests"),
        ({"price": 1}, "price"),
        ({"total": {"amount": "1.00"}}, "total"),
        ({"status": "confirmed"}, "status"),
        ({"customer_id": str(uuid.uuid4())}, "customer_id"),
    ],
)
def test_a_bad_wish_is_refused_by_field_and_leaves_no_trace(amina, listing, untouched, change, field):
    body = wish(**change)
    with untouched():
        booked, quoted = amina.post("/api/bookings", body), amina.post("/api/bookings/quote", body)

    assert booked.status_code == 422, booked.get_json()
    assert field in booked.get_json()["errors"]
    if field != "special_requests":
        assert quoted.status_code == 422


@pytest.mark.parametrize(
    ("starts_at", "status", "code"),
    [
        (lambda: datetime.now(UTC) - timedelta(days=1), 422, "start_in_past"),
        (lambda: start_in(200), 422, "start_too_far"),
        (lambda: datetime.now(UTC) + timedelta(minutes=90), 422, "booking_closed"),
        (lambda: start_in(7, time(9)), 422, "start_not_offered"),
    ],
)
def test_a_start_that_cannot_be_booked_is_refused(amina, listing, untouched, starts_at, status, code):
    with untouched():
        refused(amina.post("/api/bookings", wish(starts_at=starts_at().isoformat())), status, code, "starts_at")
        refused(amina.post("/api/bookings/quote", wish(starts_at=starts_at().isoformat())), status, code, "starts_at")


def test_a_local_time_that_the_clock_skips_is_refused(amina, make, untouched):
    make.listing(slug="berlin-walk", timezone="Europe/Berlin")
    spring = {"experience_id": "berlin-walk", "date": "2027-03-28", "time": "02:30", "guests": 2}

    with untouched():
        refused(amina.post("/api/bookings", spring), 422, "invalid_field", "time")


def test_what_is_not_offered_cannot_be_booked(amina, make, untouched):
    make.listing(slug="food-walk", status="hidden")

    with untouched():
        refused(amina.post("/api/bookings", wish()), 404, "experience_not_found")
        refused(amina.post("/api/bookings", wish(experience_id=str(uuid.uuid4()))), 404, "experience_not_found")


def test_sold_out_says_how_many_are_left(amina, http, make, listing, untouched):
    make.booking(listing=listing, guests={"adult": 7})

    with untouched():
        body = refused(amina.post("/api/bookings", wish()), 409, "seats_sold_out")

    assert body["seats_free"] == 1


def test_a_guide_cannot_be_in_two_places(amina, make, listing, untouched):
    make.booking(listing=listing)
    make.listing(make.reload_user(listing.host_id), slug="other-walk")

    with untouched():
        refused(amina.post("/api/bookings", wish(experience_id="other-walk")), 409, "guide_busy")


def test_one_holds_a_time_once_and_not_too_many_times(amina, make, listing, untouched):
    first = amina.post("/api/bookings", wish()).get_json()
    with untouched():
        again = refused(amina.post("/api/bookings", wish()), 409, "already_held")
    assert again["booking_id"] == first["id"]

    for days in (8, 9):
        assert amina.post("/api/bookings", wish(starts_at=start_in(days).isoformat())).status_code == 201
    with untouched():
        body = refused(amina.post("/api/bookings", wish(starts_at=start_in(10).isoformat())), 409, "too_many_holds")
    assert len(body["booking_ids"]) == 3


def test_the_last_seats_are_sold_once_however_many_ask(http, make, db):
    make.listing(slug="food-walk", capacity=4, max_guests=4)
    clients = [http.signed_in_as(make.user()) for _ in range(12)]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda client: client.post("/api/bookings", wish()), clients))

    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 10
    assert {answer.get_json()["code"] for answer in answers if answer.status_code == 409} == {"seats_sold_out"}
    with db.reading() as session:
        assert session.scalars(select(Departure)).one().seats_taken == 4


def test_a_quote_is_the_price_and_holds_for_fifteen_minutes(http, amina, listing, db, clock):
    quoted = http.post("/api/bookings/quote", wish())

    assert quoted.status_code == 200
    quote = quoted.get_json()
    assert quote["total"] == {"amount": "5500.00", "currency": "KES"}
    with db.transaction() as session:
        session.scalars(select(Listing)).one().price_minor = 900_000
    kept = amina.post("/api/bookings", wish(quote=quote["quote"]))
    assert kept.get_json()["total"] == quote["total"]

    clock.offset += timedelta(minutes=15, seconds=2)
    late = amina.post("/api/bookings", wish(quote=quote["quote"], starts_at=start_in().isoformat()))
    refused(late, 409, "quote_expired")


def test_a_quote_counts_only_for_what_it_was_made_for(http, amina, listing, untouched):
    quote = http.post("/api/bookings/quote", wish()).get_json()["quote"]

    with untouched():
        refused(amina.post("/api/bookings", wish(quote=quote, guests=3)), 422, "quote_mismatch", "quote")
        later = wish(quote=quote, starts_at=start_in(8).isoformat())
        refused(amina.post("/api/bookings", later), 422, "quote_mismatch", "quote")
        refused(amina.post("/api/bookings", wish(quote=quote[:-2] + "xx")), 422, "quote_invalid", "quote")
        refused(amina.post("/api/bookings", wish(quote="x" * 100)), 422, "quote_invalid", "quote")
        refused(amina.post("/api/bookings", wish(quote="x" * 4001)), 422, "invalid_fields", "quote")


def test_a_quote_leaves_no_trace(http, listing, untouched):
    with untouched():
        assert http.post("/api/bookings/quote", wish()).status_code == 200


def test_both_parties_see_a_booking_and_nobody_else(http, make, listing):
    booking = make.booking(listing=listing)
    tourist, guide = (http.signed_in_as(make.reload_user(id_)) for id_ in (booking.customer_id, booking.host_id))
    stranger, admin = http.signed_in_as(make.user()), http.signed_in_as(make.user(roles=["admin"]))

    for client in (tourist, guide, admin):
        assert client.get(f"/api/bookings/{booking.id}").get_json()["reference"] == booking.reference
    for path in ("", "/cancellation-quote"):
        theirs = refused(stranger.get(f"/api/bookings/{booking.id}{path}"), 404, "booking_not_found")
        nobodys = refused(stranger.get(f"/api/bookings/{uuid.uuid4()}{path}"), 404, "booking_not_found")
        assert {**theirs, "request_id": ""} == {**nobodys, "request_id": ""}
    refused(http.get(f"/api/bookings/{booking.id}"), 401, "token_missing")
    refused(tourist.get("/api/bookings/nonsense"), 404, "not_found")


def test_phones_are_shared_from_the_confirmation_until_two_days_after_the_end(http, make, listing, db, clock):
    booking = make.booking(listing=listing)
    tourist = http.signed_in_as(make.reload_user(booking.customer_id))
    path = f"/api/bookings/{booking.id}"
    assert tourist.get(path).get_json()["guide"]["phone"] is None
    with db.transaction() as session:
        session.get_one(Booking, booking.id).status = "confirmed"

    confirmed = tourist.get(path).get_json()
    assert confirmed["guide"]["phone"].startswith("+254")
    assert confirmed["tourist"]["phone"].startswith("+254")
    with db.transaction() as session:
        session.get_one(Booking, booking.id).status = "completed"
    clock.offset += booking.ends_at - datetime.now(UTC) + timedelta(hours=47)
    assert tourist.get(path).get_json()["guide"]["phone"].startswith("+254")
    clock.offset += timedelta(hours=1, minutes=1)
    assert tourist.get(path).get_json()["guide"]["phone"] is None


def test_lists_hold_ones_own_by_role_status_and_time(http, make, db, clock):
    guide = make.guide()
    listing = make.listing(guide)
    user = make.user()
    first = make.booking(user, listing, starts_at=start_in(3))
    second = make.booking(user, listing, starts_at=start_in(5))
    make.booking(listing=listing, starts_at=start_in(6))
    with db.transaction() as session:
        session.get_one(Booking, second.id).status = "confirmed"
    tourist, host = http.signed_in_as(user), http.signed_in_as(guide)

    def found(client, query=""):
        return [item["id"] for item in client.get(f"/api/bookings?{query}").get_json()["items"]]

    assert found(tourist) == [str(second.id), str(first.id)]
    assert found(tourist, "when=upcoming") == [str(first.id), str(second.id)]
    assert found(tourist, "when=past") == []
    assert found(tourist, "status=confirmed") == [str(second.id)]
    assert found(tourist, "status=confirmed,pending&limit=1&page=2") == [str(first.id)]
    assert found(tourist, "role=guide") == []
    assert len(found(host, "role=guide")) == 3
    assert found(host) == []
    clock.offset += timedelta(days=4)
    assert found(tourist, "when=past") == [str(first.id)]
    for query, field in (
        ("role=admin", "role"),
        ("status=paid,nonsense", "status"),
        ("when=now", "when"),
        ("page=0", "page"),
    ):
        refused(tourist.get(f"/api/bookings?{query}"), 422, "invalid_fields", field)


def test_the_audit_log_knows_who_booked_from_where_and_by_which_request(amina, listing, db):
    amina.post("/api/bookings", wish(), headers={"X-Request-ID": "checkout-7"})

    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "booking.created")).one()
    assert (entry.actor_role, entry.ip, entry.request_id) == ("tourist", "127.0.0.0/24", "checkout-7")
