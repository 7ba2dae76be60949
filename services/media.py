"""Uploads from the first byte to the last file deleted: the row comes first and goes last, so that no file is without one."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.jobs import JobKind
from domain.media import GIVEN_UP_AFTER, LATE_AFTER, REFUSALS_KEPT, Format, MediaKind, MediaState, Refusal, avatar_keys
from models.base import new_id
from models.jobs import is_open
from models.locks import lock_media, lock_user
from models.media import Media
from services.accounts import still_signed_in
from services.context import Context
from services.limits import enforce

#: What one sweep takes.
BATCH = 1_000


def begin_upload(session: Session, ctx: Context, kind: MediaKind, content_type: Format) -> Media:
    """The row of an avatar whose bytes are about to be stored. Raises ``too_many_uploads`` and ``session_ended``."""
    owner = still_signed_in(session, ctx)
    enforce(session, ctx, "uploads", str(owner.id), ctx.policy.limits.uploads)
    now, media_id = ctx.now(session), new_id()
    media = Media(
        id=media_id,
        owner_id=owner.id,
        kind=kind.value,
        state=MediaState.RECEIVING.value,
        is_public=True,
        content_type=content_type.value,
        variants=avatar_keys(now, media_id),
        begun_at=now,
        changed_at=now,
    )
    session.add(media)
    session.flush()
    return media


def finish_upload(session: Session, ctx: Context, media_id: uuid.UUID, *, size: int, checksum: str) -> Media:
    """The bytes are stored: have them checked. Of one user's avatars that are not finished only the last goes on.

    Raises ``media_not_found`` where the upload was given up meanwhile.
    """
    owner = lock_user(session, ctx.actor.user_id)
    media = lock_media(session, media_id)
    if media is None or media.state != MediaState.RECEIVING:
        raise media_not_found()
    now = ctx.now(session)
    for earlier in session.scalars(_in_state(owner.id, MediaState.PROCESSING)):
        refuse(session, ctx, earlier, Refusal.SUPERSEDED, now)
    session.flush()
    media.size_bytes, media.checksum = size, checksum
    media.move(MediaState.PROCESSING, now)
    ctx.enqueue(session, JobKind.PROCESS_IMAGE, _process_key(media), {"media_id": media.id}, now=now)
    ctx.audit(session, "avatar.uploaded", media, now=now)
    return media


def abandon_upload(session: Session, ctx: Context, media_id: uuid.UUID) -> None:
    """The bytes could not be stored, or nobody knows whether they were."""
    media = lock_media(session, media_id)
    if media is not None and media.state == MediaState.RECEIVING:
        now = ctx.now(session)
        media.move(MediaState.REMOVED, now)
        # Not at once: the row has to be there for as long as a file may still come.
        delete_files(session, ctx, media, "abandoned", now, due_at=now + LATE_AFTER)


def own_media(session: Session, ctx: Context, media_id: uuid.UUID) -> Media:
    """One of the actor's uploads. Raises ``media_not_found``, for somebody else's as well."""
    media = session.get(Media, media_id)
    if media is None or media.owner_id != ctx.actor.user_id or media.state == MediaState.REMOVED:
        raise media_not_found()
    return media


def settle_avatar(session: Session, ctx: Context, media: Media, *, width: int, height: int) -> None:
    """The squares are stored: show them, and have the avatar before deleted. ``media`` is processing and locked."""
    owner, now = lock_user(session, media.owner_id), ctx.now(session)
    for before in session.scalars(_in_state(owner.id, MediaState.READY)):
        discard(session, ctx, before, now)
    session.flush()
    media.width, media.height = width, height
    media.move(MediaState.READY, now)
    owner.avatar_url = largest_variant(media)
    delete_files(session, ctx, media, "checked", now)
    ctx.audit(session, "avatar.changed", media, now=now)


def remove_avatar(session: Session, ctx: Context, user_id: uuid.UUID) -> None:
    """Show no picture of a user any more, neither the present one nor one on its way."""
    owner, now = lock_user(session, user_id), ctx.now(session)
    for media in session.scalars(_in_state(owner.id, MediaState.READY, MediaState.PROCESSING)):
        discard(session, ctx, media, now)
        ctx.audit(session, "avatar.removed", media, now=now)
    owner.avatar_url = None


def discard_all(session: Session, ctx: Context, owner_id: uuid.UUID) -> None:
    """Have everything that a user ever sent deleted; the caller has locked the user's row."""
    left = select(Media).where(Media.owner_id == owner_id, Media.state != MediaState.REMOVED).with_for_update()
    now = ctx.now(session)
    for media in session.scalars(left.execution_options(populate_existing=True)):
        discard(session, ctx, media, now)


def refuse(session: Session, ctx: Context, media: Media, reason: Refusal, now: datetime) -> None:
    """Nothing becomes of an upload; its owner may learn why for some days."""
    media.move(MediaState.REFUSED, now, reason)
    delete_files(session, ctx, media, reason.value, now)
    ctx.audit(session, "avatar.refused", media, now=now, data={"reason": reason.value})


def discard(session: Session, ctx: Context, media: Media, now: datetime) -> None:
    """Have everything of an upload deleted, the row last."""
    media.move(MediaState.REMOVED, now)
    delete_files(session, ctx, media, "removed", now)


def delete_files(
    session: Session, ctx: Context, media: Media, why: str, now: datetime, due_at: datetime | None = None
) -> None:
    """Have the files deleted that the media's state leaves no use for; once for each ``why``."""
    key = f"files:{media.id}:{why}"
    ctx.enqueue(session, JobKind.DELETE_FILES, key, {"media_id": media.id}, now=now, due_at=due_at)


def is_being_processed(session: Session, media: Media) -> bool:
    """Whether a worker may be storing files of it at this moment."""
    return is_open(session, _process_key(media))


def useless_files(media: Media) -> list[str]:
    """The keys under which a file may lie that nobody needs any more."""
    made = [] if media.state == MediaState.READY else list(media.variants.values())
    return [] if media.state in (MediaState.RECEIVING, MediaState.PROCESSING) else [media.incoming_key, *made]


def sweep(session: Session, ctx: Context) -> None:
    """End what never finished, forget refusals after some days, and delete again what a lost job has left."""
    now = ctx.now(session)
    ended = now - GIVEN_UP_AFTER
    stale = (
        select(Media)
        .where(Media.state != MediaState.READY)
        .where(
            or_(
                and_(Media.state != MediaState.REFUSED, Media.changed_at < ended),
                and_(Media.state == MediaState.REFUSED, Media.changed_at < now - REFUSALS_KEPT),
            )
        )
        .order_by(Media.changed_at)
        .limit(BATCH)
        # Whoever holds one is about to change it.
        .with_for_update(skip_locked=True)
    )
    for media in session.scalars(stale).all():
        if media.state == MediaState.PROCESSING:
            refuse(session, ctx, media, Refusal.NOT_FINISHED, now)
        else:
            media.move(MediaState.REMOVED, now)
            delete_files(session, ctx, media, f"swept:{now.date()}", now)


def largest_variant(media: Media) -> str:
    """The key of the largest picture that was made."""
    return media.variants[max(media.variants, key=int)]


def _process_key(media: Media) -> str:
    return f"process:{media.id}"


def media_not_found() -> NotFound:
    return NotFound("media_not_found", "There is no such upload.")


def _in_state(owner_id: uuid.UUID, *states: MediaState):
    """A user's avatars in some states, locked; the owner's row is locked by the caller."""
    mine = select(Media).where(Media.owner_id == owner_id, Media.kind == MediaKind.AVATAR)
    return mine.where(Media.state.in_(states)).with_for_update().execution_options(populate_existing=True)
