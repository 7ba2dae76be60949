"""Signing in with a second factor: an authenticator app's codes, and backup codes for when the phone is lost."""

from __future__ import annotations

import segno
from flask import Response

from api.answers import answer, no_content
from api.auth import PublicView, SignedInView
from api.context import context
from api.edge import edge
from api.examples import accounts
from api.examples import two_factor as examples
from api.openapi import operation
from api.parsing import Blueprint
from api.proving import count_code, known_hash
from api.refusals import (
    CODE_REQUIRED,
    PASSWORD_NOT_SET,
    TOO_MANY_CODES,
    TOO_MANY_PASSWORDS,
    TWO_FACTOR_OFF,
    TWO_FACTOR_ON,
    TWO_FACTOR_UNAVAILABLE,
    WRONG_CODE,
    WRONG_PASSWORD,
)
from api.schemas.auth import SignedInAnswer
from api.schemas.two_factor import (
    BackupCodesAnswer,
    EnableTwoFactorRequest,
    ProveBothRequest,
    SetUpTwoFactorRequest,
    TwoFactorSetupAnswer,
    VerifyTwoFactorRequest,
)
from api.signing_in import sign_in_with_both
from domain.one_time import Purpose
from domain.two_factor import provisioning_uri
from services.accounts import attempts, one_time_tokens, two_factor
from services.accounts.attempts import Attempt
from services.context import Context

blueprint = Blueprint("two_factor", __name__, url_prefix="/api/auth/2fa", description="Two-factor sign-in")


@blueprint.route("/setup")
class SetUp(SignedInView):
    @operation(
        "setUpTwoFactor",
        "Get a QR code to scan; a second one replaces the first until a code has confirmed it. Where it is on, it takes a "
        "code besides and is for a new phone: the old one goes on counting for the hour in which the new one is to be confirmed",
        refusals={
            409: (TWO_FACTOR_OFF, ("email_not_verified", "Confirm your e-mail address first."), PASSWORD_NOT_SET),
            422: (WRONG_PASSWORD, CODE_REQUIRED, WRONG_CODE),
            429: (TOO_MANY_PASSWORDS, TOO_MANY_CODES),
            503: TWO_FACTOR_UNAVAILABLE,
        },
    )
    @blueprint.arguments(SetUpTwoFactorRequest, examples=examples.SET_UP_OR_MOVE)
    @blueprint.response(200, TwoFactorSetupAnswer, example=examples.SET_UP)
    def post(self, body: dict[str, str]) -> Response:
        ctx = context()
        checked_hash, attempt = _password(ctx, body)
        if "code" in body:
            count_code(ctx, ctx.actor.user_id)
        with edge().db.transaction() as session:
            user, secret = two_factor.begin_setup(session, ctx, edge().vault, checked_hash, body.get("code"))
            attempts.forgive_attempt(session, attempt)
            uri = provisioning_uri(secret, user.email or user.full_name)
        return answer(
            {"secret": secret, "otpauth_uri": uri, "qr_code": segno.make(uri).svg_data_uri(scale=4, light="#fff")}
        )


@blueprint.route("/enable")
class Enable(SignedInView):
    @operation(
        "enableTwoFactor",
        "Switch it on with a first code of the app, or move it to the new phone; the backup codes are shown this once. Where it "
        "moved, the old phone's codes and the old backup codes end, and all other devices are signed out",
        refusals={
            409: (("two_factor_not_set_up", "Ask for a QR code first, and scan it."), TWO_FACTOR_ON),
            422: WRONG_CODE,
            429: TOO_MANY_CODES,
            503: TWO_FACTOR_UNAVAILABLE,
        },
    )
    @blueprint.arguments(EnableTwoFactorRequest, example=examples.ENABLE)
    @blueprint.response(200, BackupCodesAnswer, example=examples.BACKUP_CODES)
    def post(self, body: dict[str, str]) -> Response:
        ctx = context()
        count_code(ctx, ctx.actor.user_id)
        with edge().db.transaction() as session:
            codes, ended = two_factor.enable(session, ctx, edge().vault, body["code"])
        edge().sessions.forget(ctx.actor.session_id, *ended)
        return answer({"backup_codes": codes})


@blueprint.route("/disable")
class Disable(SignedInView):
    @operation(
        "disableTwoFactor",
        "Switch it off, with the password and a code or a backup code; administrators cannot",
        refusals={
            403: ("admins_need_two_factor", "Administrators need two-factor sign-in, so it stays on."),
            409: (TWO_FACTOR_OFF, PASSWORD_NOT_SET),
            422: (WRONG_CODE, WRONG_PASSWORD),
            429: TOO_MANY_CODES,
            503: TWO_FACTOR_UNAVAILABLE,
        },
    )
    @blueprint.arguments(ProveBothRequest, example=examples.PASSWORD_AND_CODE)
    @blueprint.response(204)
    def post(self, body: dict[str, str]) -> Response:
        ctx = context()
        checked_hash, attempt = _password(ctx, body)
        count_code(ctx, ctx.actor.user_id)
        with edge().db.transaction() as session:
            two_factor.disable(session, ctx, edge().vault, checked_hash, body["code"])
            attempts.forgive_attempt(session, attempt)
        edge().sessions.forget(ctx.actor.session_id)
        return no_content()


@blueprint.route("/backup-codes")
class BackupCodes(SignedInView):
    @operation(
        "renewBackupCodes",
        "Get ten new backup codes, which end the old ones",
        refusals={
            409: (TWO_FACTOR_OFF, PASSWORD_NOT_SET),
            422: (WRONG_CODE, WRONG_PASSWORD),
            429: TOO_MANY_CODES,
            503: TWO_FACTOR_UNAVAILABLE,
        },
    )
    @blueprint.arguments(ProveBothRequest, example=examples.PASSWORD_AND_CODE)
    @blueprint.response(200, BackupCodesAnswer, example=examples.BACKUP_CODES)
    def post(self, body: dict[str, str]) -> Response:
        ctx = context()
        checked_hash, attempt = _password(ctx, body)
        count_code(ctx, ctx.actor.user_id)
        with edge().db.transaction() as session:
            codes = two_factor.renew_backup_codes(session, ctx, edge().vault, checked_hash, body["code"])
            attempts.forgive_attempt(session, attempt)
        return answer({"backup_codes": codes})


@blueprint.route("/verify")
class Verify(PublicView):
    @operation(
        "verifyTwoFactor",
        "Finish signing in with the challenge of a login and a code or a backup code",
        refusals={
            401: (
                ("invalid_code", "This code is not right, or was used before."),
                (
                    "challenge_invalid",
                    "This took too long, or another sign-in came after it. Sign in with your password again.",
                ),
            ),
            429: TOO_MANY_CODES,
            503: TWO_FACTOR_UNAVAILABLE,
        },
    )
    @blueprint.arguments(VerifyTwoFactorRequest, example=examples.VERIFY)
    @blueprint.response(200, SignedInAnswer, example=accounts.SIGNED_IN)
    def post(self, body: dict[str, str]) -> Response:
        ctx, challenge_hash = context(), edge().one_time_tokens.hash(body["challenge"])
        # Whoever brings a challenge knows the password; an invented one costs us one read and counts for nobody.
        with edge().db.reading() as session:
            user_id = one_time_tokens.owner_of(session, ctx, challenge_hash, Purpose.SECOND_FACTOR).id
        count_code(ctx, user_id)
        with edge().db.transaction() as session:
            user = two_factor.pass_challenge(session, ctx, edge().vault, challenge_hash, body["code"])
            return answer(sign_in_with_both(session, ctx, user))


def _password(ctx: Context, body: dict[str, str]) -> tuple[str, Attempt]:
    """The hash that the signed-in user's password was found right for, and the attempt to forgive."""
    with edge().passwords.place():
        return known_hash(ctx, body["password"], "password")
