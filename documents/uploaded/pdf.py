"""PDF: ends where it says, is indexed, and asks its reader to do nothing but to show it."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import BinaryIO

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from documents.unfit import Unfit
from domain.media import Refusal

#: What a few kilobytes may unpack to, and how many objects there may be, before we lose interest.
_MOST_UNPACKED, _MOST_OBJECTS = 16_000_000, 100_000
_BOUNDS = Configuration(
    maximum_declared_stream_length=_MOST_UNPACKED,
    array_based_stream_maximum_output_length=_MOST_UNPACKED,
    lzw_maximum_output_length=_MOST_UNPACKED,
    run_length_maximum_output_length=_MOST_UNPACKED,
    zlib_maximum_output_length=_MOST_UNPACKED,
    stream_decoding_work_maximum_length=4 * _MOST_UNPACKED,
    page_tree_maximum_entries=10_000,
    page_tree_maximum_page_entries=100_000,
    jbig2dec_binary=None,
    disable_legacy_handling=True,
)
#: Objects may overlap in a hostile file: all together are read at most so often, where a word and a string cost as much as
#: so many bytes.
_MOST_READINGS, _WORD, _STRINGS = 4, 10, 3
# It tells of every oddity, in the file's own words.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)

_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_END = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF[\s\0]*\Z")
_LAST = 2048
_INDEX = re.compile(rb"\s*(xref\b|[0-9]+\s+[0-9]+\s+obj\b)")
#: Strings and comments, which may hold anything; lists and dictionaries; names, which a zero ends like a blank; and what ends an
#: object.
_TOKENS = re.compile(
    rb"%[^\r\n]*|(?P<string>\()|(?P<opens><<|\[)|(?P<closes>>>|\])|<[0-9A-Fa-f\s\0]*>"
    rb"|(?P<name>/[^\s\0()<>\[\]{}/%]*)|(?P<end>\b(?:endobj|stream|startxref)\b)"
)
_OPENED_BY = {b">>": b"<", b"]": b"["}
#: Lists in dictionaries in lists; writers need some ten.
_DEEPEST = 200
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
#: Names by which a document runs something, fetches, sends, or carries files along; /AA does whatever it does by itself, when a
#: page is turned over or a field is left. A link may lead anywhere: whoever reads it follows it, or does not.
_ACTIVE = frozenset(
    {b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/EmbeddedFiles", b"/EF", b"/RichMedia", b"/Rendition"}
    | {b"/XFA", b"/SubmitForm", b"/ImportData", b"/GoToE", b"/GoToR", b"/Movie", b"/Sound", b"/OnInstantiate", b"/AA"}
)
#: What is done when the document is opened: an action, where it stands or elsewhere.
_OPENING = b"/OpenAction"
_BLANK = rb"(?:[\s\0]|%[^\r\n]*)*"
_ELSEWHERE = re.compile(_BLANK + rb"([0-9]{1,10})" + _BLANK + rb"[0-9]{1,10}" + _BLANK + rb"R\b")
_HERE = re.compile(_BLANK + rb"<<")
#: It may show a page and nothing else; what follows it may be anything.
_SHOWS, _FOLLOWS = frozenset({"/GoTo", "/Named"}), "/Next"
#: Of an action's words, more than any that shows a page has.
_MOST_WORDS = 100


def look(file: BinaryIO, size: int) -> None:
    """Raise :class:`Unfit` where it is no whole PDF, or more than a text to be read."""
    index = _check_ends(file, size)
    with apply_configuration(_BOUNDS):
        reader = PdfReader(file, xref_stream_maximum_entries=_MOST_OBJECTS)
        if reader.is_encrypted:
            raise Unfit(Refusal.ENCRYPTED)
        if not len(reader.pages):
            raise Unfit(Refusal.DAMAGED)
        _check_objects(reader, file, size, index)


def _check_objects(reader: PdfReader, file: BinaryIO, size: int, index: int) -> None:
    left, opening = _MOST_READINGS * size + _MOST_UNPACKED, set[int]()
    for content, start, is_packed in _parts(reader, file, index):
        left = _refuse_active(content, start, is_packed, left, opening)
    for number in sorted(opening):
        _refuse_action(reader.get_object(IndirectObject(number, 0, reader)))


def _refuse_action(opening: object) -> None:
    """Look at what is done when the document is opened."""
    if isinstance(opening, DictionaryObject) and (_FOLLOWS in opening or opening.get("/S", "/GoTo") not in _SHOWS):
        raise Unfit(Refusal.ACTIVE_CONTENT)


def _opened_by(content: bytes, at: int) -> int | None:
    """The number of the object that is the opening action which ``at`` stands behind the name of; None where there is no other,
    and what stands here shows a page."""
    if elsewhere := _ELSEWHERE.match(content, at):
        return int(elsewhere[1])
    here, depth = _HERE.match(content, at), 1
    at = here.end() if here else at
    for _ in range(_MOST_WORDS if here else 0):
        token = _TOKENS.search(content, at)
        if token is None:
            break
        at = _end_of_string(content, token.end()) if token["string"] else token.end()
        if token["name"] and _ESCAPED.sub(_character, token["name"]) in (b"/URI", _FOLLOWS.encode()):
            raise Unfit(Refusal.ACTIVE_CONTENT)
        depth += bool(token["opens"]) - bool(token["closes"])
        if not depth:
            return None
    if here:
        raise Unfit(Refusal.ACTIVE_CONTENT)
    return None


def _check_ends(file: BinaryIO, size: int) -> int:
    """Where the index is that the file's end names."""
    file.seek(0)
    if not _HEADER.match(file.read(16)):
        raise Unfit(Refusal.DAMAGED)
    file.seek(-min(size, _LAST), io.SEEK_END)
    tail = file.read(_LAST)
    end = _END.search(tail)
    if end is None:
        raise Unfit(Refusal.TWO_FACED if b"%%EOF" in tail else Refusal.DAMAGED)
    file.seek(int(end[1]))
    if not _INDEX.match(file.read(64)):
        raise Unfit(Refusal.DAMAGED)
    return int(end[1])


def _parts(reader: PdfReader, file: BinaryIO, index: int) -> Iterator[tuple[bytes, int, bool]]:
    """Every object that a reader finds by the index: bytes, where in them it begins, and whether it is many in one."""
    places = {offset for generation in reader.xref.values() for offset in generation.values()}
    # What follows the index, or is one itself, may hold the whole catalogue and has no place in it.
    places.add(index)
    packed = {stream for stream, _ in reader.xref_objStm.values()}
    if len(places) + len(reader.xref_objStm) > _MOST_OBJECTS:
        raise Unfit(Refusal.TOO_COMPLEX)
    file.seek(0)
    whole = file.read()
    for place in sorted(places):
        yield whole, place, False
    for number in sorted(packed):
        stream = reader.get_object(IndirectObject(number, 0, reader))
        if not isinstance(stream, StreamObject):
            raise Unfit(Refusal.DAMAGED)
        yield stream.get_data(), int(stream["/First"]), True


def _refuse_active(content: bytes, start: int, is_packed: bool, left: int, opening: set[int]) -> int:
    """Look at the names of an object, or of all that are packed into one, to the last byte; what is ``left`` of the patience. The
    numbers of ``opening`` actions that stand elsewhere are added."""
    at, inside = start, bytearray()
    while token := _TOKENS.search(content, at):
        left -= token.end() - at + _WORD
        at = token.end()
        # In a list or dictionary these words mean nothing, and readers go on behind them.
        if token["end"] and not inside and not is_packed:
            break
        if token["opens"]:
            inside += token["opens"][:1]
        elif token["closes"] and inside.endswith(_OPENED_BY[token["closes"]]):
            inside.pop()
        elif token["string"]:
            at = _end_of_string(content, at)
            left -= _STRINGS * (at - token.end())
        elif token["name"]:
            name = _ESCAPED.sub(_character, token["name"])
            if name in _ACTIVE:
                raise Unfit(Refusal.ACTIVE_CONTENT)
            if name == _OPENING and (number := _opened_by(content, at)) is not None:
                opening.add(number)
        if left < 0 or len(inside) > _DEEPEST:
            raise Unfit(Refusal.TOO_COMPLEX)
    else:
        left -= len(content) - at
    if left < 0:
        raise Unfit(Refusal.TOO_COMPLEX)
    return left


def _end_of_string(content: bytes, at: int) -> int:
    depth = 1
    while depth and (found := _STRING.search(content, at)):
        at = found.end()
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
    return at if not depth else len(content)


def _character(escaped: re.Match[bytes]) -> bytes:
    return bytes([int(escaped[1], 16)])
