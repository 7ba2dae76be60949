"""Rows as the JSON that goes out: plain functions, because these are the hot paths; schemas/ describe what they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

from domain.money import Money

#: Instants go out in UTC with a Z, to the second; a client shows them in the experience's zone, which goes along.
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


def answer(payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(written(payload), status, headers, content_type="application/json")


def no_content() -> Response:
    """An answer without a body."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def written(payload: Any) -> bytes:
    """A payload as JSON."""
    return orjson.dumps(payload, option=_OPTIONS)


def money(amount: Money) -> dict[str, str]:
    """An amount as a decimal string with its currency."""
    return {"amount": amount.decimal, "currency": amount.currency}
