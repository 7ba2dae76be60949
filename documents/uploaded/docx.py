"""DOCX: an archive of XML. Its parts must tile it, unpack to little, stay where they are put and bring nothing along."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from defusedxml import DefusedXmlException, ElementTree

from documents.unfit import Unfit
from documents.uploaded.fields import Fields
from domain.media import Refusal

_TYPES, _DOCUMENT = "[Content_Types].xml", "word/document.xml"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MOST_PARTS = 1_000
#: What all parts may unpack to, and what those that are parsed.
_MOST_UNPACKED, _MOST_PARSED = 64 * 1024 * 1024, 1024 * 1024
_CHUNK = 64 * 1024
_LOCAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s4H2IH")
_MARK = b"PK\x05\x06"
_IS_ENCRYPTED, _HAS_DESCRIPTOR = 0x1, 0x8
#: What follows a part's bytes where its header could not tell their length yet, at most.
_DESCRIPTOR = 24
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_LINK_MODE = 0o120000
#: Macros, programs and whole files inside.
_ACTIVE = re.compile(
    r"vbaproject|vbadata|/embeddings/|/activex/|\.piece$"
    r"|\.(bin|exe|dll|js|vbs|jar|zip|docm?|docx|dot[mx]?|rtf|html?|mht|mhtml|hta|lnk|ps1|bat|cmd|scr|wsf|swf)$",
    re.I,
)
#: What Word would take in as a part of the document itself, in whatever format it finds there, or run.
_ACTIVE_RELATIONS = ("/afchunk", "/oleobject", "/package", "/control", "/vbaproject", "/subdocument")
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"MZ", b"\xd0\xcf\x11\xe0", b"\x7fELF")
_ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"


def look(file: BinaryIO, size: int) -> None:
    """Raise :class:`Unfit` where it is no Word document, or more than a text to be read."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise Unfit(Refusal.TOO_COMPLEX)
        for part in parts:
            _check_entry(part)
        names = {part.filename for part in parts}
        if len({name.lower() for name in names}) != len(parts):
            raise Unfit(Refusal.TWO_FACED)
        _check_tiling(file, archive, parts)
        if not {_TYPES, _DOCUMENT} <= names:
            raise Unfit(Refusal.NOT_A_DOCUMENT)
        _check_contents(archive, parts)


def _check_entry(part: zipfile.ZipInfo) -> None:
    """What the directory alone can tell, before anything is unpacked."""
    if part.flag_bits & _IS_ENCRYPTED:
        raise Unfit(Refusal.ENCRYPTED)
    name = part.orig_filename
    steps = name.rstrip("/").split("/")
    is_astray = name.startswith("/") or ".." in steps or "" in steps or "\\" in name or ":" in name or "\0" in name
    if is_astray or (part.external_attr >> 16) & 0o170000 == _LINK_MODE:
        raise Unfit(Refusal.ACTIVE_CONTENT)
    if part.compress_type not in _METHODS:
        raise Unfit(Refusal.DAMAGED)
    if _ACTIVE.search(name):
        raise Unfit(Refusal.ACTIVE_CONTENT)


def _check_tiling(file: BinaryIO, archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    """One part after the other from the first byte to the directory: nothing before, between, twice or behind."""
    at = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset != at:
            raise Unfit(Refusal.TWO_FACED)
        file.seek(at)
        fields = _LOCAL.unpack(file.read(_LOCAL.size))
        at += _LOCAL.size + fields[9] + fields[10] + part.compress_size
        if part.flag_bits & _HAS_DESCRIPTOR:
            at = _after_descriptor(file, at)
    size = file.seek(-_END.size, io.SEEK_END) + _END.size
    mark, *_, length, place, comment = _END.unpack(file.read(_END.size))
    if not (mark == _MARK and at == place == archive.start_dir and place + length + _END.size == size and not comment):
        raise Unfit(Refusal.TWO_FACED)


def _after_descriptor(file: BinaryIO, at: int) -> int:
    """Where the next part begins; with or without a mark of its own, a descriptor takes 12 to 24 bytes."""
    file.seek(at)
    following = file.read(_DESCRIPTOR + 4)
    for length in (12, 16, 20, 24):
        if following[length : length + 4] in (b"PK\x03\x04", b"PK\x01\x02"):
            return at + length
    raise Unfit(Refusal.TWO_FACED)


def _check_contents(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    """Every part, unpacked to its end: whatever the directory says, together they are bounded."""
    left = _MOST_UNPACKED
    for part in parts:
        # To Word the case of names says nothing.
        name = part.filename.lower()
        is_xml = name.endswith((".xml", ".rels"))
        is_parsed = part.filename == _TYPES or name.endswith(".rels")
        kept, before, fields = bytearray(), b"", Fields()
        for chunk in _unpacked(archive, part):
            left -= len(chunk)
            if left < 0 or len(kept) > _MOST_PARSED:
                raise Unfit(Refusal.TOO_COMPLEX)
            if not before and chunk.startswith(_ARCHIVES):
                raise Unfit(Refusal.ACTIVE_CONTENT)
            # Without its zeros, UTF-16 reads like the rest; the end of the chunk before, for what lies across.
            if is_xml and _ENTITIES.search((before + chunk).replace(b"\0", b"")):
                raise Unfit(Refusal.ACTIVE_CONTENT)
            before = chunk[-32:]
            if is_xml:
                fields.feed(chunk)
            kept += chunk if is_parsed else b""
        if is_xml:
            fields.feed(b"", is_last=True)
        if is_parsed:
            _check_xml(part.filename, bytes(kept))


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as content:
        while chunk := content.read(_CHUNK):
            yield chunk


def _check_xml(name: str, content: bytes) -> None:
    """What the parts are said to be, and what they lead to."""
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unfit(Refusal.ACTIVE_CONTENT) from error
    if name == _TYPES:
        types = {each.get("PartName", "").lower(): each.get("ContentType") for each in root.iter(_TYPE)}
        if types.get(f"/{_DOCUMENT}") != _MAIN:
            raise Unfit(Refusal.NOT_A_DOCUMENT)
        if any("macro" in (said or "").lower() for said in types.values()):
            raise Unfit(Refusal.ACTIVE_CONTENT)
    for relation in root.iter(_RELATION):
        kind = relation.get("Type", "").lower()
        if kind.endswith(_ACTIVE_RELATIONS):
            raise Unfit(Refusal.ACTIVE_CONTENT)
        is_link = kind.endswith("/hyperlink")
        if relation.get("TargetMode", "").lower() == "external" and not is_link:
            # Templates, pictures and frames that Word would fetch by itself.
            raise Unfit(Refusal.ACTIVE_CONTENT)
