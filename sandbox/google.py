"""Google as one signs in with it: discovery, keys, and a page that asks whether to go on as somebody."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.google_keys import ISSUER, Person
from sandbox.world import here

blueprint = Blueprint("google", __name__, url_prefix="/google")

KEYS_MAX_AGE = 19_800
PEOPLE = (
    Person("ingrid.larsen@gmail.com", "Ingrid", "Larsen"),
    Person("amina.otieno@gmail.com", "Amina", "Otieno", "sw"),
    Person("traveller@elite-events.example", "Daniel", "Mwangi"),
)
_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,20}")
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "


@blueprint.get("/.well-known/openid-configuration")
def discovery() -> Response:
    g.title = "Google's discovery document"
    base = request.host_url.rstrip("/") + "/google"
    return jsonify(
        issuer=ISSUER,
        authorization_endpoint=f"{base}/o/oauth2/v2/auth",
        jwks_uri=f"{base}/oauth2/v3/certs",
        response_types_supported=["id_token"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        scopes_supported=["openid", "email", "profile"],
    )


@blueprint.get("/oauth2/v3/certs")
def keys() -> Response | tuple[Response, int]:
    world = here()
    g.title = "Google's keys"
    if world.faults.take("google_down"):
        return jsonify(error={"code": 503, "status": "UNAVAILABLE"}), 503
    answer = jsonify(keys=world.google.published())
    answer.headers["Cache-Control"] = f"public, max-age={KEYS_MAX_AGE}, must-revalidate, no-transform"
    return answer


@blueprint.get("/o/oauth2/v2/auth")
def consent() -> Response | tuple[Response, int]:
    """Whom to go on as; ``nonce`` is what the token will carry, and without a ``redirect_uri`` the token is shown here."""
    g.title = "Sign in with Google"
    if fault := _fault(request.args):
        return _page(status=400, fault=fault), 400
    return _page(people=PEOPLE)


@blueprint.post("/o/oauth2/v2/auth")
def go_on() -> AnyResponse | tuple[Response, int]:
    g.title = "Continue as somebody"
    asked, email = request.args, request.form.get("email", "").strip()
    if fault := _fault(asked):
        return _page(status=400, fault=fault), 400
    if not _EMAIL.fullmatch(email):
        return _page(people=PEOPLE, fault="That is not an e-mail address."), 422
    person = next((each for each in PEOPLE if each.email == email.lower()), None) or _stranger(email)
    g.title = f"Continue as {person.email}"
    token = here().google.token(person, asked["client_id"], asked["nonce"])
    if not asked.get("redirect_uri"):
        return _page(token=token, person=person)
    fragment = urlencode({"id_token": token} | ({"state": asked["state"]} if asked.get("state") else {}))
    answer = redirect(f"{asked['redirect_uri']}#{fragment}", 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _stranger(email: str) -> Person:
    names = re.split(r"[._-]+", email.partition("@")[0])
    return Person(email, names[0].capitalize(), " ".join(names[1:]).title())


def _fault(asked: dict) -> str:
    """What Google itself would say about a request that it does not take."""
    if asked.get("client_id") not in here().config.client_ids:
        return "Error 401: invalid_client. GOOGLE_CLIENT_IDS does not name this client_id."
    if asked.get("response_type", "id_token") != "id_token":
        return "Error 400: unsupported_response_type. The sandbox hands out id_token alone."
    if not asked.get("nonce"):
        return "Error 400: invalid_request. A nonce is required for an id_token."
    parts = urlsplit(asked.get("redirect_uri", ""))
    if asked.get("redirect_uri") and (parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment):
        return "Error 400: redirect_uri_mismatch. Name an address of http or https."
    return ""


def _page(status: int = 200, **shown: object) -> Response:
    parts = urlsplit(request.args.get("redirect_uri", ""))
    back = f"{parts.scheme}://{parts.netloc}" if re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc) else ""
    answer = make_response(render_template("google.html", host=back, **shown), status)
    # Browsers hold a form's redirect against the policy, too.
    answer.headers["Content-Security-Policy"] = f"{_POLICY}'self' {back}".strip()
    answer.headers["Cache-Control"] = "no-store"
    return answer
