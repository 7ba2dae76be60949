"""Answers that are the same for everybody: tagged, so that an unchanged one costs no bytes, and cached no longer than true."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request

from api.answers import written

CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})
VARIES_BY = "Accept-Encoding, Accept-Language, Origin"


def public(payload: Any, max_age: int) -> Response:
    """A cacheable answer with a weak ETag; 304 where the client has it already. ``max_age`` is in seconds."""
    body = written(payload)
    headers = {
        "Cache-Control": f"public, max-age={max_age}",
        "Vary": VARIES_BY,
        "ETag": f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
    }
    response = Response(body, headers=headers, content_type="application/json")
    # Asking costs more than all of the above, and most requests hold no condition.
    return response.make_conditional(request) if CONDITIONS & request.environ.keys() else response
