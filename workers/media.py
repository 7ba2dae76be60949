"""Uploads, checked: fetched, looked through to the end, and kept as pictures of our own or as the bytes that were checked."""

from __future__ import annotations

import hashlib
import io
import tempfile
import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import BinaryIO

import structlog
from sqlalchemy.orm import Session

from documents.pictures import Drawn, squares, widths
from documents.unfit import Unfit
from documents.uploaded import look_through
from domain.formats import LARGEST, Format
from domain.jobs import JobKind, rules_for
from domain.media import AVATAR_SIDES, FILE, IMAGE_WIDTHS, LATE_AFTER, SCAN_WIDTH, MediaKind, MediaState, Refusal
from domain.provider_errors import ProviderError, Rejected
from models.jobs import Claim, Job
from models.locks import lock_media
from models.media import Media
from providers.storage.s3 import NO_SUCH_FILE, TOO_LARGE, S3Storage
from services.context import Context
from services.media import uploads
from services.media.sweeping import sweep
from workers.payload import uuid_of
from workers.running import DONE, Outcome, Postpone, provider_steps, retry_after, transactional
from workers.runtime import Runtime

logger = structlog.get_logger(__name__)

_LOST = {NO_SUCH_FILE: Refusal.LOST, TOO_LARGE: Refusal.TOO_LARGE}


@dataclass(frozen=True, slots=True)
class Incoming:
    """An upload that lies unchecked, and the keys of what is to be made of it."""

    media_id: uuid.UUID
    kind: MediaKind
    key: str
    claimed: Format
    #: None where it did not come through us.
    checksum: str | None
    variants: dict[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """All variants are stored; what the file was that came."""

    size: int
    checksum: str
    width: int | None = None
    height: int | None = None


class _Process(ABC):
    """The keys are the row's, so a run that died half-way is simply done again: it writes the same files."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Incoming | Outcome:
        media = session.get(Media, uuid_of(job, "media_id"))
        if media is None or media.state != MediaState.PROCESSING:
            return DONE
        claimed, kind = Format(media.content_type), MediaKind(media.kind)
        return Incoming(media.id, kind, media.incoming_key, claimed, media.checksum, media.variants)

    def call(self, runtime: Runtime, incoming: Incoming) -> Made | Refusal:
        with tempfile.TemporaryFile() as file:
            try:
                size, checksum = _fetch(runtime.storage, incoming, file)
                return self.make(runtime, incoming, file, size, checksum)
            except Unfit as unfit:
                logger.info("media.unfit", media_id=str(incoming.media_id), reason=unfit.reason, cause=_cause(unfit))
                return unfit.reason

    @abstractmethod
    def make(self, runtime: Runtime, incoming: Incoming, file: BinaryIO, size: int, checksum: str) -> Made:
        """Check the file that was fetched and store what becomes of it. Raises :class:`Unfit`."""

    def record(
        self, session: Session, ctx: Context, job: Claim, incoming: Incoming, answer: Made | Refusal | ProviderError
    ) -> Outcome:
        media = uploads.lock_upload(session, incoming.media_id)
        if media is None or media.state != MediaState.PROCESSING:
            # A newer upload, or its owner, was faster; its files are deleted once this job is done.
            return DONE
        if isinstance(answer, ProviderError):
            return retry_after(ctx, session, job, answer)
        if isinstance(answer, Refusal):
            uploads.refuse(session, ctx, media, answer, ctx.now(session))
        else:
            made = {"checksum": answer.checksum, "width": answer.width, "height": answer.height}
            uploads.settle(session, ctx, media, size=answer.size, **made)
        return DONE

    def gave_up(self, session: Session, ctx: Context, job: Claim | Job) -> None:
        """The storage was away for hours, or the file kills whoever opens it: its owner is to know, and may send another."""
        media = uploads.lock_upload(session, uuid_of(job, "media_id"))
        if media is not None and media.state == MediaState.PROCESSING:
            uploads.refuse(session, ctx, media, Refusal.NOT_FINISHED, ctx.now(session))


@provider_steps(JobKind.PROCESS_IMAGE)
class ProcessImage(_Process):
    """Images are drawn anew."""

    def make(self, runtime: Runtime, incoming: Incoming, file: BinaryIO, size: int, checksum: str) -> Made:
        drawn = _drawn(incoming, file)
        for name, content in drawn.files.items():
            variant = FILE if incoming.kind is MediaKind.SCAN else str(name)
            runtime.storage.put(incoming.variants[variant], content, content_type=Format.WEBP.value)
        return Made(size, checksum, drawn.width, drawn.height)


@provider_steps(JobKind.PROCESS_FILE)
class ProcessFile(_Process):
    """Videos and documents are kept as they came, out of the reach of whoever may still write to where they lay."""

    def make(self, runtime: Runtime, incoming: Incoming, file: BinaryIO, size: int, checksum: str) -> Made:
        measured = look_through(file, size, incoming.claimed)
        runtime.storage.put(incoming.variants[FILE], file, content_type=incoming.claimed.value)
        return Made(size, checksum, *(measured or ()))


@provider_steps(JobKind.DELETE_FILES)
class DeleteFiles:
    """Deleting may be repeated; a file that is not there is as good as deleted."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> list[str] | Outcome:
        media = session.get(Media, uuid_of(job, "media_id"))
        if media is None:
            return DONE
        if uploads.is_being_processed(session, media):
            # Whoever is at it at this moment would store files after they were deleted.
            return Postpone(ctx.now(session) + rules_for(uploads.CHECKS[MediaKind(media.kind)]).lease)
        return uploads.useless_files(media) or DONE

    def call(self, runtime: Runtime, keys: list[str]) -> None:
        runtime.storage.delete(*keys)

    def record(
        self, session: Session, ctx: Context, job: Claim, keys: list[str], answer: ProviderError | None
    ) -> Outcome:
        if isinstance(answer, ProviderError):
            return retry_after(ctx, session, job, answer)
        media = lock_media(session, uuid_of(job, "media_id"))
        if media is None:
            return DONE
        if media.open_until and ctx.now(session) < (shut := media.open_until + LATE_AFTER):
            # Its sender may still put another file where this one was.
            return Postpone(shut)
        if media.state == MediaState.REMOVED:
            session.delete(media)
        return DONE


@transactional(JobKind.SWEEP_MEDIA)
def sweep_media(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """End what never finished, and collect what nothing uses."""
    sweep(session, ctx)


def _fetch(storage: S3Storage, incoming: Incoming, file: BinaryIO) -> tuple[int, str]:
    """Length and digest of the very file that was sent, whole. Raises Unfit where it is not there any more."""
    try:
        storage.fetch(incoming.key, file, most=LARGEST[incoming.kind])
    except Rejected as error:
        if error.code not in _LOST:
            raise
        raise Unfit(_LOST[error.code]) from error
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    checksum = hashlib.file_digest(file, "sha256").hexdigest()
    if not size or incoming.checksum not in (None, checksum):
        raise Unfit(Refusal.LOST)
    file.seek(0)
    return size, checksum


def _drawn(incoming: Incoming, file: BinaryIO) -> Drawn:
    if incoming.kind is MediaKind.AVATAR:
        return squares(file, incoming.claimed, AVATAR_SIDES)
    if incoming.kind is MediaKind.SCAN:
        return widths(file, incoming.claimed, (SCAN_WIDTH,))
    return widths(file, incoming.claimed, IMAGE_WIDTHS)


def _cause(unfit: Unfit) -> str | None:
    """What the decoder raised, by its type only: its words may quote the file."""
    return type(unfit.__cause__).__name__ if unfit.__cause__ else None
