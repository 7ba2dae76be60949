"""Answers that are the same for everybody: tagged, so that an unchanged one costs no bytes, and cached no longer than true."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request

from api.answers import answer


def public(payload: Any, max_age: int) -> Response:
    """A cacheable answer with a weak ETag; 304 where the client has it already. ``max_age`` is in seconds."""
    response = answer(payload)
    response.headers["Cache-Control"] = f"public, max-age={max_age}"
    response.vary.update(("Accept-Encoding", "Accept-Language", "Origin"))
    response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest(), weak=True)
    return response.make_conditional(request)
