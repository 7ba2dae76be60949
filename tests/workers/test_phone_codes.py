"""Codes by SMS: sent to the phone that is to be confirmed, in the reader's language, kept nowhere, and only while they work."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, Delivery, Job, Notification, OneTimeToken
from services.accounts.phone_verification import send_code, verify_code
from services.feed import notification_page
from services.pages import Window
from tests.factories import phone_number


@pytest.fixture
def ask(db, make, runtime):
    """Ask for a code as a user."""

    def ask(user, phone=None):
        with db.transaction() as session:
            send_code(session, make.acting(user), runtime.one_time_tokens, phone)

    return ask


def code_in(text: str) -> str:
    (code,) = re.findall(r"\b[0-9]{6}\b", text)
    return code


@pytest.mark.parametrize(("locale", "words"), [("en", "Never pass it on"), ("sw", "Usimpe mtu yeyote")])
def test_a_code_comes_by_sms_alone_and_confirms_the_phone(db, make, runtime, sandbox, hands, ask, locale, words):
    user = make.user(locale=locale)
    ask(user)
    assert hands.work("deliveries") == ["notifications.notify", "deliveries.send_sms"]
    (text,) = sandbox.texts(user.phone)
    assert text.startswith("Elite Events: ")
    assert words in text
    assert sandbox.mails() == []
    with db.transaction() as session:
        assert verify_code(session, make.acting(user), runtime.one_time_tokens, code_in(text)).refusal is None
    assert make.reload(user).phone_verified_at is not None


def test_a_code_goes_to_the_phone_that_it_is_for(db, make, sandbox, hands, ask):
    user, other = make.user(), phone_number()
    ask(user, other)
    hands.work("deliveries")
    assert (len(sandbox.texts(other)), sandbox.texts(user.phone)) == (1, [])
    with db.reading() as session:
        assert session.scalars(select(Delivery.address)).one() == other


@pytest.mark.parametrize("how", ["replaced", "used", "tried too often", "expired", "suspended"])
def test_a_code_that_is_over_does_not_leave(db, ctx, clock, make, runtime, sandbox, hands, ask, how):
    sandbox.faults(sms_down=True)
    user = make.user()
    ask(user)
    hands.work("deliveries")
    sandbox.faults(sms_down=False)
    with db.transaction() as session:
        row = session.scalars(select(OneTimeToken)).one()
        if how == "replaced":
            row.replaced_at = ctx.now(session)
        if how == "used":
            row.used_at = ctx.now(session)
        if how == "tried too often":
            row.attempts = 5
        if how == "suspended":
            session.get_one(type(user), user.id).status = "suspended"
    clock.offset += timedelta(minutes=10 if how == "expired" else 1)
    hands.work("deliveries")
    assert sandbox.texts(user.phone) == []
    with db.reading() as session:
        delivery = session.scalars(select(Delivery)).one()
    assert (delivery.state, delivery.error_code) == ("suppressed", "overtaken")


def test_a_code_that_is_over_before_it_is_written_is_not_written(db, clock, make, sandbox, hands, ask):
    user = make.user()
    ask(user)
    clock.offset += timedelta(minutes=10)
    assert hands.work("deliveries") == ["notifications.notify"]
    with db.reading() as session:
        assert session.scalars(select(Notification)).all() == []


def test_a_code_whose_row_was_purged_does_not_leave(db, make, sandbox, hands, ask):
    sandbox.faults(sms_down=True)
    user = make.user()
    ask(user)
    hands.work("deliveries")
    sandbox.faults(sms_down=False)
    with db.transaction() as session:
        session.delete(session.scalars(select(OneTimeToken)).one())
        session.scalars(select(Job).where(Job.kind == "deliveries.send_sms")).one().due_at = make.ctx.now(session)
    hands.work("deliveries")
    assert sandbox.texts(user.phone) == []


def test_a_code_is_in_the_sms_and_nowhere_else(db, make, sandbox, hands, ask, caplog):
    user = make.user()
    with caplog.at_level("DEBUG"):
        ask(user)
        hands.work("deliveries")
    code = code_in(*sandbox.texts(user.phone))
    alone = re.compile(rf"(?<![0-9a-f]){code}(?![0-9a-f])")
    assert not alone.search(caplog.text)
    assert user.phone not in caplog.text
    with db.reading() as session:
        models = (Job, Notification, Delivery, OneTimeToken, AuditEntry)
        rows = [row for model in models for row in session.scalars(select(model))]
        words = json.dumps([{c.name: getattr(row, c.name) for c in row.__table__.columns} for row in rows], default=str)
        # Microseconds have six digits too.
        words = re.sub(r":[0-9]{2}\.[0-9]{6}", "", words)
    assert not alone.search(words)


def test_a_code_has_a_number_but_no_badge(db, make, hands, ask):
    user = make.user()
    ask(user)
    hands.work("deliveries")
    with db.reading() as session:
        listed = notification_page(session, user.id, Window()).rows
        (event,) = notification_page(session, user.id, Window(), since=0).rows
    assert listed == []
    assert (event.kind, event.has_badge) == ("phone_code", False)
    assert event.body
