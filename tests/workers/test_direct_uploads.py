"""Files that came past us: what is checked is what is kept, whatever its sender puts in its place for as long as they may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.formats import Format
from domain.media import DIRECT_WITHIN, MediaKind
from services.media import uploads
from tests.support.movies import mp4
from tests.support.pictures import PAYLOAD, picture
from tests.workers.test_media import meddled
from tests.workers.test_media_swept import sweep

FILM = mp4()
LENGTH = len(FILM)


@pytest.fixture
def begin(db, make, user):
    """The id and the place of an upload that goes past us."""

    def begin(kind=MediaKind.VIDEO, claimed=Format.MP4, size=LENGTH):
        with db.transaction() as session:
            ctx = make.acting(user)
            media = uploads.begin_upload(session, ctx, kind, claimed, size, direct_for=DIRECT_WITHIN)
            return media.id, media.incoming_key

    return begin


def complete(db, make, user, media_id, size=LENGTH) -> None:
    with db.transaction() as session:
        uploads.complete_upload(session, make.acting(user), media_id, size)


def test_a_file_that_came_past_us_is_kept_with_its_digest(begin, db, make, user, hands, see, bucket):
    media_id, key = begin()
    bucket.write(key, FILM)
    complete(db, make, user, media_id)
    assert see(media_id).checksum is None
    hands.work("media")
    media = see(media_id)
    assert (media.state, len(media.checksum), media.size_bytes) == ("ready", 64, len(FILM))
    assert bucket.keys() == [media.variants["file"]]


def test_a_file_that_is_swapped_after_it_was_checked_is_not_the_one_that_is_kept(
    begin, db, make, user, runtime, hands, see, bucket, clock
):
    media_id, key = begin()
    bucket.write(key, FILM)
    complete(db, make, user, media_id)

    def put(to, content, *, content_type):
        # Between the check and the keeping, and again afterwards.
        bucket.write(key, PAYLOAD)
        runtime.storage.put(to, content, content_type=content_type)

    (job,) = hands.due("media")
    meddled(runtime, put=put).do(job)
    hands.work("media")
    bucket.write(key, PAYLOAD)
    assert bucket.read(see(media_id).variants["file"]) == FILM

    # Once nobody may send any more, what was sent in vain is gone.
    clock.offset += DIRECT_WITHIN + timedelta(minutes=6)
    hands.work("media")
    assert bucket.keys() == [see(media_id).variants["file"]]


def test_the_row_of_what_was_taken_away_stays_for_as_long_as_a_file_may_come(
    begin, db, make, user, hands, see, bucket, clock
):
    media_id, key = begin()
    with db.transaction() as session:
        uploads.remove_upload(session, make.acting(user), media_id)
    clock.offset += timedelta(minutes=6)
    hands.work("media")
    bucket.write(key, FILM)
    assert see(media_id).state == "removed"
    clock.offset += DIRECT_WITHIN
    hands.work("media")
    assert (see(media_id), bucket.keys()) == (None, [])


def test_what_was_begun_and_never_completed_is_swept_with_its_file(begin, db, ctx, hands, see, bucket, clock):
    media_id, key = begin()
    bucket.write(key, FILM)
    clock.offset += timedelta(hours=24, minutes=1)
    sweep(db, ctx, hands)
    hands.work("media")
    assert (see(media_id), bucket.keys()) == (None, [])


def test_a_file_larger_than_its_kind_may_be_is_not_fetched_whole(begin, db, make, user, hands, see, bucket):
    media_id, key = begin(MediaKind.IMAGE, Format.JPEG, 5 * 1024 * 1024)
    bucket.write(key, picture())
    complete(db, make, user, media_id, 1_000)
    bucket.write(key, bytes(6 * 1024 * 1024))
    hands.work("media")
    assert (see(media_id).refusal, bucket.keys()) == ("too_large", [])


def test_a_file_that_is_gone_again_is_lost(begin, db, make, user, hands, see, bucket):
    media_id, _ = begin()
    complete(db, make, user, media_id)
    hands.work("media")
    assert see(media_id).refusal == "lost"
