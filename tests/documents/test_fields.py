"""What a document would do by itself: Word's fields and a PDF's actions, refused where they start, fetch or send something."""

from __future__ import annotations

import time

import pytest

from documents.unfit import Unfit
from domain.formats import Format
from domain.media import Refusal
from tests.documents.test_uploaded import look
from tests.support.papers import doc, docx, packed_pdf, pdf

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def refusal(content: bytes, claimed: Format) -> Refusal | None:
    try:
        look(content, claimed)
    except Unfit as unfit:
        return unfit.reason
    return None


def char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instruction(*pieces: str) -> str:
    return "".join(f"<w:r><w:instrText xml:space='preserve'>{piece}</w:instrText></w:r>" for piece in pieces)


def field(*pieces: str, nested: str = "") -> str:
    return f"{char('begin')}{nested}{instruction(*pieces)}{char('separate')}<w:r><w:t>1</w:t></w:r>{char('end')}"


def letter(body: str, part: str = "word/document.xml") -> bytes:
    return docx({part: f'<w:document xmlns:w="{WORD}"><w:body><w:p>{body}</w:p></w:body></w:document>'})


@pytest.mark.parametrize(
    "body",
    [
        field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc.exe" '),
        field("DDE excel x"),
        field(" D", "DE", "AUTO cmd "),
        field("ddeauto cmd"),
        '<w:fldSimple w:instr=" DDEAUTO cmd "/>',
        field(" cmd", nested=field("QUOTE 68 68 69 65 85 84 79")),
        field(" cmd /k", nested=field("REF x")),
        field("", nested=field("QUOTE 68")),
        field(" " * 5_000, "&quot;", " DDE x"),
        field("IF 1 = 1 ") + field("INCLUDETEXT &quot;http://evil.example/x&quot;"),
        field('INCLUDEPICTURE "http://evil.example/x.png" \\d'),
        field("LINK Excel.Sheet.12 x"),
        field("MACROBUTTON Run"),
        char("begin") + instruction("DDEAUTO cmd") + char("end"),
        char("begin") + instruction("DDEAUTO cmd"),
        instruction("DDEAUTO cmd"),
        field("TOC") + "<w:instrText>DDE x</w:instrText>",
        f"{char('begin')}{instruction('PAGE')}{char('separate')}{field('DDE x')}{char('end')}",
    ],
    ids=[
        *(
            "DDEAUTO",
            "DDE",
            "in pieces",
            "small",
            "simple",
            "spelled by numbers",
            "from a field",
            "nothing else",
            "behind blanks",
            "text",
            "picture",
        ),
        *("link", "macro", "without a result", "without an end", "without a beginning", "outside", "in a result"),
    ],
)
def test_a_docx_starts_and_fetches_nothing_by_its_fields(body):
    assert refusal(letter(body), Format.DOCX) is Refusal.ACTIVE_CONTENT


@pytest.mark.parametrize(
    ("body", "reason"),
    [(char("begin") * 200, Refusal.TOO_COMPLEX), ("<w:r/>" * 3_000_000, None), (instruction("x" * 20_000_000), None)],
    ids=["deep", "millions of parts", "endless"],
)
def test_fields_cost_a_worker_little(body, reason):
    began = time.process_time()
    assert refusal(letter(body), Format.DOCX) is reason
    assert time.process_time() - began < 15


@pytest.mark.parametrize("part", ["word/header1.xml", "word/footnotes.xml", "word/glossary/document.xml"])
def test_no_part_of_a_docx_does(part):
    assert refusal(letter(field("DDE x"), part), Format.DOCX) is Refusal.ACTIVE_CONTENT


def test_a_field_in_utf_16_is_read():
    body = f'<?xml version="1.0" encoding="UTF-16"?><w:x xmlns:w="{WORD}">{field("DDE x")}</w:x>'
    assert refusal(docx({"word/header1.xml": body.encode("utf-16")}), Format.DOCX) is Refusal.ACTIVE_CONTENT


@pytest.mark.parametrize(
    "body",
    [
        field(" PAGE ") + field("NUMPAGES"),
        field(' HYPERLINK "https://example.com" ') + '<w:fldSimple w:instr=" DATE "/>',
        field(" TOC \\o &quot;1-3&quot; \\h ") + field("PAGEREF _Toc1 \\h"),
        field("IF ") + field(""),
        f"{char('begin')}{instruction(' IF ')}{field('MERGEFIELD name')}{instruction(' = 1')}{char('separate')}{char('end')}",
        "<w:r><w:t>I know DDE and DDEAUTO, QUOTE and INCLUDETEXT.</w:t></w:r>",
    ],
    ids=["pages", "link and date", "contents", "empty", "field in a field", "words"],
)
def test_an_honest_letter_may_have_fields(body):
    assert refusal(letter(body), Format.DOCX) is None


@pytest.mark.parametrize("text", [b"\x13 DDEAUTO cmd \x14", "\x13 DDE x\x14".encode("utf-16-le"), b"\x13INCLUDETEXT x"])
def test_a_doc_starts_nothing_by_its_fields(text):
    assert refusal(doc_with(text), Format.DOC) is Refusal.ACTIVE_CONTENT


@pytest.mark.parametrize("text", [b"\x13 PAGE \x14", b"DDEAUTO", "\x13 HYPERLINK x\x14".encode("utf-16-le")])
def test_an_honest_doc_may_have_fields(text):
    assert refusal(doc_with(text), Format.DOC) is None


def doc_with(text: bytes) -> bytes:
    """Word's old format with a text somewhere behind its header."""
    content = doc()
    at = content.index(b"\xec\xa5") + 1_000
    return content[:at] + text + content[at + len(text) :]


URI = b"<< /S /URI /URI (https://evil.example) >>"


@pytest.mark.parametrize(
    "content",
    [
        pdf(root=b"/OpenAction " + URI),
        pdf(URI, root=b"/OpenAction 6 0 R"),
        pdf(URI, root=b"/Open#41ction %c\n6 0%c\n R"),
        pdf(b"<< /S /GoTo /D [3 0 R /Fit] /Next 7 0 R >>", URI, root=b"/OpenAction 6 0 R"),
        pdf(URI, root=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 6 0 R >>"),
        pdf(root=b"/OpenAction << /S /Goto /D (" + b"x" * 50 + b") /U#52I (x) >>"),
        pdf(root=b"/OpenAction << /D [" + b"/X " * 200 + b"] >>"),
        packed_pdf(URI),
        pdf(root=b"/AA << /WC " + URI + b" >>"),
        pdf(b"<< /Type /Page /AA << /O 7 0 R >> >>", URI),
        pdf(b"<< /Subtype /Widget /AA << /Bl 7 0 R >> >>", URI),
        *(
            pdf(b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S " + kind + b" /F (x) >> >>")
            for kind in (b"/Launch", b"/SubmitForm", b"/GoToR", b"/GoToE", b"/ImportData", b"/JavaScript")
        ),
        pdf(b"<< /Names [(x) 7 0 R] >>", b"<< /S /JavaScript /JS (x) >>", root=b"/Names << /JavaScript 6 0 R >>"),
    ],
    ids=[
        *(
            "here",
            "elsewhere",
            "spelled otherwise",
            "behind a page elsewhere",
            "behind a page",
            "escaped",
            "without end",
        ),
        *("packed", "of the document", "of a page", "of a field", "launch", "send", "another file", "file inside"),
        *("data", "script", "script by name"),
    ],
)
def test_a_pdf_does_nothing_by_itself_but_show_a_page(content):
    assert refusal(content, Format.PDF) is Refusal.ACTIVE_CONTENT


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A " + URI + b" >>"),
        pdf(root=b"/OpenAction [3 0 R /XYZ null null 0]"),
        pdf(root=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
        pdf(b"[3 0 R /Fit]", root=b"/OpenAction 6 0 R"),
        pdf(b"<< /S /GoTo /D (top) >>", root=b"/OpenAction 6 0 R"),
        pdf(root=b"/OpenAction 3 0 R"),
        pdf(root=b"/OpenAction null /URI << /Base (https://example.com) >>"),
        pdf(b"<< /Title (x) /Next 7 0 R >>", b"<< /Title (y) >>"),
    ],
    ids=["link", "place", "page", "place elsewhere", "page elsewhere", "page itself", "base", "outline"],
)
def test_a_pdf_may_link_and_show_its_first_page(content):
    assert refusal(content, Format.PDF) is None
