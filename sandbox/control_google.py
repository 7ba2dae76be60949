"""The control API of the Google issuer: tokens, good and bad, and other keys."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from sandbox.google import PEOPLE
from sandbox.google_keys import BAD, Person
from sandbox.world import here

blueprint = Blueprint("control_google", __name__, url_prefix="/__sim/google")

MOST_KEPT = 5
_TEXTS = ("email", "nonce", "audience", "given_name", "family_name", "locale", "bad")


@blueprint.get("")
def issuer() -> Response:
    kids = [key["kid"] for key in here().google.published()]
    return jsonify(kids=kids, client_ids=here().config.client_ids, bad=list(BAD))


@blueprint.post("/tokens")
def tokens() -> Response | tuple[Response, int]:
    """An ID token without the consent page."""
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not all(isinstance(asked.get(name, ""), str) for name in _TEXTS):
        return jsonify(error="Send a JSON object of texts with Content-Type application/json."), 400
    if unknown := sorted(set(asked) - set(_TEXTS)):
        return jsonify(error=f"There is no {unknown[0]!r}. There are: {', '.join(_TEXTS)}."), 422
    if not asked.get("email") or not asked.get("nonce"):
        return jsonify(error="Send email and nonce."), 422
    if asked.get("bad") and asked["bad"] not in BAD:
        return jsonify(error=f"There is no bad token {asked['bad']!r}. There are: {', '.join(BAD)}."), 422
    known = next((person for person in PEOPLE if person.email == asked["email"]), Person(asked["email"]))
    named = {name: asked[name] for name in ("given_name", "family_name", "locale") if name in asked}
    audience = asked.get("audience") or here().config.client_ids[0]
    token = here().google.token(Person(**{**known.__dict__, **named}), audience, asked["nonce"], asked.get("bad"))
    here().note("google", f"An ID token for {asked['email']}" + (f" ({asked['bad']})" if asked.get("bad") else ""))
    return jsonify(id_token=token)


@blueprint.post("/rotate")
def rotate() -> Response | tuple[Response, int]:
    asked = request.get_json(silent=True) if request.get_data() else {}
    keep = asked.get("keep", 1) if isinstance(asked, dict) else None
    if isinstance(keep, bool) or not isinstance(keep, int) or not 0 <= keep <= MOST_KEPT:
        return jsonify(error=f'Send {{"keep": a whole number from 0 to {MOST_KEPT}}}.'), 422
    kids = here().google.rotate(keep=keep)
    here().note("google", "Google signs with a new key")
    return jsonify(kids=kids)
