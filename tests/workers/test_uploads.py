"""The way of images, videos and documents through the worker: drawn or looked through, kept, used, and collected if unused."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from domain.errors import Conflict, NotFound
from domain.formats import Format
from domain.jobs import JobKind, rules_for
from domain.media import MediaKind
from models import AuditEntry, Job, Media
from services.media import uploads
from tests.support.movies import mp4, webm
from tests.support.papers import doc, docx, packed_pdf, pdf
from tests.support.pictures import JAR, PAYLOAD, SVG, bomb, picture, rotated
from tests.workers.test_media import Dies, meddled, open_jobs
from tests.workers.test_media_swept import sweep


@pytest.mark.parametrize(
    ("size", "drawn"),
    [
        ((4_000, 2_000), [(320, 160), (800, 400), (1_600, 800)]),
        ((500, 250), [(320, 160), (500, 250), (500, 250)]),
        ((200, 100), [(200, 100)] * 3),
        ((60, 2_000), [(29, 960), (60, 2_000), (60, 2_000)]),
    ],
    ids=["large", "medium", "small", "a ribbon"],
)
def test_an_image_is_kept_whole_in_three_widths_and_never_enlarged(upload, user, hands, see, bucket, db, size, drawn):
    media_id = upload(user, picture("JPEG", size), kind=MediaKind.IMAGE)
    assert hands.work("media") == ["media.process_image", "media.delete_files"]

    media = see(media_id)
    assert (media.state, media.width, media.height, media.is_public) == ("ready", *size, True)
    assert bucket.keys() == sorted(media.variants.values())
    assert list(media.variants) == ["320", "800", "1600"]
    for key, expected in zip(media.variants.values(), drawn, strict=True):
        seen = httpx.get(f"{bucket.url}/{key}", trust_env=False)
        assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/webp")
        assert Image.open(io.BytesIO(seen.content)).size == expected
    assert open_jobs(db) == 0


def test_an_image_that_lies_is_put_upright_and_loses_what_came_along(upload, user, hands, see, bucket):
    media_id = upload(user, rotated(6) + PAYLOAD + JAR, kind=MediaKind.IMAGE)
    hands.work("media")
    media = see(media_id)
    assert (media.width, media.height) == (480, 640)
    for key in media.variants.values():
        content = bucket.read(key)
        assert Image.open(io.BytesIO(content)).height > Image.open(io.BytesIO(content)).width
        assert not any(secret in content for secret in (b"home", b"Wanjiku", b"EXIF", PAYLOAD[:12], b"PK\x03\x04"))


KEPT = {
    "mp4": (mp4(), Format.MP4, MediaKind.VIDEO, (640, 360)),
    "webm": (webm(is_live=True), Format.WEBM, MediaKind.VIDEO, (640, 360)),
    "pdf": (pdf(), Format.PDF, MediaKind.DOCUMENT, (None, None)),
    "doc": (doc(), Format.DOC, MediaKind.DOCUMENT, (None, None)),
    "docx": (docx(), Format.DOCX, MediaKind.DOCUMENT, (None, None)),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_video_or_document_is_kept_as_it_came_where_nobody_can_fetch_it(upload, user, hands, see, bucket, db, name):
    content, claimed, kind, size = KEPT[name]
    media_id = upload(user, content, claimed, kind)
    assert hands.work("media") == ["media.process_file", "media.delete_files"]

    media = see(media_id)
    assert (media.state, media.width, media.height, media.is_public) == ("ready", *size, False)
    assert media.checksum == hashlib.sha256(content).hexdigest()
    assert bucket.keys() == [media.variants["file"]]
    assert bucket.read(media.variants["file"]) == content
    assert bucket.head(media.variants["file"])["ContentType"] == claimed.value
    assert httpx.get(f"{bucket.url}/{media.variants['file']}", trust_env=False).status_code == 403
    assert open_jobs(db) == 0


@pytest.mark.parametrize(
    ("content", "claimed", "kind", "reason"),
    [
        (picture("GIF") + JAR, Format.JPEG, MediaKind.IMAGE, "not_an_image"),
        (SVG, Format.PNG, MediaKind.IMAGE, "not_an_image"),
        (bomb(), Format.PNG, MediaKind.IMAGE, "too_many_pixels"),
        (mp4() + JAR, Format.MP4, MediaKind.VIDEO, "two_faced"),
        (PAYLOAD, Format.MP4, MediaKind.VIDEO, "not_a_video"),
        (pdf() + JAR, Format.PDF, MediaKind.DOCUMENT, "two_faced"),
        (packed_pdf(b"<< /S /JavaScript /JS (x) >>"), Format.PDF, MediaKind.DOCUMENT, "active_content"),
        (docx({"../../x": "x"}), Format.DOCX, MediaKind.DOCUMENT, "active_content"),
    ],
    ids=["gifar", "svg", "50k x 50k", "jar in a film", "php", "jar in a pdf", "script", "zip slip"],
)
def test_a_refused_file_says_why_and_leaves_nothing(
    upload, user, hands, see, bucket, db, content, claimed, kind, reason
):
    media_id = upload(user, content, claimed, kind)
    hands.work("media")
    assert (see(media_id).state, see(media_id).refusal, bucket.keys()) == ("refused", reason, [])
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == f"{kind.value}.refused")).one()
    assert entry.data == {"reason": reason}


@pytest.mark.parametrize("line", ["fetch", "put", "record"])
def test_a_worker_that_dies_anywhere_is_followed_by_one_that_finishes(
    upload, user, runtime, hands, see, bucket, clock, db, line
):
    media_id = upload(user, mp4(), Format.MP4, MediaKind.VIDEO)

    def fetch(key, into, *, most):
        if line == "fetch":
            raise Dies
        return runtime.storage.fetch(key, into, most=most)

    def put(key, content, *, content_type):
        if line == "put":
            raise Dies
        runtime.storage.put(key, content, content_type=content_type)
        raise Dies

    (job,) = hands.due("media")
    with pytest.raises(Dies):
        meddled(runtime, fetch=fetch, put=put).do(job)
    assert see(media_id).state == "processing"
    clock.offset += timedelta(minutes=4)
    hands.work("media")
    assert see(media_id).state == "ready"
    assert bucket.keys() == [see(media_id).variants["file"]]
    assert open_jobs(db) == 0


@pytest.mark.parametrize(
    ("kind", "content", "claimed"),
    [
        (MediaKind.AVATAR, picture("PNG"), Format.PNG),
        (MediaKind.IMAGE, picture("PNG"), Format.PNG),
        (MediaKind.VIDEO, mp4(), Format.MP4),
        (MediaKind.DOCUMENT, pdf(), Format.PDF),
    ],
    ids=lambda each: each.value if isinstance(each, MediaKind) else "",
)
def test_a_file_that_kills_whoever_opens_it_is_refused_soon_and_another_may_follow(
    upload, user, runtime, hands, see, bucket, clock, db, kind, content, claimed
):
    def fetch(key, into, *, most):
        runtime.storage.fetch(key, into, most=most)
        raise Dies

    begun, poison = clock.offset, upload(user, content, claimed, kind)
    deadly = meddled(runtime, fetch=fetch)
    for _ in range(rules_for(uploads.CHECKS[kind]).crashes + 1):
        (job,) = hands.due("media")
        with pytest.raises(Dies):
            deadly.do(job)
        assert see(poison).state == "processing"
        clock.offset += rules_for(JobKind(job.kind)).lease + timedelta(seconds=1)
    (job,) = hands.due("media")
    deadly.do(job)
    assert clock.offset - begun < timedelta(minutes=10)
    assert (see(poison).state, see(poison).refusal) == ("refused", "not_finished")
    hands.work("media")
    assert bucket.keys() == []
    with db.reading() as session:
        assert session.get_one(Job, job.id).last_error == "crashed 3 times"
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == f"{kind.value}.refused")).one()
    assert entry.data == {"reason": "not_finished"}

    another = upload(user, content, claimed, kind)
    hands.work("media")
    assert see(another).state == "ready"


def test_several_images_of_one_user_do_not_replace_one_another(upload, user, hands, see):
    both = [upload(user, picture("PNG", (40 + each, 40)), Format.PNG, MediaKind.IMAGE) for each in range(2)]
    hands.work("media")
    assert [see(each).state for each in both] == ["ready", "ready"]


def ready(upload, user, hands, kind=MediaKind.IMAGE):
    media_id = upload(user, *((mp4(), Format.MP4) if kind is MediaKind.VIDEO else ()), kind=kind)
    hands.work("media")
    return media_id


def attach(db, make, user, media_id) -> None:
    with db.transaction() as session:
        ctx = make.acting(user)
        uploads.attach(session, ctx, session.get_one(Media, media_id), ctx.now(session))


@pytest.mark.parametrize("kind", [MediaKind.IMAGE, MediaKind.VIDEO])
def test_what_nothing_uses_for_a_day_is_collected_with_its_files(
    upload, user, hands, see, bucket, clock, db, ctx, make, kind
):
    orphan, used = ready(upload, user, hands, kind), ready(upload, user, hands, kind)
    attach(db, make, user, used)
    clock.offset += timedelta(hours=23, minutes=59)
    sweep(db, ctx, hands)
    assert see(orphan).state == "ready"

    clock.offset += timedelta(minutes=2)
    sweep(db, ctx, hands)
    hands.work("media")
    assert (see(orphan), see(used).state) == (None, "ready")
    assert bucket.keys() == sorted(see(used).variants.values())


def test_an_avatar_is_no_orphan(upload, user, hands, see, clock, db, ctx):
    media_id = ready(upload, user, hands, MediaKind.AVATAR)
    clock.offset += timedelta(days=30)
    sweep(db, ctx, hands)
    hands.work("media")
    assert see(media_id).state == "ready"


def test_only_what_is_ready_ones_own_and_unused_can_be_used(upload, user, hands, see, db, make):
    waiting = upload(user, kind=MediaKind.IMAGE)
    with pytest.raises(Conflict) as refused:
        attach(db, make, user, waiting)
    assert (refused.value.code, refused.value.extra) == ("media_not_ready", {"state": "processing"})
    hands.work("media")
    with pytest.raises(NotFound):
        attach(db, make, make.user(), waiting)
    assert see(waiting).attached_at is None
    attach(db, make, user, waiting)
    with pytest.raises(Conflict) as refused:
        attach(db, make, user, waiting)
    assert refused.value.code == "media_in_use"


def test_what_is_not_used_any_more_is_deleted_the_row_last(upload, user, hands, see, bucket, db, make):
    media_id = ready(upload, user, hands)
    attach(db, make, user, media_id)
    with db.transaction() as session:
        ctx = make.acting(user)
        uploads.discard(session, ctx, session.get_one(Media, media_id), ctx.now(session))
    assert (see(media_id).state, see(media_id).attached_at) == ("removed", None)
    hands.work("media")
    assert (see(media_id), bucket.keys()) == (None, [])


def test_what_is_in_use_from_the_beginning_is_never_collected(user, hands, see, bucket, runtime, clock, db, ctx):
    """As an application brings its files along."""
    content = pdf()
    with db.transaction() as session:
        now = ctx.now(session)
        media = uploads.add_upload(
            session, MediaKind.DOCUMENT, Format.PDF, len(content), now, owner_id=user.id, attached_at=now
        )
        media_id, key = media.id, media.incoming_key
    runtime.storage.put(key, content, content_type=Format.PDF.value)
    with db.transaction() as session:
        uploads.finish_upload(session, ctx, media_id, size=len(content), checksum=hashlib.sha256(content).hexdigest())
    hands.work("media")
    assert see(media_id).state == "ready"
    clock.offset += timedelta(days=3)
    sweep(db, ctx, hands)
    hands.work("media")
    assert bucket.keys() == [see(media_id).variants["file"]]
    with db.transaction() as session:
        uploads.discard(session, ctx, session.get_one(Media, media_id), ctx.now(session))
    hands.work("media")
    assert (see(media_id), bucket.keys()) == (None, [])
