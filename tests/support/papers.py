"""Documents for tests: a letter as PDF, DOC and DOCX, and what hostile people put into one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="%s"/></Types>"""
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>"""
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCUMENT = f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>Asante</w:t></w:r></w:p></w:body></w:document>'


def pdf(
    *objects: bytes, root: bytes = b"", text: bytes = b"Habari", trailer: bytes = b"", version: bytes = b"1.4"
) -> bytes:
    """A page with a text; ``objects`` are numbered from 6 on, ``root`` is said in the catalogue besides."""
    shown = b"BT /F1 24 Tf 72 700 Td (" + text + b") Tj ET"
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R " + root + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    )
    written, places = bytearray(b"%PDF-" + version + b"\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    index = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, trailer, index)
    return bytes(written)


def packed_pdf(hidden: bytes, *, behind: bytes = b"", unpacks_to: int = 0) -> bytes:
    """A PDF whose catalogue and ``hidden`` object are packed into one, indexed by a packed table."""
    inner = [b"<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R >>" + behind, hidden]
    heads = b"1 0 6 %d " % (len(inner[0]) + 1)
    packed = zlib.compress(heads + b" ".join(inner) + b" " * unpacks_to, 9)
    parts = {
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        4: b"<< /Type /ObjStm /N 2 /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(heads), len(packed), packed),
    }
    written, places = bytearray(b"%PDF-1.5\n"), {}
    for number, part in parts.items():
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    index = len(written)
    rows = [(0, 0, 255), (2, 4, 0), *((1, places[n], 0) for n in (2, 3, 4)), (1, index, 0), (2, 4, 1)]
    table = zlib.compress(b"".join(struct.pack(">BIB", *row) for row in rows))
    written += b"5 0 obj\n<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>\n" % len(
        table
    )
    written += b"stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, index)
    return bytes(written)


def docx(
    parts: Mapping[str, str | bytes] | None = None, *, main: str = _MAIN, relations: str = "", **left_out
) -> bytes:
    """A letter of Word's; ``parts`` are more of them, or others of the same names."""
    all_parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES % main,
        "_rels/.rels": _RELATIONS % "",
        "word/document.xml": _DOCUMENT,
        "word/_rels/document.xml.rels": _RELATIONS % relations,
        **(parts or {}),
    }
    return archive({name: content for name, content in all_parts.items() if name not in left_out.get("without", ())})


def relations_of(*relations: str) -> str:
    """What a part of a document leads to."""
    return _RELATIONS % "".join(relations)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return written.getvalue()


def relation(kind: str, target: str) -> str:
    """A relation that leads out of a document."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="r1" Type="{base}/{kind}" Target="{target}" TargetMode="External"/>'


def nested_bomb(depth: int = 5, width: int = 10) -> bytes:
    """42.zip's kind: archives of archives, and at the bottom so many zeros."""
    content = archive({"0.dll": bytes(1_000_000)})
    for _ in range(depth):
        content = archive({f"{number}.zip": content for number in range(width)})
    return content


_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def doc(streams: Mapping[str, bytes] | None = None, *, flags: int = 0, name: str = "WordDocument") -> bytes:
    """Word's old format: a file system of sectors with the document in it; ``streams`` are more of them."""
    text = struct.pack("<H8xH", 0xA5EC, flags) + bytes(4_096)
    files = {name: text, **{each: content.ljust(4_096, b"\0") for each, content in (streams or {}).items()}}
    sectors, chain, entries = bytearray(), [], []
    for each, content in files.items():
        start, count = len(chain), -(-len(content) // _SECTOR)
        chain += [*range(start + 1, start + count), _END]
        sectors += content.ljust(count * _SECTOR, b"\0")
        entries.append(_entry(each, 2, start, len(content)))
    directory_at = len(chain)
    directory = [_entry("Root Entry", 5, _END, 0, child=1)]
    # Each hangs to the right of the one before it.
    directory += [
        entry[:72] + struct.pack("<I", at + 2 if at + 1 < len(entries) else _FREE) + entry[76:]
        for at, entry in enumerate(entries)
    ]
    listed = b"".join(directory)
    listed = listed.ljust(-(-len(listed) // _SECTOR) * _SECTOR, b"\0")
    chain += [*range(directory_at + 1, directory_at + len(listed) // _SECTOR), _END]
    sectors += listed
    fat_at = len(chain)
    chain.append(_FAT)
    table = b"".join(struct.pack("<I", link) for link in chain).ljust(_SECTOR, b"\xff")
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_at)
    )
    head += struct.pack("<IIIIII", 0, 4_096, _END, 0, _END, 0) + struct.pack("<I", fat_at)
    return head.ljust(_SECTOR, b"\xff") + bytes(sectors) + table


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    shape = struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
    return written.ljust(64, b"\0") + shape + bytes(36) + struct.pack("<IQ", start, size)
