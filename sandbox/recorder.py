"""Writes every call to a provider into the timeline, whatever came of it, so that no route can forget to."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request

from sandbox.timeline import MAX_BODY_CHARS, wire
from sandbox.world import here

PROVIDERS = ("daraja", "sendgrid", "africastalking", "google")
MAX_READ_BYTES = 32 * 1024 * 1024


def record_calls(app: Flask) -> None:
    """Hook the timeline into the application."""
    app.before_request(_begin)
    app.after_request(_finish)


def _provider() -> str | None:
    name = request.path.split("/", 2)[1]
    return name if name in PROVIDERS else None


def _begin() -> None:
    if _provider() is None:
        return
    g.started = time.perf_counter()
    g.title = request.path
    g.phone = ""
    # Read before any route does, since a parsed form leaves no raw body behind.
    g.raw = request.get_data(cache=True) if (request.content_length or 0) <= MAX_READ_BYTES else b""


def _finish(response: Response) -> Response:
    provider = _provider()
    if provider is None or "started" not in g:
        return response
    here().timeline.add(
        provider,
        "in",
        g.title,
        method=request.method,
        url=request.full_path.rstrip("?"),
        status=response.status_code,
        ms=round((time.perf_counter() - g.started) * 1000, 1),
        phone=g.phone,
        request=wire(request.headers, g.raw[: 4 * MAX_BODY_CHARS]),
        response=wire(response.headers, response.get_data()),
    )
    here().touch()
    return response
