"""The only table from exception to HTTP answer: RFC 9457 problems with a stable code, and never a stack trace."""

from __future__ import annotations

import http
import math
from collections.abc import Mapping
from typing import Any

import sqlalchemy.exc
import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

import metrics
from api.answers import answer
from api.bodies import BodyTooSlow
from api.context import request_id
from api.edge import edge
from api.limits import LimitExceeded
from api.parsing import UnreadableBody
from api.titles import title_of
from api.uploads import NotMultipart
from domain import errors

log = structlog.get_logger(__name__)

STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.RuleViolation: 422,
    errors.TooMany: 429,
    errors.Busy: 503,
}
#: Codes and sentences for what the framework refuses.
HTTP_CODES = {
    400: ("malformed_request", "The request could not be read."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    408: ("body_too_slow", "The body did not arrive in time. Send it again."),
    413: ("body_too_large", "The body is larger than this address takes."),
    415: ("unsupported_media_type", "Send the body as application/json."),
    422: ("invalid_fields", "Some fields are not valid; see errors."),
    429: ("too_many_requests", "Too many requests. Slow down and try again."),
}
#: What is wrong with the token itself; other 401s only ask for one (RFC 6750).
BAD_TOKENS = frozenset({"token_expired", "token_invalid", "session_ended"})
LOCK_NOT_AVAILABLE, DEADLOCK, SERIALIZATION, QUERY_CANCELLED = "55P03", "40P01", "40001", "57014"


def register(app: Flask) -> None:
    """Install the table in an application."""
    app.register_error_handler(errors.DomainError, _domain)
    app.register_error_handler(LimitExceeded, _rate_limited)
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(sqlalchemy.exc.SQLAlchemyError, _database)
    app.register_error_handler(Exception, _unexpected)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem document. ``extra`` members stand beside the standard ones and never replace them."""
    body = {
        **(extra or {}),
        "type": f"urn:elite-events:problem:{code}",
        "title": title_of(code),
        "status": status,
        "detail": detail,
        "message": detail,
        "code": code,
        "errors": dict(errors or {}),
        "request_id": request_id(),
    }
    response = answer(body, status, headers)
    response.mimetype = "application/problem+json"
    return response


def lock_timed_out(error: BaseException) -> bool:
    """Whether a statement gave up waiting for a row that somebody else has locked."""
    return _sqlstate(error) == LOCK_NOT_AVAILABLE


def from_http(error: HTTPException) -> Response:
    """A refusal by the framework: routing, parsing, validation."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    code, detail = HTTP_CODES.get(status, (http.HTTPStatus(status).phrase.lower().replace(" ", "_"), ""))
    if isinstance(error, UnreadableBody | NotMultipart):
        detail = error.description
    headers = {"Allow": ", ".join(sorted(error.valid_methods or ()))} if isinstance(error, MethodNotAllowed) else {}
    if isinstance(error, BodyTooSlow):
        # What is left of it is not waited for.
        headers["Connection"] = "close"
    fields = _fields(getattr(error, "data", {}).get("messages", {}))
    return problem(status, code, detail or http.HTTPStatus(status).description, errors=fields, headers=headers)


def _domain(error: errors.DomainError) -> Response:
    status = STATUS[type(error)]
    headers = {}
    retry_after = error.retry_after or (1 if status in (429, 503) else None)
    if retry_after:
        headers["Retry-After"] = str(math.ceil(retry_after))
    if isinstance(error, errors.TooMany):
        name = error.code.removeprefix("too_many_")
        limit = getattr(edge().ports.policy.limits, name)
        metrics.limit_refused(name)
        headers |= {"RateLimit-Limit": str(limit.count), "RateLimit-Remaining": "0"}
        headers["RateLimit-Reset"] = headers["Retry-After"]
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if error.code in BAD_TOKENS else "Bearer"
    return problem(status, error.code, error.message, errors=error.errors, extra=error.extra, headers=headers)


def _rate_limited(error: LimitExceeded) -> Response:
    # The seconds to wait are set with the other RateLimit headers, in headers.py.
    metrics.limit_refused(error.hit.scope.removeprefix("limit_"))
    code, detail = HTTP_CODES[429]
    return problem(429, code, detail)


def _database(error: sqlalchemy.exc.SQLAlchemyError) -> Response:
    state = _sqlstate(error)
    if state == LOCK_NOT_AVAILABLE:
        detail = "Somebody else is changing the same thing. Try again."
        return problem(409, "busy_try_again", detail, headers={"Retry-After": "1"})
    passing = isinstance(error, sqlalchemy.exc.OperationalError | sqlalchemy.exc.TimeoutError)
    if passing or state in (DEADLOCK, SERIALIZATION, QUERY_CANCELLED):
        log.warning("database.unavailable", error=type(error).__name__, sqlstate=state)
        return problem(503, "unavailable", "We cannot answer right now. Try again.", headers={"Retry-After": "1"})
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    log.error("request.failed", exc_info=error)
    return problem(500, "internal_error", "Something went wrong on our side. We have been told.")


def _sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "pgcode", None)


def _fields(messages: Any, path: str = "") -> dict[str, list[str]]:
    """webargs' nested messages as one map from field (dotted) to sentences; the outermost key is the location."""
    flat: dict[str, list[str]] = {}
    for location in messages.values() if isinstance(messages, dict) else ():
        flat |= _flatten(location, path)
    return flat


def _flatten(messages: Any, path: str) -> dict[str, list[str]]:
    if not isinstance(messages, dict):
        return {_speakable(path) or "body": [str(message) for message in messages]}
    flat: dict[str, list[str]] = {}
    for name, inner in messages.items():
        if name == "_schema":
            flat |= _flatten(inner, path or "body")
        else:
            flat |= _flatten(inner, f"{path}.{name}" if path else str(name))
    return flat


def _speakable(name: str) -> str:
    """A field's name as it came, made fit to be said back: half characters replaced, and not at any length."""
    return name[:100].encode("utf-8", "replace").decode()
