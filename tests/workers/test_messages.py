"""A question reaches its guide as a live event, a notification and a mail in their language; and so does its answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from documents import render_mail
from domain.notices import NoticeKind
from models import Message, Notification
from services.listings.hiding import hide_experience, show_experience
from services.messages.conversations import ask, send
from tests.support.hands import Hands
from tests.workers.test_live import Ears
from workers.facts import facts_of

QUESTION = "Is there something <b>without</b> meat?"


@pytest.fixture
def ears(db):
    return Ears(db)


@pytest.fixture
def telling(runtime, ears):
    return Hands(replace(runtime, live=ears))


@pytest.fixture
def asked(db, make):
    """Ingrid's question to a guide who reads ``locale``."""

    def asked(locale="en"):
        tourist, guide = make.user(first_name="Ingrid"), make.guide(locale=locale)
        listing = make.listing(guide, title="Bush breakfast")
        with db.transaction() as session:
            return tourist, guide, listing, ask(session, make.acting(tourist), listing.slug, QUESTION).id

    return asked


@pytest.fixture
def mail(db, ctx, runtime):
    """The mail of a notification, as it would be sent now."""

    def mail(row, locale="en"):
        with db.reading() as session:
            facts = facts_of(session, ctx, runtime, NoticeKind(row.kind), row.user_id, row.data)
        return facts, render_mail(row.kind, locale, facts)

    return mail


def news_of(db, user) -> list[Notification]:
    with db.reading() as session:
        mine = select(Notification).where(Notification.user_id == user.id, Notification.has_badge)
        return list(session.scalars(mine.order_by(Notification.seq)))


@pytest.mark.parametrize(("locale", "word"), [("en", "question"), ("sw", "swali")])
def test_a_question_is_shown_at_once_and_told_in_the_guides_language(db, telling, ears, asked, mail, locale, word):
    tourist, guide, _, message_id = asked(locale)
    telling.work("deliveries")

    (shown,) = [payload for user, name, payload in ears.heard if (user, name) == (guide.id, "new_message")]
    assert (shown["title"], shown["body"], shown["has_badge"]) == ("", "", False)
    assert (shown["data"]["message_id"], shown["data"]["sender_id"]) == (str(message_id), str(tourist.id))
    (told,) = news_of(db, guide)
    assert word in f"{told.title} {told.body}".lower()
    assert "Ingrid" in told.body
    assert "Ingrid" not in told.title, "the title outlives whoever asked"
    facts, written = mail(told, locale)
    assert facts.url.endswith(f"/messages/{tourist.id}")
    assert QUESTION in written.text
    assert "&lt;b&gt;without" in written.html
    assert tourist.phone not in written.text
    assert [user for user, *_ in ears.heard if user == tourist.id] == []


def test_an_answer_is_told_to_whoever_asked(db, make, telling, asked, mail):
    tourist, guide, *_ = asked()
    with db.transaction() as session:
        send(session, make.acting(guide), tourist.id, "Six of seven stops.")
    telling.work("deliveries")
    (told,) = news_of(db, tourist)
    facts, written = mail(told)
    assert (told.kind, facts.url.rpartition("/")[2]) == ("enquiry_answered", str(guide.id))
    assert "Six of seven stops." in written.text
    assert "Bush breakfast" in written.subject


def test_a_message_is_shown_once_however_often_its_job_comes(db, telling, asked):
    _, guide, *_ = asked()
    jobs = [job for job in telling.due("deliveries") if job.kind == "notifications.show_message"]
    for job in jobs * 3:
        telling.do(job)
    with db.reading() as session:
        assert session.query(Notification).filter_by(user_id=guide.id, kind="new_message").count() == 1


def test_words_that_were_erased_meanwhile_are_not_sent(db, telling, asked):
    _, guide, _, message_id = asked()
    with db.transaction() as session:
        session.get_one(Message, message_id).body = ""
    telling.work("deliveries")
    assert news_of(db, guide) == []


@pytest.mark.parametrize("locale", ["en", "sw"])
def test_a_guide_is_told_what_was_hidden_and_why_and_that_it_is_back(db, make, ctx, telling, mail, locale, monkeypatch):
    monkeypatch.setattr("services.listings.hiding.check_still_admin", lambda *_: None)
    admin, guide = make.user(roles=["tourist", "admin"]), make.guide(locale=locale)
    listing = make.listing(guide, title="Bush breakfast")
    with db.transaction() as session:
        hide_experience(session, make.acting(admin), listing.id, "The pictures show another place.")
    telling.work("deliveries")
    (hidden,) = news_of(db, guide)
    facts, written = mail(hidden, locale)
    assert facts.url.endswith(f"/my-experiences/{listing.id}")
    assert "The pictures show another place." in written.text
    with db.transaction() as session:
        show_experience(session, make.acting(admin), listing.id)
    telling.work("deliveries")
    assert [row.kind for row in news_of(db, guide)] == ["experience_hidden", "experience_shown"]


def test_what_is_back_before_it_is_told_is_not_told_as_hidden(db, make, telling, monkeypatch):
    monkeypatch.setattr("services.listings.hiding.check_still_admin", lambda *_: None)
    admin, guide = make.user(roles=["tourist", "admin"]), make.guide()
    listing = make.listing(guide)
    for act in (lambda s, c: hide_experience(s, c, listing.id, "Why."), lambda s, c: show_experience(s, c, listing.id)):
        with db.transaction() as session:
            act(session, make.acting(admin))
    telling.work("deliveries")
    assert [row.kind for row in news_of(db, guide)] == ["experience_shown"]
