"""What the world may do with the bucket: read what is public and nothing else, and send files to it from our pages."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import httpx

from composition import storage_from
from domain.files import PRIVATE
from domain.formats import Format
from domain.provider_errors import ProviderError
from ops.doctor.findings import Finding, broken, good, unseen
from ops.doctor.patient import Patient
from providers.storage.s3 import S3Storage
from settings import Settings

_HASTY = httpx.Timeout(5, connect=3)
_MOMENT = timedelta(minutes=1)
_HOW = "See docs/deployment.md, 'The bucket'."
#: S3's answers to whoever may not; of a page that may not it says so by leaving the headers out.
_REFUSALS = (401, 403, 404)


def privacy(patient: Patient) -> Iterator[Finding]:
    """A private file and the list of all files, asked for as a stranger would."""
    with closing(_as_seen_outside(patient.settings)) as kept:
        key = f"{PRIVATE}doctor/{uuid.uuid4()}"
        try:
            kept.put(key, b"probe", content_type="text/plain")
        except ProviderError:
            yield unseen("Private files", "see Storage")
            return
        try:
            found = {"read private files": _bare(kept.signed_url(key, _MOMENT, "probe"))}
            if patient.settings.is_production:
                # The stand-in lets anybody.
                found["list all files"] = kept.presigned_post(key, Format.PDF, 1, _MOMENT)[0]
            may = [what for what, address in found.items() if _status(address) not in _REFUSALS]
        finally:
            kept.delete(key)
    if may:
        yield broken(
            "Private files",
            f"anybody may {' and '.join(may)} of {patient.settings.aws_bucket_name}",
            "Block public access, switch ACLs off, and let the bucket's policy give the CDN s3:GetObject on public/* and "
            f"nobody anything else. {_HOW}",
        )
    else:
        yield good("Private files", "strangers neither read nor list them")


def browsers(patient: Patient) -> Iterator[Finding]:
    """Whether browsers let our pages send files to the bucket by themselves: asked as they ask."""
    settings = patient.settings
    with closing(_as_seen_outside(settings)) as kept:
        address, _ = kept.presigned_post(f"{PRIVATE}doctor/probe", Format.PDF, 1, _MOMENT)
    pages = sorted({_origin(page) for page in (settings.frontend_url, *settings.cors_allowed_origins)})
    try:
        refused = [page for page in pages if not _may_send(address, page)]
    except httpx.TransportError as error:
        yield broken(
            "Direct uploads",
            f"{_origin(address)} does not answer ({type(error).__name__})",
            "STORAGE_PUBLIC_URL (or AWS_ENDPOINT_URL, where that is empty) has to be where browsers reach the bucket.",
        )
        return
    if refused:
        yield broken(
            "Direct uploads",
            f"the bucket's CORS keeps {len(refused)} of {len(pages)} {'page' if len(pages) == 1 else 'pages'} from sending files",
            _cure(settings),
            *refused,
        )
    else:
        yield good("Direct uploads", f"{' and '.join(pages)} may send files to the bucket")


def _as_seen_outside(settings: Settings) -> S3Storage:
    """The bucket, where browsers reach it; the stand-in of a container's neighbour is reached there by name alone."""
    seen = settings if settings.is_production else replace(settings, storage_public_url=settings.aws_endpoint_url)
    return storage_from(seen)


def _cure(settings: Settings) -> str:
    if not settings.is_production:
        return "./elite up makes the bucket with its CORS: start it anew."
    return f"Allow these origins the methods GET and POST with any header in the CORS of {settings.aws_bucket_name}. {_HOW}"


def _may_send(address: str, page: str) -> bool:
    asked = {"Origin": page, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    answer = httpx.options(address, headers=asked, timeout=_HASTY, trust_env=False)
    allowed = answer.headers.get("Access-Control-Allow-Origin", "")
    methods = answer.headers.get("Access-Control-Allow-Methods", "").replace(" ", "").split(",")
    return answer.is_success and allowed in ("*", page) and "POST" in methods


def _status(address: str) -> int:
    return httpx.get(address, timeout=_HASTY, trust_env=False).status_code


def _bare(address: str) -> str:
    """An address without what signs it."""
    return address.partition("?")[0]


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
