"""The short way of hot public reads: from the address to the bytes without Flask, with the same duties, at a third of the cost.

What is not plain takes the long way: HEAD, addresses beyond ASCII. What turns out to be a refusal or a failure is handed over
with what has been done for it already, and Flask answers it like every other.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import structlog
from flask import Flask, Request

from api.answers import written
from api.context import counted_address, request_id_of
from api.edge import Edge
from api.encoding import SMALLEST, chosen, encoded, encoded_again
from api.headers import BEGUN, Begun, account, limits_told, standing
from api.limits import LimitExceeded
from api.origins import Origins
from api.parsing import Blueprint
from api.public import HotView, is_known, public_headers, tag_of

_VARIABLE = re.compile(r"<(\w+)>")
_Start = Callable[[str, list[tuple[str, str]]], Any]
_Wsgi = Callable[[dict[str, Any], _Start], Iterable[bytes]]


class _Stop(NamedTuple):
    """One route: how its addresses look, whose limit it counts towards, and what answers it."""

    route: str
    address: re.Pattern[str]
    scope: str
    limit: int
    seconds: int
    view: type[HotView]


class _Made(NamedTuple):
    """An answer without its dress: for how many seconds it may be shown, and how many ago it was made where it was kept."""

    body: bytes
    tag: str
    lasts: int
    age: int | None = None


class Lane:
    """WSGI in front of an application whose views are all registered."""

    def __init__(self, app: Flask, house: Edge, origins: Origins):
        self._flask: _Wsgi = app.wsgi_app
        self._house = house
        self._origins = origins
        self._standing = standing(house.settings)
        self._stops = [_stop(rule.rule, view, house) for rule, view in _hot(app)]
        #: Addresses that a pattern would match as well, and that have a view of their own.
        self._fixed = frozenset(rule.rule for rule in app.url_map.iter_rules() if not rule.arguments)

    def __call__(self, environ: dict[str, Any], start_response: _Start) -> Iterable[bytes]:
        found = self._find(environ)
        if found is not None:
            with self._house.workplaces.reading:
                answer = self._answer(*found, environ, start_response)
            if answer is not None:
                return answer
        with self._house.workplaces.taken():
            return self._flask(environ, start_response)

    def _answer(
        self, stop: _Stop, names: Mapping[str, str], environ: dict[str, Any], start_response: _Start
    ) -> Iterable[bytes] | None:
        """The whole answer; None, and what has been done so far in ``environ``, where Flask is to give it."""
        begun = Begun(time.perf_counter(), request_id_of(environ.get("HTTP_X_REQUEST_ID", "")))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=begun.request_id)
        try:
            made = self._made(stop, names, environ, begun)
            status, headers, body = self._dressed(made, environ, begun)
            if stop.view.noted is not None:
                stop.view.noted(self._house, made.body, counted_address(environ.get("REMOTE_ADDR")))
        except Exception as error:
            begun.error = error
            environ[BEGUN] = begun
            return None
        account(begun.request_id, "GET", stop.route, status.value, begun.started, None)
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    def _find(self, environ: Mapping[str, Any]) -> tuple[_Stop, Mapping[str, str]] | None:
        """The route and its variables; None for what takes the long way."""
        path: str = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] != "GET" or not path.isascii():
            return None
        for stop in self._stops:
            match = stop.address.fullmatch(path)
            if match is not None:
                names = match.groupdict()
                return None if names and path in self._fixed else (stop, names)
        return None

    def _made(self, stop: _Stop, names: Mapping[str, str], environ: dict[str, Any], begun: Begun) -> _Made:
        """The answer as JSON: kept from a moment ago, or made now. Raises whatever refuses the request."""
        limits, answers, address, wanted_in = self._house.limits, self._house.kept, "", None
        if limits.enabled:
            counted = stop.scope, counted_address(environ.get("REMOTE_ADDR")), stop.limit, stop.seconds
            if answers.enabled and stop.view.is_kept:
                address = answers.key_of(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
                begun.hit, kept, wanted_in = answers.look(address, *counted)
                if kept is not None:
                    return _Made(kept.body, kept.tag, stop.view.max_age, kept.age)
            else:
                begun.hit = limits.hit(*counted)
            if begun.hit.is_refused:
                raise LimitExceeded(begun.hit)
        asks = stop.view.asks
        asked = () if asks is None else (Blueprint.ARGUMENTS_PARSER.parse(asks, Request(environ), location="query"),)
        body, lasts = written(stop.view.payload(self._house, *asked, **names)), stop.view.lasts(*asked)
        tag = tag_of(body)
        if wanted_in is not None and lasts == stop.view.max_age:
            answers.keep(address, wanted_in, tag, body)
        return _Made(body, tag, lasts)

    def _dressed(
        self, made: _Made, environ: Mapping[str, Any], begun: Begun
    ) -> tuple[HTTPStatus, list[tuple[str, str]], bytes]:
        """Status, headers and bytes as they go out."""
        body, tag, lasts, age = made
        headers = public_headers(tag, lasts)
        if age is not None:
            headers.append(("Age", str(age)))
        headers += self._standing
        headers.append(("X-Request-ID", begun.request_id))
        if begun.hit is not None:
            headers += limits_told(begun.hit)
        if "HTTP_ORIGIN" in environ:
            headers += self._origins.told(environ["HTTP_ORIGIN"])
        if is_known(environ, tag):
            return HTTPStatus.NOT_MODIFIED, headers, b""
        encoding = chosen(environ.get("HTTP_ACCEPT_ENCODING", "")) if len(body) >= SMALLEST else None
        if encoding:
            body = (encoded if age is None else encoded_again)(body, encoding)
            headers.append(("Content-Encoding", encoding))
        headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        return HTTPStatus.OK, headers, body


def _hot(app: Flask) -> Iterable[tuple[Any, type[HotView]]]:
    for rule in app.url_map.iter_rules():
        view = getattr(app.view_functions[rule.endpoint], "view_class", None)
        if isinstance(view, type) and issubclass(view, HotView):
            yield rule, view


def _stop(route: str, view: type[HotView], house: Edge) -> _Stop:
    address = re.compile("".join(_piece(part) for part in re.split(r"(<\w+>)", route)))
    count, window = getattr(house.settings, view.limited_by)
    return _Stop(route, address, view.limited_by, count, int(window.total_seconds()), view)


def _piece(part: str) -> str:
    variable = _VARIABLE.fullmatch(part)
    return f"(?P<{variable[1]}>[^/]+)" if variable else re.escape(part)
