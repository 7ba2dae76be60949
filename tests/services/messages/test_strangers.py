"""Who reaches a guide's mailbox: whoever can be answered, or has paid that guide, and nobody else leaves a trace."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.errors import Conflict
from models import AuditEntry, Booking, Conversation, Job, Message
from models.operations import RateLimit
from services.messages.conversations import ask


@pytest.fixture(autouse=True)
def sound_books() -> None:
    """The books are cooked here: bookings are put into states without their stories."""


@pytest.fixture
def pair(make):
    guide = make.guide()
    return guide, make.listing(guide)


@pytest.fixture
def asks(db, make):
    def asks(tourist, listing):
        with db.transaction() as session:
            return ask(session, make.acting(tourist), str(listing.id), "See https://example.com").id

    return asks


@pytest.fixture
def booked(make, db):
    """A booking of somebody's as far as it has come."""

    def booked(customer, listing, status):
        booking = make.booking(customer, listing)
        with db.transaction() as session:
            session.get_one(Booking, booking.id).status = status

    return booked


@pytest.mark.parametrize(
    ("status", "may_ask"),
    [(None, False), ("pending", False), ("expired", False), ("confirmed", True), ("completed", True)],
)
def test_without_a_confirmed_address_one_asks_only_a_guide_one_has_paid(
    make, pair, asks, told, jobs, db, booked, status, may_ask
):
    def traces() -> list[int]:
        with db.reading() as session:
            tables = (Conversation, Message, AuditEntry, RateLimit, Job)
            return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    guide, listing = pair
    unconfirmed = make.user(status="pending")
    if status:
        booked(unconfirmed, listing, status)
    before = traces()
    if may_ask:
        asks(unconfirmed, listing)
        assert "enquiry" in told(guide)
        return
    with pytest.raises(Conflict) as refused:
        asks(unconfirmed, listing)
    assert (refused.value.code, traces()) == ("email_not_verified", before)


def test_a_booking_with_another_guide_is_no_introduction(make, pair, asks, booked):
    unconfirmed = make.user(status="pending")
    booked(unconfirmed, make.listing(), "completed")
    with pytest.raises(Conflict, match="Confirm"):
        asks(unconfirmed, pair[1])
