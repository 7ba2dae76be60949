"""A picture of an experience through the worker: shown once it is checked, and gone with its files when it is taken away."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta

import pytest

from domain.formats import Format
from domain.media import MediaKind
from models import Listing, ListingImage, Media
from services.listings.images import begin_image, remove_image
from services.media import uploads
from services.media.sweeping import sweep
from tests.support.pictures import SVG, picture


@pytest.fixture
def listing(make):
    return make.listing(make.guide(), images=[])


@pytest.fixture
def sent(db, make, bucket, runtime, listing):
    """Send a file as the edge does; the upload's id."""

    def sent(content: bytes) -> uuid.UUID:
        ctx = make.acting(make.reload_user(listing.host_id))
        about = {"id_or_slug": listing.slug, "alt_text": ""}
        with db.transaction() as session:
            media = begin_image(session, ctx, MediaKind.IMAGE, Format.JPEG, len(content), **about)
            media_id, key = media.id, media.incoming_key
        runtime.storage.put(key, content, content_type=Format.JPEG.value)
        with db.transaction() as session:
            checksum = hashlib.sha256(content).hexdigest()
            uploads.finish_upload(session, ctx, media_id, size=len(content), checksum=checksum)
        return media_id

    return sent


def test_it_is_shown_once_it_is_checked_and_deleted_with_its_row(db, make, hands, bucket, listing, sent):
    media_id = sent(picture(size=(2000, 1000)))
    assert make.reload(listing).images == []

    hands.work("media")

    shown = make.reload(listing)
    with db.reading() as session:
        media = session.get_one(Media, media_id)
        (image,) = session.query(ListingImage).filter_by(listing_id=listing.id)
    assert shown.images == [media.variants["800"]]
    assert bucket.keys() == sorted(media.variants.values())
    with db.transaction() as session:
        remove_image(session, make.acting(make.reload_user(listing.host_id)), str(listing.id), image.id)
    hands.work("media")
    assert bucket.keys() == []
    with db.reading() as session:
        assert session.query(Media).count() == 0
        assert session.get_one(Listing, listing.id).images == []


def test_what_is_no_picture_is_not_shown(db, make, hands, bucket, listing, sent):
    media_id = sent(SVG if isinstance(SVG, bytes) else SVG.encode())
    hands.work("media")
    with db.reading() as session:
        assert session.get_one(Media, media_id).state == "refused"
    assert (make.reload(listing).images, bucket.keys()) == ([], [])


def test_what_a_listing_uses_is_never_collected_as_an_orphan(db, make, hands, listing, sent, clock):
    media_id = sent(picture())
    hands.work("media")
    clock.offset += timedelta(days=3)
    with db.transaction() as session:
        sweep(session, make.ctx)
    with db.reading() as session:
        assert session.get_one(Media, media_id).state == "ready"
