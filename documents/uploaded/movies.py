"""MP4 and QuickTime: boxes in boxes. They must tile the file, name a brand that we know, and hold a video track of their own."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from documents.unfit import Unfit
from domain.media import Refusal

#: Boxes of one file: recorders write two for each second at most.
_MOST_BOXES = 20_000
#: Bytes of a film that are neither pictures nor sound nor the tables that lead to them.
_MOST_BESIDES = 2 * 1024 * 1024
_LARGEST_FTYP = 1024
_BRANDS = frozenset(
    {b"isom", *(b"iso%d" % number for number in range(2, 10)), b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V ", b"M4VH"}
    | {b"M4VP", b"MSNV", b"3gp4", b"3gp5", b"3gp6", b"dash", b"hvc1", b"hev1", b"av01", b"mp71", b"XAVC"}
)
_FILM = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp", b"ssix", b"prft"})
#: Where boxes are that we follow, by their parent.
_FOLLOWED = {
    b"moov": frozenset({b"trak", b"mvex", b"rmra", b"cmov"}),
    b"trak": frozenset({b"tkhd", b"mdia"}),
    b"mdia": frozenset({b"hdlr", b"minf"}),
    b"minf": frozenset({b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset({b"stsd", b"stsz", b"stz2", b"stco", b"co64"}),
}
#: A box of references: each says where the bytes are; with this flag, in this very file.
_HERE = 1


@dataclass(frozen=True, slots=True)
class Box:
    """A box by its kind and where its content lies."""

    kind: bytes
    start: int
    end: int


@dataclass(slots=True)
class Track:
    """What a track says of itself; width and height mean something where its handler is that of videos."""

    handler: bytes = b""
    width: int = 0
    height: int = 0
    is_turned: bool = False
    samples: int = 0
    first_chunk: int | None = None


@dataclass(slots=True)
class Film:
    """One file, how many boxes were read of it so far, and what they told."""

    file: BinaryIO
    left: int = _MOST_BOXES
    tracks: list[Track] = field(default_factory=list)
    is_fragmented: bool = False

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        """The boxes that tile ``start`` to ``end``."""
        while start < end:
            box = self._box(start, end)
            if box is None:
                return
            yield box
            start = box.end

    def read(self, box: Box, length: int, offset: int = 0) -> bytes:
        """Some of a box's content, all of it there."""
        if box.start + offset + length > box.end:
            raise Unfit(Refusal.DAMAGED)
        self.file.seek(box.start + offset)
        return self.file.read(length)

    def number(self, box: Box, offset: int) -> int:
        return struct.unpack(">I", self.read(box, 4, offset))[0]

    def _box(self, start: int, end: int) -> Box | None:
        self.left -= 1
        if self.left < 0:
            raise Unfit(Refusal.TOO_COMPLEX)
        self.file.seek(start)
        head = self.file.read(min(16, end - start))
        if len(head) < 8:
            # QuickTime ends some lists with a zero.
            if head.strip(b"\0"):
                raise Unfit(Refusal.DAMAGED)
            return None
        size, kind = struct.unpack(">I4s", head[:8])
        header = 8
        if size == 1 and len(head) == 16:
            header, size = 16, struct.unpack(">Q", head[8:])[0]
        elif size == 0:
            size = end - start
        if size < header or start + size > end or not _is_name(kind):
            raise Unfit(Refusal.DAMAGED)
        return Box(kind, start + header, start + size)


def look(file: BinaryIO, size: int) -> tuple[int, int]:
    """Width and height of the first video track, upright."""
    film = Film(file)
    top = list(film.boxes(0, size))
    _check_brand(film, top[0])
    kinds = [box.kind for box in top]
    if kinds.count(b"moov") != 1 or kinds.count(b"ftyp") != 1:
        raise Unfit(Refusal.DAMAGED)
    besides = sum(box.end - box.start for box in top if box.kind not in _FILM)
    if besides > _MOST_BESIDES:
        raise Unfit(Refusal.TWO_FACED)
    _follow(film, next(box for box in top if box.kind == b"moov"), None)
    media = [box for box in top if box.kind == b"mdat" and box.end > box.start]
    track = next((track for track in film.tracks if track.handler == b"vide" and track.width and track.height), None)
    if track is None:
        raise Unfit(Refusal.NOT_A_VIDEO)
    is_in_fragments = film.is_fragmented and b"moof" in kinds
    is_here = track.first_chunk is not None and any(box.start <= track.first_chunk < box.end for box in media)
    if not media or not (is_in_fragments or (track.samples and is_here)):
        raise Unfit(Refusal.DAMAGED)
    return (track.height, track.width) if track.is_turned else (track.width, track.height)


def _is_name(kind: bytes) -> bool:
    return all(32 <= char < 127 or char == 0xA9 for char in kind)


def _check_brand(film: Film, first: Box) -> None:
    if first.kind != b"ftyp" or not 8 <= first.end - first.start <= _LARGEST_FTYP:
        raise Unfit(Refusal.NOT_A_VIDEO)
    content = film.read(first, first.end - first.start)
    brands = {content[:4], *(content[at : at + 4] for at in range(8, len(content), 4))}
    if not brands & _BRANDS:
        raise Unfit(Refusal.NOT_A_VIDEO)


def _follow(film: Film, parent: Box, track: Track | None) -> None:
    """Everything that is of interest in a box, and in those in it; the table of what is followed has no cycle."""
    for box in film.boxes(parent.start, parent.end):
        if box.kind not in _FOLLOWED[parent.kind]:
            continue
        if box.kind == b"trak":
            film.tracks.append(Track())
            _follow(film, box, film.tracks[-1])
        elif box.kind in _FOLLOWED:
            _follow(film, box, track)
        elif box.kind == b"mvex":
            film.is_fragmented = True
        elif box.kind in (b"rmra", b"cmov"):
            # The film itself is elsewhere, or packed so that nobody has looked.
            raise Unfit(Refusal.ACTIVE_CONTENT if box.kind == b"rmra" else Refusal.DAMAGED)
        elif track is not None:
            _READERS[box.kind](film, box, track)


def _header(film: Film, box: Box, track: Track) -> None:
    version = film.read(box, 1)[0]
    across, down = struct.unpack(">ii", film.read(box, 8, 52 if version else 40))
    track.is_turned = across == 0 and down != 0


def _handler(film: Film, box: Box, track: Track) -> None:
    track.handler = film.read(box, 4, 8)


def _references(film: Film, box: Box, track: Track) -> None:
    entries = film.boxes(box.start + 8, box.end)
    if any(not film.number(entry, 0) & _HERE for entry in entries):
        # Whoever plays it would be sent to fetch from there.
        raise Unfit(Refusal.ACTIVE_CONTENT)


def _descriptions(film: Film, box: Box, track: Track) -> None:
    if not film.number(box, 4):
        raise Unfit(Refusal.DAMAGED)
    entry = next(film.boxes(box.start + 8, box.end))
    if entry.kind == b"encv":
        raise Unfit(Refusal.ENCRYPTED)
    if entry.end - entry.start >= 28:
        # Of what has no pictures these are other figures, and nobody asks for them.
        track.width, track.height = struct.unpack(">HH", film.read(entry, 4, 24))


def _samples(film: Film, box: Box, track: Track) -> None:
    track.samples = film.number(box, 8)


def _chunks(film: Film, box: Box, track: Track) -> None:
    if film.number(box, 4):
        width = 8 if box.kind == b"co64" else 4
        track.first_chunk = int.from_bytes(film.read(box, width, 8), "big")


_READERS = {
    b"tkhd": _header,
    b"hdlr": _handler,
    b"dref": _references,
    b"stsd": _descriptions,
    b"stsz": _samples,
    b"stz2": _samples,
    b"stco": _chunks,
    b"co64": _chunks,
}
