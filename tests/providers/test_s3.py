"""The bucket's client against somebody else's S3 over HTTP: what is stored, who may fetch it, and every fault by its name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from composition import storage_from
from domain.provider_errors import OutcomeUnknown, Rejected, Throttled, Unavailable
from providers.storage.s3 import Patience, S3Config, S3Storage
from settings import Settings
from tests.providers.recorded import RecordedProvider, Reply, answer, drop, hang, raw
from tests.support.object_store import Bucket

HASTY = Patience(connect=2, step=0.3, total=0.6, slowest=100_000_000)
PATIENT = Patience(connect=5, step=5, total=20)


@pytest.fixture
def config(settings: Settings) -> S3Config:
    return S3Config(
        settings.aws_endpoint_url,
        settings.storage_public_url,
        settings.aws_region,
        settings.aws_bucket_name,
        settings.aws_access_key_id,
        settings.aws_secret_access_key,
    )


@pytest.fixture
def storage(settings: Settings, bucket: Bucket) -> Iterator[S3Storage]:
    made = storage_from(settings)
    yield made
    made.close()


@pytest.fixture
def scripted(config: S3Config, provider: RecordedProvider) -> Iterator[S3Storage]:
    """A client of a scripted endpoint."""
    made = S3Storage(replace(config, endpoint_url=provider.url), patience=HASTY)
    yield made
    made.close()


def fetched(storage: S3Storage, key: str, most: int = 1_000_000) -> bytes:
    into = io.BytesIO()
    assert storage.fetch(key, into, most=most) == len(into.getvalue())
    return into.getvalue()


@pytest.mark.parametrize("content", [b"", b"hello", bytes(300_000)], ids=["empty", "short", "long"])
def test_what_is_stored_is_what_is_read(storage, bucket, content):
    storage.put("private/a", content, content_type="image/png")
    storage.put("private/b", io.BytesIO(content), content_type="image/png")

    assert fetched(storage, "private/a") == fetched(storage, "private/b") == content
    assert bucket.keys() == ["private/a", "private/b"]
    assert storage.exists("private/a")


def test_what_is_public_may_be_kept_for_good_and_fetched_by_anybody_and_nothing_else(storage, bucket):
    storage.put("public/a.webp", b"picture", content_type="image/webp")
    storage.put("private/a.zip", b"secret", content_type="application/zip")

    seen = httpx.get(f"{bucket.url}/public/a.webp")
    assert (seen.status_code, seen.content, seen.headers["Content-Type"]) == (200, b"picture", "image/webp")
    assert seen.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert httpx.get(f"{bucket.url}/private/a.zip").status_code == 403
    assert bucket.head("private/a.zip")["CacheControl"] == "private, no-store"


def test_a_signed_link_downloads_under_its_name(storage, bucket):
    storage.put("private/a.zip", b"everything", content_type="application/zip")

    link = storage.signed_url("private/a.zip", timedelta(minutes=10), 'Wanjiku\'s "data"\r\nX: ü.zip')

    answer = httpx.get(link)
    assert (answer.status_code, answer.content) == (200, b"everything")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=\"Wanjiku_s _data___X_ _.zip\"; filename*=UTF-8''Wanjiku%27s")
    assert "X" not in answer.headers
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["600"]


def test_links_lead_to_where_browsers_reach_the_bucket(config):
    storage = S3Storage(replace(config, public_url="https://files.example"))
    link = storage.signed_url("private/a", timedelta(days=7), "a")
    assert link.startswith(f"https://files.example/{config.bucket}/private/a?")
    assert config.secret_access_key not in link
    at_aws = S3Storage(replace(config, public_url="https://s3.af-south-1.amazonaws.com"))
    link = at_aws.signed_url("private/a", timedelta(days=7), "a")
    assert link.startswith(f"https://{config.bucket}.s3.af-south-1.amazonaws.com/private/a?")
    for lifetime in (timedelta(0), timedelta(days=7, seconds=1)):
        with pytest.raises(ValueError, match="seven days"):
            storage.signed_url("private/a", lifetime, "a")


def test_deleting_may_be_repeated(storage, bucket):
    storage.put("private/a", b"a", content_type="text/plain")
    storage.delete("private/a", "private/never")
    storage.delete("private/a")
    assert bucket.keys() == []
    assert not storage.exists("private/a")


def test_nothing_there_is_final_and_named(storage):
    with pytest.raises(Rejected) as refusal:
        fetched(storage, "private/nothing")
    assert refusal.value.code == "no_such_file"


def test_asking_for_what_never_came_is_no_failure_of_the_storage(config):
    told = []
    made = S3Storage(config, observer=lambda _, operation, outcome, __: told.append((operation, outcome)))
    try:
        assert made.size("private/nothing") is None
    finally:
        made.close()
    assert told == [("head", "ok")]


def test_more_than_was_asked_for_is_not_read(storage):
    storage.put("private/a", bytes(200_000), content_type="text/plain")
    assert len(fetched(storage, "private/a", most=200_000)) == 200_000
    with pytest.raises(Rejected) as refusal:
        fetched(storage, "private/a", most=199_999)
    assert refusal.value.code == "too_large"


def test_a_bucket_that_is_not_there_waits_for_its_operator(config, bucket):
    storage = S3Storage(replace(config, bucket="elite-events-elsewhere"))
    with pytest.raises(Unavailable) as refusal:
        storage.put("private/a", b"a", content_type="text/plain")
    assert refusal.value.code == "NoSuchBucket"
    storage.close()


def test_nobody_there_is_unavailable(config, free_port):
    storage = S3Storage(replace(config, endpoint_url=f"http://127.0.0.1:{free_port}"), patience=HASTY)
    for call in (
        lambda: storage.put("private/a", b"a", content_type="text/plain"),
        lambda: fetched(storage, "private/a"),
        lambda: storage.exists("private/a"),
        lambda: storage.delete("private/a"),
    ):
        with pytest.raises(Unavailable) as refusal:
            call()
        assert refusal.value.code == "endpoint_connection_error"
    storage.close()


def fault(status: int, code: str = "") -> Reply:
    body = f"<Error><Code>{code}</Code><Message>said to nobody</Message></Error>" if code else ""
    return answer(status, body, {"Content-Type": "application/xml"})


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (fault(503, "SlowDown"), Throttled, "SlowDown"),
        (fault(429), Throttled, "http_429"),
        (fault(500, "InternalError"), Unavailable, "InternalError"),
        (fault(502), Unavailable, "http_502"),
        (fault(403, "SignatureDoesNotMatch"), Unavailable, "SignatureDoesNotMatch"),
        (fault(403, "AccessDenied"), Unavailable, "AccessDenied"),
        (fault(400, "EntityTooLarge"), Rejected, "EntityTooLarge"),
        (hang, OutcomeUnknown, "read_timeout_error"),
        (drop, OutcomeUnknown, "connection_closed_error"),
        (raw(b"nonsense\r\n\r\n"), OutcomeUnknown, None),
    ],
    ids=lambda value: getattr(value, "__name__", None) if callable(value) else None,
)
def test_a_fault_while_storing_has_its_name_and_is_not_repeated(scripted, provider, config, reply, error, code):
    path = f"/{config.bucket}/private/a"
    provider.script(path, reply)

    with pytest.raises(error) as refusal:
        scripted.put("private/a", b"a", content_type="text/plain")

    assert code is None or refusal.value.code == code
    assert config.secret_access_key not in str(refusal.value)
    assert len(provider.to(path)) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), OutcomeUnknown),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nx-amz-checksum-crc32: AAAAAA==\r\n\r\nrest"), OutcomeUnknown),
        (hang, OutcomeUnknown),
        (fault(500), Unavailable),
    ],
    ids=["half", "changed", "hang", "500"],
)
def test_a_file_that_does_not_arrive_whole_is_no_file(provider, config, reply, error):
    provider.script(f"/{config.bucket}/private/a", reply)
    patience = HASTY if reply is hang else PATIENT
    with (
        closing(S3Storage(replace(config, endpoint_url=provider.url), patience=patience)) as storage,
        pytest.raises(error),
    ):
        fetched(storage, "private/a")


def test_a_file_that_trickles_is_given_up(scripted, provider, config):
    def trickle(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not handler.server.released.wait(0.05):
            handler.wfile.write(bytes(64 * 1024))

    provider.script(f"/{config.bucket}/private/a", trickle)
    with pytest.raises((Unavailable, OutcomeUnknown)):
        fetched(scripted, "private/a", most=10_000_000)
