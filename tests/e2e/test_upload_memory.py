"""Large files and hostile ones through real processes: none is ever whole in memory, and nobody grows without bounds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import select

from domain.formats import LARGEST, Format
from domain.media import MediaKind
from models import Media
from tests.factories import Factory
from tests.support.house import RELAY, House, bulk_worker
from tests.support.http import Http
from tests.support.movies import box, mp4, webm
from tests.support.object_store import Bucket
from tests.support.papers import docx, nested_bomb, packed_pdf, pdf
from tests.support.pictures import bomb, many_scans, picture, text_bomb
from tests.support.waiting import eventually
from tests.support.web import web_server

pytestmark = pytest.mark.e2e

DOCX = Format.DOCX.value
BOUNDARY = "one-of-ours"


@pytest.fixture
def environ(web_environ, settings, bucket: Bucket) -> dict[str, str]:
    return web_environ | {
        "AWS_ENDPOINT_URL": settings.aws_endpoint_url,
        "AWS_BUCKET_NAME": settings.aws_bucket_name,
        "LIMIT_UPLOADS": "1000 per 1h",
        "LIMIT_UPLOAD_BYTES": "999999999 per 1d",
        "LOG_LEVEL": "info",
    }


def peak(process: psutil.Process) -> int:
    """The most memory that a process ever had, in MB; nothing where it has just ended."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)


def pieces(kind: str, content: bytes, mimetype: str) -> Iterator[bytes]:
    """A form with one file, as a network brings it."""
    yield (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{kind}"; filename="a"\r\nContent-Type: {mimetype}\r\n\r\n'
    ).encode()
    for at in range(0, len(content), 64 * 1024):
        yield content[at : at + 64 * 1024]
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def send(web: str, token: str, kind: str, content: bytes, mimetype: str) -> str:
    """The id of an upload; a busy machine asks to be asked again, and is."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(sum(map(len, pieces(kind, content, mimetype)))),
    }
    for _ in range(5):
        body = pieces(kind, content, mimetype)
        answer = httpx.post(f"{web}/api/upload/{kind}", content=body, headers=headers, timeout=120, trust_env=False)
        if answer.status_code != 503:
            break
        time.sleep(int(answer.headers["Retry-After"]))
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def serving(web: str) -> psutil.Process:
    """The one process that serves an address, without the one that watches over it."""
    port = web.rpartition(":")[2]
    # Others' processes may end while they are looked at; their command line is None then.
    commands = ((each, each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"]))
    (child,) = next(each for each, command in commands if port in command and "granian" in command).children()
    return child


@pytest.fixture
def web(environ, tmp_path: Path) -> Iterator[str]:
    with web_server(environ, tmp_path / "web.log", processes=1) as address:
        yield address


def test_several_videos_of_50_mb_at_once_are_never_in_the_memory_of_web(web, http: Http, make: Factory) -> None:
    film = mp4(size=LARGEST[MediaKind.VIDEO] - 2_000)
    token = http.signed_in_as(make.user()).token
    send(web, token, "video", mp4(), "video/mp4")
    before = peak(serving(web))
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(send, web, token, "video", film, "video/mp4") for _ in range(4)]
        assert all(each.result() for each in sent)
    # Granian hands the body on as it comes, werkzeug spools it, boto3 reads it in pieces.
    assert peak(serving(web)) - before < 40, f"{before} MB before"


def heavy() -> dict[str, tuple[str, bytes, str]]:
    """Whatever costs most to look at, and what it is sent as."""
    return {
        "50k x 50k": ("image", bomb(), "image/png"),
        "16 megapixels of png": ("image", picture("PNG", (3_990, 3_990), "RGBA"), "image/png"),
        "25 megapixels of jpeg": (
            "image",
            picture("JPEG", (5_000, 5_000), progressive=True, subsampling=1),
            "image/jpeg",
        ),
        "9 megapixels of webp": ("image", picture("WEBP", (2_990, 2_990), "RGBA", method=0), "image/webp"),
        "many passes": ("image", many_scans(500), "image/jpeg"),
        "text bomb": ("image", text_bomb(), "image/png"),
        "42.zip": ("document", docx({"word/media/image1.png": nested_bomb()}), DOCX),
        "bomb in a docx": ("document", docx({f"word/{n}.xml": bytes(7_000_000) for n in range(10)}), DOCX),
        "bomb in a pdf": ("document", packed_pdf(b"null", unpacks_to=400_000_000), "application/pdf"),
        "pdf of many objects": ("document", pdf(*[b"<< /A [1 2 3] /B (x) >>"] * 60_000), "application/pdf"),
        "50 mb of film": ("video", mp4(size=LARGEST[MediaKind.VIDEO] - 2_000), "video/mp4"),
        "50 mb of boxes": ("video", mp4(more=box(b"free") * 6_000_000), "video/mp4"),
        "50 mb of elements": ("video", webm(b"webm", b"\xec\x80" * 20_000_000), "video/webm"),
    }


def test_no_file_makes_a_worker_grow_without_bounds(
    web, environ, http: Http, make: Factory, tmp_path: Path, settings
) -> None:
    house, peaks = House(environ, tmp_path), dict[int, int]()
    token = http.signed_in_as(make.user()).token
    try:
        house.start(RELAY, "relay")
        ids = {send(web, token, *sent): name for name, sent in heavy().items()}
        worker = psutil.Process(house.start(bulk_worker("media"), "worker-bulk").pid)

        def is_over() -> bool:
            # One that has grown beyond 200 MB is replaced, so they are looked at all the time.
            for child in worker.children():
                peaks[child.pid] = max(peaks.get(child.pid, 0), peak(child))
            return ended(make) == len(ids)

        eventually(is_over, within=180, what=f"the end of all\n{house.log('worker-bulk')[-3000:]}")
    finally:
        house.stop()
    with make.db.reading() as session:
        became = {ids[str(each.id)]: each.refusal or each.state for each in session.scalars(select(Media))}
    assert peaks
    assert max(peaks.values()) < 300
    assert became == {
        "50k x 50k": "too_many_pixels",
        "16 megapixels of png": "ready",
        "25 megapixels of jpeg": "ready",
        "9 megapixels of webp": "ready",
        "many passes": "damaged",
        "text bomb": "damaged",
        "42.zip": "active_content",
        "bomb in a docx": "too_complex",
        "bomb in a pdf": "damaged",
        "pdf of many objects": "ready",
        "50 mb of film": "ready",
        "50 mb of boxes": "too_complex",
        "50 mb of elements": "too_complex",
    }


def ended(make: Factory) -> int:
    """How many uploads are checked."""
    with make.db.reading() as session:
        return len(session.scalars(select(Media.id).where(Media.state.in_(("ready", "refused")))).all())
