"""What one was told, over HTTP: lists, catching up, reading, and nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import Notification
from services import feed
from services.bookings.changes import show_changes
from tests.support.evidence import Witness
from tests.support.http import refused

BASE = "/api/notifications"


@pytest.fixture
def tell(db):
    """Write notifications of a user: kinds in order; answers their ids."""
    numbers = iter(range(1_000))

    def tell(user, *kinds):
        rows = [
            Notification(key=f"told:{next(numbers)}", kind=kind, title="Karibu", body="Words.", data={})
            for kind in kinds
        ]
        with db.transaction() as session:
            return [event.id for event in feed.append(session, user.id, rows)]

    return tell


@pytest.fixture
def amina(make):
    return make.user()


@pytest.fixture
def mine(http, amina):
    return http.signed_in_as(amina)


@pytest.fixture
def paid(db, ctx, make, amina, tell):
    """Told once, shown twice: numbers 1 (with a badge), 2 and 3 (changes)."""
    tell(amina, "new_booking")
    booking = make.booking(amina)
    payment = Witness(db, ctx).pays(make.payment(booking))
    with db.transaction() as session:
        show_changes(session, amina.id, booking.id, key="run")
    return booking, payment


def seqs(response):
    return [item["seq"] for item in response.get_json()["items"]]


def test_what_one_was_told_comes_newest_first_without_changes(mine, amina, paid, tell):
    tell(amina, "payment_receipt", "booking_confirmed")
    response = mine.get(f"{BASE}?limit=2")
    assert seqs(response) == [5, 4]
    assert response.headers["Cache-Control"] == "private, no-store"
    body = response.get_json()
    assert body["items"][0]["kind"] == "booking_confirmed"
    assert (body["pagination"]["total"], body["pagination"]["has_next"]) == (3, True)
    assert seqs(mine.get(f"{BASE}?limit=2&page=2")) == [1]


def test_who_was_away_asks_for_everything_since(mine, paid):
    booking, payment = paid
    response = mine.get(f"{BASE}?since=1")
    first, second = response.get_json()["items"]
    ids = {"booking_id": str(booking.id), "reference": booking.reference}
    assert (first["seq"], first["kind"], first["has_badge"]) == (2, "payment_updated", False)
    assert first["data"] == ids | {"payment_id": str(payment.id), "status": "succeeded", "failure_code": None}
    assert (second["seq"], second["kind"], second["data"]) == (3, "booking_updated", ids | {"status": "confirmed"})
    assert seqs(mine.get(f"{BASE}?since=0&limit=2")) == [1, 2]
    assert seqs(mine.get(f"{BASE}?since=3")) == []


def test_unread_is_what_has_a_badge_and_was_not_read(mine, amina, paid, tell):
    (second,) = tell(amina, "payment_receipt")
    assert mine.get(f"{BASE}/unread-count").get_json() == {"unread_count": 2, "last_seq": 4}
    response = mine.put(f"{BASE}/{second}/read")
    assert (response.status_code, response.get_json()["id"]) == (200, str(second))
    assert response.get_json()["read_at"]
    assert seqs(mine.get(f"{BASE}?unread=true")) == [1]
    assert seqs(mine.get(f"{BASE}?unread=true&since=1")) == []
    assert mine.get(f"{BASE}/unread-count").get_json()["unread_count"] == 1


def test_reading_a_second_time_changes_nothing(mine, amina, tell, clock):
    (told,) = tell(amina, "new_booking")
    first = mine.put(f"{BASE}/{told}/read").get_json()
    clock.offset += timedelta(minutes=1)
    assert mine.put(f"{BASE}/{told}/read").get_json() == first


def test_reading_all_leaves_what_came_meanwhile(mine, amina, tell):
    tell(amina, "new_booking", "payment_receipt", "booking_confirmed")
    assert mine.put(f"{BASE}/read-all", {"up_to": 2}).get_json() == {"unread_count": 1, "last_seq": 3}
    assert seqs(mine.get(f"{BASE}?unread=true")) == [3]
    assert mine.put(f"{BASE}/read-all").get_json() == {"unread_count": 0, "last_seq": 3}


def test_somebody_elses_notifications_do_not_exist(http, make, mine, amina, tell):
    (told,) = tell(amina, "new_booking")
    other = http.signed_in_as(make.user())
    assert seqs(other.get(BASE)) == seqs(other.get(f"{BASE}?since=0")) == []
    refused(other.put(f"{BASE}/{told}/read"), 404, "notification_not_found")
    assert other.put(f"{BASE}/read-all").get_json() == {"unread_count": 0, "last_seq": 0}
    assert mine.get(f"{BASE}/unread-count").get_json()["unread_count"] == 1


def test_a_change_cannot_be_read_for_it_has_no_badge(mine, paid):
    change = mine.get(f"{BASE}?since=1").get_json()["items"][0]
    refused(mine.put(f"{BASE}/{change['id']}/read"), 404, "notification_not_found")
    assert mine.get(f"{BASE}?since=1").get_json()["items"][0] == change


@pytest.mark.parametrize("query", ["since=-1", "since=soon", "since=1e3", "unread=perhaps", "limit=101", "page=0"])
def test_nonsense_is_refused_by_name(mine, query):
    refused(mine.get(f"{BASE}?{query}"), 422, "invalid_fields", query.partition("=")[0])


@pytest.mark.parametrize(("body", "field"), [({"up_to": -1}, "up_to"), ({"until": 3}, "until")])
def test_a_body_that_makes_no_sense_reads_nothing(mine, amina, tell, body, field):
    tell(amina, "new_booking")
    refused(mine.put(f"{BASE}/read-all", body), 422, "invalid_fields", field)
    assert mine.get(f"{BASE}/unread-count").get_json()["unread_count"] == 1
