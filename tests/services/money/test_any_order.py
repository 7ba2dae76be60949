"""Bookings and payments in any order that people, clocks and providers can think of; the books must add up after each step."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from domain.errors import DomainError
from domain.payments import PAID_STATES, Evidence
from models import Listing, Payment
from services.bookings.cancelling import cancel_booking
from services.bookings.reserving import Wish, create_booking, expire_hold
from services.money.paying import PaymentStart, start_payment
from tests.factories import Factory, phone_number, start_in
from tests.support.books import check_books
from tests.support.database import empty
from tests.support.evidence import Witness

#: Enough to meet each pair of rules on every run, few enough for a busy machine.
PROFILE = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

REFUSALS = {
    "seats_sold_out",
    "guide_busy",
    "already_held",
    "too_many_holds",
    "start_in_past",
    "booking_closed",
    "experience_not_found",
    "already_paid",
    "hold_expired",
    "booking_not_payable",
    "prompt_on_phone",
    "too_many_stk_user",
    "booking_not_cancellable",
}
#: What may be said of a payment besides that it was paid.
OTHER_EVIDENCE = (
    (Evidence.ACCEPTED, ""),
    (Evidence.CALLBACK_FAILURE, "1032"),
    (Evidence.CALLBACK_FAILURE, "1"),
    (Evidence.CALLBACK_INCONCLUSIVE, "1037"),
    (Evidence.QUERY_FAILURE_EARLY, "1037"),
    (Evidence.QUERY_FAILURE, "1032"),
    (Evidence.OUTCOME_UNKNOWN, ""),
    (Evidence.MISMATCH, "amount_mismatch"),
    (Evidence.UNKNOWN_CODE, "7777"),
    (Evidence.GAVE_UP, ""),
)


class Story(RuleBasedStateMachine):
    """Two tours of one guide with four seats each, three tourists, one impatient clock."""

    bookings = Bundle("bookings")
    payments = Bundle("payments")
    make: Factory

    def __init__(self) -> None:
        super().__init__()
        self.db, self.ctx, self.clock = self.make.db, self.make.ctx, self.make.ctx.clock
        empty(self.db.engine)
        self.clock.offset = timedelta(0)
        self.guide = self.make.guide()
        self.tours = [self.make.listing(self.guide, capacity=4, max_guests=4) for _ in range(2)]
        self.tourists = [self.make.user() for _ in range(3)]
        self.witness = Witness(self.db, self.ctx)
        self.receipts: dict[object, str] = {}
        self.paid: set[object] = set()

    def _attempt(self, use_case, user, *args):
        """The use case as the edge runs it; only refusals that the story explains are fine."""
        try:
            with self.db.transaction() as session:
                return use_case(session, self.make.acting(user), *args)
        except DomainError as refusal:
            if refusal.code not in REFUSALS:
                raise
            return multiple()

    @rule(
        target=bookings, who=st.integers(0, 2), tour=st.integers(0, 1), seats=st.integers(1, 4), day=st.integers(2, 3)
    )
    def book(self, who, tour, seats, day):
        wish = Wish(self.tours[tour].id, start_in(day), {"adult": seats})
        return self._attempt(create_booking, self.tourists[who], wish)

    @rule(target=payments, booking=bookings)
    def start_paying(self, booking):
        payer = next(user for user in self.tourists if user.id == booking.customer_id)
        return self._attempt(start_payment, payer, PaymentStart(booking.id, "mpesa", phone_number()))

    @rule(payment=payments, times=st.integers(1, 2), with_receipt=st.booleans())
    def deliver_success(self, payment, times, with_receipt):
        for _ in range(times):
            if with_receipt:
                self.witness.pays(payment, self.receipts.setdefault(payment.id, f"SGH{len(self.receipts):07d}"))
            else:
                self.witness.pays_unseen(payment)

    @rule(payment=payments, what=st.sampled_from(OTHER_EVIDENCE), times=st.integers(1, 2))
    def deliver_anything_else(self, payment, what, times):
        evidence, code = what
        for _ in range(times):
            self.witness.says(payment, evidence, code=code)

    @rule(booking=bookings)
    def expire(self, booking):
        self._attempt(expire_hold, self.guide, booking.id)

    @rule(booking=bookings, by_guide=st.booleans())
    def cancel(self, booking, by_guide):
        tourist = next(user for user in self.tourists if user.id == booking.customer_id)
        self._attempt(cancel_booking, self.guide if by_guide else tourist, booking.id, None)

    @rule(booking=consumes(bookings))
    def forget(self, booking):
        """Nobody touches this one again; it has to stay consistent by itself."""

    @rule(minutes=st.sampled_from([1, 2, 4, 10, 16, 35, 60 * 26, 60 * 72]))
    def advance_the_clock(self, minutes):
        self.clock.offset += timedelta(minutes=minutes)

    @rule(tour=st.integers(0, 1), status=st.sampled_from(["active", "active", "hidden"]))
    def show_or_hide(self, tour, status):
        with self.db.transaction() as session:
            session.get_one(Listing, self.tours[tour].id).status = status

    @invariant()
    def the_books_add_up(self):
        check_books(self.db)

    @invariant()
    def a_success_stays_one(self):
        with self.db.reading() as session:
            paid = set(session.scalars(select(Payment.id).where(Payment.state.in_(PAID_STATES))))
        assert self.paid <= paid
        self.paid = paid

    def teardown(self):
        """A receipt for everything that was paid: then no surplus is left without a decision."""
        with self.db.reading() as session:
            unproved = session.scalars(select(Payment).where(Payment.state.in_(PAID_STATES), Payment.receipt.is_(None)))
            unproved = unproved.all()
        for payment in unproved:
            self.witness.pays(payment, self.receipts.setdefault(payment.id, f"SGH{len(self.receipts):07d}"))
        check_books(self.db)
        with self.db.reading() as session:
            assert not session.scalars(select(Payment.id).where(Payment.attention == "surplus_without_receipt")).all()


def test_the_books_add_up_whatever_happens_in_whatever_order(make):
    machine = type("StoryOnThisDatabase", (Story,), {"make": make})
    run_state_machine_as_test(machine, settings=PROFILE)
