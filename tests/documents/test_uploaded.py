"""Videos and documents are looked through to the end: honest ones pass as they are, and each hostile one is refused by name."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from documents.unfit import Unfit
from documents.uploaded import look_through
from domain.formats import Format
from domain.media import Refusal
from tests.support import movies
from tests.support.movies import box, element, fragmented, mp4, webm
from tests.support.papers import archive, doc, docx, nested_bomb, packed_pdf, pdf, relation, relations_of
from tests.support.pictures import JAR, PAYLOAD, SVG, picture

PAGE = b"<html><script>alert(document.domain)</script></html>"


def look(content: bytes, claimed: Format):
    return look_through(io.BytesIO(content), len(content), claimed)


def refusal(content: bytes, claimed: Format) -> Refusal:
    with pytest.raises(Unfit) as unfit:
        look(content, claimed)
    return unfit.value.reason


@pytest.mark.parametrize(
    ("content", "claimed", "size"),
    [
        (mp4(), Format.MP4, (640, 360)),
        (mp4(is_turned=True), Format.MP4, (360, 640)),
        (mp4(b"qt  "), Format.QUICKTIME, (640, 360)),
        (mp4(b"qt  "), Format.MP4, (640, 360)),
        (mp4() + box(b"free", bytes(400_000)), Format.MP4, (640, 360)),
        (fragmented(), Format.MP4, (640, 360)),
        (webm(), Format.WEBM, (640, 360)),
        (webm(is_live=True), Format.WEBM, (640, 360)),
        (pdf(), Format.PDF, None),
        (pdf(text=b"HTML/JavaScript \\(and /Launch\\) since 2019"), Format.PDF, None),
        (pdf(b"<< /Title (C++/JavaScript \\( ) /Author (A \\(B\\)) >>"), Format.PDF, None),
        (packed_pdf(b"<< /S /GoTo /D [3 0 R /Fit] >>"), Format.PDF, None),
        (doc(), Format.DOC, None),
        (doc({"1Table": b"styles"}), Format.DOC, None),
        (docx(), Format.DOCX, None),
        (docx(relations=relation("hyperlink", "https://example.com")), Format.DOCX, None),
        (docx({"word/media/image1.jpeg": picture()}), Format.DOCX, None),
    ],
    ids=[
        *("mp4", "turned", "quicktime", "quicktime as mp4", "room for growth", "fragmented", "webm", "recorded webm"),
        *("pdf", "words in its text", "words in its strings", "packed pdf", "doc", "doc with styles"),
        *("docx", "link in a docx", "picture in a docx"),
    ],
)
def test_an_honest_file_passes(content, claimed, size):
    assert look(content, claimed) == size


@pytest.mark.parametrize(
    ("content", "claimed", "reason"),
    [
        (PAYLOAD, Format.MP4, Refusal.NOT_A_VIDEO),
        (JAR, Format.PDF, Refusal.NOT_WHAT_IT_SAYS),
        (SVG, Format.DOCX, Refusal.NOT_A_DOCUMENT),
        (PAGE, Format.DOC, Refusal.NOT_A_DOCUMENT),
        (b"", Format.WEBM, Refusal.NOT_A_VIDEO),
        (b"MZ" + mp4(), Format.MP4, Refusal.NOT_A_VIDEO),
        (mp4(), Format.WEBM, Refusal.NOT_WHAT_IT_SAYS),
        (pdf(), Format.DOCX, Refusal.NOT_WHAT_IT_SAYS),
        (docx(), Format.PDF, Refusal.NOT_WHAT_IT_SAYS),
        (mp4(), Format.PDF, Refusal.NOT_WHAT_IT_SAYS),
    ],
    ids=range(10),
)
def test_a_file_of_another_sort_is_not_taken_for_what_it_calls_itself(content, claimed, reason):
    assert refusal(content, claimed) is reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (mp4(handler=b"soun"), Refusal.NOT_A_VIDEO),
        (mp4(b"heic"), Refusal.NOT_A_VIDEO),
        (movies.ftyp() + box(b"mdat", bytes(100)), Refusal.DAMAGED),
        (mp4()[:-1], Refusal.DAMAGED),
        (mp4() + b"MZ" + bytes(100), Refusal.DAMAGED),
        (mp4() + JAR, Refusal.TWO_FACED),
        (mp4() + box(b"free", JAR), Refusal.TWO_FACED),
        (movies.ftyp() + box(b"free", PAGE) + mp4()[len(movies.ftyp()) :], Refusal.TWO_FACED),
        (movies.ftyp() + box(b"free", b"%PDF-1.4") + mp4()[len(movies.ftyp()) :], Refusal.TWO_FACED),
        (mp4() + box(b"free", bytes(3_000_000)), Refusal.TWO_FACED),
        (mp4(elsewhere=b"http://169.254.169.254/\0"), Refusal.ACTIVE_CONTENT),
        (mp4(more=box(b"rmra", box(b"rmda"))), Refusal.ACTIVE_CONTENT),
        (mp4(codec=b"encv"), Refusal.ENCRYPTED),
        (mp4(more=box(b"free") * 30_000), Refusal.TOO_COMPLEX),
        (mp4(more=b"\x7f\xff\xff\xfffree"), Refusal.DAMAGED),
        (mp4(more=b"\0\0\0\x01free" + b"\xff" * 8), Refusal.DAMAGED),
        (mp4() + mp4(), Refusal.DAMAGED),
    ],
    ids=[
        *("sound only", "a picture's brand", "no contents", "cut off", "appended program", "appended jar"),
        *("jar in a box", "page in a box", "pdf in a box", "much besides", "fetched from elsewhere", "leads elsewhere"),
        *("encrypted", "thousands of boxes", "too long a box", "endless box", "two films"),
    ],
)
def test_a_hostile_mp4_is_refused(content, reason):
    assert refusal(content, Format.MP4) is reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (webm(b"matroska"), Refusal.NOT_A_VIDEO),
        (webm(kind=2, codec=b"A_OPUS"), Refusal.NOT_A_VIDEO),
        (webm(codec=b"V_MPEG4/ISO/AVC"), Refusal.NOT_A_VIDEO),
        (webm()[:-1], Refusal.DAMAGED),
        (webm() + b"MZ" + bytes(100), Refusal.TWO_FACED),
        (webm() + JAR, Refusal.TWO_FACED),
        (webm(is_live=True) + b"MZ" + bytes(100), Refusal.DAMAGED),
        (webm(b"webm", element(0x1941A469, bytes(10))), Refusal.ACTIVE_CONTENT),
        (webm(b"webm", element(0xEC, bytes(2_000_000))), Refusal.TWO_FACED),
        (webm(b"webm", b"\xec\x80" * 1_100_000), Refusal.TOO_COMPLEX),
        (webm(b"webm", element(0xEC, PAGE) + b"\0" * 9), Refusal.TWO_FACED),
    ],
    ids=[
        *(
            "matroska",
            "sound only",
            "other codec",
            "cut off",
            "appended program",
            "appended jar",
            "appended to a recording",
        ),
        *("attachment", "large filling", "a million elements", "page in a filling"),
    ],
)
def test_a_hostile_webm_is_refused(content, reason):
    started = time.monotonic()
    assert refusal(content, Format.WEBM) is reason
    assert time.monotonic() - started < 20


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf(SCRIPT, root=b"/OpenAction 6 0 R"), Refusal.ACTIVE_CONTENT),
        (pdf(b"<< /S /Java#53cript /J#53 (x) >>", root=b"/OpenAction 6 0 R"), Refusal.ACTIVE_CONTENT),
        (packed_pdf(SCRIPT), Refusal.ACTIVE_CONTENT),
        (packed_pdf(SCRIPT, behind=b" null stream"), Refusal.ACTIVE_CONTENT),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), Refusal.ACTIVE_CONTENT),
        (pdf(b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream"), Refusal.ACTIVE_CONTENT),
        (pdf(trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >>"), Refusal.ENCRYPTED),
        (pdf() + JAR, Refusal.TWO_FACED),
        (pdf() + PAGE, Refusal.TWO_FACED),
        (pdf(version=b"1.4\n%" + PAGE), Refusal.TWO_FACED),
        (b"MZ\n" + pdf(), Refusal.NOT_A_DOCUMENT),
        (pdf()[:-30], Refusal.DAMAGED),
        (pdf().replace(b"startxref\n", b"startxref\n9"), Refusal.DAMAGED),
        (b"%PDF-1.4\n" + bytes(2_000), Refusal.DAMAGED),
        (packed_pdf(b"null", unpacks_to=400_000_000), Refusal.DAMAGED),
    ],
    ids=[
        *(
            "script",
            "script spelled otherwise",
            "packed script",
            "script behind a word",
            "launch",
            "file inside",
            "encrypted",
        ),
        *(
            "appended jar",
            "appended page",
            "page in a comment",
            "prepended program",
            "cut off",
            "index elsewhere",
            "nothing",
        ),
        "bomb",
    ],
)
def test_a_hostile_pdf_is_refused(content, reason):
    assert refusal(content, Format.PDF) is reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (doc(name="Workbook"), Refusal.NOT_A_DOCUMENT),
        (doc({"_VBA_PROJECT": b"Attribute"}), Refusal.ACTIVE_CONTENT),
        (doc({"\x01Ole10Native": b"MZ"}), Refusal.ACTIVE_CONTENT),
        (doc(flags=0x0100), Refusal.ENCRYPTED),
        (doc({"EncryptedPackage": b"x"}), Refusal.ENCRYPTED),
        (doc() + JAR, Refusal.TWO_FACED),
        (doc() + bytes(100_000), Refusal.TWO_FACED),
        (doc()[:600], Refusal.DAMAGED),
    ],
    ids=[
        "workbook",
        "macros",
        "program inside",
        "encrypted",
        "encrypted docx",
        "appended jar",
        "appended bytes",
        "cut off",
    ],
)
def test_a_hostile_doc_is_refused(content, reason):
    assert refusal(content, Format.DOC) is reason


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><x>&x;</x>'
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def prefixed(content: bytes, before: bytes) -> bytes:
    return before + content


def lying(content: bytes) -> bytes:
    """An archive whose directory says that its largest part is small."""
    written = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = max(part.file_size for part in packed.infolist())
    assert written.count(size.to_bytes(4, "little")) >= 2
    return bytes(written.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (archive({"mimetype": "x"}), Refusal.NOT_A_DOCUMENT),
        (docx(main="text/xml"), Refusal.NOT_A_DOCUMENT),
        (docx(without=("[Content_Types].xml",)), Refusal.NOT_A_DOCUMENT),
        (docx(main=MACROS), Refusal.NOT_A_DOCUMENT),
        (docx({"word/vbaProject.bin": b"x"}), Refusal.ACTIVE_CONTENT),
        (docx({"word/embeddings/Workbook.xlsx": b"x"}), Refusal.ACTIVE_CONTENT),
        (docx({"word/media/image1.png": b"MZ" + bytes(100)}), Refusal.ACTIVE_CONTENT),
        (docx({"../../../etc/cron.d/x": "* * * * *"}), Refusal.ACTIVE_CONTENT),
        (docx({"/etc/passwd": "x"}), Refusal.ACTIVE_CONTENT),
        (docx({"word\\..\\x": "x"}), Refusal.ACTIVE_CONTENT),
        (docx({"word/document.xml": ENTITY}), Refusal.ACTIVE_CONTENT),
        (docx({"word/document.xml": ENTITY.encode("utf-16")}), Refusal.ACTIVE_CONTENT),
        (docx({"word/_rels/document.xml.rels": ENTITY}), Refusal.ACTIVE_CONTENT),
        (docx({"word/big.xml": " " * 65_530 + ENTITY}), Refusal.ACTIVE_CONTENT),
        (docx(relations=relation("attachedTemplate", "http://evil.example/x.dotm")), Refusal.ACTIVE_CONTENT),
        (docx({"word/media/bomb.zip": nested_bomb()}), Refusal.ACTIVE_CONTENT),
        (docx({"word/media/image1.png": nested_bomb()}), Refusal.ACTIVE_CONTENT),
        (docx({"word/media/image1.bmp": bytes(70_000_000)}), Refusal.TOO_COMPLEX),
        (lying(docx({"word/media/image1.bmp": bytes(70_000_000)})), Refusal.DAMAGED),
        (docx({f"word/{number}.xml": "<x/>" for number in range(1_001)}), Refusal.TOO_COMPLEX),
        (docx({"word/_rels/document.xml.rels": "<x>" + " " * 3_000_000 + "</x>"}), Refusal.TOO_COMPLEX),
        (docx() + b"MZ" + bytes(50), Refusal.TWO_FACED),
        (docx({"WORD/document.xml": "<x/>"}), Refusal.TWO_FACED),
        (docx()[:-30], Refusal.DAMAGED),
    ],
    ids=[
        *(
            "other archive",
            "other type",
            "no types",
            "macros by type",
            "macros",
            "workbook inside",
            "program as a picture",
        ),
        *(
            "zip slip",
            "absolute name",
            "backslashes",
            "entity",
            "entity in UTF-16",
            "entity in relations",
            "entity across",
        ),
        *("template elsewhere", "42.zip", "42.zip as a picture", "bomb", "lying bomb", "many parts", "long relations"),
        *("appended program", "two of one name", "cut off"),
    ],
)
def test_a_hostile_docx_is_refused(content, reason):
    assert refusal(content, Format.DOCX) is reason


def test_an_archive_with_something_between_its_parts_is_refused():
    content = docx()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        at = packed.infolist()[1].header_offset
    moved = bytearray(content[:at] + PAGE + content[at:])
    # Every later place in the directory is moved along.
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        places, start = [part.header_offset for part in packed.infolist()], packed.start_dir
    for place in places[1:]:
        where = moved.index(place.to_bytes(4, "little"), start)
        moved[where : where + 4] = (place + len(PAGE)).to_bytes(4, "little")
    where = moved.rindex(start.to_bytes(4, "little"))
    moved[where : where + 4] = (start + len(PAGE)).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(moved))) as packed:
        assert packed.testzip() is None
    assert refusal(bytes(moved), Format.DOCX) is Refusal.TWO_FACED


HIDDEN = b"/S /JavaScript /JS (app.alert\\(1\\)) >>"
CATALOGUE = b"/Root << /Type /Catalog /Pages 2 0 R /OpenAction << " + HIDDEN + b" >>"


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"<< stream " + HIDDEN, root=b"/OpenAction 6 0 R"),
        pdf(b"<< endobj " + HIDDEN, root=b"/OpenAction 6 0 R"),
        pdf(b"[ << ] >> stream << " + HIDDEN + b" ]", root=b"/Annots 6 0 R"),
        pdf(b"<< /S /JavaScript\0/JS\0(x) >>", root=b"/OpenAction 6 0 R"),
        pdf().replace(b"/Root 1 0 R", CATALOGUE),
        packed_pdf(b"null").replace(b"/Root 1 0 R", CATALOGUE),
    ],
    ids=["behind a word", "behind an end", "in a list", "before a zero", "beside the index", "in the index"],
)
def test_a_script_does_not_hide_from_us_where_a_lenient_reader_finds_it(content):
    assert refusal(content, Format.PDF) is Refusal.ACTIVE_CONTENT


@pytest.mark.parametrize("filling", [b"/", b"<<", b"/A["])
def test_a_pdf_of_nothing_but_words_does_not_keep_a_worker_busy(filling):
    content = pdf(filling * (4_900_000 // len(filling)))
    began = time.process_time()
    assert refusal(content, Format.PDF) is Refusal.TOO_COMPLEX
    assert time.process_time() - began < 15


def led_to(kind: str, target: str) -> str:
    """Relations of a document, one of them to another part of it."""
    return relations_of(relation(kind, target).replace(' TargetMode="External"', ""))


@pytest.mark.parametrize(
    "parts",
    [
        {"word/_rels/settings.xml.RELS": relations_of(relation("attachedTemplate", "http://evil.example/x.dotm"))},
        {"word/_rels/settings.xml.rels/[0].last.piece": "<x/>"},
        {"word/chunk.mht": "MIME-Version: 1.0"},
        {"word/letter.rtf": "{\\rtf1}"},
        {"word/chunk.txt": "x", "word/_rels/x.xml.rels": led_to("aFChunk", "chunk.txt")},
        {"word/media/x.wmf": "x", "word/_rels/x.xml.rels": led_to("oleObject", "media/x.wmf")},
    ],
    ids=["relations in capitals", "a part in pieces", "page of mail", "rich text", "text of any format", "object"],
)
def test_a_docx_takes_in_nothing_that_nobody_has_looked_at(parts):
    assert refusal(docx(parts), Format.DOCX) is Refusal.ACTIVE_CONTENT


@pytest.mark.parametrize("stream", ["\x03ObjInfo", "Equation Native"])
def test_what_is_embedded_in_a_doc_is_known_by_what_lies_beside_it(stream):
    assert refusal(doc({stream: b"x"}), Format.DOC) is Refusal.ACTIVE_CONTENT


def test_whatever_a_parser_stumbles_over_is_the_files_fault():
    honest = {Format.MP4: mp4(), Format.WEBM: webm(), Format.PDF: pdf(), Format.DOCX: docx(), Format.DOC: doc()}
    for claimed, content in honest.items():
        for at in range(0, min(len(content), 900), 7):
            broken = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
            try:
                look(broken, claimed)
            except Unfit:
                continue
