"""Taking in files: a form parsed part by part, spooled to disk, measured, and handed to the storage with no transaction open."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, NoReturn

import flask
import structlog
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge, UnprocessableEntity, UnsupportedMediaType
from werkzeug.formparser import MultiPartParser

from api.context import context
from api.edge import edge
from api.parsing import UnreadableBody
from api.schemas.base import Request, camel_case
from domain.errors import Busy, field_error
from domain.formats import FORMATS, LARGEST, Format, claimed_format
from domain.media import MediaKind
from domain.provider_errors import ProviderError
from models.media import Media
from services.context import Context
from services.media import uploads

log = structlog.get_logger(__name__)

#: What a body may be longer than its files: boundaries, the parts' headers, and its texts.
FRAMING = 16 * 1024
#: What of a form's texts, and of each file, may be in memory at once.
_MOST_IN_MEMORY, _SPOOLED_FROM = 256 * 1024, 256 * 1024
#: Parts beyond those that are declared: a strict form names the first of them, a lenient one ignores them.
_MOST_UNKNOWN, _MOST_IGNORED = 3, 30
#: The disk that files are spooled to is full.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_RETRY_AFTER_SECONDS = 5
#: What a page's script makes of nothing when it puts it where a file belongs.
_NOTHING = frozenset({"", "null", "undefined"})

Begin = Callable[[Session, Context, MediaKind, Format, int], Media]


class NotMultipart(UnsupportedMediaType):
    """A body that is no form with files."""

    description = "Send the file as multipart/form-data."


@dataclass(frozen=True, slots=True)
class FileField:
    """A part of a form that is a file, or ``most`` of one name."""

    name: str
    kind: MediaKind
    required: bool = False
    most: int = 1

    @property
    def largest(self) -> int:
        """Bytes of all its files together."""
        return self.most * LARGEST[self.kind]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, whole and within its bounds; nobody has looked inside."""

    stream: BinaryIO
    kind: MediaKind
    content_type: Format
    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a form brought: its texts as their schema reads them, and its files by the names of their fields."""

    texts: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)

    def file(self, name: str) -> Upload | None:
        """The first file of a field, where one came."""
        return next(iter(self.files.get(name, ())), None)


def largest_form(*fields: FileField) -> int:
    """How long the body of a form with these files may be."""
    return sum(each.largest for each in fields) + FRAMING


@contextmanager
def received_file(file: FileField) -> Iterator[Upload]:
    """The one file that the request's form consists of, open while the block runs."""
    with received_form(file) as form:
        yield form.files[file.name][0]


@contextmanager
def received_form(*files: FileField, texts: type[Request] | None = None, lenient: bool = False) -> Iterator[Form]:
    """The request's form, its files open while the block runs. Raises what refuses a field by its name.

    A lenient form is that of a page which knows nothing of us: unknown parts are ignored, and empty ones count as absent.
    """
    schema = texts() if texts else None
    most_parts = sum(each.most for each in files) + (_MOST_IGNORED if lenient else _MOST_UNKNOWN)
    # Lists come as several parts of one name.
    most_parts += 10 * len(schema.fields) if schema else 0
    with _parsed(most_parts) as (said, sent):
        by_name = {spelling: each for each in files for spelling in (each.name, camel_case(each.name))}
        known = schema.spellings if schema else {}
        given = _texts(said, by_name, known, lenient)
        found = _files(sent, by_name, known, files, lenient)
        loaded = _loaded(schema, given) if schema else {}
        yield Form(loaded, found)


def store(upload: Upload, begin: Begin = uploads.begin_upload) -> Media:
    """The row first, then the bytes, then the job: whatever dies in between, the row tells what may lie about. Raises
    :class:`Busy` where too many files arrive at once, or where the storage does not take it."""
    with edge().workplaces.storing():
        return _stored(context(), upload, begin)


def _stored(ctx: Context, upload: Upload, begin: Begin) -> Media:
    with edge().db.transaction() as session:
        media = begin(session, ctx, upload.kind, upload.content_type, upload.size)
        media_id, key = media.id, media.incoming_key
    try:
        with edge().workplaces.left():
            edge().ports.storage.put(key, upload.stream, content_type=upload.content_type.value)
    except ProviderError as error:
        log.warning("upload.not_stored", error=type(error).__name__, code=error.code)
        with edge().db.transaction() as session:
            uploads.abandon_upload(session, ctx, media_id)
        cannot_store()
    with edge().db.transaction() as session:
        return uploads.finish_upload(session, ctx, media_id, size=upload.size, checksum=upload.checksum)


def cannot_store() -> NoReturn:
    raise Busy("storage_unavailable", "We cannot take files right now. Try again.", retry_after=_RETRY_AFTER_SECONDS)


_Texts = Sequence[tuple[str, str]]
_Files = Sequence[tuple[str, FileStorage]]


@contextmanager
def _parsed(most_parts: int) -> Iterator[tuple[_Texts, _Files]]:
    """The form's parts in their order. Files are spooled: what is large goes to disk and not into memory."""
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
            max_form_parts=most_parts,
        )
        try:
            # Whoever sends slowly keeps a thread waiting, and no place to work.
            with edge().workplaces.left():
                form, files = parser.parse(request.stream, boundary.encode(), request.content_length)
        except ValueError as error:
            raise UnreadableBody("The body is not a whole multipart form.") from error
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            log.error("upload.no_room", error=errno.errorcode[error.errno])
            cannot_store()
        yield list(form.items(multi=True)), list(files.items(multi=True))


def _texts(
    said: _Texts, files: Mapping[str, FileField], known: Mapping[str, str], lenient: bool
) -> dict[str, str | list[str]]:
    """The texts by the names they came under; several of one name are a list."""
    given: dict[str, list[str]] = {}
    for sent_as, value in said:
        name = sent_as.removesuffix("[]")
        if name in files:
            if not lenient or value.strip() not in _NOTHING:
                raise field_error(files[name].name, "Must be a file.")
        elif name in known:
            if not lenient or value.strip():
                given.setdefault(name, []).append(value)
        elif not lenient:
            raise field_error(sent_as[:40], "Unknown field.")
    return {name: values[0] if len(values) == 1 else values for name, values in given.items()}


def _files(
    sent: _Files,
    fields: Mapping[str, FileField],
    texts: Mapping[str, str],
    declared: Sequence[FileField],
    lenient: bool,
) -> dict[str, list[Upload]]:
    """The files by the declared names of their fields."""
    found: dict[str, list[FileStorage]] = {}
    for sent_as, part in sent:
        name = sent_as.removesuffix("[]")
        if name in fields:
            if not lenient or not _is_empty(part):
                found.setdefault(fields[name].name, []).append(part)
        elif not lenient:
            names = " or ".join(each.name for each in declared)
            raise field_error(
                sent_as[:40], "Must be a text." if name in texts else f"Unknown field: a file comes as {names}."
            )
    for each in declared:
        parts = found.get(each.name, [])
        if len(parts) > each.most:
            raise field_error(each.name, "Must be one file." if each.most == 1 else f"At most {each.most} files.")
        if each.required and not parts:
            raise field_error(each.name, "Missing data for required field.")
    return {each.name: [_checked(each, part) for part in found.get(each.name, [])] for each in declared}


def _checked(file: FileField, part: FileStorage) -> Upload:
    """A file of one of the formats that its field takes, by what it says of itself, and not too large."""
    claimed = claimed_format(part.mimetype, part.filename or "")
    accepted = FORMATS[file.kind]
    if claimed not in accepted:
        raise field_error(file.name, f"Must be one of {', '.join(accepted)}, and say so in its Content-Type.")
    size, checksum = _measured(part.stream)
    if size > LARGEST[file.kind]:
        raise _too_large(file)
    if not size:
        raise field_error(file.name, "The file is empty.")
    return Upload(part.stream, file.kind, claimed, size, checksum)


def _too_large(file: FileField) -> RequestEntityTooLarge:
    refused = RequestEntityTooLarge()
    # As webargs leaves them, for the one table of refusals: which of several files it is.
    refused.data = {"messages": {"form": {file.name: [f"At most {LARGEST[file.kind] // 1024 // 1024} MB."]}}}  # type: ignore[attr-defined]
    return refused


def _is_empty(part: FileStorage) -> bool:
    """What a page sends where nobody chose a file."""
    return not part.stream.seek(0, 2)


def _measured(stream: IO[bytes]) -> tuple[int, str]:
    stream.seek(0)
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(64 * 1024):
        digest.update(chunk)
        size += len(chunk)
    stream.seek(0)
    return size, digest.hexdigest()


def _loaded(schema: Request, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return schema.load(given)
    except ValidationError as error:
        refused = UnprocessableEntity()
        # As webargs leaves them, for the one table of refusals.
        refused.data = {"messages": {"form": error.messages}}  # type: ignore[attr-defined]
        raise refused from error
