"""Signing in on another house's word."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.answers import answer, no_content
from api.auth import PublicView, SignedInView
from api.context import context, limited_address
from api.edge import edge
from api.examples import accounts as examples
from api.examples.two_factor import SIGNED_IN_BY_GOOGLE
from api.openapi import operation
from api.parsing import Blueprint
from api.refusals import ACCOUNT_DELETED, ACCOUNT_SUSPENDED
from api.schemas.auth import GoogleSignInRequest, SignedInAnswer
from api.schemas.two_factor import LOGIN_ANSWER
from api.signing_in import sign_in
from domain.identities import Provider
from services import limits
from services.accounts import identities

blueprint = Blueprint("social", __name__, url_prefix="/api/auth/social", description="Signing in by Google")

_INVALID = ("google_token_invalid", "This Google sign-in is not valid. Sign in with Google again.")
_USED = ("google_token_used", "This Google sign-in was used before. Sign in with Google again.")
_UNVERIFIED = ("google_email_unverified", "Google has not verified the e-mail address of this account.")
_OTHER = (
    "other_google_account",
    "Another Google account is part of this account. Sign in with that one or with your password.",
)
_NO_KEYS = ("google_keys_unavailable", "Google cannot be asked right now. Try again, or sign in by your password.")


@blueprint.route("/google")
class Google(PublicView):
    @operation(
        "signInByGoogle",
        "Sign in by Google's ID token; opens an account for whom nobody has opened one",
        refusals={
            401: (_INVALID, _USED),
            403: (
                _UNVERIFIED,
                ACCOUNT_SUSPENDED,
                ACCOUNT_DELETED,
            ),
            404: ("google_not_offered", "Signing in by Google is not offered here."),
            409: _OTHER,
            429: ("too_many_login_address", "Too many attempts. Try again in 15 minutes."),
            503: _NO_KEYS,
        },
    )
    @blueprint.arguments(GoogleSignInRequest, example=examples.GOOGLE_SIGN_IN)
    @blueprint.response(200, LOGIN_ANSWER, examples=SIGNED_IN_BY_GOOGLE)
    @blueprint.alt_response(
        201, schema=SignedInAnswer, example=examples.SIGNED_IN_BY_GOOGLE, description="An account was opened"
    )
    def post(self, body: dict[str, Any]) -> Response:
        ctx, figures = context(), edge().ports.policy.limits
        with edge().db.transaction() as session:
            limits.enforce(session, ctx, "login_address", limited_address(), figures.login_address)
        vouched = edge().google.read(ctx, body["id_token"], body["nonce"])
        language = body["locale"] or vouched.locale or ctx.locale
        is_guide = body["user_type"] == "guide"
        with edge().db.transaction() as session:
            known = identities.recognise(session, ctx, vouched, locale=language, intends_to_guide=is_guide)
            signed_in = sign_in(session, ctx, known.user)
            # Carriers put thousands behind one address, and who came in was no guesser.
            limits.give_back(session, "login_address", limited_address())
        edge().sessions.forget(*known.ended)
        return answer(signed_in, *((201, {"Location": "/api/users/me"}) if known.is_new else (200,)))


@blueprint.route("/google", endpoint="GoogleLink")
class GoogleLink(SignedInView):
    @operation(
        "unlinkGoogle",
        "Take Google sign-in away from one's account",
        refusals={
            404: ("google_not_linked", "Google sign-in is not part of your account."),
            409: ("only_way_in", "Google is the only way into your account. Choose a password first."),
        },
    )
    @blueprint.response(204)
    def delete(self) -> Response:
        with edge().db.transaction() as session:
            identities.unlink(session, context(), Provider.GOOGLE)
        return no_content()
