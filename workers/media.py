"""Uploads, checked: fetched, decoded, drawn anew, and everything that came along thrown away."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from dataclasses import dataclass
from typing import BinaryIO

import structlog
from sqlalchemy.orm import Session

from documents.pictures import Unfit, squares
from domain.jobs import JobKind, rules_for
from domain.media import AVATAR_SIDES, LARGEST_IMAGE, Format, MediaState, Refusal
from domain.provider_errors import ProviderError, Rejected
from models.jobs import Claim
from models.locks import lock_media, lock_user
from models.media import Media
from providers.storage.s3 import NO_SUCH_FILE, S3Storage
from services import media as uploads
from services.context import Context
from workers.payload import uuid_of
from workers.running import DONE, Outcome, Postpone, provider_steps, retry_after, transactional
from workers.runtime import Runtime

logger = structlog.get_logger(__name__)

_WEBP = "image/webp"
#: By then a run that is going on has ended, one way or another.
A_RUN = rules_for(JobKind.PROCESS_IMAGE).lease


@dataclass(frozen=True, slots=True)
class Incoming:
    """An upload that lies unchecked, and the keys of what is to be made of it."""

    media_id: uuid.UUID
    key: str
    claimed: Format
    checksum: str
    variants: dict[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """All variants are stored."""

    width: int
    height: int


@provider_steps(JobKind.PROCESS_IMAGE)
class ProcessImage:
    """The keys are the row's, so a run that died half-way is simply done again: it writes the same files."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Incoming | Outcome:
        media = session.get(Media, uuid_of(job, "media_id"))
        if media is None or media.state != MediaState.PROCESSING:
            return DONE
        return Incoming(media.id, media.incoming_key, Format(media.content_type), media.checksum, media.variants)

    def call(self, runtime: Runtime, incoming: Incoming) -> Made | Refusal:
        with tempfile.TemporaryFile() as file:
            try:
                _fetch(runtime.storage, incoming, file)
                drawn = squares(file, incoming.claimed, AVATAR_SIDES)
            except Unfit as unfit:
                logger.info("media.unfit", media_id=str(incoming.media_id), reason=unfit.reason, cause=_cause(unfit))
                return unfit.reason
        for side, content in drawn.files.items():
            runtime.storage.put(incoming.variants[str(side)], content, content_type=_WEBP)
        return Made(drawn.width, drawn.height)

    def record(
        self, session: Session, ctx: Context, job: Claim, incoming: Incoming, answer: Made | Refusal | ProviderError
    ) -> Outcome:
        media = _lock(session, incoming.media_id)
        if media is None or media.state != MediaState.PROCESSING:
            # A newer upload, or its owner, was faster; its files are deleted once this job is done.
            return DONE
        now = ctx.now(session)
        if isinstance(answer, ProviderError):
            retry = retry_after(ctx, session, job, answer)
            if retry.at is None:
                uploads.refuse(session, ctx, media, Refusal.NOT_FINISHED, now)
            return retry
        if isinstance(answer, Refusal):
            uploads.refuse(session, ctx, media, answer, now)
        else:
            uploads.settle_avatar(session, ctx, media, width=answer.width, height=answer.height)
        return DONE


@provider_steps(JobKind.DELETE_FILES)
class DeleteFiles:
    """Deleting may be repeated; a file that is not there is as good as deleted."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> list[str] | Outcome:
        media = session.get(Media, uuid_of(job, "media_id"))
        if media is None:
            return DONE
        if uploads.is_being_processed(session, media):
            # Whoever draws at this moment would store files after they were deleted.
            return Postpone(ctx.now(session) + A_RUN)
        return uploads.useless_files(media) or DONE

    def call(self, runtime: Runtime, keys: list[str]) -> None:
        runtime.storage.delete(*keys)

    def record(
        self, session: Session, ctx: Context, job: Claim, keys: list[str], answer: ProviderError | None
    ) -> Outcome:
        if isinstance(answer, ProviderError):
            return retry_after(ctx, session, job, answer)
        media = lock_media(session, uuid_of(job, "media_id"))
        if media is not None and media.state == MediaState.REMOVED:
            session.delete(media)
        return DONE


@transactional(JobKind.SWEEP_MEDIA)
def sweep_media(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """End what never finished."""
    uploads.sweep(session, ctx)


def _fetch(storage: S3Storage, incoming: Incoming, file: BinaryIO) -> None:
    """The very file that was sent, whole. Raises Unfit where it is not there any more."""
    try:
        storage.fetch(incoming.key, file, most=LARGEST_IMAGE)
    except Rejected as error:
        if error.code != NO_SUCH_FILE:
            raise
        raise Unfit(Refusal.LOST) from error
    file.seek(0)
    if hashlib.file_digest(file, "sha256").hexdigest() != incoming.checksum:
        raise Unfit(Refusal.LOST)
    file.seek(0)


def _lock(session: Session, media_id: uuid.UUID) -> Media | None:
    """The upload, its owner's row first."""
    media = session.get(Media, media_id)
    if media is None:
        return None
    lock_user(session, media.owner_id)
    return lock_media(session, media_id)


def _cause(unfit: Unfit) -> str | None:
    """What the decoder raised, by its type only: its words may quote the file."""
    return type(unfit.__cause__).__name__ if unfit.__cause__ else None
