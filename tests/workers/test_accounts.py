"""Mails about accounts: with a link that works, in the reader's language, and only while it does."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.jobs import JobKind
from domain.one_time import Purpose
from models import Delivery, Job, Notification, OneTimeToken
from models.locks import lock_user
from services.accounts import one_time_tokens, recovery, verification
from services.feed import notification_page
from services.pages import Window


@pytest.fixture
def register(db, ctx, make, runtime):
    """A user whose welcome is on its way."""

    def register(**values):
        user = make.user(**{"status": "pending"} | values)
        with db.transaction() as session:
            verification.send_verification(session, ctx, runtime.one_time_tokens, lock_user(session, user.id))
        return user

    return register


@pytest.fixture
def forget(db, ctx):
    def forget(email):
        with db.transaction() as session:
            recovery.ask_for_reset(session, ctx, email)

    return forget


def token_in(mail) -> str:
    (token,) = set(re.findall(r"\?token=([A-Za-z0-9_-]{43})", mail["text"]))
    return token


def test_a_welcome_brings_a_link_that_confirms_the_address(db, ctx, make, runtime, sandbox, hands, register):
    user = register(email="amina@example.com", locale="sw")
    hands.work("deliveries")
    (mail,) = sandbox.mails()
    assert mail["to"] == ["amina@example.com"]
    assert "Karibu sana" in mail["text"]
    assert f"{runtime.frontend_url}/verify-email?token=" in mail["text"]
    with db.transaction() as session:
        verification.verify_email(session, ctx, runtime.one_time_tokens, token_in(mail))
    assert make.reload(user).status == "active"


def test_a_forgotten_password_brings_a_link_and_a_changed_one_is_told(db, ctx, make, runtime, sandbox, hands, forget):
    user = make.user(email="amina@example.com")
    forget("amina@example.com")
    assert hands.work("deliveries") == ["accounts.begin_reset", "notifications.notify", "deliveries.send_email"]
    (mail,) = sandbox.mails()
    assert f"{runtime.frontend_url}/reset-password?token=" in mail["text"]
    with db.transaction() as session:
        recovery.reset_password(session, ctx, runtime.one_time_tokens.hash(token_in(mail)), "$2b$04$new")
    assert make.reload(user).password_hash == "$2b$04$new"
    hands.work("deliveries")
    changed = next(one for one in sandbox.mails() if "has been changed" in one["subject"])
    assert "token=" not in changed["text"]
    assert f"{runtime.frontend_url}/forgot-password" in changed["text"]


def test_who_already_has_an_account_is_led_to_sign_in(db, ctx, make, runtime, sandbox, hands):
    make.user(email="amina@example.com")
    with db.transaction() as session:
        verification.tell_taken(session, ctx, "Amina@Example.com")
    hands.work("deliveries")
    (mail,) = sandbox.mails()
    assert f"{runtime.frontend_url}/login" in mail["text"]


@pytest.mark.parametrize("who", ["nobody", "suspended", "deleted", "without an address"])
def test_nobody_else_gets_a_link(db, ctx, make, sandbox, hands, forget, who):
    if who == "without an address":
        user = make.user(email=None)
        with db.transaction() as session:
            payload = {"user_id": user.id}
            ctx.enqueue(session, JobKind.BEGIN_RESET, "begin", payload, now=ctx.now(session))
    else:
        if who != "nobody":
            make.user(email="amina@example.com", status=who)
        forget("amina@example.com")
    assert hands.work("deliveries") == ["accounts.begin_reset"]
    assert sandbox.mails() == []
    with db.reading() as session:
        assert session.scalars(select(OneTimeToken)).all() == []


@pytest.mark.parametrize("how", ["replaced", "used", "expired"])
def test_a_link_that_does_not_work_any_more_does_not_leave(
    db, ctx, clock, runtime, sandbox, hands, register, how, make
):
    sandbox.faults(mail_down=True)
    user = register()
    hands.work("deliveries")
    sandbox.faults(mail_down=False)
    with db.transaction() as session:
        locked, tokens = lock_user(session, user.id), runtime.one_time_tokens
        if how == "replaced":
            one_time_tokens.issue(session, ctx, tokens, locked, Purpose.EMAIL_VERIFICATION)
        if how == "used":
            row = session.scalars(select(OneTimeToken)).one()
            verification.verify_email(session, ctx, tokens, tokens.token(Purpose.EMAIL_VERIFICATION, row.id))
    clock.offset += timedelta(days=7 if how == "expired" else 0, hours=1)
    hands.work("deliveries")
    assert sandbox.mails() == []
    with db.reading() as session:
        delivery = session.scalars(select(Delivery)).one()
    assert (delivery.state, delivery.error_code) == ("suppressed", "overtaken")


def test_a_mail_that_was_not_taken_brings_the_same_link_later(clock, sandbox, hands, register, runtime, db):
    register()
    sandbox.faults(mail_down=True)
    hands.work("deliveries")
    sandbox.faults(mail_down=False)
    clock.offset += timedelta(minutes=2)
    hands.work("deliveries")
    with db.reading() as session:
        row = session.scalars(select(OneTimeToken)).one()
    (mail,) = sandbox.mails()
    assert token_in(mail) == runtime.one_time_tokens.token(Purpose.EMAIL_VERIFICATION, row.id)


def test_a_token_is_in_the_mail_and_nowhere_else(db, sandbox, hands, register, caplog):
    register()
    with caplog.at_level("DEBUG"):
        hands.work("deliveries")
    (mail,) = sandbox.mails()
    token = token_in(mail)
    assert token not in caplog.text
    with db.reading() as session:
        kept = [session.scalars(select(model)).all() for model in (Job, Notification, Delivery, OneTimeToken)]
        words = str([{c.name: getattr(row, c.name) for c in row.__table__.columns} for rows in kept for row in rows])
    assert token not in words


def test_a_mail_about_the_account_has_a_number_but_no_badge(db, hands, register):
    user = register()
    hands.work("deliveries")
    with db.reading() as session:
        listed = notification_page(session, user.id, Window()).rows
        (event,) = notification_page(session, user.id, Window(), since=0).rows
    assert listed == []
    assert (event.kind, event.seq, event.has_badge) == ("email_verification", 1, False)
    assert uuid.UUID(event.data["one_time_token_id"])
