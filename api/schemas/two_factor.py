"""The second factor: setting it up, showing it, and the codes for when the phone is lost."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.auth import LONGEST_PASSWORD, SignedInAnswer
from api.schemas.base import Answer, Code, Request, Secret


class SetUpTwoFactorRequest(Request):
    password = Secret(required=True, longest=LONGEST_PASSWORD)
    code = Code(
        metadata={"description": "Only where it is on: six digits of the app so far, or a backup code"},
    )


class EnableTwoFactorRequest(Request):
    code = Code(backup=False, required=True, metadata={"description": "The six digits that the app shows"})


class ProveBothRequest(Request):
    password = Secret(required=True, longest=LONGEST_PASSWORD)
    code = Code(required=True, metadata={"description": "The six digits that the app shows, or a backup code"})


class VerifyTwoFactorRequest(Request):
    challenge = Secret(required=True, longest=200)
    code = Code(required=True, metadata={"description": "The six digits that the app shows, or a backup code"})


class TwoFactorSetupAnswer(Answer):
    secret = fields.String(required=True, metadata={"description": "For apps on the same phone, to be typed"})
    otpauth_uri = fields.String(required=True, metadata={"description": "What the QR code says"})
    qr_code = fields.String(required=True, metadata={"description": "An SVG as data URI, for an image's `src`"})


class BackupCodesAnswer(Answer):
    backup_codes = fields.List(
        fields.String(), required=True, metadata={"description": "Each works once; they are shown this once"}
    )


class ChallengeAnswer(Answer):
    two_factor_required = fields.Boolean(required=True, validate=validate.OneOf([True]))
    challenge = fields.String(
        required=True, metadata={"description": "To be sent to `/api/auth/2fa/verify` together with a code, once"}
    )
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds the challenge lives"})


#: A login ends in a session, or half-way.
LOGIN_ANSWER = {"oneOf": [SignedInAnswer, ChallengeAnswer]}
