"""Applying to guide over HTTP: the form of a plain page from another origin, and what the link of its mails leads to."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from api import create_app
from composition import policy_from
from domain.formats import LARGEST
from domain.media import MediaKind
from models import AuditEntry, GuideApplication, Job, Media
from providers.storage.s3 import Patience, S3Config, S3Storage
from services.applications import applying
from tests.support.browser import ORIGIN, empty_file, form_data
from tests.support.database import row_counts
from tests.support.http import Http, refused
from tests.support.movies import mp4, webm
from tests.support.network import free_port
from tests.support.papers import docx, pdf

APPLY = "/api/guides/apply"
#: As the page of the issue names them, in its order.
TEXTS = {
    "fullName": "Wanjiru Kamau",
    "email": "wanjiru@example.com",
    "phone": "0712 345 678",
    "location": "Nairobi",
    "languages": "English, Swahili, Kikuyu",
    "experienceYears": "10+",
    "bio": "I have shown friends of friends\r\naround Gikomba for ten years.",
    "socialEmails": "wanjiru@example.org",
    "facebook": "https://facebook.com/wanjiru.walks",
    "instagram": "@wanjiru.walks",
    "twitter": "",
    "tiktok": "",
    "youtube": "",
}
RESUME = ("resume", "my cv.pdf", "application/pdf", pdf())
MOVIE = ("videoFile", "hello.mp4", "video/mp4", mp4())
FILES = (RESUME, empty_file("video"), MOVIE)


def send(http: Http, *files, texts=TEXTS, path=APPLY, **changed):
    said = {**texts, **changed}
    return http.request("POST", path, **form_data([*((k, v) for k, v in said.items() if v is not None), *files]))


def rows(db, table):
    with db.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


@pytest.fixture
def page(http, bucket) -> Http:
    """A browser that shows a page which knows nothing of us."""
    return http


def test_the_form_of_a_plain_page_from_another_origin_is_taken_as_it_is(page, db, bucket, applications):
    response = send(page, *FILES)

    assert response.status_code == 202
    assert response.get_json()["status"] == "submitted"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    (row,) = rows(db, GuideApplication)
    assert (row.full_name, row.email, row.phone) == ("Wanjiru Kamau", "wanjiru@example.com", "+254712345678")
    assert (row.location, row.languages, row.experience_years) == ("Nairobi", ["English", "Swahili", "Kikuyu"], "10+")
    assert row.bio == "I have shown friends of friends\r\naround Gikomba for ten years."
    assert (row.social_emails, row.instagram, row.twitter) == ("wanjiru@example.org", "@wanjiru.walks", None)
    files = rows(db, Media)
    assert [(file.application_part, file.kind, file.state, file.owner_id) for file in files] == [
        ("resume", "document", "processing", None),
        ("video", "video", "processing", None),
    ]
    assert {file.application_id for file in files} == {row.id}
    # Its files are in use from the beginning: nothing collects them.
    assert all(file.attached_at for file in files)
    assert bucket.keys() == sorted(file.incoming_key for file in files)
    assert bucket.read(files[1].incoming_key) == mp4()
    assert sorted(job.kind for job in rows(db, Job)) == ["accounts.open_application", *["media.process_file"] * 2]
    assert "application.submitted" in [entry.action for entry in rows(db, AuditEntry)]


@pytest.mark.parametrize(
    "files",
    [
        (RESUME, ("video", "hello.mp4", "video/mp4", mp4())),
        (RESUME, ("video", "a.mov", "video/quicktime", mp4(b"qt  ")), ("videoFile", "b.webm", "video/webm", webm())),
        (RESUME, ("video", "hello.mp4", "video/mp4", mp4()), empty_file("videoFile")),
        (RESUME, ("video_file", "hello.mp4", "application/octet-stream", mp4())),
        (("resume", "cv.docx", "", docx()), MOVIE, ("documents", "a.pdf", "application/pdf", pdf())),
        (RESUME, MOVIE, *(("documents[]", f"{n}.pdf", "application/pdf", pdf()) for n in range(5))),
        (RESUME, MOVIE, ("csrf", "whatever"), ("avatar", "a.exe", "application/x-msdownload", b"MZ")),
    ],
    ids=["video", "both", "empty videoFile", "snake case", "docx without a type", "five documents", "unknown parts"],
)
def test_however_a_page_names_its_files_they_arrive(page, db, files):
    assert send(page, *files).status_code == 202
    known = [each for each in files if each[0] not in ("csrf", "avatar") and each[-1]]
    assert len(rows(db, Media)) == len(known)


@pytest.mark.parametrize(
    "languages",
    ["English,Swahili", '["English", "Swahili"]', " en , sw ,", "Kiswahili, ENGLISH, swahili"],
)
def test_languages_come_in_one_text_in_any_spelling(page, db, languages):
    assert send(page, *FILES, languages=languages).status_code == 202
    (row,) = rows(db, GuideApplication)
    assert {one.lower() for one in row.languages} == {"english", "swahili"}


def test_languages_come_in_several_parts_too(page, db):
    texts = [(name, text) for name, text in TEXTS.items() if name != "languages"]
    several = [("languages", "English"), ("languages", "Swahili")]
    assert page.request("POST", APPLY, **form_data([*texts, *several, *FILES])).status_code == 202
    assert rows(db, GuideApplication)[0].languages == ["English", "Swahili"]


def test_any_page_may_read_the_answer_and_its_refusals_and_nothing_else_of_ours(page):
    for origin in (ORIGIN, "null", "https://evil.example"):
        for files, status in ((FILES, 202), ((), 422)):
            sent = form_data([*TEXTS.items(), *files], origin)
            answer = page.request("POST", APPLY, **sent)
            assert answer.status_code == status
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in answer.headers
            page.edge.limits.reset()
    for sent in ({"json": {}}, {"data": b"x" * 64, "content_type": "multipart/form-data; boundary=x"}):
        answer = page.request("POST", APPLY, headers={"Origin": ORIGIN}, **sent)
        assert answer.status_code in (400, 415)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    elsewhere = page.get("/api/experiences", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in elsewhere.headers


def test_a_preflight_is_answered_for_any_origin_and_lets_no_credentials_through(page, db):
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-request-id",
    }
    answer = page.request("OPTIONS", APPLY, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type, x-request-id"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    with_login = page.request("OPTIONS", APPLY, headers=asked | {"Access-Control-Request-Headers": "authorization"})
    assert "authorization" not in with_login.headers.get("Access-Control-Allow-Headers", "").lower()
    other = page.request("OPTIONS", "/api/bookings", headers=asked)
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize("known", ["nobody", "the same", "an open one", "an account"])
def test_nobody_learns_whether_an_address_is_known(page, db, applications, make, known):
    if known == "the same":
        applications.opened()
    elif known == "an open one":
        applications.reviewed("start")
    elif known == "an account":
        make.guide(email="wanjiru@example.com")
    before = row_counts(db.engine)
    answer = send(page, *FILES)
    after = row_counts(db.engine)
    assert answer.status_code == 202
    assert answer.get_json() == {
        "status": "submitted",
        "message": "Thank you. We have sent you a mail: open its link within 24 hours, and we read your application.",
    }
    assert "Location" not in answer.headers
    # What is done is the same, too, and takes as long.
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert {name: count for name, count in grown.items() if name not in ("rate_limits", "application_intake")} == {
        "guide_applications": 1,
        "guide_application_events": 1,
        "media": 2,
        "jobs": 3,
        "audit_logs": 3,
        "audit_unchained": 3,
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fullName": None}, "full_name"),
        ({"fullName": ""}, "full_name"),
        ({"fullName": "   "}, "full_name"),
        ({"fullName": "x" * 101}, "full_name"),
        ({"fullName": "Wanjiru\r\nBcc: everybody@example.com"}, "full_name"),
        ({"fullName": "=HYPERLINK(evil)"}, "full_name"),
        ({"fullName": "+cmd|' /C calc'!A0"}, "full_name"),
        ({"fullName": "<script>alert(1)</script>"}, "full_name"),
        ({"email": "no address"}, "email"),
        ({"email": "wanjiru@localhost"}, "email"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "email"),
        ({"email": f"{'x' * 250}@example.com"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"location": "@SUM(1+1)"}, "location"),
        ({"location": "x" * 81}, "location"),
        ({"languages": " , ,"}, "languages"),
        ({"languages": "x" * 61}, "languages"),
        ({"languages": ",".join(f"language {n}" for n in range(16))}, "languages"),
        ({"languages": "[" * 2_000}, "languages"),
        ({"languages": "English, =1+1"}, "languages"),
        ({"experienceYears": "x" * 21}, "experience_years"),
        ({"bio": "x" * 2_001}, "bio"),
        ({"bio": "null\x00byte"}, "bio"),
        ({"socialEmails": "x" * 501}, "social_emails"),
        ({"instagram": "x" * 201}, "instagram"),
        ({"facebook": "javascript:alert(1)"}, "facebook"),
        ({"youtube": "data:text/html,<script>"}, "youtube"),
        ({"full_name": "Somebody Else"}, "full_name"),
    ],
)
def test_a_text_that_is_not_fit_is_refused_by_name_and_leaves_nothing(page, db, bucket, changed, field):
    before = row_counts(db.engine)
    answer = send(page, *FILES, **changed)
    body = refused(answer, 422, "invalid_fields", field)
    assert list(body["errors"]) == [field]
    assert row_counts(db.engine) == before
    assert bucket.keys() == []


@pytest.mark.parametrize(
    ("files", "status", "field"),
    [
        ((MOVIE,), 422, "resume"),
        ((empty_file("resume"), MOVIE), 422, "resume"),
        ((RESUME,), 422, "video"),
        ((RESUME, empty_file("video"), empty_file("videoFile")), 422, "video"),
        ((("resume", "cv.exe", "application/x-msdownload", b"MZ"), MOVIE), 422, "resume"),
        ((("resume", "cv.png", "image/png", b"\x89PNG"), MOVIE), 422, "resume"),
        ((RESUME, ("videoFile", "a.avi", "video/x-msvideo", b"RIFF")), 422, "video_file"),
        ((RESUME, RESUME, MOVIE), 422, "resume"),
        ((RESUME, MOVIE, *[("documents", "a.pdf", "application/pdf", pdf())] * 6), 422, "documents"),
        ((RESUME, MOVIE, *[("documents", "a.pdf", "application/pdf", pdf())] * 20), 422, "documents"),
        ((("resume", "the words of a CV"), MOVIE), 422, "resume"),
    ],
    ids=[
        *("no resume", "empty resume", "no video", "two empty videos", "program", "picture", "avi", "two resumes"),
        *("six documents", "twenty documents", "a text for a file"),
    ],
)
def test_a_file_that_is_not_fit_is_refused_by_name_and_leaves_nothing(page, db, bucket, files, status, field):
    before = row_counts(db.engine)
    refused(page.request("POST", APPLY, **form_data([*TEXTS.items(), *files])), status, "invalid_field", field)
    assert row_counts(db.engine) == before
    assert bucket.keys() == []


class Unread(io.RawIOBase):
    """Two hundred megabytes, too many to be read at all."""

    is_read, at = False, 0

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = offset + (200 * 1024 * 1024 if whence == io.SEEK_END else 0)
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer) -> int:
        self.is_read = True
        return len(buffer)


def test_files_above_their_bounds_and_endless_bodies_are_refused(page, db, bucket):
    before = row_counts(db.engine)
    resume = ("resume", "cv.pdf", "application/pdf", bytes(LARGEST[MediaKind.DOCUMENT] + 1))
    refused(send(page, resume, MOVIE), 413, "body_too_large", "resume")
    video = ("videoFile", "long.mp4", "video/mp4", bytes(LARGEST[MediaKind.VIDEO] + 1))
    refused(send(page, RESUME, video), 413, "body_too_large", "video_file")
    refused(
        page.request("POST", APPLY, **form_data([*TEXTS.items(), RESUME, MOVIE, *[("x", "y")] * 300])),
        413,
        "body_too_large",
    )

    body = Unread()
    answer = page.request(
        "POST",
        APPLY,
        input_stream=body,
        content_type="multipart/form-data; boundary=x",
        headers={"Origin": ORIGIN},
    )
    refused(answer, 413, "body_too_large")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert not body.is_read
    assert row_counts(db.engine) == before
    assert bucket.keys() == []


def test_three_a_day_from_one_address_whatever_was_refused_before(page, db, bucket):
    for _ in range(3):
        assert send(page, *FILES).status_code == 202
        refused(send(page), 422, "invalid_field", "resume")
    kept = bucket.keys()
    answer = send(page, *FILES)
    refused(answer, 429, "too_many_applications")
    assert int(answer.headers["Retry-After"]) > 80_000
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert bucket.keys() == kept


def test_even_refused_ones_end_at_some_point(page):
    statuses = [send(page).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]


def with_ports(http: Http, **changed) -> Http:
    return replace(http, app=create_app(http.edge.settings, replace(http.edge.ports, **changed)))


def test_where_the_day_is_full_one_is_told_to_come_back(page, db, settings, bucket):
    policy = replace(policy_from(settings), application_bytes=10)
    full = with_ports(page, policy=policy)
    answer = send(full, *FILES)
    refused(answer, 503, "applications_full")
    assert 0 < int(answer.headers["Retry-After"]) <= 86_400
    assert (rows(db, GuideApplication), bucket.keys()) == ([], [])


def test_where_a_file_cannot_be_stored_nothing_stays_and_it_does_not_count(page, db, settings, bucket):
    nowhere = f"http://127.0.0.1:{free_port()}"
    config = S3Config(nowhere, nowhere, "af-south-1", "elite", "key", "secret")
    down = with_ports(page, storage=S3Storage(config, patience=Patience(connect=0.5, step=0.5, total=1)))
    for _ in range(4):
        refused(send(down, *FILES), 503, "storage_unavailable")
    assert rows(db, GuideApplication) == []
    assert {file.state for file in rows(db, Media)} == {"removed"}
    assert send(page, *FILES).status_code == 202


class Dies(Exception):
    """The process ends here."""


def test_who_dies_half_way_leaves_nothing_that_the_sweep_does_not_find(page, db, bucket, applications, clock):
    class Mortal:
        def put(self, key, content, *, content_type):
            raise Dies

    assert send(replace(with_ports(page, storage=Mortal()), expects_faults=True), *FILES).status_code == 500
    (row,) = rows(db, GuideApplication)
    assert [file.state for file in rows(db, Media)] == ["receiving"]
    clock.offset += applying.CONFIRM_WITHIN + clock.offset.resolution
    applications.sweep()
    assert rows(db, GuideApplication) == []
    assert [(file.state, file.application_id) for file in rows(db, Media)] == [("removed", None)]
    assert row is not None
