"""Leaving, from the mail to the day on which nothing is left."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from beat.schedule import RUNS
from domain.daraja import subscriber_digits
from domain.jobs import JobKind
from models import Job, Payment, User, WebhookEvent
from services.accounts import sessions
from services.bookings.cancelling import cancel_booking
from services.personal_data import erasing, leaving
from tests.workers.test_callbacks import failure, success
from workers import periodic


@pytest.fixture
def leaver(db, make, runtime, vault):
    """Somebody who has just deleted their account."""

    def leaver(**values):
        user = make.user(password_hash="hash", **values)
        ctx, session_id = make.acting(user), sessions.new_session_id()
        with db.transaction() as session:
            sessions.open_session(session, ctx, user, token_hash="a", session_id=session_id, device="Firefox")
        acting = replace(ctx, actor=replace(ctx.actor, session_id=session_id))
        with db.transaction() as session:
            leaving.delete_account(session, acting, runtime.one_time_tokens, vault, "hash")
        return user

    return leaver


@pytest.fixture
def tick(db, ctx, hands):
    """The hourly run and everything that follows from it."""

    def tick():
        name = JobKind.ERASE_ACCOUNTS.value
        with db.transaction() as session:
            assert periodic.tick(session, ctx, name, RUNS[name])
        return hands.work("periodic", "deliveries")

    return tick


@pytest.mark.parametrize(("locale", "says"), [("en", "Take my account back: "), ("sw", "Rudisha akaunti yangu: ")])
def test_the_mail_brings_a_link_that_takes_the_account_back(
    db, ctx, make, runtime, sandbox, hands, leaver, locale, says
):
    user = leaver(email="amina@example.com", locale=locale)
    hands.work("deliveries")
    (mail,) = sandbox.mails()
    assert mail["to"] == ["amina@example.com"]
    assert f"{says}{runtime.frontend_url}/restore-account?token=" in mail["text"]
    (token,) = set(re.findall(r"\?token=([A-Za-z0-9_-]{43})", mail["text"]))
    with db.transaction() as session:
        leaving.restore_account(session, ctx, runtime.one_time_tokens.hash(token))
    assert make.reload(user).status == "active"


def test_an_account_is_erased_by_the_hour_after_its_grace(db, clock, make, hands, leaver, tick):
    user, stays = leaver(email="amina@example.com"), make.user()
    hands.work("deliveries")
    clock.offset += timedelta(days=29)
    assert tick() == ["periodic.erase_accounts"]
    clock.offset += timedelta(days=1, hours=1)
    assert tick() == ["periodic.erase_accounts", "accounts.erase"]
    assert make.reload(user).full_name == "A traveller"
    assert make.reload(stays).email == stays.email
    clock.offset += timedelta(hours=1)
    assert tick() == ["periodic.erase_accounts"]


def test_a_large_account_takes_several_runs_of_one_job(db, clock, make, hands, leaver, tick, monkeypatch):
    monkeypatch.setattr(erasing, "BATCH", 1)
    user = leaver()
    hands.work("deliveries")
    clock.offset += timedelta(days=31)
    assert tick().count("accounts.erase") == 2
    with db.reading() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == "accounts.erase"))
    assert job.done_at is not None
    assert make.reload(user).erased_at is not None


def test_a_mail_that_had_not_left_by_then_never_does(db, clock, sandbox, hands, leaver, tick):
    sandbox.faults(mail_down=True)
    leaver()
    hands.work("deliveries")
    sandbox.faults(mail_down=False)
    clock.offset += timedelta(days=31)
    tick()
    assert sandbox.mails() == []


@pytest.mark.parametrize("what", ["the refusal again", "a success after all", "a success of another attempt"])
@pytest.mark.parametrize("is_known", [True, False], ids=["push answered", "push's answer lost"])
def test_what_mpesa_says_after_the_erasure_is_understood_and_brings_no_number_back(
    db, ctx, story, desk, caplog, what, is_known
):
    payment = story.pushed()
    reference, token = payment.provider_reference, payment.callback_token
    digits = subscriber_digits(payment.phone)
    desk.receive(token, failure(reference, 1032))
    story.work()
    with db.transaction() as session:
        cancel_booking(session, story.make.acting(story.tourist), story.booking.id, None)
    with db.transaction() as session:
        user, now = session.get_one(User, story.tourist.id), ctx.now(session)
        user.delete(now - timedelta(days=31), now - timedelta(days=1))
        if not is_known:
            session.get_one(Payment, payment.id).provider_reference = None
    with db.transaction() as session:
        assert not erasing.erase_account(session, ctx, user.id)

    if what == "the refusal again":
        desk.receive(token, failure(reference, 1032) + b" ")
    else:
        story.is_disputed = True
        is_its_own = what == "a success after all"
        desk.receive(token, success(reference if is_its_own else f"ws_CO_01012026000000000{digits}"))
    story.work()

    with db.reading() as session:
        events = session.scalars(select(WebhookEvent)).all()
    assert [event.processed_at is not None for event in events] == [True, True]
    assert digits not in f"{[bytes(event.body) for event in events]} {story.payment.provider_reference}"
    if what == "the refusal again":
        assert (story.payment.state, story.payment.failure_code) == ("cancelled", "1032")
    if what == "a success after all":
        assert story.refunds() == [(payment.id, "late_money")]
    if is_known:
        assert ("mpesa.callback_mismatch" in caplog.text) == (what == "a success of another attempt")
