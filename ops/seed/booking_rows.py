"""The rows that a booking leaves behind on its way, as the use cases would have written them."""

from __future__ import annotations

import base64
import hashlib
import string
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.dialects.postgresql import Range

from domain.bookings import TRANSITIONS, BookingState, BookingVerb
from domain.cancellation import CancellationPolicy, tiers_for
from domain.gateways import chargeable
from domain.listings import Confirmation
from domain.payments import Evidence, PaymentState
from domain.policy import Policy
from domain.pricing import Price, price_for, seats_for
from domain.references import SPACE, reference
from models import (
    Booking,
    BookingEvent,
    Departure,
    Job,
    LineItem,
    Listing,
    Payment,
    PaymentEvent,
    Receivable,
    Refund,
    Review,
    User,
)
from models.base import Base
from models.bookings import ReceivableState
from models.payments import RefundReason
from ops.seed.calendar import Run
from ops.seed.ids import dated_id, digest

_RECEIPT = string.ascii_uppercase + string.digits
#: Within the hold, or soon after the money came.
_UNTIL_CANCELLED = timedelta(minutes=11)
#: Tables in the order in which their rows may be written.
ORDER: tuple[type[Base], ...] = (
    Departure,
    Booking,
    LineItem,
    Receivable,
    BookingEvent,
    Payment,
    PaymentEvent,
    Refund,
    Review,
    Job,
)


@dataclass(slots=True)
class Story:
    """One booking and how far it came; its ids follow from ``name``."""

    name: str
    run: Run
    customer: User
    guests: dict[str, int]
    booked_at: datetime
    status: BookingState
    wish: str | None = None


@dataclass
class Ledger:
    """Rows by table, growing with each story that is told."""

    policy: Policy
    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _departures: dict[int, uuid.UUID] = field(default_factory=dict)
    _prices: dict[str, Price] = field(default_factory=dict)

    def add(self, table: type[Base], **values: Any) -> None:
        self.rows[table].append(values)

    def price(self, story: Story) -> Price:
        """What the party pays, reckoned once."""
        if story.name not in self._prices:
            offer = story.run.listing.offer()
            self._prices[story.name] = price_for(offer, story.guests, self.policy.service_fee_percent)
        return self._prices[story.name]

    def tell(self, story: Story) -> uuid.UUID:
        """Write the booking with its price and what is owed, then what happened to it; its id."""
        listing, price, run = story.run.listing, self.price(story), story.run
        booking_id = dated_id("booking", story.name, story.booked_at)
        held_until = story.booked_at + self.policy.hold.duration
        is_cancelled = story.status is BookingState.CANCELLED
        tiers = tiers_for(CancellationPolicy(listing.cancellation_policy), run.starts_at)
        self.add(
            Booking,
            id=booking_id,
            reference=reference("B", digest("reference", f"{story.name}/{story.booked_at.date()}") % SPACE),
            customer_id=story.customer.id,
            host_id=listing.host_id,
            listing_id=listing.id,
            departure_id=self._departure(run),
            seats=price.seats,
            guests=story.guests,
            starts_at=run.starts_at,
            ends_at=run.ends_at,
            currency=listing.currency,
            status=story.status.value,
            confirmation=listing.confirmation,
            booked_at=story.booked_at,
            hold_expires_at=held_until,
            refund_tiers=[{"until": tier.until.isoformat(), "percent": tier.percent} for tier in tiers],
            special_requests=story.wish,
            cancelled_at=self.cancelled_at(story) if is_cancelled else None,
            cancelled_by="tourist" if is_cancelled else None,
            cancellation_reason="Our plans have changed." if is_cancelled else None,
        )
        for position, line in enumerate(price.lines, start=1):
            self.add(
                LineItem,
                booking_id=booking_id,
                position=position,
                kind=line.kind.value,
                description=line.description,
                quantity=line.quantity,
                unit_minor=line.unit.minor,
                amount_minor=line.amount.minor,
                currency=line.unit.currency,
            )
        return booking_id

    def owe(self, story: Story, booking_id: uuid.UUID, state: ReceivableState) -> uuid.UUID:
        """Write what is owed for the booking; its id."""
        total = self.price(story).total
        receivable_id = dated_id("receivable", story.name, story.booked_at)
        self.add(
            Receivable,
            id=receivable_id,
            booking_id=booking_id,
            payer_id=story.customer.id,
            amount_minor=total.minor,
            currency=total.currency,
            due_at=story.booked_at + self.policy.hold.duration,
            state=state.value,
            settled_at=None,
        )
        return receivable_id

    def settle(self, paid_at: datetime) -> None:
        """The receivable written last was settled then."""
        self.rows[Receivable][-1]["settled_at"] = paid_at

    def seats(self, listing: Listing, guests: Mapping[str, int]) -> int:
        return seats_for(listing.offer(), guests)

    def cancelled_at(self, story: Story) -> datetime:
        return story.booked_at + _UNTIL_CANCELLED

    def pay(
        self, story: Story, receivable_id: uuid.UUID, random: Random, *, code: str = ""
    ) -> tuple[uuid.UUID, datetime]:
        """An M-Pesa attempt with its evidence: paid, or ended by ``code``; its id and when it ended."""
        total = chargeable(self.price(story).total, "mpesa")
        started = story.booked_at + timedelta(seconds=random.randint(25, 400))
        pushed = started + timedelta(milliseconds=random.randint(600, 2400))
        ended = pushed + timedelta(seconds=random.randint(8, 38))
        payment_id = dated_id("payment", story.name, started)
        receipt = None if code else _receipt(story.name, ended)
        token = base64.urlsafe_b64encode(hashlib.sha256(payment_id.bytes).digest()).decode().rstrip("=")
        self.add(
            Payment,
            id=payment_id,
            receivable_id=receivable_id,
            provider="mpesa",
            attempt=1,
            amount_minor=total.minor,
            currency=total.currency,
            state=(PaymentState.CANCELLED if code else PaymentState.SUCCEEDED).value,
            settles=not code,
            phone=story.customer.phone,
            callback_token=token,
            provider_reference=f"ws_CO_{started:%d%m%Y%H%M%S}{digest('checkout', story.name) % 10**9:09d}",
            merchant_request_id=f"{digest('merchant', story.name) % 10**5}-{digest('request', story.name) % 10**8}-1",
            receipt=receipt,
            failure_code=code or None,
            started_at=started,
            call_started_at=started,
            pushed_at=pushed,
            paid_at=None if code else ended,
        )
        said = [("push", Evidence.ACCEPTED, "", pushed)]
        said.append(
            (
                f"callback:{code or 0}:{receipt or ''}:{code}",
                Evidence.CALLBACK_FAILURE if code else Evidence.CALLBACK_SUCCESS,
                code,
                ended,
            )
        )
        said += [] if code else [("settled", Evidence.SETTLED, "", ended)]
        for key, evidence, its_code, at in said:
            is_proof = evidence is Evidence.CALLBACK_SUCCESS
            self.add(
                PaymentEvent,
                payment_id=payment_id,
                key=key,
                evidence=evidence.value,
                code=its_code,
                receipt=receipt if is_proof else None,
                amount_minor=total.minor if is_proof else None,
                at=at,
            )
        return payment_id, ended

    def refund(self, story: Story, payment_id: uuid.UUID, at: datetime) -> None:
        """The whole payment waits to go back."""
        total = chargeable(self.price(story).total, "mpesa")
        self.add(
            Refund,
            payment_id=payment_id,
            amount_minor=total.minor,
            currency=total.currency,
            reason=RefundReason.CANCELLATION.value,
            requested_at=at,
            requested_by=story.customer.id,
        )

    def happen(
        self, booking_id: uuid.UUID, start: BookingState, verb: BookingVerb, at: datetime, actor: uuid.UUID | None
    ) -> BookingState:
        """One change of a booking, by the state table; the state it leads to."""
        sources, target = TRANSITIONS[verb]
        if start not in sources:
            raise ValueError(f"{verb} does not leave {start}")
        self.add(
            BookingEvent,
            booking_id=booking_id,
            verb=verb.value,
            from_status=start.value,
            to_status=target.value,
            at=at,
            actor_id=actor,
        )
        return target

    def close_runs(self, runs: Mapping[object, Run]) -> None:
        """The counters of the departures, once every seat is known."""
        taken = {self._departures[id(run)]: run.seats_taken for run in runs.values() if id(run) in self._departures}
        for row in self.rows[Departure]:
            row["seats_taken"] = taken[row["id"]]

    def _departure(self, run: Run) -> uuid.UUID:
        if id(run) not in self._departures:
            listing = run.listing
            departure_id = dated_id(
                "departure", f"{listing.id}/{run.starts_at.isoformat()}", run.starts_at - timedelta(days=30)
            )
            self._departures[id(run)] = departure_id
            self.add(
                Departure,
                id=departure_id,
                listing_id=listing.id,
                resource_id=listing.resource_id,
                during=_half_open(run),
                capacity=listing.capacity,
                seats_taken=0,
            )
        return self._departures[id(run)]


def fulfil_verb(story: Story) -> BookingVerb:
    """What money did to this booking."""
    is_instant = story.run.listing.confirmation == Confirmation.INSTANT
    return BookingVerb.FULFIL if is_instant else BookingVerb.FULFIL_AWAITING_GUIDE


def _half_open(run: Run) -> Any:
    return Range(run.starts_at, run.ends_at, bounds="[)")


def _receipt(name: str, at: datetime) -> str:
    """Ten characters as M-Pesa makes them: year, month and day, then seven more."""
    number, code = digest("receipt", f"{name}/{at.date()}"), ""
    for _ in range(7):
        number, index = divmod(number, len(_RECEIPT))
        code += _RECEIPT[index]
    return f"{chr(ord('A') + (at.year - 2006) % 26)}{chr(ord('A') + at.month - 1)}{_RECEIPT[at.day % 36]}{code}"
