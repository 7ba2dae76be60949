"""Confirming one's phone with a code by SMS."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.answers import answer
from api.answers.phone import CODE_SENT
from api.answers.users import user_answer
from api.auth import SignedInView
from api.context import context, limited_address
from api.edge import edge
from api.examples import phone as examples
from api.openapi import operation
from api.parsing import Blueprint
from api.schemas.auth import MessageAnswer
from api.schemas.phone import SendCodeRequest, VerifyCodeRequest
from api.schemas.users import UserAnswer
from services import limits
from services.accounts import phone_verification

blueprint = Blueprint("phone", __name__, url_prefix="/api/auth/phone", description="Codes by SMS")


@blueprint.route("/send-code")
class SendCode(SignedInView):
    @operation(
        "sendPhoneCode",
        "Send a code by SMS to one's phone, or to the one that is to become it; it ends the one before",
        refusals={
            409: ("phone_already_verified", "Your phone number is confirmed already."),
            422: (
                "invalid_field",
                "phone: is needed: your account has no number",
                {"errors": {"phone": ["is needed: your account has no number"]}},
            ),
            429: ("too_many_otp_phone", "Too many attempts. Try again in 15 minutes."),
        },
    )
    @blueprint.arguments(SendCodeRequest, example=examples.SEND_CODE)
    @blueprint.response(202, MessageAnswer, example=CODE_SENT)
    def post(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            limits.enforce(session, ctx, "otp_address", limited_address(), ctx.policy.limits.otp_address)
            phone_verification.send_code(session, ctx, edge().one_time_tokens, body["phone"])
        return answer(CODE_SENT, 202)


@blueprint.route("/verify")
class VerifyPhone(SignedInView):
    @operation(
        "verifyPhone",
        "Confirm one's phone with the code of its SMS; five wrong ones end it",
        refusals={
            422: (
                (
                    "phone_code_wrong",
                    "This is not the code that we sent. You may try 4 more times.",
                    {"errors": {"code": ["is not the code that we sent"]}, "attempts_left": 4},
                ),
                (
                    "phone_code_over",
                    "This code does not work any more: it was used, replaced by a newer one, tried too often, or has "
                    "expired. Ask for a new one.",
                    {"errors": {"code": ["is not valid any more"]}},
                ),
            )
        },
    )
    @blueprint.arguments(VerifyCodeRequest, example=examples.CODE)
    @blueprint.response(200, UserAnswer, example=examples.VERIFIED_USER)
    def post(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            tried = phone_verification.verify_code(session, context(), edge().one_time_tokens, body["code"])
            verified = user_answer(tried.user)
        # Refused only after the commit: the wrong attempt counts.
        if tried.refusal is not None:
            raise tried.refusal
        return answer(verified)
