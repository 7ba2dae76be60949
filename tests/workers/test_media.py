"""A picture's way through the worker: checked, cut, shown, replaced, taken away; and every death on that way."""

from __future__ import annotations

import io
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from domain.formats import Format
from domain.media import MediaKind
from models import Job, Media, User
from providers.storage.s3 import Patience, S3Storage
from services.media import uploads
from tests.support.hands import Hands
from tests.support.network import free_port
from tests.support.pictures import SVG, animated, bomb, corners, picture, rotated
from tests.support.waiting import eventually


def open_jobs(db) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Job).where(Job.done_at.is_(None)))


def test_a_picture_is_cut_stored_and_shown_and_what_came_is_deleted(upload, user, hands, see, shown, bucket, db):
    media_id = upload(user, rotated(6))

    assert hands.work("media") == ["media.process_image", "media.delete_files"]

    media = see(media_id)
    assert (media.state, media.width, media.height) == ("ready", 480, 640)
    assert bucket.keys() == sorted(media.variants.values())
    assert shown() == media.variants["512"]
    for side, key in media.variants.items():
        seen = httpx.get(f"{bucket.url}/{key}")
        assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/webp")
        assert "immutable" in seen.headers["Cache-Control"]
        assert Image.open(io.BytesIO(seen.content)).size == (int(side), int(side))
    assert corners(bucket.read(media.variants["512"])) == ["blue", "red", "white", "lime"]
    assert open_jobs(db) == 0


def test_a_photo_of_a_paper_is_drawn_anew_and_kept_where_nobody_may_look(upload, user, hands, see, shown, bucket):
    media_id = upload(user, rotated(6), kind=MediaKind.SCAN)
    hands.work("media")

    media = see(media_id)
    assert (media.state, media.width, media.height, shown()) == ("ready", 480, 640, None)
    key = media.variants["file"]
    assert bucket.keys() == [key]
    assert key.startswith("private/scans/")
    assert httpx.get(f"{bucket.url}/{key}").status_code == 403
    assert (bucket.head(key)["ContentType"], bucket.head(key)["CacheControl"]) == ("image/webp", "private, no-store")
    kept = bucket.read(key)
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (480, 640), {})
    assert not [secret for secret in (b"taken at home", b"Wanjiku", b"a profile") if secret in kept]


@pytest.mark.parametrize(
    ("content", "claimed", "reason"),
    [
        (SVG, Format.PNG, "not_an_image"),
        (bomb(), Format.PNG, "too_many_pixels"),
        (animated("WEBP"), Format.WEBP, "animated"),
    ],
    ids=["svg", "bomb", "animated"],
)
def test_a_hostile_scan_is_refused_and_nothing_of_it_stays(upload, user, hands, see, bucket, content, claimed, reason):
    media_id = upload(user, content, claimed, MediaKind.SCAN)
    hands.work("media")
    assert (see(media_id).state, see(media_id).refusal, bucket.keys()) == ("refused", reason, [])


def test_a_large_scan_stays_legible(upload, user, hands, see, bucket):
    media_id = upload(user, picture(size=(3000, 4000)), kind=MediaKind.SCAN)
    hands.work("media")
    with Image.open(io.BytesIO(bucket.read(see(media_id).variants["file"]))) as image:
        assert image.size == (1600, 2133)


def test_a_new_picture_takes_the_place_of_the_old_one_whose_files_are_deleted(upload, user, hands, see, shown, bucket):
    before = upload(user)
    hands.work("media")
    after = upload(user, picture("PNG"), Format.PNG)
    assert shown() == see(before).variants["512"]
    hands.work("media")

    assert see(before) is None
    assert shown() == see(after).variants["512"]
    assert bucket.keys() == sorted(see(after).variants.values())


@pytest.mark.parametrize(
    ("content", "claimed", "reason"),
    [
        (SVG, Format.PNG, "not_an_image"),
        (picture("PNG"), Format.JPEG, "not_what_it_says"),
        (bomb(), Format.PNG, "too_many_pixels"),
        (picture("PNG")[:-200], Format.PNG, "damaged"),
    ],
    ids=["svg", "png as jpeg", "bomb", "half"],
)
def test_a_refused_picture_says_why_and_leaves_the_old_one(
    upload, user, hands, see, shown, bucket, content, claimed, reason
):
    old = upload(user)
    hands.work("media")
    new = upload(user, content, claimed)
    hands.work("media")

    assert (see(new).state, see(new).refusal) == ("refused", reason)
    assert shown() == see(old).variants["512"]
    assert bucket.keys() == sorted(see(old).variants.values())


def test_of_two_on_their_way_the_last_wins(upload, user, hands, see, shown, bucket):
    first, second = upload(user), upload(user)
    hands.work("media")
    assert (see(first).state, see(first).refusal, see(second).state) == ("refused", "superseded", "ready")
    assert shown() == see(second).variants["512"]
    assert bucket.keys() == sorted(see(second).variants.values())


def through(storage: S3Storage, **instead) -> S3Storage:
    """The storage with some of its calls replaced."""

    class Meddled:
        def __getattr__(self, name):
            return instead.get(name) or getattr(storage, name)

    return Meddled()


def meddled(runtime, **instead) -> Hands:
    return Hands(replace(runtime, storage=through(runtime.storage, **instead)))


@pytest.mark.parametrize("meanwhile", ["replaced", "removed"])
def test_what_is_drawn_too_late_is_not_shown_and_not_kept(
    upload, user, runtime, hands, see, shown, bucket, db, clock, make, meanwhile
):
    first = upload(user)
    done = []

    def put(key, content, *, content_type):
        if not done:
            done.append(True)
            if meanwhile == "replaced":
                done.append(upload(user))
            else:
                with db.transaction() as session:
                    uploads.remove_avatar(session, make.acting(user), user.id)
            # While it is being drawn, its files are not deleted: they would come back.
            (deletion,) = [job for job in hands.due("media") if job.kind == "media.delete_files"]
            hands.do(deletion)
        runtime.storage.put(key, content, content_type=content_type)

    drawing = meddled(runtime, put=put)
    (job,) = [job for job in hands.due("media") if job.kind == "media.process_image"]
    drawing.do(job)
    clock.offset += timedelta(minutes=3)
    hands.work("media")

    if meanwhile == "replaced":
        assert see(first).refusal == "superseded"
        assert shown() == see(done[1]).variants["512"]
        assert bucket.keys() == sorted(see(done[1]).variants.values())
    else:
        assert (see(first), shown(), bucket.keys()) == (None, None, [])


def test_uploads_at_once_end_as_one_picture(upload, user, hands, db, bucket, shown):
    gate = threading.Barrier(6)

    def send() -> str:
        gate.wait()
        try:
            upload(user)
        except Exception as error:
            return type(error).__name__
        return "sent"

    with ThreadPoolExecutor(6) as pool:
        outcomes = Counter(each.result() for each in [pool.submit(send) for _ in range(6)])
    assert outcomes == {"sent": 6}
    with db.reading() as session:
        states = Counter(session.scalars(select(Media.state)))
    assert states == {"processing": 1, "refused": 5}
    hands.work("media")
    with db.reading() as session:
        (ready,) = session.scalars(select(Media).where(Media.state == "ready"))
    assert shown() == ready.variants["512"]
    assert bucket.keys() == sorted(ready.variants.values())


@pytest.mark.parametrize("is_locked", [True, False])
def test_it_is_the_owners_lock_that_keeps_two_from_being_on_their_way(upload, user, db, make, monkeypatch, is_locked):
    """The control of the test above: without the lock both see nobody before them, and the index refuses the second."""
    if not is_locked:
        monkeypatch.setattr(uploads, "lock_user", lambda session, user_id: session.get_one(User, user_id))
    acting, waiting = make.acting(user), []

    def begin():
        with db.transaction() as session:
            return uploads.begin_upload(session, acting, MediaKind.AVATAR, Format.PNG, 1).id

    def finish(media_id) -> str:
        try:
            with db.transaction() as session:
                uploads.finish_upload(session, acting, media_id, size=1, checksum="a")
        except IntegrityError:
            return "refused by the index"
        return "accepted"

    first, second = begin(), begin()
    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            uploads.finish_upload(session, acting, first, size=1, checksum="a")
            session.flush()
            waiting.append(pool.submit(finish, second))
            eventually(lambda: blocked(db), within=5, what="the second's wait for the first")
        outcome = waiting[0].result()
    assert outcome == ("accepted" if is_locked else "refused by the index")


def blocked(db) -> bool:
    with db.reading() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


class Dies(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("line", ["fetch", "put 1", "put 2", "put 3", "record"])
def test_a_worker_that_dies_anywhere_is_followed_by_one_that_finishes(
    upload, user, runtime, hands, see, shown, bucket, clock, db, line
):
    media_id = upload(user)
    puts = []

    def fetch(key, into, *, most):
        if line == "fetch":
            raise Dies
        return runtime.storage.fetch(key, into, most=most)

    def put(key, content, *, content_type):
        puts.append(key)
        if line == f"put {len(puts)}":
            raise Dies
        runtime.storage.put(key, content, content_type=content_type)
        if line == "record" and len(puts) == 3:
            raise Dies

    (job,) = hands.due("media")
    with pytest.raises(Dies):
        meddled(runtime, fetch=fetch, put=put).do(job)
    assert (see(media_id).state, shown()) == ("processing", None)

    clock.offset += timedelta(minutes=2)
    hands.work("media")

    assert shown() == see(media_id).variants["512"]
    assert bucket.keys() == sorted(see(media_id).variants.values())
    assert open_jobs(db) == 0


def test_a_deletion_that_dies_between_two_files_is_finished(upload, user, runtime, hands, see, bucket, clock, db, make):
    media_id = upload(user)
    hands.work("media")
    with db.transaction() as session:
        uploads.remove_avatar(session, make.acting(user), user.id)

    def delete(*keys):
        runtime.storage.delete(keys[0])
        raise Dies

    (job,) = hands.due("media")
    with pytest.raises(Dies):
        meddled(runtime, delete=delete).do(job)
    assert see(media_id) is not None
    clock.offset += timedelta(minutes=2)
    hands.work("media")
    assert (see(media_id), bucket.keys()) == (None, [])


def test_while_the_storage_is_away_jobs_wait(upload, user, runtime, hands, see, shown, clock, settings, db):
    media_id = upload(user)
    nowhere = replace(runtime.storage._config, endpoint_url=f"http://127.0.0.1:{free_port()}")
    down = Hands(replace(runtime, storage=S3Storage(nowhere, patience=Patience(connect=0.5, step=0.5, total=1))))
    (job,) = hands.due("media")
    down.do(job)
    assert (see(media_id).state, hands.due("media")) == ("processing", [])
    with db.reading() as session:
        assert "endpoint_connection_error" in session.get_one(Job, job.id).last_error

    clock.offset += timedelta(minutes=2)
    hands.work("media")
    assert shown() == see(media_id).variants["512"]


def test_a_storage_that_stays_away_ends_the_upload_loudly(upload, user, runtime, hands, see, clock, db):
    media_id = upload(user)
    nowhere = replace(runtime.storage._config, endpoint_url=f"http://127.0.0.1:{free_port()}")
    down = Hands(replace(runtime, storage=S3Storage(nowhere, patience=Patience(connect=0.5, step=0.5, total=1))))
    clock.offset += timedelta(hours=6, minutes=1)
    (job,) = hands.due("media")
    down.do(job)
    assert (see(media_id).state, see(media_id).refusal) == ("refused", "not_finished")
    with db.reading() as session:
        assert session.get_one(Job, job.id).dead_at is not None


@pytest.mark.parametrize("loss", ["gone", "another"])
def test_a_file_that_is_not_what_was_sent_is_lost(upload, user, runtime, hands, see, bucket, loss):
    media_id = upload(user)
    key = see(media_id).incoming_key
    if loss == "gone":
        runtime.storage.delete(key)
    else:
        bucket.write(key, picture("JPEG", (10, 10)))
    hands.work("media")
    assert (see(media_id).state, see(media_id).refusal) == ("refused", "lost")
    assert bucket.keys() == []
