"""The documentation is ours alone: a valid document, and a page that loads nothing from elsewhere."""

from __future__ import annotations

import json
import re
from typing import ClassVar

import pytest
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from openapi_spec_validator import validate


def operations(document: dict) -> list[tuple[str, dict]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]


def test_the_document_is_valid_openapi(http):
    response = http.get("/api-docs/openapi.json")

    assert response.status_code == 200
    validate(response.get_json())


def test_every_operation_explains_itself(contract):
    ids = []
    for name, operation in operations(contract.document):
        assert operation["summary"], name
        assert operation["tags"], name
        assert "security" in operation, name
        ids.append(operation["operationId"])
        body = operation.get("requestBody")
        if body:
            (content,) = body["content"].values()
            assert "example" in content, f"{name} shows no request"
        for status, answer in operation["responses"].items():
            (content,) = answer["content"].values()
            assert "example" in content, f"{name} shows no {status}"
        assert {"500", "503"} <= set(operation["responses"]), name
        assert any(status.startswith("2") for status in operation["responses"]), name
    assert len(ids) == len(set(ids))


def test_every_example_is_what_its_schema_promises(contract):
    for name, operation in operations(contract.document):
        shown = [operation["requestBody"]] if "requestBody" in operation else []
        for part in (*shown, *operation["responses"].values()):
            (content,) = part["content"].values()
            schema = contract._absolute(content["schema"])
            validator = OAS30Validator(schema, registry=contract._registry, format_checker=oas30_format_checker)
            faults = [error.message for error in validator.iter_errors(content["example"])]
            assert not faults, f"{name}: {faults}"


def test_the_contract_notices_what_is_not_promised(http, contract):
    contract.judge("GET", "/health", http.get("/health"))

    class Surprising:
        status_code = 200
        headers: ClassVar = {}

        @staticmethod
        def get_json() -> dict:
            return {"status": "ok", "surprise": 1}

    with pytest.raises(AssertionError, match="surprise"):
        contract.judge("GET", "/health", Surprising())


def test_the_page_loads_only_our_own_files(http):
    page = http.get("/api-docs")

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert links
    for link in links:
        assert link.startswith("/api-docs/")
        answer = http.get(link)
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in page.text
    assert http.get("/api-docs/").status_code == 200


def test_the_document_is_cached_by_its_tag(http):
    tag = http.get("/api-docs/openapi.json").headers["ETag"]

    assert http.get("/api-docs/openapi.json", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("name", ["swagger-ui.css.map", "index.html", "../settings.py", "%2e%2e/settings.py", "x"])
def test_nothing_else_is_served_from_there(http, name):
    assert http.get(f"/api-docs/{name}").status_code == 404


def test_the_document_answers_in_json(http):
    assert json.loads(http.get("/api-docs/openapi.json").data)["openapi"] == "3.0.3"


def test_the_bare_address_leads_to_the_documentation(http):
    response = http.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/api-docs")
