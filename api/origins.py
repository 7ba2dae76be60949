"""Whose pages may call us: browsers of these exact origins, and a developer's from any port of their own machine."""

from __future__ import annotations

import re
from functools import lru_cache

from flask import Flask, Response, request
from flask_cors import CORS
from flask_cors.core import get_cors_headers, get_cors_options
from werkzeug.datastructures import Headers

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

#: What a page of any origin may send to, and read the answers of; browsers send no credentials along.
OPEN = r"/api/guides/apply"

#: A scheme, the longest of names and a port.
LONGEST_ORIGIN = 270


class Origins:
    """The origins of one application, and what a browser is told of them."""

    def __init__(self, settings: Settings):
        self._allowed = _origins(settings)
        self._api_url = settings.api_url
        usual = {"expose_headers": list(_EXPOSED), "max_age": 600, "always_send": False, "vary_header": True}
        methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
        self._resource = usual | {"origins": self._allowed, "allow_headers": list(_ALLOWED), "methods": methods}
        self._open = usual | {
            "origins": "*",
            "send_wildcard": True,
            "allow_headers": ["Content-Type", "X-Request-ID"],
            "methods": ["POST"],
        }
        #: Strangers send what they like, so not without end; what an origin is told never changes.
        self._remembered = lru_cache(maxsize=256)(self._told)

    def register(self, app: Flask) -> None:
        """Answer preflights, and tell browsers that their pages may read the answers."""
        usual = rf"(?!{OPEN}/?$)/(api|health)(/.*)?$"
        CORS(app, resources={rf"{OPEN}/?$": self._open, usual: self._resource})
        self._options = get_cors_options(app, self._resource)
        # Only browsers send an origin, and nothing is added for others; that is found out here at a tenth of the cost.
        functions = app.after_request_funcs[None]
        add_headers = functions.pop()

        def for_browsers(response: Response) -> Response:
            return add_headers(response) if "HTTP_ORIGIN" in request.environ else response

        functions.append(for_browsers)

    def may_connect(self, origin: str) -> bool:
        """Whether a browser's page of this origin may open a socket: those that may call the API, and the API's own."""
        allowed = [self._api_url, *self._allowed]
        return any(each.match(origin) if isinstance(each, re.Pattern) else each == origin for each in allowed)

    def told(self, origin: str) -> tuple[tuple[str, str], ...]:
        """The headers of an answer to a plain GET, none for a strange origin. Vary is every public answer's own."""
        return self._remembered(origin) if len(origin) <= LONGEST_ORIGIN else ()

    def _told(self, origin: str) -> tuple[tuple[str, str], ...]:
        headers = get_cors_headers(self._options, Headers({"Origin": origin}), "GET")
        return tuple((name, str(value)) for name, value in headers.items(multi=True) if name != "Vary")


def _origins(settings: Settings) -> list[str | re.Pattern[str]]:
    origins: list[str | re.Pattern[str]] = [settings.frontend_url, *settings.cors_allowed_origins]
    return origins if settings.is_production else [*origins, _LOCALHOST]
