"""The job that ends a hold: on time, later while a payment is open, never when it is paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Job


@pytest.fixture
def hold_job(story):
    def hold_job() -> Job:
        with story.db.reading() as session:
            return session.scalars(select(Job).where(Job.key == f"hold:{story.booking.id}")).one()

    return hold_job


def test_the_job_ends_an_unpaid_hold_on_time(story, hold_job):
    story.begins()
    assert hold_job().due_at == story.booking.hold_expires_at
    story.later(minutes=14, seconds=50)
    assert "bookings.expire_hold" not in story.work()
    story.later(seconds=11)
    assert story.work("webhooks") == ["bookings.expire_hold"]
    assert (story.booking.status, story.told()[-1]) == ("expired", "hold_expired")
    assert hold_job().done_at is not None


def test_the_job_comes_back_when_an_open_payment_prolongs_the_hold(story, hold_job):
    story.pushed()
    story.later(minutes=14)
    story.pays_again(story.make.user().phone)
    story.work()
    story.later(minutes=1, seconds=1)
    assert "bookings.expire_hold" in story.work()
    assert story.booking.status == "pending"
    assert hold_job().due_at == story.payment.started_at + timedelta(minutes=3)
    assert hold_job().failures == 0
    story.later(minutes=2)
    story.work()
    assert story.booking.status == "expired"


def test_the_job_is_gone_when_the_booking_is_paid(story, hold_job):
    story.pushed()
    story.pin()
    story.callbacks_come()
    assert hold_job().done_at is not None
    story.later(minutes=16)
    assert "bookings.expire_hold" not in story.work()
    assert story.booking.status == "confirmed"
