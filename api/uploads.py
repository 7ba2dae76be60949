"""Taking in a file: parsed strictly, spooled to disk, measured, and handed to the storage with no transaction open."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, NoReturn

import flask
import structlog
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.formparser import MultiPartParser

from api.context import context
from api.edge import edge
from api.parsing import UnreadableBody
from domain.errors import Busy, field_error
from domain.media import Format, MediaKind
from domain.provider_errors import ProviderError
from models.media import Media
from services import media as uploads
from services.context import Context

log = structlog.get_logger(__name__)

#: What a body may be longer than its file: boundaries and the part's headers.
FRAMING = 16 * 1024
#: Parts of a form, what of it may be in memory at once, and what of each file.
_MOST_PARTS, _MOST_IN_MEMORY, _SPOOLED_FROM = 4, 256 * 1024, 256 * 1024
_RETRY_AFTER_SECONDS = 5


class NotMultipart(UnsupportedMediaType):
    """A body that is no form with files."""

    description = "Send the file as multipart/form-data."


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, whole and within its bounds; nobody has looked inside."""

    stream: BinaryIO
    content_type: Format
    size: int
    checksum: str


@contextmanager
def received_file(field: str, accepted: Collection[Format], largest: int) -> Iterator[Upload]:
    """The one file of the request's form, open while the block runs."""
    with _parsed(field) as part:
        if part.mimetype not in set(accepted):
            raise field_error(field, f"Must be one of {', '.join(accepted)}, and say so in its Content-Type.")
        size, checksum = _measured(part.stream)
        if size > largest:
            raise RequestEntityTooLarge
        if not size:
            raise field_error(field, "The file is empty.")
        yield Upload(part.stream, Format(part.mimetype), size, checksum)


def store(upload: Upload, kind: MediaKind) -> Media:
    """The row first, then the bytes, then the job: whatever dies in between, the row tells what may lie about. Raises
    :class:`Busy` where too many files arrive at once, or where the storage does not take it."""
    with edge().workplaces.storing():
        return _stored(context(), upload, kind)


def _stored(ctx: Context, upload: Upload, kind: MediaKind) -> Media:
    with edge().db.transaction() as session:
        media = uploads.begin_upload(session, ctx, kind, upload.content_type)
        media_id, key = media.id, media.incoming_key
    try:
        with edge().workplaces.left():
            edge().ports.storage.put(key, upload.stream, content_type=upload.content_type.value)
    except ProviderError as error:
        log.warning("upload.not_stored", error=type(error).__name__, code=error.code)
        with edge().db.transaction() as session:
            uploads.abandon_upload(session, ctx, media_id)
        _cannot_store()
    with edge().db.transaction() as session:
        return uploads.finish_upload(session, ctx, media_id, size=upload.size, checksum=upload.checksum)


@contextmanager
def _parsed(field: str) -> Iterator[FileStorage]:
    """The form's one part, a file of this name. Parts are spooled: what is large goes to disk and not into memory."""
    request = flask.request
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data":
        raise NotMultipart
    if not boundary.isascii() or not 0 < len(boundary) <= 70:
        raise UnreadableBody("The body's boundary is missing or not valid.")
    with ExitStack() as spools:
        parser = MultiPartParser(
            lambda **_: spools.enter_context(SpooledTemporaryFile(_SPOOLED_FROM)),
            max_form_memory_size=_MOST_IN_MEMORY,
            max_form_parts=_MOST_PARTS,
        )
        try:
            # Whoever sends slowly keeps a thread waiting, and no place to work.
            with edge().workplaces.left():
                form, files = parser.parse(request.stream, boundary.encode(), request.content_length)
        except ValueError as error:
            raise UnreadableBody("The body is not a whole multipart form.") from error
        yield _only(field, list(form), list(files.items(multi=True)))


def _only(field: str, texts: list[str], files: list[tuple[str, FileStorage]]) -> FileStorage:
    for name in (*texts, *(name for name, _ in files)):
        if name != field:
            raise field_error(name[:40], "Unknown field.")
    if field in texts or len(files) > 1:
        raise field_error(field, "Must be one file.")
    if not files:
        raise field_error(field, "Missing data for required field.")
    return files[0][1]


def _measured(stream: IO[bytes]) -> tuple[int, str]:
    stream.seek(0)
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(64 * 1024):
        digest.update(chunk)
        size += len(chunk)
    stream.seek(0)
    return size, digest.hexdigest()


def _cannot_store() -> NoReturn:
    raise Busy("storage_unavailable", "We cannot take files right now. Try again.", retry_after=_RETRY_AFTER_SECONDS)
