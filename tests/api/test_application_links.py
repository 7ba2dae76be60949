"""What the link of an application's mails leads to: seeing, confirming, answering what was asked, and accepting an invitation."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from models import AuditEntry, Delivery, Guide, GuideApplication, Job, Media
from tests.api.test_applying import FILES, MOVIE, rows, send, with_ports
from tests.support.applications import Applications
from tests.support.browser import empty_file, form_data
from tests.support.database import row_counts
from tests.support.http import Http, refused
from tests.support.papers import pdf


@pytest.fixture
def page(http, bucket) -> Http:
    """A browser that shows a page which knows nothing of us."""
    return http


def test_the_link_shows_confirms_and_is_no_ones_but_its_own(http, db, applications: Applications):
    application = applications.opened()
    path = f"/api/guides/applications/{applications.token(application)}"
    before = row_counts(db.engine)
    # Scanners of mail open links: looking changes nothing.
    for _ in range(3):
        seen = http.get(path)
        assert (seen.status_code, seen.get_json()["confirmed_at"]) == (200, None)
        assert seen.headers["Cache-Control"] == "private, no-store"
    assert http.request("HEAD", path).status_code == 200
    assert row_counts(db.engine) == before

    confirmed = http.post(f"{path}/confirm").get_json()
    assert confirmed["confirmed_at"] is not None
    assert http.post(f"{path}/confirm").get_json() == confirmed == http.get(path).get_json()
    for verb, wrong in (("GET", f"{path}x"), ("POST", f"{path}x/confirm"), ("GET", path[:-1])):
        refused(http.request(verb, wrong), 404, "application_not_found")


def test_what_was_asked_is_answered_by_the_link_with_words_and_files(page, db, applications, bucket):
    application = applications.reviewed("more_info", "Please send your certificate, and a better video.")
    old_video, old_cv = applications.file(application, "video"), applications.file(application, "resume")
    path = f"/api/guides/applications/{applications.token(application)}"
    asked = page.get(path).get_json()
    assert (asked["can_answer"], asked["reason"]) == (True, "Please send your certificate, and a better video.")

    entries = [
        ("message", "Here they are."),
        ("experienceYears", "11"),
        ("facebook", ""),
        empty_file("resume"),
        MOVIE,
        ("documents", "certificate.pdf", "application/pdf", pdf()),
    ]
    answered = page.request("POST", f"{path}/answer", **form_data(entries, None))

    assert answered.status_code == 200
    body = answered.get_json()
    assert (body["status"], body["can_answer"], body["reason"]) == ("in_review", False, None)
    assert [(file["part"], file["state"]) for file in body["files"]] == [
        ("resume", "ready"),
        ("video", "processing"),
        ("document", "processing"),
    ]
    assert body["history"][-1]["verb"] == "answer"
    assert body["history"][-1]["reason"] == "Here they are."
    assert applications.see(application).experience_years == "11"
    with db.reading() as session:
        assert session.get_one(Media, old_video.id).state == "removed"
        assert session.get_one(Media, old_cv.id).state == "ready"
    assert applications.told(application)[-1] == "in_review"

    again = page.request("POST", f"{path}/answer", **form_data([("message", "And more.")], None))
    refused(again, 409, "application_not_answerable")


def test_an_answer_that_is_none_or_not_wanted_leaves_nothing(page, db, applications, bucket):
    asked = applications.reviewed("more_info", "More.")
    waiting = applications.confirmed(email="b@example.com")
    for application, entries, status, code, field in (
        (asked, [("message", " "), empty_file("video")], 422, "invalid_field", "message"),
        (asked, [("message", "x" * 1_001)], 422, "invalid_fields", "message"),
        (asked, [("resume", "a.exe", "application/x-msdownload", b"MZ")], 422, "invalid_field", "resume"),
        (waiting, [("message", "Unasked."), MOVIE], 409, "application_not_answerable", None),
    ):
        before = row_counts(db.engine)
        path = f"/api/guides/applications/{applications.token(application)}/answer"
        refused(page.request("POST", path, **form_data(entries, None)), status, code, field)
        assert row_counts(db.engine) == before
    refused(
        page.request("POST", "/api/guides/applications/x/answer", **form_data([MOVIE])), 404, "application_not_found"
    )
    # Before anything of a body is read.
    unread = {"data": b"no form at all", "headers": {"Content-Type": "text/plain"}}
    refused(page.request("POST", "/api/guides/applications/x/answer", **unread), 404, "application_not_found")
    assert bucket.keys() == []


def test_a_decision_that_comes_while_an_answer_arrives_leaves_no_file_behind(page, db, applications, settings, bucket):
    application = applications.reviewed("more_info", "More.")
    real = page.edge.ports.storage

    class Meanwhile:
        def put(self, key, content, *, content_type):
            real.put(key, content, content_type=content_type)
            applications.review(application, "reject", "Too late.")

    path = f"/api/guides/applications/{applications.token(application)}/answer"
    refused(
        with_ports(page, storage=Meanwhile()).request("POST", path, **form_data([MOVIE])),
        409,
        "application_not_answerable",
    )
    assert applications.see(application).status == "rejected"
    assert {file.state for file in rows(db, Media)} == {"removed"}


def test_an_invitation_is_accepted_under_its_address_and_the_role_holds_at_once(http, db, applications, make):
    application = applications.reviewed("approve")
    path = f"/api/guides/applications/{applications.token(application)}"
    assert http.get(path).get_json()["can_accept"]
    refused(http.post(f"{path}/accept"), 401, "token_missing")
    refused(http.signed_in_as(make.user()).post("/api/guides/applications/x/accept"), 404, "application_not_found")

    stranger = http.signed_in_as(make.user())
    before = row_counts(db.engine)
    refused(stranger.post(f"{path}/accept"), 403, "not_your_invitation")
    assert row_counts(db.engine) == before

    invited = http.signed_in_as(make.user(email="wanjiru@example.com", status="pending"))
    refused(invited.get("/api/guides/me"), 403, "not_a_guide")
    accepted = invited.post(f"{path}/accept")
    assert accepted.status_code == 200
    body = accepted.get_json()
    assert body["guide"]["slug"] == "wanjiru-kamau"
    assert (body["application"]["can_accept"], body["application"]["accepted_at"] is not None) == (False, True)
    assert invited.get("/api/guides/me").get_json()["slug"] == "wanjiru-kamau"
    assert http.get("/api/guides/wanjiru-kamau").status_code == 200
    again = invited.post(f"{path}/accept")
    assert (again.status_code, again.get_json()) == (200, body)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Guide)) == 1


def test_a_mail_to_an_applicant_tells_its_token_to_nobody_else(page, db, applications, caplog):
    send(page, *FILES)
    (row,) = rows(db, GuideApplication)
    applications.open(row.id)
    token = applications.token(row.id)
    page.get(f"/api/guides/applications/{token}")
    page.post(f"/api/guides/applications/{token}/confirm")
    with db.reading() as session:
        for table in (GuideApplication, Job, Delivery, AuditEntry):
            for found in session.execute(select(table.__table__)).all():
                assert token not in repr(found)
    assert token not in caplog.text
    for personal in ("wanjiru@example.com", "254712345678", "Gikomba"):
        assert personal not in caplog.text
        with db.reading() as session:
            assert personal not in repr(session.execute(select(AuditEntry.data)).all())
