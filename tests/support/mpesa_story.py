"""One booking being paid by M-Pesa: our workers' handlers in this process, the sandbox in another, HTTP between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from domain.jobs import JobKind, rules_for
from domain.payments import PAID_STATES
from models import Booking, Job, Payment, PaymentEvent, Receivable, Refund, User
from providers.payments.daraja_answers import PushAccepted
from providers.payments.mpesa import MpesaClient
from services.money.paying import PaymentStart, start_payment
from tests.factories import Factory
from tests.support.callbacks import CallbackDesk
from tests.support.hands import Hands
from tests.support.sandbox_process import Sandbox
from tests.support.waiting import eventually


class Interrupted(BaseException):
    """The process is gone: nothing of ours catches this."""


class MeddledClient:
    """The real client, with something happening between Safaricom's answer and our reading it."""

    def __init__(self, client: MpesaClient, after_push: Callable[[], None]):
        self._client = client
        self._after_push = after_push

    def push(self, **call: Any) -> PushAccepted:
        answer = self._client.push(**call)
        self._after_push()
        return answer

    def query(self, checkout_request_id: str) -> Any:
        return self._client.query(checkout_request_id)


class Story:
    """What a test does to a payment and asks about it. ``is_disputed`` where our books rightly differ from M-Pesa's."""

    def __init__(self, make: Factory, hands: Hands, sandbox: Sandbox, desk: CallbackDesk):
        self.make, self.hands, self.sandbox, self.desk = make, hands, sandbox, desk
        self.db, self.clock = make.db, make.ctx.clock
        self.is_disputed = False

    def begins(self, **listing: Any) -> Payment:
        """A tourist holds two seats and asks to pay."""
        self.tourist: User = self.make.user()
        self.guide = self.make.guide()
        self._booking = self.make.booking(self.tourist, self.make.listing(self.guide, **listing))
        return self.pays_again()

    def pays_again(self, phone: str | None = None) -> Payment:
        """Another attempt, which becomes the one that ``payment`` speaks of."""
        start = PaymentStart(self._booking.id, "mpesa", phone or self.tourist.phone)
        with self.db.transaction() as session:
            self._payment = start_payment(session, self.make.acting(self.tourist), start)
        return self._payment

    def pushed(self, **listing: Any) -> Payment:
        """Begins, with the prompt on the phone."""
        self.begins(**listing)
        (push,) = self.hands.due("payments")
        # This job alone: on a busy machine the callback may be there already.
        self.hands.do(push)
        assert self.payment.state == "processing"
        return self.payment

    def work(self, *queues: str) -> list[str]:
        return self.hands.work(*queues)

    def later(self, **amount: float) -> None:
        self.clock.offset += timedelta(**amount)

    def pin(self, digits: str = "1234", phone: str | None = None) -> None:
        self.sandbox.pin(phone or self.tourist.phone, digits)

    def callbacks_come(self, at_least: int = 1) -> list[str]:
        """Wait for that many callbacks and do what they ask for."""
        eventually(lambda: self.desk.accepted >= at_least, what=f"callback {at_least}")
        return self.work()

    def lease_runs_out(self, kind: JobKind = JobKind.PUSH_STK) -> None:
        """A worker that took such a job has said nothing for too long."""
        self.clock.offset += rules_for(kind).lease + timedelta(seconds=1)

    @property
    def payment(self) -> Payment:
        return self.make.reload(self._payment)

    @property
    def booking(self) -> Booking:
        return self.make.reload(self._booking)

    @property
    def ends(self) -> tuple[str, str | None, str]:
        """How it stands: the payment's state and code, the booking's state."""
        payment = self.payment
        return payment.state, payment.failure_code, self.booking.status

    def prompts(self) -> list[dict]:
        return self.sandbox.prompts(self.tourist.phone)

    def said(self) -> list[str]:
        """The evidence about the payment, in the order in which it came."""
        with self.db.reading() as session:
            events = select(PaymentEvent).where(PaymentEvent.payment_id == self._payment.id).order_by(PaymentEvent.id)
            return [event.evidence for event in session.scalars(events)]

    def told(self) -> list[str]:
        """The kinds of news for the tourist."""
        with self.db.reading() as session:
            jobs = session.scalars(select(Job).where(Job.key.startswith("tell:")).order_by(Job.id))
            return [job.payload["kind"] for job in jobs if job.payload["user_id"] == str(self.tourist.id)]

    def refunds(self) -> list[tuple[Any, str]]:
        with self.db.reading() as session:
            return [(row.payment_id, row.reason) for row in session.scalars(select(Refund).order_by(Refund.id))]

    def job(self, prefix: str) -> Job:
        """The payment's ``push`` or ``query`` job."""
        with self.db.reading() as session:
            return session.scalars(select(Job).where(Job.key == f"{prefix}:{self._payment.id}")).one()

    def check_charges(self) -> None:
        """What M-Pesa took is what we say it took, receipt by receipt where we know it."""
        with self.db.reading() as session:
            captured = session.execute(
                select(Payment.amount_minor, Payment.receipt, Payment.attempt, Booking.reference)
                .join(Receivable, Receivable.id == Payment.receivable_id)
                .join(Booking, Booking.id == Receivable.booking_id)
                .where(Payment.state.in_(PAID_STATES))
            ).all()
        ours = {f"{row.reference}-{row.attempt}": row for row in captured}
        theirs = {charge["account_reference"]: charge for charge in self.sandbox.charges()}
        assert {name: row.amount_minor // 100 for name, row in ours.items()} == {
            name: charge["amount"] for name, charge in theirs.items()
        }
        assert len(theirs) == len(self.sandbox.charges()), "one prompt was charged twice"
        for name, row in ours.items():
            assert row.receipt in (None, theirs[name]["receipt"])
