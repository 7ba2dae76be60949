"""What every answer carries, errors included: ids, limits and the headers that keep browsers from doing harm."""

from __future__ import annotations

import math
import time

import redis
import structlog
from flask import Flask, Response, g, request

import metrics
from api.context import request_id
from api.edge import edge

log = structlog.get_logger("access")

#: An API answer is data: nothing in it may run, load or be framed.
_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
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
    headers["X-Request-ID"] = request_id()
    for name, value in _ALWAYS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", _CSP)
    if edge().settings.is_production:
        headers["Strict-Transport-Security"] = _ONE_YEAR
    # Whoever did not say that an answer is for everybody meant it for one.
    headers.setdefault("Cache-Control", "private, no-store")
    _tell_limits(response)
    _account(response)
    return response


def _tell_limits(response: Response) -> None:
    limit = edge().limiter.current_limit
    if limit is None:
        return
    try:
        seconds, remaining = max(math.ceil(limit.reset_at - time.time()), 1), max(limit.remaining, 0)
    except redis.RedisError as error:
        # Redis went away after the request was counted; the answer stands without its figures.
        log.warning("limits.unreadable", error=type(error).__name__)
        return
    response.headers["RateLimit-Limit"] = str(limit.limit.amount)
    response.headers["RateLimit-Remaining"] = str(remaining)
    response.headers["RateLimit-Reset"] = str(seconds)
    if response.status_code == 429:
        response.headers["Retry-After"] = str(seconds)


def _account(response: Response) -> None:
    """One line in the log and one more in the counters."""
    identity = g.get("identity")
    # The template, never the path: callback paths hold tokens.
    route = request.url_rule.rule if request.url_rule else None
    seconds = time.perf_counter() - g.started
    metrics.request_answered(request.method, route, response.status_code, seconds)
    log.info(
        "request",
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        user_id=str(identity.user_id) if identity else None,
    )
