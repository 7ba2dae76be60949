"""Sending a picture of oneself over HTTP: what is taken in, what is refused at the door, and what dies in between."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from api import create_app
from api.bodies import PROMPT_SECONDS
from composition import storage_from
from domain.formats import LARGEST
from domain.media import MediaKind
from domain.users import SessionEnd
from models import AuditEntry, Job, Media, RateLimit
from models.locks import lock_user
from models.session import Database
from providers.storage.s3 import Patience, S3Config, S3Storage
from services.accounts import sessions
from tests.support.http import Http, refused
from tests.support.network import free_port
from tests.support.pictures import picture

PATH = "/api/users/me/upload-avatar"
LARGEST_IMAGE = LARGEST[MediaKind.AVATAR]
BOUNDARY = "one-of-ours"


@pytest.fixture
def user(make):
    return make.user()


@pytest.fixture
def mine(http, user, bucket):
    return http.signed_in_as(user)


def form(*parts: bytes, end: bool = True) -> dict:
    body = b"".join(b"--" + BOUNDARY.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    body += b"--" + BOUNDARY.encode() + b"--\r\n" if end else b""
    return {"data": body, "content_type": f"multipart/form-data; boundary={BOUNDARY}"}


def part(name: str = "avatar", content: bytes = b"x", mimetype: str = "image/png", filename: str | None = "a") -> bytes:
    file = f'; filename="{filename}"' if filename is not None else ""
    return f'Content-Disposition: form-data; name="{name}"{file}\r\nContent-Type: {mimetype}\r\n\r\n'.encode() + content


def send(client: Http, content: bytes = b"", mimetype: str = "image/jpeg"):
    return client.request("POST", PATH, **form(part("avatar", content or picture(), mimetype, "../me.jpg")))


def rows(db: Database) -> list[Media]:
    with db.reading() as session:
        return list(session.scalars(select(Media).order_by(Media.id)))


def counted(db: Database, table: type) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_who_was_signed_out_elsewhere_a_moment_ago_sends_no_picture(mine, make, user, db, bucket):
    assert mine.get("/api/users/me").status_code == 200
    with db.transaction() as session:
        # As another process does it: this one remembers.
        sessions.end_all(session, make.acting(user), lock_user(session, user.id).id, SessionEnd.ACCOUNT_DELETED)
    refused(send(mine), 401, "session_ended")
    assert (rows(db), bucket.keys()) == ([], [])


class SlowBody(io.BytesIO):
    """A body during whose arrival something happens."""

    def __init__(self, content: bytes, meanwhile: Callable[[], None]):
        super().__init__(content)
        self._meanwhile = meanwhile

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        self._meanwhile()
        return super().readinto(buffer)

    def read(self, size: int | None = -1, /) -> bytes:
        self._meanwhile()
        return super().read(size)


def test_whoever_sends_slowly_takes_no_place_from_others(mine, bucket):
    workplaces, free = mine.edge.workplaces, []

    def count() -> None:
        time.sleep(4 * PROMPT_SECONDS)
        idle = workplaces._free.take_idle()
        for _ in idle:
            workplaces._free.give(None)
        free.append(len(idle))

    sent = form(part("avatar", picture(), "image/jpeg"))
    body = SlowBody(sent.pop("data"), count)
    response = mine.request("POST", PATH, input_stream=body, **sent)
    assert response.status_code == 202
    assert set(free) == {workplaces.number}


def test_a_picture_is_taken_in_and_waits_for_a_worker(mine, user, db, bucket):
    content = picture()
    response = send(mine, content)

    assert response.status_code == 202
    body = response.get_json()
    assert response.headers["Location"] == f"/api/upload/{body['id']}"
    assert (body["state"], body["refusal"], body["url"], body["variants"]) == ("processing", None, None, {})
    assert (body["size"], body["content_type"]) == (len(content), "image/jpeg")
    assert mine.get(response.headers["Location"]).get_json() == body
    (row,) = rows(db)
    assert bucket.keys() == [row.incoming_key]
    assert bucket.read(row.incoming_key) == content
    assert row.incoming_key.startswith("private/incoming/")
    assert "me" not in row.incoming_key.rpartition("/")[2].replace(str(row.id), "")
    with db.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == "media.process_image")).one()
        assert job.payload == {"media_id": str(row.id)}
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.entity_type == "media")).all()
    assert actions == ["avatar.uploaded"]
    # Until it is checked, nobody sees it.
    assert mine.get("/api/users/me").get_json()["avatar_url"] is None


def test_the_largest_file_is_taken_and_one_byte_more_is_not(mine, db, bucket):
    assert send(mine, bytes(LARGEST_IMAGE)).status_code == 202
    before = counted(db, Media), len(bucket.keys()), counted(db, Job)
    refused(send(mine, bytes(LARGEST_IMAGE + 1)), 413, "body_too_large")
    refused(send(mine, bytes(LARGEST_IMAGE + 64 * 1024)), 413, "body_too_large")
    assert (counted(db, Media), len(bucket.keys()), counted(db, Job)) == before


@pytest.mark.parametrize(
    ("request_", "status", "code", "field"),
    [
        ({"json": {"avatar": "x"}}, 415, "unsupported_media_type", None),
        ({"data": b"x", "content_type": "image/png"}, 415, "unsupported_media_type", None),
        ({}, 415, "unsupported_media_type", None),
        (form(), 422, "invalid_field", "avatar"),
        (form(part(content=b"")), 422, "invalid_field", "avatar"),
        (form(part(filename=None)), 422, "invalid_field", "avatar"),
        (form(part("picture")), 422, "invalid_field", "picture"),
        (form(part(), part("role", b"admin", "text/plain", None)), 422, "invalid_field", "role"),
        (form(part(), part()), 422, "invalid_field", "avatar"),
        (form(part(mimetype="image/svg+xml")), 422, "invalid_field", "avatar"),
        (form(part(mimetype="image/gif")), 422, "invalid_field", "avatar"),
        (form(part(mimetype="application/octet-stream")), 422, "invalid_field", "avatar"),
        (form(part(), end=False), 400, "malformed_request", None),
        (form() | {"content_type": "multipart/form-data"}, 400, "malformed_request", None),
        (form() | {"content_type": "multipart/form-data; boundary=" + "x" * 71}, 400, "malformed_request", None),
        (form(*(part(f"p{number}") for number in range(9))), 413, "body_too_large", None),
        (form(part("note", b"x" * 300_000, "text/plain", None)), 413, "body_too_large", None),
    ],
    ids=[
        *("json", "bare image", "nothing", "no part", "empty file", "text", "other name", "a field more", "two files"),
        *("svg", "gif", "unnamed type", "no end", "no boundary", "long boundary", "many parts", "long text"),
    ],
)
def test_what_is_no_picture_in_a_form_is_refused_by_name(mine, db, bucket, request_, status, code, field):
    refused(mine.request("POST", PATH, **request_), status, code, field)
    assert (rows(db), bucket.keys(), counted(db, RateLimit), counted(db, Job)) == ([], [], 0, 0)


def test_nobody_sends_a_picture_without_signing_in(http, db, bucket):
    refused(send(http), 401, "token_missing")
    assert (rows(db), bucket.keys(), counted(db, Job)) == ([], [], 0)
    refused(http.request("DELETE", "/api/users/me/avatar"), 401, "token_missing")
    refused(http.get("/api/upload/0193f1a2-4c5d-7e6f-8a7b-9c8d0e1f2a3b"), 401, "token_missing")


def test_somebody_elses_upload_is_not_there(mine, http, make):
    address = send(mine).headers["Location"]
    refused(http.signed_in_as(make.user()).get(address), 404, "media_not_found")


def test_twenty_an_hour_and_no_more(mine, db, bucket, clock):
    for _ in range(20):
        assert send(mine).status_code == 202
    kept = bucket.keys()
    answer = send(mine)
    refused(answer, 429, "too_many_uploads")
    assert int(answer.headers["Retry-After"]) > 3_000
    assert answer.headers["RateLimit-Limit"] == "20"
    assert bucket.keys() == kept
    clock.offset += clock.offset.__class__(hours=1, seconds=1)
    assert send(mine).status_code == 202


def with_storage(http: Http, storage: S3Storage) -> Http:
    """The same edge with another storage."""
    return replace(http, app=create_app(http.edge.settings, replace(http.edge.ports, storage=storage)))


def test_without_storage_one_is_told_to_come_back_and_nothing_is_left(mine, settings, db, bucket):
    nowhere = f"http://127.0.0.1:{free_port()}"
    config = S3Config(nowhere, nowhere, "af-south-1", "elite", "key", "secret")
    down = with_storage(mine, S3Storage(config, patience=Patience(connect=0.5, step=0.5, total=1)))

    answer = send(down)

    refused(answer, 503, "storage_unavailable")
    assert answer.headers["Retry-After"] == "5"
    (row,) = rows(db)
    assert row.state == "removed"
    with db.reading() as session:
        # What may lie there in spite of all is deleted, and the row after it.
        assert session.scalars(select(Job.kind)).all() == ["media.delete_files"]
    refused(mine.get(f"/api/upload/{row.id}"), 404, "media_not_found")
    assert send(mine).status_code == 202


class Dies(Exception):
    """The process ends here."""


def test_a_death_before_or_after_the_bytes_leaves_a_row_that_tells_where_they_may_be(mine, settings, db, bucket):
    class Mortal:
        def __init__(self, is_stored: bool):
            self.is_stored = is_stored

        def put(self, key, content, *, content_type):
            if self.is_stored:
                storage_from(settings).put(key, content, content_type=content_type)
            raise Dies

    for is_stored in (False, True):
        assert send(replace(with_storage(mine, Mortal(is_stored)), expects_faults=True)).status_code == 500
    without, with_file = rows(db)
    assert (without.state, with_file.state) == ("receiving", "receiving")
    assert bucket.keys() == [with_file.incoming_key]
    assert counted(db, Job) == 0


def test_taking_ones_picture_away_may_be_repeated_and_takes_away_the_demos_too(http, make, db, bucket):
    guide = http.signed_in_as(make.guide(avatar_url="demo/kamau.svg"))
    assert guide.get("/api/users/me").get_json()["avatar_url"].endswith("/demo/kamau.svg")
    for _ in range(2):
        assert guide.request("DELETE", "/api/users/me/avatar").status_code == 204
    assert guide.get("/api/users/me").get_json()["avatar_url"] is None
    assert counted(db, Job) == 0
