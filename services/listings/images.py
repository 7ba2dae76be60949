"""What guides do with the pictures of their experiences: add, describe, order and take away."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.errors import Conflict, NotFound
from domain.formats import Format
from domain.listings import MOST_IMAGES
from domain.media import MediaKind
from models.base import new_id
from models.catalogue import Listing
from models.listing_images import ListingImage
from models.locks import lock_media
from models.media import Media
from services.catalogue.pictures import Picture, pictures_of, refresh
from services.context import Context
from services.listings.own_experiences import lock_own
from services.media import uploads


class Placed(NamedTuple):
    """A picture in the order that is wished for, and what it shows; None leaves those words as they are."""

    id: uuid.UUID
    alt_text: str | None = None


def attach_image(session: Session, ctx: Context, id_or_slug: str, media_id: uuid.UUID, alt_text: str) -> Picture:
    """Show one of the acting guide's checked images with one of their experiences, after the others.

    Raises ``experience_not_found``, ``too_many_images``, and what :func:`services.media.uploads.attach` raises.
    """
    _, listing = lock_own(session, ctx, id_or_slug)
    now = ctx.now(session)
    media = uploads.own_media(session, ctx, media_id)
    if media.kind != MediaKind.IMAGE:
        raise Conflict("media_no_image", "The upload is no image for a listing.")
    uploads.attach(session, ctx, media, now)
    image = _add(session, listing, media, alt_text)
    refresh(session, listing)
    ctx.audit(session, "listing.image_added", listing, now=now, data={"image_id": str(image.id)})
    return image, media


def begin_image(
    session: Session,
    ctx: Context,
    kind: MediaKind,
    content_type: Format,
    size: int,
    *,
    id_or_slug: str,
    alt_text: str,
) -> Media:
    """The row of an image that is about to be stored, which its experience shows once it is checked."""
    media = uploads.begin_upload(session, ctx, kind, content_type, size)
    _, listing = lock_own(session, ctx, id_or_slug)
    now = ctx.now(session)
    media.attached_at = now
    image = _add(session, listing, media, alt_text)
    ctx.audit(session, "listing.image_added", listing, now=now, data={"image_id": str(image.id)})
    return media


def adopt_images(session: Session, ctx: Context, listing: Listing, media_ids: Sequence[uuid.UUID]) -> None:
    """Let an experience that the actor has just written show what they sent along, each once it is checked. Their own row is
    locked, so nobody settles or collects one of these meanwhile. Raises what attaching raises but that it is not ready."""
    now = ctx.now(session)
    for media_id in media_ids:
        media = uploads.own_media(session, ctx, media_id)
        if media.is_in_use:
            raise uploads.media_in_use()
        media.attached_at = now
        _add(session, listing, media, "")
    if media_ids:
        refresh(session, listing)


def order_images(session: Session, ctx: Context, id_or_slug: str, wanted: Sequence[Placed]) -> Sequence[Picture]:
    """Put the pictures of one of the acting guide's experiences into this order, with these words. The same again changes
    nothing. Raises ``experience_not_found``, and ``images_changed`` where these are not all that there are."""
    _, listing = lock_own(session, ctx, id_or_slug)
    images = {image.id: image for image, _ in pictures_of(session, listing.id)}
    if len(wanted) != len(images) or {each.id for each in wanted} != images.keys():
        raise Conflict("images_changed", "These are not all pictures of this experience. Read it again.")
    words = {each.id: each.alt_text for each in wanted if each.alt_text is not None}
    if list(images) == [each.id for each in wanted] and all(images[id_].alt_text == words[id_] for id_ in words):
        return pictures_of(session, listing.id)
    for id_, alt_text in words.items():
        images[id_].alt_text = alt_text
    session.flush()
    # First out of each other's places, then each into its own; what was given up keeps out of the way.
    moved = update(ListingImage).where(ListingImage.listing_id == listing.id)
    top = session.scalar(select(func.max(ListingImage.position)).where(ListingImage.listing_id == listing.id)) or 0
    session.execute(moved.values(position=ListingImage.position + top + MOST_IMAGES))
    for position, each in enumerate(wanted, start=1):
        session.execute(moved.where(ListingImage.id == each.id).values(position=position))
    session.expire_all()
    _changed(session, ctx, listing, "listing.images_ordered")
    return pictures_of(session, listing.id)


def remove_image(session: Session, ctx: Context, id_or_slug: str, image_id: uuid.UUID) -> None:
    """Take a picture away from one of the acting guide's experiences; its files are deleted. Raises
    ``experience_not_found`` and ``image_not_found``."""
    _, listing = lock_own(session, ctx, id_or_slug)
    found = {image.id: media for image, media in pictures_of(session, listing.id)}
    if image_id not in found:
        raise NotFound("image_not_found", "This experience has no such picture.")
    media = found[image_id]
    session.execute(delete(ListingImage).where(ListingImage.id == image_id))
    if media is not None and (locked := lock_media(session, media.id)) is not None:
        uploads.discard(session, ctx, locked, ctx.now(session))
    _changed(session, ctx, listing, "listing.image_removed")


def _add(session: Session, listing: Listing, media: Media, alt_text: str) -> ListingImage:
    """After the others; those that were given up do not count, but still have their place."""
    if len(pictures_of(session, listing.id)) >= MOST_IMAGES:
        raise Conflict("too_many_images", f"An experience has at most {MOST_IMAGES} pictures. Take one away first.")
    top = session.scalar(select(func.max(ListingImage.position)).where(ListingImage.listing_id == listing.id)) or 0
    image = ListingImage(id=new_id(), listing_id=listing.id, position=top + 1, media_id=media.id, alt_text=alt_text)
    session.add(image)
    session.flush()
    return image


def _changed(session: Session, ctx: Context, listing: Listing, action: str) -> None:
    was = listing.version
    refresh(session, listing)
    if listing.version == was:
        listing.version += 1
    ctx.audit(session, action, listing, now=ctx.now(session))
