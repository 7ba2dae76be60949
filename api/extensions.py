"""What surrounds the views, as we set it: exact origins, compression, and limits on those that name one."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask, Response, request
from flask_compress import Compress
from flask_cors import CORS
from werkzeug.exceptions import HTTPException

from api.context import limited_address
from api.edge import edge
from api.limits import limited
from api.parsing import request_json
from domain.errors import Unauthenticated
from settings import Settings

# Flask-CORS only looks whether an origin begins so; the end has to be said.
_LOCALHOST = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?\Z")
_EXPOSED = (
    "Location",
    "Retry-After",
    "ETag",
    "X-Request-ID",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Idempotent-Replayed",
)
_ALLOWED = ("Authorization", "Content-Type", "Idempotency-Key", "Prefer", "If-None-Match", "X-Request-ID")


def allow_origins(app: Flask, settings: Settings) -> None:
    """Browsers of these exact origins may call us; a developer's from any port of their own machine."""
    CORS(
        app,
        resources={r"/(api|health)(/.*)?$": {"origins": _origins(settings)}},
        expose_headers=list(_EXPOSED),
        allow_headers=list(_ALLOWED),
        methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        max_age=600,
        always_send=False,
        vary_header=True,
    )
    # Only browsers send an origin, and nothing is added for others; that is found out here at a tenth of the cost.
    functions = app.after_request_funcs[None]
    functions.append(_for_browsers(functions.pop()))


def _for_browsers(add_headers: Callable[[Response], Response]) -> Callable[[Response], Response]:
    def only(response: Response) -> Response:
        return add_headers(response) if "HTTP_ORIGIN" in request.environ else response

    return only


def _origins(settings: Settings) -> list[str | re.Pattern[str]]:
    origins: list[str | re.Pattern[str]] = [settings.frontend_url, *settings.cors_allowed_origins]
    return origins if settings.is_production else [*origins, _LOCALHOST]


def may_connect(origin: str, settings: Settings) -> bool:
    """Whether a browser's page of this origin may open a socket: those that may call the API, and the API's own."""
    allowed = [settings.api_url, *_origins(settings)]
    return any(each.match(origin) if isinstance(each, re.Pattern) else each == origin for each in allowed)


def compress(app: Flask) -> None:
    """br or gzip, for what is worth it. Conditional requests are decided before, on the plain bytes."""
    app.config |= {
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_ALGORITHM_STREAMING": ["br"],
        "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
        "COMPRESS_MIMETYPES": [
            "application/json",
            "application/problem+json",
            "text/html",
            "text/css",
            "text/javascript",
            "application/javascript",
        ],
    }
    Compress(app)


def limit_views(app: Flask, settings: Settings) -> None:
    """Put every resource that names a limit under it; resources that name the same one share their count."""
    for endpoint, view in list(app.view_functions.items()):
        name = getattr(getattr(view, "view_class", None), "limited_by", None)
        if name is None:
            continue
        count, window = getattr(settings, name)
        subject = KEYS.get(name, limited_address)
        app.view_functions[endpoint] = limited(view, name, count, int(window.total_seconds()), subject)


def _presented_session() -> str:
    """The session that a refresh token names; whatever is none counts by address. It must not raise: the limiter would
    take that for a fault of Redis."""
    try:
        body = request_json()
        token = (body.get("refresh_token") or body.get("refreshToken")) if isinstance(body, dict) else None
        return str(edge().refresh_tokens.session_of(token)) if isinstance(token, str) else limited_address()
    except (HTTPException, Unauthenticated):
        return limited_address()


KEYS = {"limit_refresh": _presented_session}
