"""Whatever dies, the payment settles, once: a worker killed in the middle of a push, Redis emptied before the pick-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from sqlalchemy import select

from domain.bookings import BookingState
from domain.payments import PaymentState
from models import Booking, Delivery, Job, Payment, PaymentEvent
from tests.factories import Factory, phone_number
from tests.support.house import RELAY, House, worker
from tests.support.network import forwarding, free_port
from tests.support.sandbox_process import Sandbox, running_sandbox
from tests.support.waiting import eventually
from tests.support.web import web_server

pytestmark = pytest.mark.e2e

HANG_SECONDS = 5
MONEY, OUT = worker("payments", "webhooks", name="money"), worker("deliveries", name="out")


@dataclass
class Scene:
    """Web and relay running, workers as the test wants them."""

    house: House
    sandbox: Sandbox
    broker: redis.Redis
    broker_url: str
    make: Factory

    def pay(self) -> tuple[Booking, Payment, str]:
        phone = phone_number()
        booking = self.make.booking()
        return booking, self.make.payment(booking, phone=phone), phone.lstrip("+")

    def await_settled(self, booking: Booking, payment: Payment) -> None:
        """The payment succeeded, the booking is confirmed, the money was taken once and the tourist told once."""

        def settled() -> bool:
            return self.make.reload(payment).state == PaymentState.SUCCEEDED

        eventually(settled, within=40, what=f"the payment\n{self.house.log('money')[-3000:]}")
        assert self.make.reload(booking).status == BookingState.CONFIRMED
        assert [charge["account_reference"] for charge in self.sandbox.charges()] == [f"{booking.reference}-1"]

    def deliveries(self) -> list[str]:
        with self.make.db.reading() as session:
            return sorted(f"{d.channel} {d.state}" for d in session.scalars(select(Delivery)))


@pytest.fixture
def scene(make: Factory, web_environ: dict[str, str], redis_url: str, tmp_path: Path) -> Iterator[Scene]:
    broker_url = redis_url.rsplit("/", 1)[0] + "/15" if redis_url.count("/") > 2 else f"{redis_url}/15"
    broker = redis.Redis.from_url(broker_url)
    broker.flushdb()
    with (
        running_sandbox(callback_seconds="0.05") as sandbox_url,
        web_server({**web_environ, "REDIS_URL": broker_url}, tmp_path / "web.log", processes=1) as web_url,
    ):
        providers = {
            "MPESA_BASE_URL": f"{sandbox_url}/daraja",
            "SENDGRID_BASE_URL": f"{sandbox_url}/sendgrid",
            "AT_BASE_URL": f"{sandbox_url}/africastalking",
            "MPESA_CALLBACK_URL": f"{web_url}/api/payments/mpesa/callback",
        }
        house = House({**web_environ, **providers, "REDIS_URL": broker_url}, tmp_path)
        sandbox = Sandbox(sandbox_url)
        try:
            yield Scene(house, sandbox, broker, broker_url, make)
        finally:
            house.stop()
            sandbox.close()
            broker.flushdb()
            broker.close()


def test_a_worker_killed_in_the_middle_of_a_push_loses_nothing(scene: Scene) -> None:
    scene.sandbox.faults(late_success_hang=HANG_SECONDS)
    scene.house.start(RELAY, "relay")
    doomed = scene.house.start(MONEY, "money")
    booking, payment, phone = scene.pay()
    eventually(
        lambda: scene.make.reload(payment).call_started_at is not None and scene.sandbox.prompts(phone),
        within=30,
        what=f"the push\n{scene.house.log('relay')}{scene.house.log('money')[-3000:]}",
    )
    assert scene.make.reload(payment).provider_reference is None

    scene.house.kill(doomed)
    scene.house.start(MONEY, "money")

    scene.await_settled(booking, payment)
    assert len(scene.sandbox.prompts(phone)) == 1


def test_redis_lost_in_the_middle_of_a_push_lets_the_worker_hear_the_answer(scene: Scene) -> None:
    scene.sandbox.faults(late_success_hang=HANG_SECONDS)
    scene.house.start(RELAY, "relay")
    port = free_port()
    scene.house.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/15"
    with forwarding(port, scene.broker_url):
        patient = scene.house.start(MONEY, "money")
        booking, payment, phone = scene.pay()
        eventually(
            lambda: scene.sandbox.prompts(phone), within=30, what=f"the push\n{scene.house.log('money')[-3000:]}"
        )

    def misses_redis() -> bool:
        return patient.poll() is not None or "Trying again" in scene.house.log("money")

    eventually(misses_redis, within=30, what="noticing that Redis is gone")
    with forwarding(port, scene.broker_url):
        scene.await_settled(booking, payment)

    assert patient.poll() is None, scene.house.log("money")[-3000:]
    with scene.make.db.reading() as session:
        said = session.scalars(select(PaymentEvent.evidence).where(PaymentEvent.payment_id == payment.id)).all()
    assert "accepted" in said
    assert "outcome_unknown" not in said


def test_redis_flushed_between_commit_and_pick_up_loses_nothing(scene: Scene) -> None:
    scene.sandbox.answer_all()
    scene.house.start(RELAY, "relay")
    booking, payment, phone = scene.pay()
    eventually(lambda: scene.broker.llen("payments"), within=20, what=f"the offer\n{scene.house.log('relay')}")

    scene.broker.flushdb()
    assert scene.broker.llen("payments") == 0
    with scene.make.db.reading() as session:
        assert session.scalars(select(Job.attempt).where(Job.key == f"push:{payment.id}")).one() == 0
    scene.house.start(MONEY, "money")
    scene.house.start(OUT, "out")

    scene.await_settled(booking, payment)
    assert len(scene.sandbox.prompts(phone)) == 1
    eventually(
        lambda: scene.deliveries() == ["email sent", "email sent", "email sent", "sms sent", "sms sent"],
        within=30,
        what=f"the mails and SMS\n{scene.house.log('out')[-2000:]}",
    )
