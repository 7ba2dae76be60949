"""The place where pictures can be fetched from, as a CDN in front of a bucket serves them: drawn ones from a folder, the
uploaded ones from the bucket."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, abort, send_from_directory

from sandbox.world import here

blueprint = Blueprint("cdn", __name__, url_prefix="/cdn")

TYPES = {
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}
#: Seconds; a file is replaced under its own name only on a developer's machine.
MAX_AGE = 300
#: The origin is asked directly, whatever the environment says of proxies.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
#: Pulling from the origin: seconds, and the largest picture.
ORIGIN_SECONDS, LARGEST_PICTURE = 5.0, 8 * 1024 * 1024


@blueprint.get("/<path:key>")
def picture(key: str) -> Response:
    """A picture by its storage key; nothing else of the folder, and nothing outside it and the bucket."""
    config, kind = here().config, TYPES.get(Path(key).suffix)
    if not kind:
        abort(404)
    # Normalised by nobody: what climbs is in the folder's hands only, which refuses it.
    if config.cdn_folder and not _is_uploaded(key):
        answer = send_from_directory(Path(config.cdn_folder).absolute(), key, mimetype=kind, max_age=MAX_AGE)
    elif config.cdn_origin and _is_uploaded(key):
        answer = Response(_pulled(f"{config.cdn_origin}/{quote(key)}"), mimetype=kind)
    else:
        abort(404)
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    # Somebody who opens a drawing by itself must not run what it may hold.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _is_uploaded(key: str) -> bool:
    """Only what the bucket's policy lets the world read: a CDN is let no further."""
    return key.startswith("public/") and ".." not in key


def _pulled(address: str) -> bytes:
    try:
        with _OPENER.open(address, timeout=ORIGIN_SECONDS) as origin:
            return origin.read(LARGEST_PICTURE)
    except urllib.error.HTTPError as refusal:
        with refusal:
            abort(404 if refusal.code in (403, 404) else 502)
    except (OSError, http.client.HTTPException):
        abort(502)
