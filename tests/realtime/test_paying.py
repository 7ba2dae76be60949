"""The whole way: a tourist pays over the one origin, and the official client sees it happen without asking."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from models import User
from services.feed import events_since
from tests.support.house import RELAY, House, worker
from tests.support.sandbox_process import Sandbox, running_sandbox

WORKER = worker("payments", "webhooks", "deliveries")
PATIENCE_SECONDS = 40


@pytest.fixture
def sandbox(origin, socket_environ, redis_url, tmp_path) -> Iterator[Sandbox]:
    """Providers that answer at once, and the workers that call them."""
    with running_sandbox(callback_seconds="0.05") as url:
        places = {
            "MPESA_BASE_URL": f"{url}/daraja",
            "SENDGRID_BASE_URL": f"{url}/sendgrid",
            "AT_BASE_URL": f"{url}/africastalking",
            "MPESA_CALLBACK_URL": f"{origin}/api/payments/mpesa/callback",
            "CELERY_BROKER_URL": f"{redis_url.rsplit('/', 1)[0] if redis_url.count('/') > 2 else redis_url}/14",
        }
        house, sandbox = House({**socket_environ, **places}, tmp_path), Sandbox(url)
        sandbox.answer_all()
        try:
            house.start(RELAY, "relay")
            house.start(WORKER, "worker")
            yield sandbox
        finally:
            house.stop()
            sandbox.close()


def test_a_payment_is_seen_by_the_tourist_and_the_host_while_it_happens(npm, person, origin, make, sandbox, db):
    amina = person()
    booking = make.booking(amina.user)
    with db.reading() as session:
        kamau = person(session.get_one(User, booking.host_id))
    strangers = person()
    hers, his, theirs = (each.connects(npm.socket(), origin) for each in (amina, kamau, strangers))

    answer = httpx.post(
        f"{origin}/api/payments/mpesa/initiate",
        json={"booking_id": str(booking.id), "phone": amina.user.phone},
        headers={"Authorization": f"Bearer {amina.token}"},
        trust_env=False,
    )
    assert answer.status_code == 202, answer.text
    payment_id = answer.json()["id"]

    def saw(socket, name: str, **state: str) -> bool:
        return any(state.items() <= event["data"].items() for event in socket.all(name))

    hers.wait_for(
        lambda: (
            saw(hers, "payment_updated", payment_id=payment_id, status="succeeded")
            and saw(hers, "booking_updated", booking_id=str(booking.id), status="confirmed")
            and hers.all("notification")
        ),
        within=PATIENCE_SECONDS,
    )
    his.wait_for(lambda: saw(his, "booking_updated", booking_id=str(booking.id), status="confirmed"))
    assert {event["data"]["reference"] for event in hers.all("booking_updated")} == {booking.reference}
    assert theirs.events == []
    assert sandbox.charges()
    for one, socket in ((amina, hers), (kamau, his)):
        with db.reading() as session:
            written = [event.payload() for event in events_since(session, one.user.id, 0, 100)]
        assert socket.events == written[: len(socket.events)]
