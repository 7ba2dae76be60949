"""Changes and notifications go out to sockets once they are committed, and Redis has no say in whether a job succeeds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.jobs import JobKind
from models import Job, Notification
from providers.live import LiveChannel
from services.feed import events_since
from tests.support.evidence import Witness
from tests.support.hands import Hands
from tests.support.sandbox_process import free_port


class Ears:
    """Hears what is sent, and asks the database at that moment whether it is there for others to read."""

    def __init__(self, db):
        self._db = db
        self.heard = []

    def emit(self, user_id, event) -> None:
        with self._db.reading() as session:
            seqs = [each.seq for each in events_since(session, user_id, event.seq - 1, 1)]
            jobs = session.scalars(select(Job.key).where(Job.done_at.is_not(None))).all()
        assert seqs == [event.seq], "committed before it is sent"
        assert jobs, "and so is the job's end"
        self.heard.append((user_id, event.name, event.payload()))


@pytest.fixture
def ears(db):
    return Ears(db)


@pytest.fixture
def telling(runtime, ears):
    """Hands whose live events are heard."""
    return Hands(replace(runtime, live=ears))


@pytest.fixture
def paid(db, ctx, make):
    tourist, guide = make.user(), make.guide()
    booking = make.booking(tourist, make.listing(guide))
    return tourist, guide, booking, Witness(db, ctx).pays(make.payment(booking))


def test_everybody_concerned_hears_of_a_payment_and_its_booking(telling, ears, paid):
    tourist, guide, *_ = paid
    telling.work("deliveries")
    heard = {
        user.id: [(name, payload["kind"]) for each, name, payload in ears.heard if each == user.id]
        for user in (tourist, guide)
    }
    assert sorted(heard[tourist.id]) == [
        ("booking_updated", "booking_updated"),
        ("notification", "booking_confirmed"),
        ("notification", "payment_receipt"),
        ("payment_updated", "payment_updated"),
    ]
    assert sorted(heard[guide.id]) == [("booking_updated", "booking_updated"), ("notification", "new_booking")]
    seqs = [payload["seq"] for user_id, _, payload in ears.heard if user_id == tourist.id]
    assert sorted(seqs) == [1, 2, 3, 4]


def test_a_change_without_news_is_neither_written_nor_sent(db, ctx, telling, ears, paid):
    tourist, *_ = paid
    telling.work("deliveries")
    before = list(ears.heard)
    with db.transaction() as session:
        (job,) = session.scalars(
            select(Job).where(Job.kind == JobKind.SHOW_CHANGES, Job.payload["user_id"].astext == str(tourist.id))
        )
        job.done_at = None
    assert telling.work("deliveries") == [JobKind.SHOW_CHANGES]
    assert ears.heard == before


def test_without_redis_every_job_succeeds_and_the_news_can_be_asked_for(db, runtime, paid, caplog):
    tourist, *_ = paid
    live = LiveChannel(f"redis://127.0.0.1:{free_port()}")
    Hands(replace(runtime, live=live)).work("deliveries")
    live.close()
    with db.reading() as session:
        assert len(events_since(session, tourist.id, 0, 10)) == 4
        assert session.scalars(select(Job).where(Job.failures > 0)).all() == []
    assert caplog.text.count("live.unreachable") == 1


def test_a_fault_in_sending_does_not_do_the_job_again(db, runtime, paid, caplog):
    class Broken:
        def emit(self, user_id, event):
            raise ValueError("not what anybody expected")

    Hands(replace(runtime, live=Broken())).work("deliveries")
    with db.reading() as session:
        rows = session.scalars(select(Notification.seq).where(Notification.user_id == paid[0].id)).all()
        assert session.scalars(select(Job).where(Job.failures > 0)).all() == []
    assert sorted(rows) == [1, 2, 3, 4]
    assert "job.then_failed" in caplog.text
