"""Every route is either signed in or on this list; and the document knows them all."""

from __future__ import annotations

import re

import pytest
from flask.views import MethodView

from api.auth import OperatorView, PublicView, SignedInView
from api.resources.docs import FRONT_DOORS

#: Whoever adds a route here decides that strangers may use it.
PUBLIC = {
    "POST /api/auth/register",
    "POST /api/auth/login",
    "POST /api/auth/refresh-token",
    "GET /api/experiences",
    "GET /api/experiences/<id_or_slug>",
    "GET /api/experiences/<id_or_slug>/availability",
    "GET /api/reviews/experience/<id_or_slug>",
    "GET /api/reviews/guide/<id_or_slug>",
    "POST /api/bookings/quote",
    "POST /api/payments/mpesa/callback",
    "POST /api/payments/mpesa/callback/<token>",
    "GET /health",
    "GET /health/ready",
    # By operators, who have a token of their own.
    "GET /metrics",
}
#: Pages, not operations.
DOCUMENTATION = "/api-docs"
VERBS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def routes(app) -> list[tuple[str, str, type[MethodView]]]:
    """Verb, rule and view class of every operation."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule in FRONT_DOORS or rule.rule.startswith(DOCUMENTATION):
            continue
        view = app.view_functions[rule.endpoint].view_class
        found += [(verb, rule.rule, view) for verb in sorted(rule.methods & VERBS)]
    return found


def template(rule: str) -> str:
    """Flask's rule as the document writes it."""
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule)


def test_every_route_is_signed_in_or_listed_as_public(app):
    open_routes = {f"{verb} {rule}" for verb, rule, view in routes(app) if not issubclass(view, SignedInView)}

    assert open_routes == PUBLIC
    assert all(issubclass(view, PublicView) for _, _, view in routes(app))


def test_signed_in_routes_really_refuse_strangers(http):
    for verb, rule, view in routes(http.app):
        if issubclass(view, SignedInView):
            path = re.sub(r"<[^>]+>", "0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a", rule)
            response = http.request(verb, path)
            assert (response.status_code, response.get_json()["code"]) == (401, "token_missing"), f"{verb} {rule}"


def test_the_document_and_the_routes_are_the_same(app, contract):
    documented = {
        f"{verb.upper()} {path}"
        for path, item in contract.document["paths"].items()
        for verb in item
        if verb.upper() in VERBS
    }
    served = {f"{verb} {template(rule)}" for verb, rule, _ in routes(app)}

    assert documented == served


def test_the_document_says_who_has_to_sign_in(app, contract):
    for verb, rule, view in routes(app):
        operation = contract.document["paths"][template(rule)][verb.lower()]
        assert bool(operation["security"]) == issubclass(view, SignedInView | OperatorView), f"{verb} {rule}"


@pytest.mark.parametrize("prefix", ["/api/bookings", "/api/payments", "/api/users"])
def test_private_things_are_private(app, prefix):
    private = [
        (verb, rule) for verb, rule, view in routes(app) if rule.startswith(prefix) and issubclass(view, SignedInView)
    ]

    assert private
