"""A sign-in from a device that was not used before is told to the owner; updates, other addresses and first times are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.agents import agent_of
from domain.notices import NoticeKind
from models import User
from services.accounts import sessions
from services.accounts.sessions import new_session_id, open_session, sign_out_everywhere
from services.messages.facts import account_facts
from tests.support.races import at_once

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def amina(make):
    return make.user()


@pytest.fixture
def sign_in(db, make, amina):
    def sign_in(device, ip="127.0.0.1"):
        session_id, ctx = new_session_id(), make.acting(amina)
        ctx = replace(ctx, actor=replace(ctx.actor, ip=ip))
        with db.transaction() as session:
            user = session.get_one(User, amina.id, with_for_update=True)
            open_session(session, ctx, user, token_hash=str(session_id), session_id=session_id, device=device)
        return session_id

    return sign_in


def test_another_device_is_news_once(sign_in, told, amina):
    sign_in(ANDROID.format(141))
    assert told(amina) == []

    sign_in(FIREFOX)
    assert told(amina) == ["new_device"]

    sign_in(FIREFOX)
    sign_in(ANDROID.format(143), ip="196.201.214.7")
    assert told(amina) == ["new_device"]


def test_what_a_device_was_is_remembered_when_it_has_signed_out(sign_in, make, db, told, amina):
    sign_in(FIREFOX)
    with db.transaction() as session:
        sign_out_everywhere(session, make.acting(amina))

    sign_in(FIREFOX)

    assert told(amina) == []


def test_a_device_is_forgotten_after_ninety_days_without_it(sign_in, told, amina, later):
    sign_in(FIREFOX)
    later(days=89)
    sign_in(FIREFOX)
    assert told(amina) == []
    later(days=91)

    sign_in(FIREFOX)

    assert told(amina) == ["new_device"]


def test_devices_that_tell_nothing_are_one(sign_in, told, amina):
    sign_in("")
    sign_in("a toaster")
    assert told(amina) == []
    sign_in(FIREFOX)
    assert told(amina) == ["new_device"]


def test_no_more_names_are_made_sense_of_than_a_sign_in_has_time_for(monkeypatch, sign_in, told, amina):
    asked = []
    monkeypatch.setattr(sessions, "agent_of", lambda device: asked.append(device) or agent_of(device))
    sign_in(FIREFOX)
    for number in range(60):
        sign_in(ANDROID.format(number))
    assert told(amina) == ["new_device"]

    asked.clear()
    sign_in("curl/8.5.0")

    assert len(set(asked)) == 51
    assert told(amina) == ["new_device"] * 2


def test_other_peoples_devices_are_not_known(sign_in, make, db, told, amina):
    sign_in(FIREFOX)
    kamau, session_id = make.user(), new_session_id()
    with db.transaction() as session:
        ctx = make.acting(kamau)
        open_session(session, ctx, kamau, token_hash="x", session_id=session_id, device=ANDROID)

    sign_in(ANDROID)

    assert (told(amina), told(kamau)) == (["new_device"], [])


def test_two_sign_ins_at_once_from_a_new_device_are_one_piece_of_news(sign_in, told, amina):
    sign_in(ANDROID)

    assert at_once([lambda: sign_in(FIREFOX)] * 4) == {"won": 4}

    assert told(amina) == ["new_device"]


def test_the_mail_says_with_what_when_and_from_where(sign_in, make, db, ctx, amina):
    session_id = sign_in(FIREFOX, ip="196.201.214.7")

    with db.reading() as session:
        facts = account_facts(
            session,
            ctx,
            NoticeKind.NEW_DEVICE,
            amina.id,
            frontend_url="https://elite-events.example",
            tokens=None,
            session_id=session_id,
        )

    assert (facts.sign_in.device, facts.sign_in.address) == (FIREFOX, "196.201.214.7")
    assert facts.url == "https://elite-events.example/forgot-password"
