"""The stand-in for a CDN serves pictures of its folder, and nothing else of the machine."""

from __future__ import annotations

import httpx
import pytest


@pytest.fixture
def cdn(start_sandbox, tmp_path) -> str:
    (tmp_path / "cdn/demo").mkdir(parents=True)
    (tmp_path / "cdn/demo/walk-1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "cdn/demo/notes.txt").write_text("not a picture")
    (tmp_path / "secret.svg").write_text("outside")
    return start_sandbox(cdn_folder=str(tmp_path / "cdn")).base + "/cdn"


def test_a_picture_comes_with_its_type_and_may_be_kept_for_a_while(cdn):
    answer = httpx.get(f"{cdn}/demo/walk-1.svg")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    again = httpx.get(f"{cdn}/demo/walk-1.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "demo/nothing.svg",
        "demo/notes.txt",
        "demo",
        "",
        "../secret.svg",
        "%2e%2e/secret.svg",
        "demo/..%2f..%2fsecret.svg",
    ],
)
def test_nothing_else_is_to_be_had(cdn, path):
    assert httpx.get(f"{cdn}/{path}").status_code == 404


def test_without_a_folder_there_is_no_picture(start_sandbox):
    assert httpx.get(start_sandbox().base + "/cdn/demo/walk-1.svg").status_code == 404


@pytest.fixture
def with_origin(start_sandbox, tmp_path) -> str:
    """A CDN whose origin is another sandbox's folder: what matters is who is asked for what."""
    (tmp_path / "origin/public/avatars").mkdir(parents=True)
    (tmp_path / "origin/private").mkdir()
    (tmp_path / "origin/public/avatars/a.webp").write_bytes(b"picture")
    (tmp_path / "origin/private/b.webp").write_bytes(b"secret")
    origin = start_sandbox(cdn_folder=str(tmp_path / "origin")).base + "/cdn"
    return start_sandbox(cdn_origin=origin).base + "/cdn"


@pytest.mark.parametrize(
    "path", ["private/b.webp", "public/../private/b.webp", "public/%2e%2e/private/b.webp", "public/avatars/none.webp"]
)
def test_of_the_bucket_only_what_is_public_is_to_be_had(with_origin, path):
    assert httpx.get(f"{with_origin}/{path}").status_code == 404
