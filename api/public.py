"""Answers that are the same for everybody: tagged, so that an unchanged one costs no bytes, and cached no longer than true."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Response, request

from api.answers import answer

VARIES_BY = "Accept-Encoding, Accept-Language, Origin"


def public(payload: Any, max_age: int) -> Response:
    """A cacheable answer with a weak ETag; 304 where the client has it already. ``max_age`` is in seconds."""
    response = answer(payload)
    tag = hashlib.blake2b(response.get_data(), digest_size=12).hexdigest()
    response.headers.extend(
        (("Cache-Control", f"public, max-age={max_age}"), ("Vary", VARIES_BY), ("ETag", f'W/"{tag}"'))
    )
    # Asking costs more than all of the above, and most requests hold no condition.
    return response.make_conditional(request) if request.if_none_match or request.if_modified_since else response
