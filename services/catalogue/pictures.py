"""What of a listing's pictures may be shown: those that are checked, in their order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.media import IMAGE_WIDTHS, MediaState
from models.catalogue import Listing
from models.listing_images import ListingImage
from models.media import Media

#: The variant that lists show: sharp enough for a card, and light enough for a page of twenty.
_ON_CARDS = str(sorted(IMAGE_WIDTHS)[1])

Picture = tuple[ListingImage, Media | None]


def pictures_of(session: Session, listing_id: uuid.UUID) -> Sequence[Picture]:
    """The pictures of a listing with their uploads in their order, those included that are on their way or were refused."""
    theirs = select(ListingImage, Media).outerjoin(Media, Media.id == ListingImage.media_id)
    # What was given up is gone for everybody; its row goes with its files.
    there = or_(Media.id.is_(None), Media.state != MediaState.REMOVED)
    rows = session.execute(theirs.where(ListingImage.listing_id == listing_id, there).order_by(ListingImage.position))
    return [(row.ListingImage, row.Media) for row in rows]


def show_checked(session: Session, media: Media) -> None:
    """An upload is ready: let the listing that it is a picture of show it. The upload and its owner's row are locked."""
    session.flush()
    listing_id = session.scalar(select(ListingImage.listing_id).where(ListingImage.media_id == media.id))
    if listing_id is not None:
        listing = session.get_one(Listing, listing_id, with_for_update={"key_share": True}, populate_existing=True)
        refresh(session, listing)


def refresh(session: Session, listing: Listing) -> None:
    """Let a listing, whose row is locked, show the pictures that it has now."""
    session.flush()
    shown = [key for image, media in pictures_of(session, listing.id) if (key := _key_on_cards(image, media))]
    if shown != listing.images:
        listing.images, listing.version = shown, listing.version + 1


def _key_on_cards(image: ListingImage, media: Media | None) -> str | None:
    if media is None:
        return image.key
    return media.variants[_ON_CARDS] if media.state == MediaState.READY else None
