"""WebM: elements in elements, as Matroska has them. They must tile the file and hold a video track, and nothing attached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from documents.unfit import Unfit
from domain.media import Refusal

_EBML, _DOC_TYPE = 0x1A45DFA3, 0x4282
_SEGMENT, _CLUSTER, _TRACKS, _ATTACHMENTS = 0x18538067, 0x1F43B675, 0x1654AE6B, 0x1941A469
#: What else lies in a segment: index, information, cues, tags, chapters; and fillings, which may lie anywhere.
_SEGMENTS = frozenset({_CLUSTER, _TRACKS, 0x114D9B74, 0x1549A966, 0x1C53BB6B, 0x1254C367, 0x1043A770})
_FILLINGS = frozenset({0xEC, 0xBF})
#: What lies in a cluster: time, position, previous size, blocks and their groups.
_CLUSTERS = frozenset({0xE7, 0xA7, 0xAB, 0xA3, 0xA0, 0xAF, 0x5854}) | _FILLINGS
_ENTRY, _TYPE, _CODEC, _VIDEO, _WIDTH, _HEIGHT, _ENCODINGS = 0xAE, 0x83, 0x86, 0xE0, 0xB0, 0xBA, 0x6D80
_IS_VIDEO = 1
_CODECS = (b"V_VP8", b"V_VP9", b"V_AV1")
#: Blocks of a video of 50 MB that is recorded for an hour are some hundred thousand.
_MOST_ELEMENTS = 1_000_000
_LARGEST_TRACKS, _LARGEST_FILLING = 256 * 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Element:
    """An element by its id and where its content lies; recorders do not know yet where some of them ``end``."""

    id: int
    start: int
    end: int | None


class Reader:
    """Elements of one file, a bounded number of them."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._left = _MOST_ELEMENTS

    def element(self, at: int, end: int) -> Element:
        """The element that begins at ``at`` and ends by ``end``."""
        self._left -= 1
        if self._left < 0:
            raise Unfit(Refusal.TOO_COMPLEX)
        self._file.seek(at)
        head = self._file.read(min(12, end - at))
        if not head:
            raise Unfit(Refusal.DAMAGED)
        id_length = _length(head[0], 4)
        id_ = int.from_bytes(head[:id_length], "big")
        size_at = head[id_length : id_length + 1]
        if not size_at:
            raise Unfit(Refusal.DAMAGED)
        size_length = _length(size_at[0], 8)
        given = head[id_length : id_length + size_length]
        ones = (1 << (7 * size_length)) - 1
        size = int.from_bytes(given, "big") & ones
        start = at + id_length + size_length
        if len(given) < size_length or (size != ones and start + size > end):
            raise Unfit(Refusal.DAMAGED)
        return Element(id_, start, None if size == ones else start + size)

    def children(self, parent: Element) -> Iterator[Element]:
        """What an element of known end is tiled with."""
        at, end = parent.start, parent.end or 0
        while at < end:
            child = self.element(at, end)
            if child.end is None:
                raise Unfit(Refusal.DAMAGED)
            yield child
            at = child.end

    def content(self, element: Element, longest: int) -> bytes:
        length = (element.end or 0) - element.start
        if length > longest:
            raise Unfit(Refusal.DAMAGED)
        self._file.seek(element.start)
        return self._file.read(length)

    def number(self, element: Element) -> int:
        return int.from_bytes(self.content(element, 8), "big")


def look(file: BinaryIO, size: int) -> tuple[int, int]:
    """Width and height of the first video track."""
    reader = Reader(file)
    header = reader.element(0, size)
    if header.end is None or _doc_type(reader, header) != b"webm":
        raise Unfit(Refusal.NOT_A_VIDEO)
    segment = reader.element(header.end, size)
    if segment.id != _SEGMENT:
        raise Unfit(Refusal.NOT_A_VIDEO)
    if segment.end not in (None, size):
        # Something follows that no player would look at.
        raise Unfit(Refusal.TWO_FACED)
    tracks, clusters = _parts(reader, segment, size)
    if not clusters:
        raise Unfit(Refusal.DAMAGED)
    return _measured(reader, tracks)


def _length(first: int, longest: int) -> int:
    """Bytes of a number whose first byte says how many there are."""
    length = 9 - first.bit_length()
    if length > longest:
        raise Unfit(Refusal.DAMAGED)
    return length


def _doc_type(reader: Reader, header: Element) -> bytes:
    found = [reader.content(each, 16) for each in reader.children(header) if each.id == _DOC_TYPE]
    return found[0].rstrip(b"\0") if len(found) == 1 else b""


def _parts(reader: Reader, segment: Element, size: int) -> tuple[Sequence[Element], int]:
    """The tables of tracks and the number of clusters in a segment, which end with the file."""
    tracks, clusters, at = [], 0, segment.start
    while at < size:
        part = reader.element(at, size)
        if part.id == _ATTACHMENTS:
            raise Unfit(Refusal.ACTIVE_CONTENT)
        if part.id in _FILLINGS and (part.end or size) - part.start <= _LARGEST_FILLING:
            pass
        elif part.id not in _SEGMENTS:
            raise Unfit(Refusal.TWO_FACED)
        if part.end is None and part.id != _CLUSTER:
            raise Unfit(Refusal.DAMAGED)
        tracks += [part] * (part.id == _TRACKS)
        clusters += part.id == _CLUSTER
        at = part.end if part.end is not None else _end_of_cluster(reader, part, size)
    return tracks, clusters


def _end_of_cluster(reader: Reader, cluster: Element, size: int) -> int:
    """Where the elements end that belong into a cluster."""
    at = cluster.start
    while at < size:
        element = reader.element(at, size)
        if element.id not in _CLUSTERS:
            break
        if element.end is None:
            raise Unfit(Refusal.DAMAGED)
        at = element.end
    return at


def _measured(reader: Reader, tracks: Sequence[Element]) -> tuple[int, int]:
    for table in tracks:
        if (table.end or 0) - table.start > _LARGEST_TRACKS:
            raise Unfit(Refusal.TOO_COMPLEX)
        for entry in reader.children(table):
            if entry.id == _ENTRY and (size := _video(reader, list(reader.children(entry)))):
                return size
    raise Unfit(Refusal.NOT_A_VIDEO)


def _video(reader: Reader, entry: Sequence[Element]) -> tuple[int, int] | None:
    """The size of a track's pictures; None of a track that has none."""
    parts = {each.id: each for each in entry}
    if _TYPE not in parts or _CODEC not in parts or reader.number(parts[_TYPE]) != _IS_VIDEO:
        return None
    if not reader.content(parts[_CODEC], 64).startswith(_CODECS) or _VIDEO not in parts:
        raise Unfit(Refusal.NOT_A_VIDEO)
    if _ENCODINGS in parts:
        raise Unfit(Refusal.ENCRYPTED)
    sizes = {each.id: reader.number(each) for each in reader.children(parts[_VIDEO]) if each.id in (_WIDTH, _HEIGHT)}
    width, height = sizes.get(_WIDTH, 0), sizes.get(_HEIGHT, 0)
    if not (0 < width < 2**15 and 0 < height < 2**15):
        raise Unfit(Refusal.DAMAGED)
    return width, height
