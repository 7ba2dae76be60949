"""The OpenAPI document: each operation says what is its own, and what all have in common is added here."""

from __future__ import annotations

import http
from collections.abc import Callable, Mapping
from typing import Any

import flask_smorest
from flask import Flask
from werkzeug.exceptions import HTTPException

from api import errors
from api.auth import AdminView, GuideView, OperatorView, SignedInView
from api.description import description, fill_in
from api.examples.story import problem
from api.parsing import Blueprint
from api.schemas.base import Amount, Measure, Rating
from api.schemas.problems import Problem
from settings import Settings

VERSION = "3.0.3"
_BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The access token of a login."}
_OPERATORS = {"type": "http", "scheme": "bearer", "description": "METRICS_TOKEN of the settings, for operators only."}

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes the request safe to send again: the same key has one effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "example": "c2a6f5d8-checkout-1",
}
PREFER = {
    "name": "Prefer",
    "in": "header",
    "description": "`wait=N` waits up to N (at most 10) seconds for the outcome.",
    "schema": {"type": "string"},
    "example": "wait=10",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an earlier answer; 304 where nothing has changed.",
    "schema": {"type": "string"},
    "example": 'W/"5f3c1e"',
}
#: Under this name an operation keeps its headers, for smorest would let them replace the query's parameters.
_HEADERS = "x-headers"
_UNCHANGED = {"description": "Nothing has changed since the answer with this ETag; there is no body"}
#: The code and sentence of a refusal, and the members that it brings along; several where they are worth showing.
Refused = tuple[str, str] | tuple[str, str, Mapping[str, Any]]
LOCATION = {"description": "Where what was made can be read", "schema": {"type": "string"}}
REPLAYED = {"description": "`true` where the key had been used before", "schema": {"type": "string"}}
RETRY_AFTER = {
    "description": "In how many seconds it is worth sending again",
    "schema": {"type": "integer", "minimum": 1},
    "example": 30,
}
#: Whoever is refused with one of these may come back, and is told when.
_COME_BACK = (429, 503)

#: status → (code, detail): what any operation may answer, and where.
_ALWAYS = {
    503: ("unavailable", "We cannot answer right now. Try again."),
    500: ("internal_error", "Something went wrong."),
}
_WITH_BODY = {
    400: ("malformed_request", "The body is not valid JSON."),
    408: ("body_too_slow", "The body did not arrive in time. Send it again."),
    413: ("body_too_large", "The body is larger than this address takes."),
    415: ("unsupported_media_type", "Send the body as application/json."),
}
_SIGNED_IN = {401: ("token_missing", "Sign in first: this needs an access token.")}
#: What an administrator's operation with other 403s of its own names beside them.
ADMINS_ONLY: tuple[Refused, ...] = (
    ("admins_only", "This is for administrators."),
    (
        "two_factor_required",
        "Administrators sign in with two factors: set up two-factor sign-in, or sign in again with your code.",
    ),
)
_FOR_GUIDES_ONLY = {403: ("not_a_guide", "This is for guides. Apply to become one.")}
_FOR_OPERATORS_ONLY = {401: ("metrics_token_invalid", "This is for operators: send METRICS_TOKEN as bearer token.")}
_LIMITED = {429: ("too_many_requests", "Too many requests. Slow down and try again.")}


class Api(flask_smorest.Api):
    """flask-smorest's collector of operations, with our errors."""

    ERROR_SCHEMA = Problem

    def __init__(self, app: Flask, settings: Settings):
        app.config |= {
            "API_TITLE": "Elite Events Kenya",
            "API_VERSION": "1",
            "OPENAPI_VERSION": VERSION,
            # The document is served by resources/docs.py.
            "OPENAPI_URL_PREFIX": None,
        }
        super().__init__(app, spec_kwargs={"info": {"description": description(settings)}})
        self.spec.components.security_scheme("bearer", _BEARER)
        self.spec.components.security_scheme("operators", _OPERATORS)
        self.register_field(Amount, "string", None)
        self.register_field(Rating, "string", None)
        self.register_field(Measure, "number", None)

    def handle_http_exception(self, error: HTTPException) -> Any:
        return errors.from_http(error)


def operation(
    operation_id: str,
    summary: str,
    *,
    refusals: Mapping[int, Refused | tuple[Refused, ...]] | None = None,
    parameters: tuple[dict[str, Any], ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Document one operation: ``refusals`` maps a status to what stands for it as an example, ``parameters`` are headers."""
    answers = {str(status): _refusals(status, shown) for status, shown in (refusals or {}).items()}
    if IF_NONE_MATCH in parameters:
        answers["304"] = _UNCHANGED
    doc = {"operationId": operation_id, "summary": summary, "responses": answers, _HEADERS: list(parameters)}
    return Blueprint.doc(**doc)


def document(app: Flask, api: Api, settings: Settings) -> dict[str, Any]:
    """The whole document, complete with what all operations have in common."""
    spec = api.spec.to_dict()
    spec["servers"] = [{"url": "/"}]
    # One address may be everybody's by one method and a user's own by another.
    views = {
        (_template(rule.rule), method.lower()): app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in spec["paths"].items():
        for method in set(item) & {"get", "post", "put", "patch", "delete"}:
            _complete(item[method], getattr(views[path, method], "view_class", None))
    fill_in(spec["paths"], settings)
    # smorest's own leftovers, which nothing refers to any more.
    spec["components"].pop("responses", None)
    spec["components"]["schemas"].pop("PaginationMetadata", None)
    _tighten(spec["components"]["schemas"])
    return spec


def _complete(operation: dict[str, Any], view: Any) -> None:
    signed_in = isinstance(view, type) and issubclass(view, SignedInView)
    for_operators = isinstance(view, type) and issubclass(view, OperatorView)
    headers = operation.pop(_HEADERS)
    if headers:
        operation["parameters"] = operation.get("parameters", []) + headers
    operation["security"] = [{"bearer": []}] if signed_in else [{"operators": []}] if for_operators else []
    common = dict(_ALWAYS)
    if signed_in:
        common |= _SIGNED_IN
    if isinstance(view, type) and issubclass(view, AdminView):
        common |= {403: ADMINS_ONLY}
    if isinstance(view, type) and issubclass(view, GuideView):
        common |= _FOR_GUIDES_ONLY
    if for_operators:
        common |= _FOR_OPERATORS_ONLY
    if "requestBody" in operation:
        common |= _WITH_BODY
    if getattr(view, "limited_by", None):
        common |= _LIMITED
    responses = operation["responses"]
    for status, shown in common.items():
        responses.setdefault(str(status), _refusals(status, shown))
    # smorest's own reference for refused arguments and its catch-all say less than ours.
    responses.pop("default", None)
    if "$ref" in responses.get("422", {}):
        responses["422"] = _refusal(422, "invalid_fields", "Some fields are not valid; see errors.")
    operation["responses"] = dict(sorted(responses.items()))


def _tighten(schema: Any) -> None:
    """apispec says "any object or null" beside the reference of a nullable object; only null is meant."""
    if isinstance(schema, dict):
        for choice in schema.get("anyOf", ()):
            if choice == {"type": "object", "nullable": True}:
                choice["enum"] = [None]
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _tighten(inner)


def _refusals(status: int, shown: Any) -> dict[str, Any]:
    if isinstance(shown[0], str):
        return _refusal(status, *shown)
    return _problem(status, examples={code: {"value": _example(status, code, *more)} for code, *more in shown})


def _refusal(status: int, code: str, detail: str, members: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return _problem(status, example=_example(status, code, detail, members))


def _example(status: int, code: str, detail: str, members: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return problem(status, code, detail, **(members or {}))


def _problem(status: int, **shown: Any) -> dict[str, Any]:
    content = {"schema": {"$ref": "#/components/schemas/Problem"}} | shown
    answer = {"description": http.HTTPStatus(status).phrase, "content": {"application/problem+json": content}}
    return answer | {"headers": {"Retry-After": RETRY_AFTER}} if status in _COME_BACK else answer


def _template(rule: str) -> str:
    """Flask's ``/x/<uuid:id>`` as OpenAPI's ``/x/{id}``."""
    parts = rule.replace("<", "\0{").replace(">", "}\0").split("\0")
    return "".join("{" + part[1:-1].rpartition(":")[2] + "}" if part.startswith("{") else part for part in parts)
