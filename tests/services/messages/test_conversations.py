"""Who is told of a question and of its answer, in how many rows, and what two at the same moment make."""

from __future__ import annotations

from functools import partial

import pytest

from models import AuditEntry, Conversation, Message
from services.accounts.suspension import suspend
from services.messages.conversations import ask, send
from tests.support.races import at_once


@pytest.fixture
def pair(make):
    guide, tourist = make.guide(), make.user()
    return tourist, guide, make.listing(guide)


@pytest.fixture
def asks(db, make):
    def asks(tourist, listing, body="Is there something without meat?"):
        with db.transaction() as session:
            return ask(session, make.acting(tourist), str(listing.id), body).id

    return asks


@pytest.fixture
def sends(db, make):
    def sends(sender, receiver, body="Yes."):
        with db.transaction() as session:
            return send(session, make.acting(sender), receiver.id, body).id

    return sends


def test_each_question_is_told_to_the_guide_and_shown(pair, asks, told, jobs):
    tourist, guide, listing = pair
    for _ in range(2):
        asks(tourist, listing)
    assert (told(guide), told(tourist)) == (["enquiry", "enquiry"], [])
    assert len(jobs("message:")) == 2


def test_of_the_answers_to_one_question_the_first_is_told_and_each_is_shown(pair, asks, sends, told, jobs):
    tourist, guide, listing = pair
    asks(tourist, listing)
    for _ in range(3):
        sends(guide, tourist)
    assert told(tourist) == ["enquiry_answered"]
    assert len(jobs("message:")) == 4
    asks(tourist, listing)
    sends(guide, tourist)
    assert told(tourist) == ["enquiry_answered"] * 2


def test_whoever_asked_goes_on_without_a_mail_each_time(pair, asks, sends, told):
    tourist, guide, listing = pair
    asks(tourist, listing)
    sends(tourist, guide, "And fish?")
    assert told(guide) == ["enquiry"]


def test_questions_at_the_same_moment_share_one_conversation(db, pair, asks):
    tourist, _, listing = pair
    assert at_once([partial(asks, tourist, listing)] * 6) == {"won": 6}
    with db.reading() as session:
        assert session.query(Conversation).count() == 1
        assert session.query(Message).count() == 6


def test_two_who_write_to_each_other_at_once_do_not_wait_for_each_other_forever(pair, asks, sends):
    tourist, guide, listing = pair
    asks(tourist, listing)
    outcomes = at_once([partial(sends, tourist, guide), partial(sends, guide, tourist)] * 4)
    assert outcomes == {"won": 8}


def test_a_guide_is_suspended_or_asked_and_no_message_comes_after(db, make, ctx, asks):
    for _ in range(5):
        guide, tourist = make.guide(), make.user()
        listing = make.listing(guide)

        def suspends(guide=guide):
            with db.transaction() as session:
                suspend(session, ctx, guide.id, "For a test.")

        outcomes = at_once([partial(asks, tourist, listing), suspends])
        assert set(outcomes) <= {"won", "experience_not_found"}
        with db.reading() as session:
            messages = session.query(Message).filter_by(receiver_id=guide.id).count()
        assert messages == outcomes["won"] - 1


def test_the_audit_says_that_a_question_was_asked_and_not_what(db, pair, asks):
    tourist, _, listing = pair
    asks(tourist, listing, "A secret of mine.")
    with db.reading() as session:
        (entry,) = session.execute(AuditEntry.__table__.select().where(AuditEntry.action == "enquiry.sent")).all()
    assert entry.data == {"listing_id": str(listing.id)}
