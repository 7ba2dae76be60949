"""What is done with a link from a mail: confirming an address, choosing a new password, taking a deleted account back."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.answers import answer
from api.answers.recovery import ACCOUNT_RESTORED, PASSWORD_RESET, RESET_ASKED, VERIFICATION_SENT, VERIFIED
from api.auth import PublicView, SignedInView
from api.common_passwords import is_common
from api.context import context, limited_address
from api.edge import edge
from api.examples import accounts as examples
from api.openapi import operation
from api.parsing import Blueprint
from api.schemas.auth import ForgotPasswordRequest, MessageAnswer, OneTimeTokenRequest, ResetPasswordRequest
from domain.errors import field_error
from domain.one_time import Purpose
from services import limits
from services.accounts import one_time_tokens, recovery, verification
from services.personal_data import leaving

blueprint = Blueprint("recovery", __name__, url_prefix="/api/auth", description="Links from mails")

_INVALID = (
    "one_time_token_invalid",
    "This link does not work any more: it was used, replaced by a newer one, or has expired. Ask for a new one.",
)
_NOT_RESTORED = (
    "one_time_token_invalid",
    "This link does not work any more: it was used, replaced by a newer one, or has expired. Write to us: until your account "
    "is erased, we can bring it back.",
)


@blueprint.route("/verify-email")
class VerifyEmail(PublicView):
    @operation(
        "verifyEmail",
        "Confirm an e-mail address with the token of its mail; once more with the same token changes nothing",
        refusals={422: _INVALID},
    )
    @blueprint.arguments(OneTimeTokenRequest, example=examples.ONE_TIME_TOKEN)
    @blueprint.response(200, MessageAnswer, example=VERIFIED)
    def post(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            verification.verify_email(session, context(), edge().one_time_tokens, body["token"])
        return answer(VERIFIED)


@blueprint.route("/resend-verification")
class ResendVerification(SignedInView):
    @operation(
        "resendVerification",
        "Send a new link for confirming one's address, which ends the old one",
        refusals={
            409: ("email_already_verified", "Your e-mail address is confirmed already."),
            429: ("too_many_verification_user", "Too many attempts. Try again in 60 minutes."),
        },
    )
    @blueprint.response(202, MessageAnswer, example=VERIFICATION_SENT)
    def post(self) -> Response:
        with edge().db.transaction() as session:
            verification.resend_verification(session, context(), edge().one_time_tokens)
        return answer(VERIFICATION_SENT, 202)


@blueprint.route("/forgot-password")
class ForgotPassword(PublicView):
    @operation(
        "forgotPassword",
        "Ask for a link to choose a new password; the answer is the same whether there is an account or not",
        refusals={429: ("too_many_reset_address", "Too many attempts. Try again in 60 minutes.")},
    )
    @blueprint.arguments(ForgotPasswordRequest, example=examples.FORGOT_PASSWORD)
    @blueprint.response(202, MessageAnswer, example=RESET_ASKED)
    def post(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            limits.enforce(session, ctx, "reset_address", limited_address(), ctx.policy.limits.reset_address)
            recovery.ask_for_reset(session, ctx, body["email"])
        return answer(RESET_ASKED, 202)


@blueprint.route("/reset-password")
class ResetPassword(PublicView):
    @operation(
        "resetPassword",
        "Choose a new password with the token of a mail; every device is signed out",
        refusals={422: _INVALID},
    )
    @blueprint.arguments(ResetPasswordRequest, example=examples.RESET_PASSWORD)
    @blueprint.response(200, MessageAnswer, example=PASSWORD_RESET)
    def post(self, body: dict[str, Any]) -> Response:
        ctx, token_hash = context(), edge().one_time_tokens.hash(body["token"])
        with edge().passwords.place():
            # Looked up before hashing: an invented token costs us one read.
            with edge().db.reading() as session:
                email = one_time_tokens.owner_of(session, ctx, token_hash, Purpose.PASSWORD_RESET).email or ""
            if is_common(body["password"], email):
                raise field_error("password", "is too easy to guess")
            password_hash = edge().passwords.hash(body["password"])
        with edge().db.transaction() as session:
            ended = recovery.reset_password(session, ctx, token_hash, password_hash)
        edge().sessions.forget(*ended)
        return answer(PASSWORD_RESET)


@blueprint.route("/restore")
class RestoreAccount(PublicView):
    @operation(
        "restoreAccount",
        "Take a deleted account back with the token of its mail; once more with the same token changes nothing",
        refusals={422: _NOT_RESTORED},
    )
    @blueprint.arguments(OneTimeTokenRequest, example=examples.ONE_TIME_TOKEN)
    @blueprint.response(200, MessageAnswer, example=ACCOUNT_RESTORED)
    def post(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            leaving.restore_account(session, context(), edge().one_time_tokens.hash(body["token"]))
        return answer(ACCOUNT_RESTORED)
