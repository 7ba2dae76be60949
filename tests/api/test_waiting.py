"""``Prefer: wait``: patience for a worker's result, bounded in time and in number."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from api.waiting import seconds_asked
from domain.liveness import CANARIES
from models import Heartbeat, Payment
from models.operations import beat


@pytest.fixture
def lively(db, make):
    """Relay and worker have just been seen."""
    with db.transaction() as session:
        for name in ("relay", "queue:payments"):
            beat(session, name, make.ctx.now(session))


@pytest.fixture
def booking(make):
    return make.booking()


@pytest.fixture
def payer(http, make, booking):
    return http.signed_in_as(make.reload_user(booking.customer_id))


def settle_soon(db, payment_id, after: float = 0.3) -> threading.Thread:
    """A worker, played by a thread."""

    def work() -> None:
        time.sleep(after)
        with db.transaction() as session:
            session.get_one(Payment, payment_id).state = "succeeded"

    thread = threading.Thread(target=work)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=5", 5),
        ("respond-async, WAIT = 7", 7),
        ('wait="3"', 3),
        ("wait=600", 10),
        ("wait=0", 0),
        ("wait=-1", 0),
        ("wait=soon", 0),
        ("", 0),
        ("return=minimal", 0),
        ("wait=" + "9" * 5000, 10),
    ],
)
def test_a_preference_is_read_generously_and_bounded(header, seconds):
    assert seconds_asked(header) == seconds


def test_a_status_waits_for_the_outcome(payer, make, booking, db, lively):
    payment = make.payment(booking)
    worker = settle_soon(db, payment.id)

    response = payer.get(f"/api/payments/{payment.id}/status", headers={"Prefer": "wait=5"})
    worker.join()

    assert (response.status_code, response.get_json()["state"]) == (200, "succeeded")
    assert response.headers["Preference-Applied"] == "wait"


def test_a_status_answers_as_it_is_when_time_is_up(payer, make, booking, lively):
    payment = make.payment(booking)
    started = time.monotonic()

    response = payer.get(f"/api/payments/{payment.id}/status", headers={"Prefer": "wait=1"})

    assert (response.status_code, response.get_json()["state"]) == (200, "pending")
    assert 0.9 < time.monotonic() - started < 2


def test_a_start_waits_for_the_outcome(payer, booking, db, lively):
    def work() -> None:
        for _ in range(100):
            with db.transaction() as session:
                payment = session.query(Payment).one_or_none()
                if payment:
                    payment.state = "succeeded"
                    return
            time.sleep(0.02)

    worker = threading.Thread(target=work)
    worker.start()
    response = payer.post(
        "/api/payments/mpesa/initiate",
        {"booking_id": str(booking.id), "phone": "0712345149"},
        headers={"Prefer": "wait=5"},
    )
    worker.join()

    assert (response.status_code, response.get_json()["state"]) == (200, "succeeded")
    assert response.headers["Location"].startswith("/api/payments/")


def test_a_start_that_is_not_settled_in_time_was_accepted_all_the_same(payer, booking, lively):
    response = payer.post(
        "/api/payments/mpesa/initiate",
        {"booking_id": str(booking.id), "phone": "0712345149"},
        headers={"Prefer": "wait=1"},
    )

    assert (response.status_code, response.get_json()["state"]) == (202, "pending")
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize("silent", ["relay", "queue:payments"])
@pytest.mark.parametrize("gone", [True, False])
def test_nobody_waits_for_a_silent_house(payer, make, booking, db, lively, silent, gone):
    with db.transaction() as session:
        heartbeat = session.get_one(Heartbeat, silent)
        if gone:
            session.delete(heartbeat)
        else:
            heartbeat.at -= timedelta(seconds=61)
    payment = make.payment(booking)
    started = time.monotonic()

    response = payer.get(f"/api/payments/{payment.id}/status", headers={"Prefer": "wait=5"})

    assert (response.status_code, response.headers["Retry-After"]) == (202, "1")
    assert response.get_json()["state"] == "pending"
    assert time.monotonic() - started < 1


def test_a_silent_beat_stops_nobody_from_waiting(payer, make, booking, db, lively):
    """No canaries are sent, so the payments queue has nothing to answer; payments go on without beat."""
    payment = make.payment(booking)
    with db.transaction() as session:
        now = make.ctx.now(session)
        for name in ("queue:payments", CANARIES):
            session.merge(Heartbeat(name=name, at=now - timedelta(minutes=10)))
    settle_soon(db, payment.id)

    response = payer.get(f"/api/payments/{payment.id}/status", headers={"Prefer": "wait=5"})

    assert (response.status_code, response.get_json()["state"]) == (200, "succeeded")


def test_only_a_seventh_of_the_threads_wait_at_once(payer, make, booking, db, lively, settings):
    places = settings.web_threads // 7
    payment = make.payment(booking)
    path, wait = f"/api/payments/{payment.id}/status", {"Prefer": "wait=3"}

    with ThreadPoolExecutor(places + 2) as pool:
        asked = [pool.submit(payer.get, path, headers=wait) for _ in range(places + 2)]
        time.sleep(0.5)
        with db.transaction() as session:
            session.get_one(Payment, payment.id).state = "succeeded"
        answers = [future.result() for future in asked]

    assert sorted(answer.status_code for answer in answers) == [200] * places + [202] * 2
    # The places are free again.
    assert payer.get(path, headers=wait).status_code == 200


def test_a_wait_holds_no_connection(payer, make, booking, db, lively):
    payment = make.payment(booking)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(payer.get, f"/api/payments/{payment.id}/status", headers={"Prefer": "wait=2"})
        time.sleep(0.3)
        busiest = 0
        for _ in range(20):
            busiest += db.engine.pool.checkedout()
            time.sleep(0.02)
        assert asked.result().status_code == 200

    # Polls take a connection for a moment each; a wait that held one would show in every sample.
    assert busiest <= 5
