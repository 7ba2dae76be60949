"""An HTTP client for the edge that signs people in cheaply and holds every answer against the OpenAPI document."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4
from werkzeug.test import TestResponse

from api.edge import EXTENSION, Edge
from api.tokens import access_token
from models import User
from services.accounts import sessions
from services.context import Actor
from tests.factories import Factory


class Contract:
    """The OpenAPI document as a judge of answers."""

    def __init__(self, document: dict[str, Any]):
        self.document = document
        self._paths = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path) for path in document["paths"]]
        # Paths without parameters are the better match.
        self._paths.sort(key=lambda pair: "{" in pair[1])
        resource = Resource(contents=document, specification=DRAFT4)
        self._registry = Registry().with_resource("urn:document", resource)

    def judge(self, method: str, path: str, response: TestResponse) -> None:
        """Fail where an answer is not what the document promises."""
        template = next((template for pattern, template in self._paths if pattern.match(path.partition("?")[0])), None)
        operation = self.document["paths"].get(template, {}).get(method.lower())
        if operation is None or response.status_code in (302, 304) or "Content-Encoding" in response.headers:
            return
        documented = operation["responses"].get(str(response.status_code))
        if documented is None:
            # A status that the operation does not list must still be a problem of ours.
            assert response.status_code >= 400, f"{method} {template} does not document {response.status_code}"
            media, schema = "application/problem+json", {"$ref": "urn:document#/components/schemas/Problem"}
        elif response.status_code == 204:
            assert "content" not in documented, f"{method} {template} promises a body with 204"
            assert response.data == b""
            assert "Content-Type" not in response.headers
            return
        else:
            ((media, content),) = documented["content"].items()
            schema = self._absolute(content["schema"])
        validator = OAS30Validator(schema, registry=self._registry, format_checker=oas30_format_checker)
        body = response.text if media == "text/plain" else response.get_json()
        faults = [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(body)]
        assert not faults, f"{method} {template} → {response.status_code} is not as documented: {faults}"

    def _absolute(self, schema: dict[str, Any]) -> dict[str, Any]:
        return json.loads(json.dumps(schema).replace('"#/', '"urn:document#/'))


@dataclass(frozen=True)
class Http:
    """Requests to the edge, as nobody or as a signed-in user. ``signed_in_as(user)`` answers another client."""

    app: Flask
    contract: Contract
    make: Factory
    token: str | None = None
    #: Whether a 500 is what the test wants to see; otherwise it fails there and then, with the trace that we logged.
    expects_faults: bool = False

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    @property
    def edge(self) -> Edge:
        return self.app.extensions[EXTENSION]

    def signed_in_as(self, user: User, *, two_factor: bool = True) -> Http:
        """A client with a session of ``user``, opened without going through a password or a second factor."""
        session_id, refresh = sessions.new_session_id(), self.edge.refresh_tokens
        ctx = replace(self.make.ctx, actor=Actor(ip="127.0.0.1"))
        token_hash = refresh.hash(refresh.first(session_id))
        with self.make.db.transaction() as session:
            sessions.open_session(
                session,
                ctx,
                user,
                token_hash=token_hash,
                session_id=session_id,
                device="test",
                two_factor=two_factor,
            )
        with self.app.app_context():
            return replace(self, token=access_token(user.id, session_id))

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.request("GET", path, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> TestResponse:
        return self.request("POST", path, **({"json": body} if body is not None else {}), **kwargs)

    def put(self, path: str, body: Any = None, **kwargs: Any) -> TestResponse:
        return self.request("PUT", path, **({"json": body} if body is not None else {}), **kwargs)

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **kwargs: Any) -> TestResponse:
        """One request; its answer is held against the document."""
        headers = dict(headers or {})
        if self.token and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.token}"
        with logged_traces() as traces:
            response = self.client.open(path, method=method, headers=headers, **kwargs)
        if response.status_code == 500 and not self.expects_faults:
            raise AssertionError("\n".join([f"{method} {path} → 500 {response.text}", *traces]))
        self.contract.judge(method, path, response)
        return response


@contextmanager
def logged_traces() -> Iterator[list[str]]:
    """The traces of unexpected faults that the edge logs in this thread while the block runs."""
    traces: list[str] = []
    thread = threading.get_ident()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread and hasattr(record, "exception"):
                traces.append(record.exception)

    handler, logger = Keep(), logging.getLogger("api.errors")
    logger.addHandler(handler)
    try:
        yield traces
    finally:
        logger.removeHandler(handler)


def refused(response: TestResponse, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    """Assert that an answer is this very refusal, as a whole problem document; answers its body."""
    body = response.get_json()
    assert (response.status_code, body.get("code")) == (status, code), body
    assert response.mimetype == "application/problem+json"
    assert body["status"] == status
    assert body["message"] == body["detail"]
    assert body["request_id"] == response.headers["X-Request-ID"]
    if field is not None:
        assert field in body["errors"], body["errors"]
    return body
