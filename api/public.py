"""Answers that are the same for everybody: tagged, so that an unchanged one costs no bytes, and cached no longer than true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request
from marshmallow import Schema
from werkzeug.http import is_resource_modified

from api.answers import written
from api.auth import PublicView
from api.edge import Edge

VARIES_BY = "Accept-Encoding, Accept-Language, Origin"


class HotView(PublicView):
    """A public read that the lane (lane.py) may answer: its ``payload`` is made of the edge, of what the query string
    means where ``asks`` reads one, and of the names in the address, and of nothing else."""

    limited_by = "limit_public_reads"
    #: Seconds for which an answer may be shown without asking again.
    max_age: int
    #: Whether answers that may be shown for that long may be kept by us, too (kept.py).
    is_kept = False
    asks: Schema | None = None
    payload: Callable[..., Any]
    #: Told of each answer that leaves, kept or made, and of the address that asked: to be counted, at next to no cost.
    noted: Callable[[Edge, bytes, str], None] | None = None

    @classmethod
    def lasts(cls, *asked: Mapping[str, Any]) -> int:
        """For how many seconds the answer to this very question may be shown: ``max_age``, unless it says otherwise."""
        return cls.max_age


def public(payload: Any, max_age: int) -> Response:
    """A cacheable answer with a weak ETag; 304 where the client has it already. ``max_age`` is in seconds."""
    body = written(payload)
    response = Response(body, headers=public_headers(tag_of(body), max_age), content_type="application/json")
    return conditional(response)


def conditional(response: Response) -> Response:
    """A tagged answer, or a 304 in its stead where the client has it already."""
    if is_known(request.environ, response.headers["ETag"]):
        response.status_code = 304
    return response


def is_known(environ: Mapping[str, Any], tag: str) -> bool:
    """Whether the client has what bears this tag. We tell no times of change, so dates in a request say nothing."""
    given = environ.get("HTTP_IF_NONE_MATCH")
    return given is not None and not is_resource_modified({"HTTP_IF_NONE_MATCH": given}, tag)


def tag_of(body: bytes) -> str:
    """The weak tag of an answer: the same for the same words, kept or made anew, whatever they are packed in."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'


def public_headers(tag: str, max_age: int) -> list[tuple[str, str]]:
    """What makes an answer cacheable."""
    return [
        ("Cache-Control", f"public, max-age={max_age}"),
        ("Vary", VARIES_BY),
        ("ETag", tag),
    ]
