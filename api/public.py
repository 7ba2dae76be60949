"""Answers that are the same for everybody: tagged, so that an unchanged one costs no bytes, and cached no longer than true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, request
from marshmallow import Schema

from api.answers import written
from api.auth import PublicView

CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})
VARIES_BY = "Accept-Encoding, Accept-Language, Origin"


class HotView(PublicView):
    """A public read that the lane (lane.py) may answer: its ``payload`` is made of the edge, of what the query string
    means where ``asks`` reads one, and of the names in the address, and of nothing else."""

    limited_by = "limit_public_reads"
    #: Seconds for which an answer may be shown without asking again.
    max_age: int
    asks: Schema | None = None
    payload: Callable[..., Any]


def public(payload: Any, max_age: int) -> Response:
    """A cacheable answer with a weak ETag; 304 where the client has it already. ``max_age`` is in seconds."""
    body = written(payload)
    response = Response(body, headers=public_headers(body, max_age), content_type="application/json")
    # Asking costs more than all of the above, and most requests hold no condition.
    return response.make_conditional(request) if CONDITIONS & request.environ.keys() else response


def public_headers(body: bytes, max_age: int) -> list[tuple[str, str]]:
    """What makes an answer cacheable; its tag comes last."""
    return [
        ("Cache-Control", f"public, max-age={max_age}"),
        ("Vary", VARIES_BY),
        ("ETag", f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'),
    ]
