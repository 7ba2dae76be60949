"""An application's way through the workers: which one counts, the mails to somebody without an account, and its files checked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.media import MediaKind
from models import Delivery, Job, Media
from services.applications import answering
from services.applications.records import drop
from services.media import uploads
from tests.support.movies import mp4
from tests.support.papers import pdf
from workers.media import Format

QUEUES = ("deliveries", "media", "periodic")


@pytest.fixture
def attach(db, ctx, bucket, runtime):
    """A file of an application, sent as the edge does."""

    def attach(application_id, part, content, content_type):
        kind = MediaKind.VIDEO if part is answering.Part.VIDEO else MediaKind.DOCUMENT
        with db.transaction() as session:
            begun = answering.begin_file(
                session, ctx, kind, content_type, len(content), application_id=application_id, part=part
            )
        runtime.storage.put(begun.incoming_key, content, content_type=content_type.value)
        with db.transaction() as session:
            uploads.finish_upload(session, ctx, begun.id, size=len(content))
        return begun.id

    return attach


def states(db) -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Media.state).order_by(Media.id)))


def test_who_applied_is_asked_to_confirm_in_their_language(applications, hands, sandbox):
    application = applications.sent(ctx=applications.speaking("sw"))
    assert hands.work(*QUEUES) == ["accounts.open_application", "deliveries.send_email"]
    (mail,) = sandbox.mails()
    assert mail["to"] == ["wanjiru@example.com"]
    assert "Thibitisha" in mail["subject"]
    assert f"/guide-application?token={applications.token(application)}" in mail["text"]


def test_files_are_checked_and_a_bad_one_is_asked_for_again(applications, hands, sandbox, attach, db):
    application = applications.confirmed()
    attach(application, answering.Part.RESUME, pdf(), Format.PDF)
    attach(application, answering.Part.VIDEO, b"no film at all" * 100, Format.MP4)
    hands.work(*QUEUES)

    assert states(db) == ["ready", "refused"]
    seen = applications.see(application)
    assert (seen.status, seen.reason) == ("more_info", None)
    assert applications.told(application) == ["received", "more_info"]
    asked = next(mail for mail in sandbox.mails() if "something more" in mail["subject"])
    assert "Video: it is" in asked["text"]


def test_a_good_film_and_a_good_letter_ask_for_nothing(applications, hands, attach, db):
    application = applications.confirmed()
    attach(application, answering.Part.RESUME, pdf(), Format.PDF)
    attach(application, answering.Part.VIDEO, mp4(), Format.MP4)
    hands.work(*QUEUES)
    assert states(db) == ["ready", "ready"]
    assert applications.see(application).status == "submitted"


def test_news_that_is_overtaken_does_not_leave(applications, hands, sandbox, db):
    application = applications.opened()
    applications.confirm(application)
    hands.work(*QUEUES)
    assert sandbox.mails() == []
    with db.reading() as session:
        delivery = session.scalars(select(Delivery)).one()
    assert (delivery.state, delivery.error_code) == ("suppressed", "overtaken")


def test_a_mail_about_an_application_that_is_gone_is_no_fault(applications, hands, sandbox, db):
    application = applications.opened()
    with db.transaction() as session:
        drop(session, applications.ctx, session.get_one(type(applications.see(application)), application))
    hands.work(*QUEUES)
    assert sandbox.mails() == []
    with db.reading() as session:
        assert session.scalars(select(Job.id).where(Job.done_at.is_(None))).all() == []


def test_files_of_an_application_that_nobody_confirmed_leave_the_storage(
    applications, hands, attach, bucket, clock, db
):
    application = applications.opened()
    attach(application, answering.Part.RESUME, pdf(), Format.PDF)
    attach(application, answering.Part.VIDEO, mp4(), Format.MP4)
    hands.work(*QUEUES)
    assert len(bucket.keys()) == 2
    clock.offset += timedelta(hours=25)
    applications.sweep()
    hands.work(*QUEUES)
    assert applications.see(application) is None
    assert (bucket.keys(), states(db)) == ([], [])
