"""What every answer carries, errors included: ids, limits and the headers that keep browsers from doing harm."""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, request

import logs
import metrics
from api.context import request_id
from api.edge import edge
from api.limits import Hit
from settings import Settings

#: An API answer is data: nothing in it may run, load or be framed.
_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", _CSP),
)
_HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
#: Where we find what has been done for a request that the lane (lane.py) has handed over.
BEGUN = "elite.begun"


@dataclass(slots=True)
class Begun:
    """A request that the lane has begun and cannot answer: ``error`` says why. ``started`` is the process's performance
    counter, in seconds."""

    started: float
    request_id: str
    hit: Hit | None = None
    error: Exception | None = None


def register(app: Flask) -> None:
    """Install in an application; must come before other extensions, for what is registered first runs last."""
    app.before_request(_begin)
    app.after_request(_finish)


def standing(settings: Settings) -> tuple[tuple[str, str], ...]:
    """What stands in every answer, unless a page says otherwise."""
    return (*_ALWAYS, _HSTS) if settings.is_production else _ALWAYS


def limits_told(hit: Hit) -> tuple[tuple[str, str], ...]:
    """How much of a limit is left, and until when."""
    return (
        ("RateLimit-Limit", str(hit.limit)),
        ("RateLimit-Remaining", str(hit.remaining)),
        ("RateLimit-Reset", str(hit.seconds)),
    )


def account(request_id: str, method: str, route: str | None, status: int, started: float, user_id: str | None) -> None:
    """One line in the log and one more in the counters. ``route`` is the template, never the path: callback paths hold
    tokens. ``started`` is the process's performance counter, in seconds."""
    seconds = time.perf_counter() - started
    metrics.request_answered(method, route, status, seconds)
    logs.request_answered(
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        user_id=user_id,
        request_id=request_id,
    )


def _begin() -> None:
    begun: Begun | None = request.environ.get(BEGUN)
    if begun is None:
        g.started = time.perf_counter()
    else:
        g.started, g.request_id, g.hit = begun.started, begun.request_id, begun.hit
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id())
    if begun is not None and begun.error is not None:
        raise begun.error


def _finish(response: Response) -> Response:
    headers = response.headers
    usual = standing(edge().settings)
    # A page of ours may say more exactly what it runs and loads.
    headers.extend(
        usual if "Content-Security-Policy" not in headers else [one for one in usual if one[0] not in headers]
    )
    headers.add("X-Request-ID", request_id())
    # Whoever did not say that an answer is for everybody meant it for one.
    headers.setdefault("Cache-Control", "private, no-store")
    hit: Hit | None = g.get("hit")
    if hit is not None:
        headers.extend(limits_told(hit))
        if response.status_code == 429:
            headers.add("Retry-After", str(hit.seconds))
    identity = g.get("identity")
    route = request.url_rule.rule if request.url_rule else None
    user_id = str(identity.user_id) if identity else None
    account(request_id(), request.method, route, response.status_code, g.started, user_id)
    return response
