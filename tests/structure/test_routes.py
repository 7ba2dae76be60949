"""Every route is either signed in or on this list; and the document knows them all."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask.views import MethodView

from api.auth import AdminView, OperatorView, PublicView, SignedInView
from api.resources.docs import FRONT_DOORS

#: Whoever adds a route here decides that strangers may use it.
PUBLIC = {
    "POST /api/auth/register",
    "POST /api/auth/login",
    # Whoever brings the challenge of a login.
    "POST /api/auth/2fa/verify",
    "POST /api/auth/refresh-token",
    "POST /api/auth/verify-email",
    "POST /api/auth/forgot-password",
    "POST /api/auth/reset-password",
    "POST /api/auth/social/google",
    "POST /api/auth/restore",
    # By the link of a mail.
    "GET /api/users/export/<token>",
    # Whoever wants to guide, with the link of a mail afterwards.
    "POST /api/guides/apply",
    "GET /api/guides/applications/<token>",
    "POST /api/guides/applications/<token>/confirm",
    "POST /api/guides/applications/<token>/answer",
    "GET /api/experiences",
    "GET /api/experiences/<id_or_slug>",
    "GET /api/experiences/<id_or_slug>/availability",
    "GET /api/guides",
    "GET /api/guides/<id_or_slug>",
    "GET /api/guides/<id_or_slug>/availability",
    "GET /api/search",
    "GET /api/search/suggest",
    "GET /api/search/popular",
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
#: Public reads that no limit by address counts: by machines that watch us, who must hear from us when all is full.
UNLIMITED = {"GET /health", "GET /health/ready", "GET /metrics"}
#: Pages, not operations.
DOCUMENTATION = "/api-docs"
TESTS = Path(__file__).resolve().parents[1] / "api"
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


def test_what_is_for_administrators_is_so_by_its_view(app):
    for verb, rule, view in routes(app):
        assert rule.startswith("/api/admin/") == issubclass(view, AdminView), f"{verb} {rule}"


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


def test_every_public_read_is_limited(app):
    unlimited = {
        f"{verb} {rule}"
        for verb, rule, view in routes(app)
        if verb == "GET" and not issubclass(view, SignedInView) and view.limited_by is None
    }

    assert unlimited == UNLIMITED, "give the view limited_by, such as limit_public_reads"


def test_what_is_named_in_an_address_may_be_missing(app, contract):
    silent = [
        f"{verb} {rule}"
        for verb, rule, _ in routes(app)
        if "<" in rule and "404" not in contract.document["paths"][template(rule)][verb.lower()]["responses"]
    ]

    assert silent == [], "document the 404 among the operation's refusals"


def test_every_operation_is_called_by_a_test(app):
    fixed = {rule for _, rule, _ in routes(app) if "<" not in rule}
    asked = [asked_in(path) for path in sorted(TESTS.glob("test_*.py"))]
    uncalled = [
        f"{verb} {rule}"
        for verb, rule, _ in routes(app)
        if not any(verb in verbs and any(answers(rule, path, fixed) for path in paths) for verbs, paths in asked)
    ]

    assert uncalled == [], "tests/api holds no test of it"


def asked_in(path: Path) -> tuple[set[str], set[str]]:
    """The verbs that a file of tests calls with, and the addresses that it mentions; ``*`` stands for what varies."""
    tree = ast.parse(path.read_text())
    bases = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    called = {
        n.func.attr.upper() for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
    }
    words = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    words |= {"".join(_part(part, bases) for part in n.values) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)}
    return (called | words) & VERBS, {word.partition("?")[0] for word in words}


def _part(part: ast.expr, bases: dict[str, object]) -> str:
    """What one part of an f-string contributes: its text, a constant of the file, or something that varies."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    inner = part.value if isinstance(part, ast.FormattedValue) else None
    return str(bases.get(inner.id, "*")) if isinstance(inner, ast.Name) else "*"


def answers(rule: str, path: str, fixed: set[str]) -> bool:
    """Whether an address of a test is one of this route, and not of a ``fixed`` one beside it."""
    return path == rule or (path not in fixed and re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", rule), path) is not None)


@pytest.mark.parametrize("prefix", ["/api/bookings", "/api/payments", "/api/users"])
def test_private_things_are_private(app, prefix):
    private = [
        (verb, rule) for verb, rule, view in routes(app) if rule.startswith(prefix) and issubclass(view, SignedInView)
    ]

    assert private
