"""Reading request bodies and queries strictly, so that nonsense is refused by name and never reaches a service."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

import flask
import flask_smorest
from flask import g
from marshmallow import Schema
from webargs import core
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

#: No slug is longer.
LONGEST_NAME = 200
#: So many query strings, none longer than so many characters, are remembered with what they mean.
MOST_REMEMBERED, LONGEST_REMEMBERED = 4_096, 300


class UnreadableBody(BadRequest):
    """A body that cannot be read; ``description`` says why in words of ours."""


class NotJson(UnreadableBody):
    """A body that is no JSON document."""

    description = "The body is not valid JSON."


def read_json(body: bytes, *, parse_float: Any = Decimal) -> Any:
    """A JSON document without NaN and infinities. Raises ``NotJson`` for anything that is not one."""
    try:
        return json.loads(body, parse_float=parse_float, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotJson from error


def request_body() -> bytes:
    """The whole body of the request at hand; refused where it is longer than the resource takes."""
    body = flask.request.get_data(cache=True)
    # Without a length (chunked) werkzeug stops reading at the limit and says nothing.
    length = flask.request.content_length
    if length is None and len(body) >= (flask.request.max_content_length or 0):
        raise RequestEntityTooLarge
    # A client that hung up must not have its half body, least of all an empty one, taken for what it meant.
    if length is not None and len(body) != length:
        raise UnreadableBody("The body ended before its announced length.")
    if length is None and not body and "Transfer-Encoding" in flask.request.headers:
        raise UnreadableBody("The body announced by Transfer-Encoding did not arrive.")
    return body


def request_json() -> Any:
    """The body of the request at hand, parsed once; ``{}`` where there is none."""
    if "request_json" not in g:
        body = request_body()
        if body and not core.is_json(flask.request.mimetype):
            raise UnsupportedMediaType("Send the body as application/json.")
        g.request_json = read_json(body) if body else {}
    return g.request_json


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class StrictParser(FlaskParser):
    """webargs' parser with our reading of JSON: floats stay exact, and a wrong content type is named.

    What a query string means depends on nothing else, so that it is found out once for those that come again and again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[tuple[Schema, str], dict[str, Any]] = {}

    def parse(self, argmap: Any, req: Any = None, *, location: str | None = None, **kwargs: Any) -> Any:
        """As webargs does it. Raises what refuses a request; refusals are never remembered."""
        if location != "query":
            return super().parse(argmap, req, location=location, **kwargs)
        key = argmap, (req or flask.request).environ.get("QUERY_STRING", "")
        read = self._read.get(key)
        if read is None:
            read = super().parse(argmap, req, location=location, **kwargs)
            self._remember(key, read)
        return read.copy()

    def load_json(self, req: flask.Request, schema: Schema) -> Any:
        return request_json()

    def _remember(self, key: tuple[Schema, str], read: dict[str, Any]) -> None:
        if len(key[1]) <= LONGEST_REMEMBERED:
            if len(self._read) >= MOST_REMEMBERED:
                self._read.clear()
            self._read[key] = read


def nameable(text: str) -> str:
    """An id or slug from an address; empty, which names nothing, where the text would only upset the database."""
    return text if len(text) <= LONGEST_NAME and text.isprintable() else ""


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose arguments are read strictly."""

    ARGUMENTS_PARSER = StrictParser()

    def arguments(self, schema: type[Schema] | Schema, **kwargs: Any) -> Any:
        """One schema for all requests: making one copies all of its fields."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **kwargs)
