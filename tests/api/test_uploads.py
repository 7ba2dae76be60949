"""Images, videos and documents over HTTP: what is taken in and told of, and who may look at it and take it away."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from domain.formats import LARGEST, Format
from domain.media import MediaKind
from models import Job, Media
from services.media import uploads
from tests.api.test_avatar import form, part
from tests.support.http import Http, refused
from tests.support.movies import mp4
from tests.support.papers import pdf
from tests.support.pictures import picture


@pytest.fixture
def user(make):
    return make.user()


@pytest.fixture
def mine(http, user, bucket):
    return http.signed_in_as(user)


SENT = {"image": (picture(), "image/jpeg"), "video": (mp4(), "video/mp4"), "document": (pdf(), "application/pdf")}
SENT["scan"] = SENT["image"]


PATHS = {"image": "/api/upload/image", "video": "/api/upload/video", "document": "/api/upload/document"}
PATHS["scan"] = "/api/upload/scan"


def send(client: Http, kind: str = "image", content: bytes | None = None, mimetype: str = "", filename: str = "a"):
    honest, usual = SENT[kind]
    sent = form(part(kind, honest if content is None else content, mimetype or usual, filename))
    return client.request("POST", PATHS[kind], **sent)


def row(db, media_id) -> Media | None:
    with db.reading() as session:
        return session.get(Media, media_id)


def make_ready(db, media_id) -> None:
    """As a worker leaves it."""
    with db.transaction() as session:
        media = session.get_one(Media, media_id)
        media.state, media.width, media.height = "ready", 640, 480


@pytest.mark.parametrize("kind", SENT)
def test_a_file_is_taken_in_and_waits_for_a_worker(mine, user, db, bucket, kind):
    response = send(mine, kind)

    assert response.status_code == 202
    body = response.get_json()
    assert (body["kind"], body["state"], body["url"], body["variants"], body["is_in_use"]) == (
        *(kind, "processing", None, {}),
        False,
    )
    assert body["size"] == len(SENT[kind][0])
    assert mine.get(response.headers["Location"]).get_json() == body
    media = row(db, body["id"])
    assert (media.owner_id, bucket.keys()) == (user.id, [media.incoming_key])
    with db.reading() as session:
        job = session.scalars(select(Job)).one()
    assert job.kind == ("media.process_image" if kind in ("image", "scan") else "media.process_file")


@pytest.mark.parametrize("kind", SENT)
def test_a_file_above_its_bound_is_refused_and_leaves_nothing(mine, db, bucket, kind):
    largest = LARGEST[MediaKind(kind)]
    refused(send(mine, kind, bytes(largest + 1)), 413, "body_too_large")
    refused(send(mine, kind, bytes(largest + 64 * 1024)), 413, "body_too_large")
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Media)) == 0
    assert bucket.keys() == []


@pytest.mark.parametrize(
    ("kind", "mimetype"),
    [
        ("image", "image/svg+xml"),
        ("image", "video/mp4"),
        ("video", "video/x-matroska"),
        ("document", "text/html"),
        ("scan", "application/pdf"),
    ],
)
def test_another_format_is_refused_by_name(mine, db, untouched, kind, mimetype):
    with untouched():
        refused(send(mine, kind, mimetype=mimetype), 422, "invalid_field", kind)


def test_a_file_under_another_name_is_told_the_right_one(mine):
    sent = form(part("file", *SENT["image"], "a"))
    told = refused(mine.request("POST", PATHS["image"], **sent), 422, "invalid_field", "file")
    assert told["errors"] == {"file": ["Unknown field: a file comes as image."]}


def test_a_browser_that_does_not_know_a_type_is_understood_by_the_name_of_the_file(mine):
    taken = send(mine, "document", mimetype="application/octet-stream", filename="Wasifu wangu.DOCX")
    assert taken.get_json()["content_type"] == Format.DOCX.value
    refused(
        send(mine, "document", mimetype="application/octet-stream", filename="x.exe"), 422, "invalid_field", "document"
    )


def test_a_ready_image_shows_its_variants_and_a_private_file_a_link_that_ends(mine, db, bucket, settings):
    image, video = send(mine).get_json()["id"], send(mine, "video").get_json()["id"]
    for each in (image, video):
        make_ready(db, each)
    shown = mine.get(f"/api/upload/{image}").get_json()
    assert list(shown["variants"]) == ["320", "800", "1600"]
    assert shown["url"] == shown["variants"]["1600"] == f"{settings.cdn_base_url}/{row(db, image).variants['1600']}"

    private = mine.get(f"/api/upload/{video}").get_json()
    assert private["variants"] == {}
    assert "X-Amz-Expires=600" in private["url"]
    key = row(db, video).variants["file"]
    assert key.startswith("private/videos/")
    assert key in private["url"]
    bucket.write(key, b"the film")
    got = httpx.get(private["url"], trust_env=False)
    assert (got.content, got.headers["Content-Disposition"].partition(";")[0]) == (b"the film", "attachment")
    assert 'filename="video.mp4"' in got.headers["Content-Disposition"]


def test_a_ready_scan_is_reached_by_a_link_alone(mine, http, db, bucket):
    scan = send(mine, "scan").get_json()["id"]
    make_ready(db, scan)
    shown = mine.get(f"/api/upload/{scan}").get_json()
    key = row(db, scan).variants["file"]
    assert (shown["variants"], key.startswith("private/scans/"), row(db, scan).is_public) == ({}, True, False)
    bucket.write(key, b"the licence")
    assert httpx.get(f"{bucket.url}/{key}", trust_env=False).status_code == 403
    got = httpx.get(shown["url"], trust_env=False)
    assert got.content == b"the licence"
    assert 'filename="scan.webp"' in got.headers["Content-Disposition"]


def test_nobody_sends_looks_at_or_deletes_without_signing_in(http, db, untouched):
    with untouched():
        for kind in SENT:
            refused(send(http, kind), 401, "token_missing")


def test_somebody_elses_upload_is_not_there(mine, http, make, db):
    address = send(mine).headers["Location"]
    other = http.signed_in_as(make.user())
    refused(other.get(address), 404, "media_not_found")
    refused(other.request("DELETE", address), 404, "media_not_found")
    assert mine.get(address).get_json()["state"] == "processing"


def test_an_upload_that_nothing_uses_can_be_taken_away(mine, db, bucket):
    address = send(mine).headers["Location"]
    assert mine.request("DELETE", address).status_code == 204
    refused(mine.get(address), 404, "media_not_found")
    refused(mine.request("DELETE", address), 404, "media_not_found")
    with db.reading() as session:
        assert "media.delete_files" in session.scalars(select(Job.kind)).all()


def test_an_upload_in_use_stays(mine, user, make, db):
    media_id = send(mine).get_json()["id"]
    make_ready(db, media_id)
    with db.transaction() as session:
        ctx = make.acting(user)
        uploads.attach(session, ctx, session.get_one(Media, media_id), ctx.now(session))
    refused(mine.request("DELETE", f"/api/upload/{media_id}"), 409, "media_in_use")
    assert mine.get(f"/api/upload/{media_id}").get_json()["is_in_use"] is True


def test_an_avatar_that_is_shown_is_in_use(mine, db):
    sent = mine.request("POST", "/api/users/me/upload-avatar", **form(part("avatar", picture(), "image/jpeg")))
    make_ready(db, sent.get_json()["id"])
    refused(mine.request("DELETE", sent.headers["Location"]), 409, "media_in_use")


def test_a_day_holds_so_many_bytes_and_no_more(mine, http, user, db, clock, settings):
    first = send(mine).headers["Location"]
    with db.transaction() as session:
        session.scalars(select(Media)).one().size_bytes = settings.limit_upload_bytes[0] - len(picture())
    assert send(mine).status_code == 202
    answer = send(mine)
    refused(answer, 429, "too_many_upload_bytes")
    assert 80_000 < int(answer.headers["Retry-After"]) <= 86_400
    assert mine.get(first).status_code == 200
    clock.offset += timedelta(days=1, seconds=1)
    assert send(http.signed_in_as(user)).status_code == 202
