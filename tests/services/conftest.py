"""Use cases on a real database; after every test the books are checked, whatever it was about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import Booking, Job, Refund, User
from models.clock import Clock
from models.session import Database
from services.accounts.sessions import new_session_id, open_session
from services.bookings.cancelling import cancel_booking
from services.bookings.reserving import Wish, create_booking
from services.context import Context
from services.money.paying import PaymentStart, start_payment
from tests.factories import Factory, start_in
from tests.support.books import check_books
from tests.support.evidence import Witness


@pytest.fixture(autouse=True)
def sound_books(db: Database) -> Iterator[None]:
    """Seats, money and watches add up after whatever the test did."""
    yield
    check_books(db)


@pytest.fixture
def do(db: Database) -> Callable[..., Any]:
    """Call a use case in a transaction of its own."""

    def do(use_case: Callable[..., Any], *arguments: Any) -> Any:
        with db.transaction() as session:
            return use_case(session, *arguments)

    return do


@pytest.fixture
def device(db: Database, make: Factory) -> Callable[..., Context]:
    """Sign a device of a user in; the context in which it acts."""

    def device(user: User, name: str = "Firefox") -> Context:
        session_id, ctx = new_session_id(), make.acting(user)
        with db.transaction() as session:
            open_session(session, ctx, user, token_hash=str(session_id), session_id=session_id, device=name)
        return replace(ctx, actor=replace(ctx.actor, session_id=session_id))

    return device


@pytest.fixture
def mpesa(db: Database, ctx: Context) -> Witness:
    return Witness(db, ctx)


@pytest.fixture
def book(db: Database, make: Factory) -> Callable[..., Booking]:
    """Book as a user: ``book(user, listing, guests={...}, starts_at=...)``."""

    def book(user: User, listing: Any, **wish: Any) -> Booking:
        wish = {"starts_at": start_in(), "guests": {"adult": 2}} | wish
        with db.transaction() as session:
            return create_booking(session, make.acting(user), Wish(listing.id, **wish))

    return book


@pytest.fixture
def pay(db: Database, make: Factory) -> Callable[..., Any]:
    """Start to pay as a user: ``pay(user, booking, phone=...)``."""

    def pay(user: User, booking: Booking, **start: Any) -> Any:
        start = {"provider": "mpesa", "phone": user.phone} | start
        with db.transaction() as session:
            return start_payment(session, make.acting(user), PaymentStart(booking.id, **start))

    return pay


@pytest.fixture
def cancel(db: Database, make: Factory) -> Callable[..., Booking]:
    def cancel(user: User, booking: Booking, reason: str | None = None) -> Booking:
        with db.transaction() as session:
            return cancel_booking(session, make.acting(user), booking.id, reason)

    return cancel


@pytest.fixture
def later(clock: Clock) -> Callable[..., None]:
    """Move the clock: ``later(minutes=16)``."""

    def later(**amount: float) -> None:
        clock.offset += timedelta(**amount)

    return later


@pytest.fixture
def jobs(db: Database) -> Callable[[str], Sequence[Job]]:
    """The jobs whose key begins so, oldest first."""

    def jobs(prefix: str) -> Sequence[Job]:
        with db.reading() as session:
            return session.scalars(select(Job).where(Job.key.startswith(prefix)).order_by(Job.id)).all()

    return jobs


@pytest.fixture
def told(jobs: Callable[[str], Sequence[Job]]) -> Callable[[User], list[str]]:
    """The kinds of news that a user is to be told, in order of name."""

    def told(user: User) -> list[str]:
        return sorted(job.payload["kind"] for job in jobs("tell:") if job.payload["user_id"] == str(user.id))

    return told


@pytest.fixture
def refunds(db: Database) -> Callable[[], list[tuple[Any, int, str]]]:
    """Every refund as (payment id, minor units, reason)."""

    def refunds() -> list[tuple[Any, int, str]]:
        with db.reading() as session:
            rows = session.scalars(select(Refund).order_by(Refund.id))
            return [(row.payment_id, row.amount_minor, row.reason) for row in rows]

    return refunds
