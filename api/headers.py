"""What every answer carries, errors included: ids, limits and the headers that keep browsers from doing harm."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers

import logs
import metrics
from api.context import request_id
from api.edge import edge
from api.limits import Hit

#: An API answer is data: nothing in it may run, load or be framed.
_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
_ONE_YEAR = "max-age=31536000; includeSubDomains"


def register(app: Flask) -> None:
    """Install in an application; must come before other extensions, for what is registered first runs last."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id())


def _finish(response: Response) -> Response:
    headers = response.headers
    headers.add("X-Request-ID", request_id())
    headers.extend(_ALWAYS)
    headers.setdefault("Content-Security-Policy", _CSP)
    if edge().settings.is_production:
        headers["Strict-Transport-Security"] = _ONE_YEAR
    # Whoever did not say that an answer is for everybody meant it for one.
    headers.setdefault("Cache-Control", "private, no-store")
    _tell_limits(headers, response.status_code)
    _account(response)
    return response


def _tell_limits(headers: Headers, status: int) -> None:
    hit: Hit | None = g.get("hit")
    if hit is None:
        return
    headers.add("RateLimit-Limit", str(hit.limit))
    headers.add("RateLimit-Remaining", str(hit.remaining))
    headers.add("RateLimit-Reset", str(hit.seconds))
    if status == 429:
        headers.add("Retry-After", str(hit.seconds))


def _account(response: Response) -> None:
    """One line in the log and one more in the counters."""
    identity = g.get("identity")
    # The template, never the path: callback paths hold tokens.
    route = request.url_rule.rule if request.url_rule else None
    seconds = time.perf_counter() - g.started
    metrics.request_answered(request.method, route, response.status_code, seconds)
    logs.request_answered(
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        user_id=str(identity.user_id) if identity else None,
        request_id=request_id(),
    )
