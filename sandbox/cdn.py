"""The place where uploaded pictures can be fetched from, as a CDN in front of a bucket serves them: a folder of files."""

from __future__ import annotations

from pathlib import Path

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


@blueprint.get("/<path:key>")
def picture(key: str) -> Response:
    """A picture by its storage key; nothing else of the folder, and nothing outside it."""
    folder, kind = here().config.cdn_folder, TYPES.get(Path(key).suffix)
    if not folder or not kind:
        abort(404)
    answer = send_from_directory(Path(folder).absolute(), key, mimetype=kind, max_age=MAX_AGE)
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    # Somebody who opens a drawing by itself must not run what it may hold.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
