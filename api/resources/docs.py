"""The interactive documentation, served by ourselves: nothing is loaded from anywhere else."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from typing import Any

import flask
import orjson
import swagger_ui_bundle
from flask import Response

from api.public import conditional

blueprint = flask.Blueprint("docs", __name__, url_prefix="/api-docs")

DOCUMENT = "openapi_document"
#: Where a browser is led to the documentation.
FRONT_DOORS = ("/", "/api")
_ASSETS = Path(swagger_ui_bundle.swagger_ui_path)
_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
#: Swagger UI sets styles on elements and draws its icons from data: URLs; scripts are files of ours.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Elite Events Kenya: API</title>
<link rel="icon" href="/api-docs/favicon-32x32.png">
<link rel="stylesheet" href="/api-docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api-docs/swagger-ui-bundle.js"></script>
<script src="/api-docs/start.js"></script>
</body>
</html>
"""
_START = """window.addEventListener("load", function () {
  SwaggerUIBundle({
    url: "/api-docs/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    tryItOutEnabled: true,
    validatorUrl: null,
  });
});
"""


def keep_document(app: flask.Flask, document: dict[str, Any]) -> None:
    """Make the finished document the one that is served."""
    app.extensions[DOCUMENT] = orjson.dumps(document)


def front_door() -> Response:
    """Who opens an address under which everything stands is shown what is here."""
    return flask.redirect("/api-docs", 302)  # type: ignore[return-value]


@blueprint.get("")
def page() -> Response:
    """Swagger UI."""
    response = Response(_PAGE, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _CSP
    return _cached(response)


@blueprint.get("/start.js")
def start() -> Response:
    """What starts Swagger UI: a file, because the page allows no inline script."""
    return _cached(Response(_START, mimetype="text/javascript"))


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI document."""
    return _cached(Response(flask.current_app.extensions[DOCUMENT], mimetype="application/json"))


@blueprint.get(f"/<any({', '.join(repr(name) for name in _FILES)}):name>")
def asset(name: str) -> Response:
    """One of Swagger UI's own files."""
    kind = mimetypes.guess_type(name)[0]
    return _cached(Response((_ASSETS / name).read_bytes(), mimetype=kind))


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=300"
    response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest(), weak=True)
    return conditional(response)
