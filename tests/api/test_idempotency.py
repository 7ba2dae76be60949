"""POSTs that are sent twice: one effect, one answer, and a clear word where that cannot be."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from models import Booking, IdempotencyKey, Payment
from tests.factories import start_in
from tests.support.http import refused


@pytest.fixture
def amina(http, make):
    make.listing(slug="food-walk")
    return http.signed_in_as(make.user())


WISH = {"experience_id": "food-walk", "guests": 2}


def book(client, key: str | None = "checkout-1", **changes):
    body = WISH | {"starts_at": start_in().isoformat()} | changes
    return client.post("/api/bookings", body, headers={"Idempotency-Key": key} if key is not None else {})


def count(db, model) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_repeated_booking_is_the_same_booking(amina, db):
    first, again = book(amina), book(amina)

    assert (first.status_code, again.status_code) == (201, 201)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert again.get_json() == first.get_json()
    assert count(db, Booking) == 1


def test_a_replay_shows_the_resource_as_it_is_now(amina):
    first = book(amina).get_json()
    amina.put(f"/api/bookings/{first['id']}/cancel")

    assert book(amina).get_json()["status"] == "cancelled"


def test_the_order_of_members_does_not_matter(amina, db):
    body = WISH | {"starts_at": start_in().isoformat()}
    headers = {"Idempotency-Key": "checkout-1"}
    amina.post("/api/bookings", body, headers=headers)

    again = amina.post("/api/bookings", dict(reversed(body.items())), headers=headers)

    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(amina, untouched):
    book(amina)

    with untouched():
        refused(book(amina, guests=3), 422, "idempotency_key_reused")


def test_a_key_belongs_to_its_user_and_its_route(amina, http, make, db):
    booking = book(amina).get_json()
    other = http.signed_in_as(make.user())

    assert "Idempotent-Replayed" not in book(other).headers
    headers = {"Idempotency-Key": "checkout-1"}
    body = {"booking_id": booking["id"], "phone": "0712345149"}
    assert amina.post("/api/payments/mpesa/initiate", body, headers=headers).status_code == 202
    assert count(db, IdempotencyKey) == 3


def test_a_refused_request_leaves_its_key_free(amina, untouched):
    with untouched():
        refused(book(amina, guests=99), 422, "invalid_field", "guests")

    assert book(amina).status_code == 201


def test_a_repeated_start_prompts_once(amina, db):
    booking = book(amina).get_json()
    body, headers = {"booking_id": booking["id"], "phone": "0712345149"}, {"Idempotency-Key": "pay-1"}

    first = amina.post("/api/payments/mpesa/initiate", body, headers=headers)
    again = amina.post("/api/payments/mpesa/initiate", body, headers=headers)

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.get_json()["id"] == first.get_json()["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count(db, Payment) == 1


def test_twins_at_the_same_moment_have_one_effect(amina, db):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: book(amina), range(8)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert count(db, Booking) == 1


def test_a_twin_that_waits_too_long_is_told_so(amina, db, make, monkeypatch):
    from services.bookings import reserving

    original, started, release = reserving.create_booking, threading.Event(), threading.Event()

    def slow(*args):
        started.set()
        release.wait(10)
        return original(*args)

    monkeypatch.setattr(reserving, "create_booking", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(book, amina)
        started.wait(5)
        twin = book(amina)
        release.set()

        refused(twin, 409, "idempotency_in_progress")
        assert twin.headers["Retry-After"] == "1"
        assert first.result().status_code == 201
    assert count(db, Booking) == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "é", "a\tb"])
def test_a_key_that_is_none_is_refused_by_the_name_of_its_header(amina, untouched, key):
    with untouched():
        refused(book(amina, key), 422, "idempotency_key_invalid", "Idempotency-Key")


def test_without_a_key_nothing_is_kept(amina, db):
    book(amina, None)

    assert count(db, IdempotencyKey) == 0
