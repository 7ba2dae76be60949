"""Uploads from the first byte to the last file deleted: the row comes first and goes last, so that no file is without one."""

from __future__ import annotations

import math
import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.applications import Part
from domain.errors import Conflict, NotFound, TooMany
from domain.formats import Format
from domain.jobs import JobKind
from domain.media import DRAWN, LATE_AFTER, SHOWN, MediaKind, MediaState, Refusal, variant_keys
from models.base import new_id
from models.jobs import is_open
from models.locks import lock_media, lock_user
from models.media import Media
from services.accounts import avatars
from services.accounts.users import still_signed_in
from services.catalogue import pictures
from services.context import Context
from services.limits import enforce

#: Which job looks into an upload.
CHECKS = {kind: JobKind.PROCESS_IMAGE if kind in DRAWN else JobKind.PROCESS_FILE for kind in MediaKind}


def begin_upload(
    session: Session,
    ctx: Context,
    kind: MediaKind,
    content_type: Format,
    size: int,
    *,
    direct_for: timedelta | None = None,
) -> Media:
    """The row of a file of the actor's whose bytes are about to be stored, past us where ``direct_for`` says for how long
    that may be. Raises ``too_many_uploads``, ``too_many_upload_bytes`` and ``session_ended``."""
    owner = still_signed_in(session, ctx)
    enforce(session, ctx, "uploads", str(owner.id), ctx.policy.limits.uploads)
    now = ctx.now(session)
    _enforce_bytes(session, ctx, owner.id, size, now)
    open_until = now + direct_for if direct_for else None
    return add_upload(session, kind, content_type, size, now, owner_id=owner.id, open_until=open_until)


def add_upload(
    session: Session,
    kind: MediaKind,
    content_type: Format,
    size: int,
    now: datetime,
    *,
    owner_id: uuid.UUID | None = None,
    application_id: uuid.UUID | None = None,
    application_part: Part | None = None,
    attached_at: datetime | None = None,
    open_until: datetime | None = None,
) -> Media:
    """The row of a file that is about to be stored, for whoever has counted it already. What is in use from the beginning
    says so: it is never collected."""
    media_id = new_id()
    media = Media(
        id=media_id,
        owner_id=owner_id,
        application_id=application_id,
        application_part=application_part and application_part.value,
        kind=kind.value,
        state=MediaState.RECEIVING.value,
        is_public=kind in SHOWN,
        content_type=content_type.value,
        size_bytes=size,
        variants=variant_keys(kind, now, media_id),
        begun_at=now,
        changed_at=now,
        attached_at=attached_at,
        open_until=open_until,
    )
    session.add(media)
    session.flush()
    return media


def finish_upload(
    session: Session, ctx: Context, media_id: uuid.UUID, *, size: int, checksum: str | None = None
) -> Media:
    """The bytes are stored: have them checked. Of one user's avatars that are not finished only the last goes on.

    Raises ``media_not_found`` where the upload was given up meanwhile.
    """
    media = lock_upload(session, media_id)
    if media is None or media.state != MediaState.RECEIVING:
        raise media_not_found()
    now = ctx.now(session)
    if media.kind == MediaKind.AVATAR:
        for earlier in avatars.in_state(session, media.owner_id, MediaState.PROCESSING):
            refuse(session, ctx, earlier, Refusal.SUPERSEDED, now)
        session.flush()
    media.size_bytes, media.checksum = size, checksum
    media.move(MediaState.PROCESSING, now)
    ctx.enqueue(session, CHECKS[MediaKind(media.kind)], _process_key(media), {"media_id": media.id}, now=now)
    ctx.audit(session, f"{media.kind}.uploaded", media, now=now)
    return media


def complete_upload(session: Session, ctx: Context, media_id: uuid.UUID, size: int) -> Media:
    """One of the actor's files that went straight to the storage lies there: have it checked. Where that was done already,
    or came to an end, nothing is done. Raises ``media_not_found``."""
    media = _own(ctx, lock_upload(session, media_id))
    if media.state != MediaState.RECEIVING:
        return media
    if size > (media.size_bytes or 0):
        refuse(session, ctx, media, Refusal.TOO_LARGE, ctx.now(session))
        return media
    return finish_upload(session, ctx, media_id, size=size)


def abandon_upload(session: Session, ctx: Context, media_id: uuid.UUID) -> None:
    """The bytes could not be stored, or nobody knows whether they were."""
    media = lock_media(session, media_id)
    if media is not None and media.state == MediaState.RECEIVING:
        discard(session, ctx, media, ctx.now(session))


def settle(
    session: Session,
    ctx: Context,
    media: Media,
    *,
    size: int,
    checksum: str,
    width: int | None = None,
    height: int | None = None,
) -> None:
    """It is checked, and everything that is made of it is stored. ``media`` is processing and locked, after its owner."""
    now = ctx.now(session)
    if media.kind == MediaKind.AVATAR:
        for before in avatars.in_state(session, media.owner_id, MediaState.READY):
            discard(session, ctx, before, now)
        session.flush()
        avatars.show(session, ctx, media, now)
    media.size_bytes, media.checksum, media.width, media.height = size, checksum, width, height
    media.move(MediaState.READY, now)
    if media.kind == MediaKind.IMAGE:
        pictures.show_checked(session, media)
    delete_files(session, ctx, media, "checked", now)


def refuse(session: Session, ctx: Context, media: Media, reason: Refusal, now: datetime) -> None:
    """Nothing becomes of an upload; its owner may learn why for some days."""
    media.move(MediaState.REFUSED, now, reason)
    delete_files(session, ctx, media, reason.value, now)
    ctx.audit(session, f"{media.kind}.refused", media, now=now, data={"reason": reason.value})
    if media.application_id is not None:
        # A job, for the application is locked before its files.
        payload = {"application_id": media.application_id}
        ctx.enqueue(session, JobKind.ASK_FOR_FILES, f"ask_for_files:{media.id}", payload, now=now)


def own_media(session: Session, ctx: Context, media_id: uuid.UUID) -> Media:
    """One of the actor's uploads. Raises ``media_not_found``, for somebody else's as well."""
    return _own(ctx, session.get(Media, media_id))


def attach(session: Session, ctx: Context, media: Media, now: datetime) -> None:
    """Something uses one of the actor's uploads from now on. Whoever calls it has locked what uses it.

    Raises ``media_not_found``, ``media_not_ready`` and, where something else uses it, ``media_in_use``.
    """
    locked = _own(ctx, lock_media(session, media.id))
    if locked.is_in_use:
        raise media_in_use()
    if locked.state != MediaState.READY:
        raise Conflict(
            "media_not_ready", "The upload is not checked yet, or was refused.", extra={"state": locked.state}
        )
    locked.attached_at = now


def discard(session: Session, ctx: Context, media: Media, now: datetime) -> None:
    """Nothing uses an upload any more: have everything of it deleted, the row last."""
    was_on_its_way = media.state == MediaState.RECEIVING
    media.move(MediaState.REMOVED, now)
    media.attached_at = None
    # Not at once where a file may still come: the row has to be there for as long.
    delete_files(session, ctx, media, "removed", now, due_at=now + LATE_AFTER if was_on_its_way else now)


def remove_upload(session: Session, ctx: Context, media_id: uuid.UUID) -> None:
    """Take away one of the actor's uploads. Raises ``media_not_found``, and ``media_in_use`` where something uses it."""
    media = _own(ctx, lock_upload(session, media_id))
    if media.is_in_use:
        raise media_in_use()
    now = ctx.now(session)
    discard(session, ctx, media, now)
    ctx.audit(session, f"{media.kind}.removed", media, now=now)


def remove_avatar(session: Session, ctx: Context, user_id: uuid.UUID) -> None:
    """Show no picture of a user any more, neither the present one nor one on its way."""
    owner, now = lock_user(session, user_id), ctx.now(session)
    for media in avatars.in_state(session, owner.id, MediaState.READY, MediaState.PROCESSING):
        discard(session, ctx, media, now)
        ctx.audit(session, "avatar.removed", media, now=now)
    owner.avatar_url = None


def discard_all(session: Session, ctx: Context, owner_id: uuid.UUID) -> None:
    """Have everything that a user ever sent deleted; the caller has locked the user's row."""
    left = select(Media).where(Media.owner_id == owner_id, Media.state != MediaState.REMOVED).order_by(Media.id)
    now = ctx.now(session)
    for media in session.scalars(left.with_for_update().execution_options(populate_existing=True)):
        discard(session, ctx, media, now)


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


def lock_upload(session: Session, media_id: uuid.UUID) -> Media | None:
    """An upload, locked, its owner's row first."""
    media = session.get(Media, media_id)
    if media is not None and media.owner_id is not None:
        lock_user(session, media.owner_id)
    return media and lock_media(session, media_id)


def media_not_found() -> NotFound:
    return NotFound("media_not_found", "There is no such upload.")


def media_in_use() -> Conflict:
    return Conflict("media_in_use", "The upload is in use. Take it away from what shows it first.")


def _own(ctx: Context, media: Media | None) -> Media:
    actor_id = ctx.actor.user_id
    if media is None or actor_id is None or media.owner_id != actor_id or media.state == MediaState.REMOVED:
        raise media_not_found()
    return media


def _process_key(media: Media) -> str:
    return f"process:{media.id}"


def _enforce_bytes(session: Session, ctx: Context, owner_id: uuid.UUID, size: int, now: datetime) -> None:
    """What one user sends within a day, as far as it was not taken away again; the user's row is locked."""
    limit = ctx.policy.limits.upload_bytes
    sent, oldest = session.execute(
        select(func.coalesce(func.sum(Media.size_bytes), 0), func.min(Media.begun_at)).where(
            Media.owner_id == owner_id, Media.begun_at > now - limit.window
        )
    ).one()
    if sent + size > limit.count:
        wait = ((oldest or now) + limit.window - now).total_seconds()
        raise TooMany(
            "too_many_upload_bytes",
            "You have sent as much as one may within a day. Send more tomorrow.",
            retry_after=max(math.ceil(wait), 1),
        )
