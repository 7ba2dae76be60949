"""Compression of answers for clients that ask for it: br or gzip, and only what is worth it."""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

#: Smaller answers gain nothing.
SMALLEST = 500
#: Most of the gain for little of the time.
_BROTLI_QUALITY, _GZIP_LEVEL = 4, 6
#: No client says more; what is longer would only cost time and memory.
LONGEST_ACCEPTED = 200
#: In the order of our preference; identity is what every client takes.
_OURS = ("br", "gzip", "identity")
_WORTH_IT = frozenset(
    {
        "application/json",
        "application/problem+json",
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
    }
)


def chosen(accepted: str) -> str | None:
    """The encoding for an Accept-Encoding header, None for none: what the client likes best, then what we do."""
    return _chosen(accepted) if len(accepted) <= LONGEST_ACCEPTED else None


@lru_cache(maxsize=256)
def _chosen(accepted: str) -> str | None:
    named = parse_accept_header(accepted, Accept)
    # By RFC 9110 identity is taken unless refused, but nobody who names an encoding would rather have it.
    best = max((each for each in _OURS if each in named), key=named.quality, default=None)
    return None if best is None or best == "identity" or not named.quality(best) else best


def encoded(body: bytes, encoding: str) -> bytes:
    """``body`` in an encoding that :func:`chosen` has named."""
    return brotli.compress(body, quality=_BROTLI_QUALITY) if encoding == "br" else gzip.compress(body, _GZIP_LEVEL)


#: Answers that are kept come again and again, and packing one costs more than all the rest of it.
encoded_again = lru_cache(maxsize=128)(encoded)


def register(app: Flask) -> None:
    """Compress the answers of an application. Conditional requests are decided before, on the plain bytes; their tags
    are weak ones, which name what an answer says and not its bytes."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    encoding = chosen(request.headers.get("Accept-Encoding", ""))
    if encoding and 200 <= response.status_code < 300 and response.mimetype in _WORTH_IT and not response.is_streamed:
        body = response.get_data()
        if len(body) >= SMALLEST and "Content-Encoding" not in response.headers:
            response.set_data(encoded(body, encoding))
            response.headers["Content-Encoding"] = encoding
    return response
