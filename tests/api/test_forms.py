"""Forms with files and texts: strict ones name what they do not know, lenient ones bear with a page that knows nothing of us."""

from __future__ import annotations

import errno
from io import BytesIO

import pytest
from marshmallow import fields

from api import create_app
from api.auth import PublicView
from api.schemas.base import Request, Text
from api.uploads import FileField, received_form
from domain.media import MediaKind
from tests.api.test_avatar import form, part

CV = FileField("resume", MediaKind.DOCUMENT)
FILM = FileField("video_file", MediaKind.VIDEO)
PICTURES = FileField("pictures", MediaKind.IMAGE, most=2)


class Words(Request):
    full_name = Text(longest=20, required=True)
    languages = fields.Raw()
    bio = Text(longest=100)


@pytest.fixture
def read(http):
    """What a form is read as, or the refusal."""
    app = create_app(http.edge.settings, http.edge.ports)

    def view(lenient: bool):
        class Read(PublicView):
            largest_body = 1_000_000

            def post(self):
                with received_form(CV, FILM, PICTURES, texts=Words, lenient=lenient) as read:
                    files = {
                        name: [[each.content_type, each.stream.read().decode()] for each in found]
                        for name, found in read.files.items()
                        if found
                    }
                    return {"texts": dict(read.texts), "files": files}

        return Read.as_view(f"read_{lenient}")

    for lenient in (True, False):
        app.add_url_rule(f"/{lenient}", view_func=view(lenient), methods=["POST"])

    def read(*parts: bytes, lenient: bool = False):
        return app.test_client().post(f"/{lenient}", **form(*parts))

    return read


def text(name: str, value: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


NAME = text("full_name", " Amina ")


@pytest.mark.parametrize("lenient", [True, False])
def test_texts_and_files_are_read_under_both_spellings(read, lenient):
    answer = read(
        text("fullName", " Amina "),
        text("languages", "en"),
        text("languages[]", "sw"),
        part("videoFile", b"film", "video/mp4"),
        part("pictures", b"one", "image/png"),
        part("pictures[]", b"two", "image/webp"),
        part("resume", b"cv", "application/octet-stream", "Amina.PDF"),
        lenient=lenient,
    ).get_json()
    assert answer["texts"] == {"full_name": "Amina", "languages": ["en", "sw"]}
    assert answer["files"] == {
        "resume": [["application/pdf", "cv"]],
        "video_file": [["video/mp4", "film"]],
        "pictures": [["image/png", "one"], ["image/webp", "two"]],
    }


def test_a_lenient_form_ignores_what_is_empty_and_what_it_does_not_know(read):
    answer = read(
        NAME,
        text("bio", "  "),
        text("utm_source", "facebook"),
        text("video_file", "undefined"),
        part("resume", b"", "application/octet-stream", ""),
        part("portrait", b"x", "image/gif"),
        lenient=True,
    )
    assert (answer.status_code, answer.get_json()) == (200, {"texts": {"full_name": "Amina"}, "files": {}})


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((NAME, text("utm_source", "x")), "utm_source"),
        ((NAME, part("portrait", b"x", "image/png")), "portrait"),
        ((NAME, text("resume", "")), "resume"),
        ((NAME, part("resume", b"", "application/pdf")), "resume"),
        ((NAME, part("bio", b"x", "text/plain")), "bio"),
    ],
    ids=["text", "file", "text for a file", "empty file", "file for a text"],
)
def test_a_strict_form_refuses_them_by_name(read, parts, field):
    answer = read(*parts)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


@pytest.mark.parametrize("lenient", [True, False])
@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((), "full_name"),
        ((text("full_name", "x" * 21),), "full_name"),
        ((NAME, text("fullName", "B")), "full_name"),
        ((NAME, part("resume", b"x", "text/html")), "resume"),
        ((NAME, part("resume", b"x", "application/pdf"), part("resume", b"y", "application/pdf")), "resume"),
        ((NAME, *(part("pictures", b"x", "image/png") for _ in range(3))), "pictures"),
    ],
    ids=["nothing", "too long", "given twice", "html", "two of one", "three of two"],
)
def test_what_is_wrong_is_named_either_way(read, parts, field, lenient):
    answer = read(*parts, lenient=lenient)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


@pytest.mark.parametrize("lenient", [True, False])
def test_a_form_of_a_thousand_parts_is_not_read_to_its_end(read, lenient):
    assert read(*(text(f"n{number}", "x") for number in range(1_000)), lenient=lenient).status_code == 413


def test_a_larger_body_than_the_resource_takes_is_refused(read):
    assert read(NAME, part("resume", bytes(1_000_001), "application/pdf")).status_code == 413


def test_a_full_disk_is_no_fault_of_the_form(read, monkeypatch):
    class Full(BytesIO):
        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("api.uploads.SpooledTemporaryFile", lambda most: Full())
    answer = read(NAME, part("resume", b"a CV", "application/pdf"))
    assert (answer.status_code, answer.get_json()["code"]) == (503, "storage_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
