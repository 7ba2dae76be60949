"""The documentation is ours alone: a valid document, and a page that loads nothing from elsewhere."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import ClassVar

import pytest
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from openapi_spec_validator import validate

from api import create_app
from api.description import DEMO_ACCOUNTS, DEMO_LOGIN
from api.resources.docs import DOCUMENT
from domain.bookings import BookingState
from domain.mpesa_results import MEANINGS
from domain.notices import ChangeKind
from domain.payments import PaymentState
from domain.users import UserStatus
from models.payments import RefundReason, RefundState
from services.messages.facts import PAGES
from tests.structure.test_routes import routes, template

ROOT = Path(__file__).resolve().parents[2]
#: Answers that have no body to show.
BODILESS = ("302", "204", "304")


def operations(document: dict) -> list[tuple[str, dict]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]


def shown_in(part: dict) -> tuple[dict, list]:
    """The schema of a request or answer and the examples that it comes with; none where somebody forgot them."""
    (shown,) = each_shown_in(part)
    return shown


def each_shown_in(part: dict) -> list[tuple[dict, list]]:
    """The same for each type of body that it may have."""
    found = []
    for content in part["content"].values():
        several = [example["value"] for example in content.get("examples", {}).values()]
        found.append((content["schema"], several or [content[name] for name in ("example",) if name in content]))
    return found


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
            assert all(given for _, given in each_shown_in(body)), f"{name} shows no request"
        for status, answer in operation["responses"].items():
            assert status in BODILESS or shown_in(answer)[1], f"{name} shows no {status}"
        assert {"500", "503"} <= set(operation["responses"]), name
        assert any(status.startswith("2") or status == "302" for status in operation["responses"]), name
    assert len(ids) == len(set(ids))


def test_every_example_is_what_its_schema_promises(contract):
    for name, operation in operations(contract.document):
        shown = [operation["requestBody"]] if "requestBody" in operation else []
        shown += [answer for status, answer in operation["responses"].items() if status not in BODILESS]
        for promised, given in (each for part in shown for each in each_shown_in(part)):
            schema = contract._absolute(promised)
            validator = OAS30Validator(schema, registry=contract._registry, format_checker=oas30_format_checker)
            faults = [error.message for example in given for error in validator.iter_errors(example)]
            assert not faults, f"{name}: {faults}"


def test_every_field_of_a_query_is_documented(app, contract):
    asked = 0
    for verb, rule, view in routes(app):
        arguments = getattr(view, verb.lower())._apidoc.get("arguments", {}).get("parameters", ())
        schemas = [argument["schema"] for argument in arguments if argument["in"] == "query"]
        declared = {field.data_key or name for schema in schemas for name, field in schema.fields.items()}
        operation = contract.document["paths"][template(rule)][verb.lower()]
        documented = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        assert documented == declared, f"{verb} {rule}"
        asked += len(schemas)
    assert asked >= 4


def test_whatever_can_be_unchanged_says_so(contract):
    for name, operation in operations(contract.document):
        conditional = any(one["name"] == "If-None-Match" for one in operation.get("parameters", ()))
        assert conditional == ("304" in operation["responses"]), name
        public = name.startswith(("GET /api/experiences", "GET /api/guides", "GET /api/reviews", "GET /api/search"))
        by_link = name.startswith("GET /api/guides/applications/")
        assert conditional == (public and not by_link and not operation["security"]), name


@pytest.mark.parametrize(
    ("schema", "field", "words"),
    [
        ("FailureAnswer", "action", {meaning.action for meaning in MEANINGS.values()} | {"none"}),
        ("BookingAnswer", "status", set(BookingState)),
        ("CancellationQuoteAnswer", "status", set(BookingState)),
        ("PaymentAnswer", "state", set(PaymentState)),
        ("UserAnswer", "status", set(UserStatus)),
        ("RefundAnswer", "state", set(RefundState)),
        ("RefundAnswer", "reason", set(RefundReason)),
    ],
)
def test_words_that_clients_act_on_are_listed(contract, schema, field, words):
    assert set(contract.document["components"]["schemas"][schema]["properties"][field]["enum"]) == words


@pytest.mark.parametrize(
    ("path", "code", "member"),
    [
        ("/api/bookings", "seats_sold_out", "seats_free"),
        ("/api/bookings", "already_held", "booking_id"),
        ("/api/bookings", "too_many_holds", "booking_ids"),
        ("/api/payments", "prompt_on_phone", "payment_id"),
        ("/api/payments/mpesa/initiate", "prompt_on_phone", "payment_id"),
        ("/api/payments/mpesa/initiate", "payment_under_review", "payment_id"),
    ],
)
def test_refusals_show_the_members_that_lead_on(contract, path, code, member):
    _, given = shown_in(contract.document["paths"][path]["post"]["responses"]["409"])

    (example,) = (example for example in given if example["code"] == code)
    assert example[member]
    assert member in contract.document["components"]["schemas"]["Problem"]["properties"]


@pytest.mark.parametrize(
    ("path", "status", "codes"),
    [
        ("/api/auth/2fa/setup", "409", {"two_factor_off", "email_not_verified", "password_not_set"}),
        ("/api/auth/2fa/disable", "409", {"two_factor_off", "password_not_set"}),
        ("/api/auth/login", "403", {"account_suspended", "account_deleted"}),
        ("/api/auth/social/google", "403", {"google_email_unverified", "account_suspended", "account_deleted"}),
    ],
)
def test_every_way_that_signing_in_ends_is_shown(contract, path, status, codes):
    _, given = shown_in(contract.document["paths"][path]["post"]["responses"][status])

    assert {example["code"] for example in given} == codes
    assert all(example["erase_at"] for example in given if example["code"] == "account_deleted")


def test_whoever_may_come_back_is_told_when(contract):
    for name, operation in operations(contract.document):
        for status, answer in operation["responses"].items():
            told = "Retry-After" in answer.get("headers", {})
            # Whether we are ready is no refusal: its 503 is asked for again at the asker's own pace.
            refuses = "application/problem+json" in answer.get("content", {})
            assert told == (refuses and status in ("429", "503")), f"{name} {status}"


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


def test_addresses_are_filled_in_with_what_they_are_of(contract):
    filled = {
        path: parameter["example"]
        for path, item in contract.document["paths"].items()
        for parameter in item.get("parameters", ())
        if parameter["name"] == "id_or_slug"
    }

    assert filled["/api/guides/{id_or_slug}"] == filled["/api/guides/{id_or_slug}/availability"] == "amina-warsame"
    assert filled["/api/reviews/guide/{id_or_slug}"] == "amina-warsame"
    assert (
        filled["/api/guides/me/experiences/{id_or_slug}"]
        == filled["/api/experiences/{id_or_slug}"]
        == "nairobi-food-walk"
    )


@pytest.mark.parametrize(
    "page", sorted({*PAGES.values(), "guide-application", "my-experiences", "messages", "bookings"})
)
def test_every_page_that_a_mail_leads_to_is_named_to_who_builds_and_who_runs_it(contract, page):
    named = re.compile(rf"`/{page}[`?/]")

    assert named.search(contract.document["info"]["description"])
    assert named.search((ROOT / "docs/deployment.md").read_text())


def test_operators_are_led_to_flower_where_its_address_is_known(http):
    def description(url: str) -> str:
        app = create_app(dataclasses.replace(http.edge.settings, flower_url=url), http.edge.ports)
        return json.loads(app.extensions[DOCUMENT])["info"]["description"]

    assert "[Flower](http://localhost:5555)" in description("http://localhost:5555")
    assert "Flower" not in description("")


def document_in(http, app_env: str) -> dict:
    app = create_app(dataclasses.replace(http.edge.settings, app_env=app_env), http.edge.ports)
    return json.loads(app.extensions[DOCUMENT])


def test_the_demo_accounts_are_named_where_there_are_some_and_never_in_production(http):
    ours, theirs = document_in(http, "development"), document_in(http, "production")
    login = ours["paths"]["/api/auth/login"]["post"]["requestBody"]["content"]["application/json"]["example"]
    for email in DEMO_ACCOUNTS.values():
        assert email in ours["info"]["description"]
        assert email not in json.dumps(theirs)
    assert login == DEMO_LOGIN
    assert DEMO_LOGIN["password"] not in json.dumps(theirs)


def test_whoever_reads_only_the_document_learns_of_live_events_and_of_what_is_absent(contract):
    told = contract.document["info"]["description"]
    for word in ("auth", "since", *ChangeKind, "resync", "connect_error", "Not here yet"):
        assert word in told, word


def test_the_document_answers_in_json(http):
    assert json.loads(http.get("/api-docs/openapi.json").data)["openapi"] == "3.0.3"


@pytest.mark.parametrize("address", ["/", "/api", "/api/"])
def test_the_bare_address_leads_to_the_documentation(http, address):
    response = http.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, "/api-docs")
