"""Which views are under a limit by address, and as whom their requests count."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, g, request
from werkzeug.exceptions import HTTPException

from api.context import limited_address
from api.edge import edge
from api.limits import LimitExceeded
from api.parsing import request_json
from domain.errors import Unauthenticated
from settings import Settings

LIMITED_METHODS = frozenset({"GET", "HEAD", "POST"})


def limit_views(app: Flask, settings: Settings) -> None:
    """Put every resource that names a limit under it; resources that name the same one share their count."""
    for endpoint, view in list(app.view_functions.items()):
        name = getattr(getattr(view, "view_class", None), "limited_by", None)
        if name is None:
            continue
        count, window = getattr(settings, name)
        subject = KEYS.get(name, limited_address)
        app.view_functions[endpoint] = limited(view, name, count, int(window.total_seconds()), subject)


def limited(view: Callable[..., Any], scope: str, limit: int, seconds: int, subject: Callable[[], str]) -> Any:
    """``view`` under a limit; views of one scope share their count. What was counted is kept in ``g.hit``."""

    @functools.wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        limits = edge().limits
        if limits.enabled and request.method in LIMITED_METHODS:
            g.hit = hit = limits.hit(scope, subject(), limit, seconds)
            if hit.is_refused:
                raise LimitExceeded(hit)
        return view(*args, **kwargs)

    return counted


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
