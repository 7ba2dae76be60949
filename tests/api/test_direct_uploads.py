"""Files that a browser sends to the storage by itself: how it is let, what comes of it, and that nobody swaps them later."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from api import create_app
from api.examples.media import PRESIGNED
from domain.jobs import JobKind
from models import Job, Media
from models.base import new_id
from providers.storage.s3 import Patience, S3Config, S3Storage
from tests.support.http import Http, refused
from tests.support.movies import mp4
from tests.support.network import free_port

FILM = mp4()
ASKED = {"kind": "video", "content_type": "video/mp4", "size": len(FILM)}


@pytest.fixture
def user(make):
    return make.user()


@pytest.fixture
def mine(http, user, bucket):
    return http.signed_in_as(user)


def begin(client: Http, **other):
    answer = client.post("/api/upload/presign", ASKED | other)
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def deliver(begun, content: bytes = FILM, **other) -> httpx.Response:
    """As a browser does."""
    to = begun["send_to"]
    return httpx.post(to["url"], data=to["fields"] | other, files={"file": ("a", content)}, trust_env=False)


def complete(client: Http, begun):
    return client.post(f"/api/upload/{begun['upload']['id']}/complete")


def row(db, begun) -> Media | None:
    with db.reading() as session:
        return session.get(Media, begun["upload"]["id"])


def test_a_browser_sends_a_file_by_itself_and_has_it_checked(mine, db, bucket, settings):
    begun = begin(mine)
    assert (begun["upload"]["state"], begun["upload"]["size"]) == ("receiving", len(FILM))
    assert begun["send_to"]["url"] == bucket.url
    refused(complete(mine, begun), 409, "upload_not_sent")

    assert deliver(begun).status_code == 204
    (key,) = bucket.keys()
    assert (key, bucket.read(key)) == (row(db, begun).incoming_key, FILM)
    assert bucket.head(key)["ContentType"] == "video/mp4"
    for _ in range(2):
        done = complete(mine, begun)
        assert (done.status_code, done.get_json()["state"]) == (202, "processing")
        assert done.headers["Location"] == f"/api/upload/{begun['upload']['id']}"
    with db.reading() as session:
        assert session.scalars(select(Job.kind)).all() == [JobKind.PROCESS_FILE]
    assert httpx.get(f"{bucket.url}/{key}", trust_env=False).status_code == 403


def test_what_is_signed_bounds_the_place_the_type_the_size_and_the_time(mine, db):
    begun = begin(mine)
    fields = begun["send_to"]["fields"]
    assert set(fields) == set(PRESIGNED["send_to"]["fields"])
    policy = json.loads(base64.b64decode(fields["policy"]))
    conditions = policy["conditions"]
    assert ["content-length-range", 1, len(FILM)] in conditions
    assert {"Content-Type": "video/mp4"} in conditions
    assert {"key": row(db, begun).incoming_key} in conditions
    assert not [each for each in conditions if isinstance(each, list) and each[0] == "starts-with"]
    media = row(db, begun)
    assert media.open_until - media.begun_at == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "avatar"}, "kind"),
        ({"kind": "image"}, "content_type"),
        ({"content_type": "video/x-matroska"}, "content_type"),
        ({"size": 0}, "size"),
        ({"size": 50 * 1024 * 1024 + 1}, "size"),
        ({"kind": "document", "content_type": "application/pdf", "size": 5 * 1024 * 1024 + 1}, "size"),
        ({"size": "much"}, "size"),
        ({"owner_id": str(new_id())}, "owner_id"),
        ({"key": "private/exports/x"}, "key"),
    ],
)
def test_what_is_not_taken_through_us_is_not_taken_past_us(mine, untouched, asked, field):
    with untouched():
        refused(mine.post("/api/upload/presign", ASKED | asked), 422, "invalid_fields", field)


def test_more_than_was_announced_is_refused(mine, db, bucket):
    """S3 would not have taken it; the stand-in does."""
    begun = begin(mine, size=100)
    deliver(begun)
    done = complete(mine, begun)
    assert (done.status_code, done.get_json()["refusal"]) == (202, "too_large")
    with db.reading() as session:
        assert session.scalars(select(Job.kind)).all() == [JobKind.DELETE_FILES]


def test_a_repeated_beginning_is_one(mine, db):
    answers = [
        mine.post("/api/upload/presign", ASKED, headers={"Idempotency-Key": "film-1"}).get_json() for _ in range(2)
    ]
    assert answers[0]["upload"] == answers[1]["upload"]
    with db.reading() as session:
        assert len(session.scalars(select(Media.id)).all()) == 1


def test_beginnings_count_like_uploads(mine, untouched):
    for _ in range(20):
        begin(mine)
    with untouched():
        refused(mine.post("/api/upload/presign", ASKED), 429, "too_many_uploads")


def test_nobody_else_completes_an_upload(mine, http, make, db):
    begun = begin(mine)
    deliver(begun)
    refused(complete(http, begun), 401, "token_missing")
    refused(complete(http.signed_in_as(make.user()), begun), 404, "media_not_found")
    refused(http.post("/api/upload/presign", ASKED), 401, "token_missing")
    assert row(db, begun).state == "receiving"


def test_a_storage_that_does_not_say_is_asked_again_later(mine, db, bucket):
    begun = begin(mine)
    deliver(begun)
    nowhere = f"http://127.0.0.1:{free_port()}"
    config = S3Config(nowhere, nowhere, "af-south-1", "elite", "key", "secret")
    storage = S3Storage(config, patience=Patience(connect=0.5, step=0.5, total=1))
    down = replace(mine, app=create_app(mine.edge.settings, replace(mine.edge.ports, storage=storage)))
    refused(complete(down, begun), 503, "storage_unavailable")
    assert row(db, begun).state == "receiving"
    assert complete(mine, begun).status_code == 202


def test_an_upload_that_was_taken_away_is_not_completed(mine, db):
    begun = begin(mine)
    deliver(begun)
    assert mine.request("DELETE", f"/api/upload/{begun['upload']['id']}").status_code == 204
    refused(complete(mine, begun), 404, "media_not_found")
