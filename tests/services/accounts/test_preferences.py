"""Wishes are heeded where channels are chosen, and by nothing that is transactional."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.errors import RuleViolation
from domain.notices import NOTICES, Audience, Channel, Notice, NoticeKind
from models import AuditEntry, Delivery, Notification, NotificationPreference, User
from services.accounts.preferences import change_preferences, preferences_of
from services.messages.notifications import notify
from tests.support.refusals import refused

OPTIONAL = Notice("payments", (Audience.TOURIST,), (Channel.EMAIL, Channel.SMS), is_transactional=False)


@pytest.fixture(autouse=True)
def _receipts_are_optional(monkeypatch):
    monkeypatch.setitem(NOTICES, NoticeKind.PAYMENT_RECEIPT, OPTIONAL)


@pytest.fixture
def amina(make):
    return make.user()


@pytest.fixture
def wish(db, make):
    def wish(user, **channels):
        with db.transaction() as session:
            wishes = {("payments", channel): wanted for channel, wanted in channels.items()}
            return change_preferences(session, make.acting(user), wishes)

    return wish


@pytest.fixture
def told(db, ctx):
    """Tell a user something; answers the channels on which it leaves the house."""

    def told(user, kind=NoticeKind.PAYMENT_RECEIPT):
        with db.transaction() as session:
            row = session.get_one(User, user.id)
            key = f"test:{kind}:{user.id}"
            told = notify(session, ctx, kind, row, key=key, title="t", body="b", data={}, now=ctx.now(session))
        with db.reading() as session:
            assert session.get_one(Notification, told.id).has_badge
            return set(session.scalars(select(Delivery.channel).where(Delivery.notification_id == told.id)))

    return told


def test_who_has_decided_nothing_is_told_on_every_channel(amina, told):
    assert told(amina) == {"email", "sms"}


def test_a_refused_channel_stays_silent_and_the_list_still_has_it(amina, wish, told):
    wish(amina, email=False)
    assert told(amina) == {"sms"}


def test_refusing_all_channels_leaves_the_list_alone_and_others_untouched(make, amina, wish, told):
    wish(amina, email=False, sms=False)
    assert told(amina) == set()
    assert told(make.user()) == {"email", "sms"}


def test_what_is_transactional_comes_whatever_was_refused_in_its_category(amina, wish, told):
    wish(amina, email=False)
    assert told(amina, NoticeKind.PAYMENT_FAILED) == {"email"}


def test_a_wish_can_be_taken_back(amina, wish, told):
    wish(amina, email=False)
    wish(amina, email=True)
    assert told(amina) == {"email", "sms"}


def test_a_wish_is_logged_once_and_the_rest_stays(db, amina, wish):
    wish(amina, email=False)
    stands = wish(amina, email=False, sms=True)
    assert {each.channel: each.is_enabled for each in stands if each.category == "payments"} == {
        "email": False,
        # Also carries what is transactional; the wish covers only the rest.
        "sms": True,
    }
    with db.reading() as session:
        assert [
            (entry.action, entry.data) for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        ] == [("user.preferences_changed", {"payments.email": False})]
        assert len(session.scalars(select(NotificationPreference)).all()) == 1


def test_one_wish_that_cannot_be_granted_refuses_all(db, make, amina):
    ctx = make.acting(amina)
    wishes = {("payments", "email"): False, ("bookings", "sms"): False}
    with refused(db, "notice_always_on", RuleViolation) as refusal, db.transaction() as session:
        change_preferences(session, ctx, wishes)
    assert list(refusal.value.errors) == ["preferences.bookings.sms"]
    with db.reading() as session:
        assert all(each.is_enabled for each in preferences_of(session, amina.id))


def test_a_wish_for_what_is_not_told_any_more_hurts_nobody(db, ctx, amina, told):
    with db.transaction() as session:
        values = {"category": "weather", "channel": "pigeon", "is_enabled": False, "changed_at": ctx.now(session)}
        session.add(NotificationPreference(user_id=amina.id, **values))
    with db.reading() as session:
        assert "weather" not in {each.category for each in preferences_of(session, amina.id)}
    assert told(amina) == {"email", "sms"}
