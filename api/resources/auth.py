"""Opening an account, signing in, staying signed in, and changing the password."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.answers import answer, no_content
from api.auth import PublicView, SignedInView
from api.common_passwords import is_common
from api.context import context, limited_address
from api.edge import edge
from api.examples import accounts as examples
from api.examples.two_factor import LOGGED_IN
from api.openapi import operation
from api.parsing import Blueprint
from api.proving import actors_password, count, known_hash
from api.refusals import ACCOUNT_DELETED, ACCOUNT_SUSPENDED, PASSWORD_NOT_SET, TOO_MANY_PASSWORDS
from api.schemas.auth import (
    ChangePasswordRequest,
    LoginRequest,
    RefreshRequest,
    RegisterRequest,
    SignedInAnswer,
    TokensAnswer,
)
from api.schemas.two_factor import LOGIN_ANSWER
from api.signing_in import sign_in, token_pair
from api.tokens import access_token
from domain.errors import Conflict, Forbidden, Unauthenticated, field_error
from models.users import User
from services.accounts import attempts, sessions, users, verification
from services.accounts.attempts import Attempt
from services.accounts.sessions import Refreshed
from services.context import Context

blueprint = Blueprint("auth", __name__, url_prefix="/api/auth", description="Accounts and sessions")

_REFUSED = {
    Refreshed.REFUSED: ("invalid_refresh_token", "This refresh token is not valid any more. Sign in again."),
    Refreshed.REUSED: (
        "refresh_token_reused",
        "This refresh token was used before, so somebody may have a copy. You are signed out everywhere it was used.",
    ),
}


@blueprint.route("/register")
class Register(PublicView):
    @operation(
        "register",
        "Open an account",
        refusals={
            409: ("email_taken", "There is already an account with this e-mail address. Sign in instead."),
            429: ("too_many_register_email", "Too many attempts. Try again in 60 minutes."),
        },
    )
    @blueprint.arguments(RegisterRequest, example=examples.REGISTER)
    @blueprint.response(201, SignedInAnswer, example=examples.SIGNED_IN)
    def post(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with edge().passwords.place():
            count(ctx, ("register_address", limited_address()), ("register_email", body["email"]))
            password_hash = edge().passwords.hash(body.pop("password"))
        intends_to_guide = body.pop("user_type") == "guide"
        language = body.pop("locale") or ctx.locale
        account = users.NewAccount(
            **body, password_hash=password_hash, intends_to_guide=intends_to_guide, locale=language
        )
        return answer(_register(ctx, account), 201, {"Location": "/api/users/me"})


@blueprint.route("/login")
class Login(PublicView):
    @operation(
        "login",
        "Sign in: tokens, or where a second factor is on, a challenge for `/api/auth/2fa/verify`; after five wrong "
        "passwords each further one has to wait, from half a minute up to an hour",
        refusals={
            401: ("invalid_credentials", "E-mail address or password is not right."),
            403: (ACCOUNT_SUSPENDED, ACCOUNT_DELETED),
            429: TOO_MANY_PASSWORDS,
        },
    )
    @blueprint.arguments(LoginRequest, example=examples.LOGIN)
    @blueprint.response(200, LOGIN_ANSWER, examples=LOGGED_IN)
    def post(self, body: dict[str, Any]) -> Response:
        ctx = context()
        user, attempt = _authenticate(ctx, **body)
        try:
            with edge().db.transaction() as session:
                signed_in = sign_in(session, ctx, users.still_authenticated(session, user))
                attempts.forgive_attempt(session, attempt)
        except Forbidden:
            # The password was right, so it was no guess.
            with edge().db.transaction() as session:
                attempts.forgive_attempt(session, attempt)
            raise
        return answer(signed_in)


@blueprint.route("/refresh-token")
class RefreshToken(PublicView):
    limited_by = "limit_refresh"

    @operation(
        "refreshToken",
        "Exchange a refresh token for a new pair of tokens",
        refusals={401: ("refresh_token_reused", _REFUSED[Refreshed.REUSED][1])},
    )
    @blueprint.arguments(RefreshRequest, example=examples.REFRESH)
    @blueprint.response(200, TokensAnswer, example=examples.TOKENS)
    def post(self, body: dict[str, Any]) -> Response:
        ctx, tokens, presented = context(), edge().refresh_tokens, body["refresh_token"]
        session_id, successor = tokens.session_of(presented), tokens.successor(presented)
        with edge().db.transaction() as session:
            outcome = sessions.refresh(session, ctx, session_id, tokens.hash(presented), tokens.hash(successor))
            identity = sessions.identify(session, ctx, session_id)
        # Refused only after the commit: a reuse has just revoked the family.
        if outcome in _REFUSED or identity is None:
            edge().sessions.forget(session_id)
            raise Unauthenticated(*_REFUSED[outcome if outcome in _REFUSED else Refreshed.REFUSED])
        return answer(token_pair(access_token(identity.user_id, session_id), successor))


@blueprint.route("/change-password")
class ChangePassword(SignedInView):
    @operation(
        "changePassword",
        "Change one's password; all other devices are signed out",
        refusals={
            409: PASSWORD_NOT_SET,
            422: (
                (
                    "wrong_password",
                    "current_password: is not your password",
                    {"errors": {"current_password": ["is not your password"]}},
                ),
                (
                    "invalid_fields",
                    "Some fields are not valid; see errors.",
                    {"errors": {"new_password": ["is too easy to guess"]}},
                ),
            ),
            429: TOO_MANY_PASSWORDS,
        },
    )
    @blueprint.arguments(ChangePasswordRequest, example=examples.CHANGE_PASSWORD)
    @blueprint.response(204)
    def put(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with edge().passwords.place():
            _, email = actors_password(ctx)
            if is_common(body["new_password"], email):
                raise field_error("new_password", "is too easy to guess")
            checked_hash, attempt = known_hash(ctx, body["current_password"], "current_password")
            new_hash = edge().passwords.hash(body["new_password"])
        with edge().db.transaction() as session:
            ended = users.change_password(session, ctx, checked_hash, new_hash)
            attempts.forgive_attempt(session, attempt)
        edge().sessions.forget(*ended)
        return no_content()


def _register(ctx: Context, account: users.NewAccount) -> dict[str, Any]:
    """Open the account and its first session; where the address is taken, its owner is told besides the caller."""
    try:
        with edge().db.transaction() as session:
            user = users.register(session, ctx, account)
            verification.send_verification(session, ctx, edge().one_time_tokens, user)
            return sign_in(session, ctx, user)
    except Conflict:
        with edge().db.transaction() as session:
            verification.tell_taken(session, ctx, account.email)
        raise


def _authenticate(ctx: Context, email: str, password: str, device_token: str | None) -> tuple[User, Attempt]:
    """The account that e-mail and password belong to; an unknown address looks and takes as long as a wrong password."""
    device_id = edge().device_tokens.session_of(device_token or "")
    with edge().passwords.place():
        with edge().db.transaction() as session:
            attempt = attempts.begin_attempt(session, ctx, email, limited_address(), device_id)
        with edge().db.reading() as session:
            user = users.find_by_email(session, email)
        if not edge().passwords.matches(password, user.password_hash if user else None):
            raise users.wrong_credentials()
    return user, attempt
