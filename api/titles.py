"""Titles of problems: a code in words, and the codes of limits, which name what is counted, in better ones."""

from __future__ import annotations

_LIMITS = {
    "too_many_login_account": "Too many wrong passwords",
    "too_many_login_address": "Too many wrong passwords from this address",
    "too_many_register_email": "Too many registrations with this e-mail address",
    "too_many_register_address": "Too many registrations from this address",
    "too_many_second_factor": "Too many wrong codes",
    "too_many_second_factor_day": "Too many wrong codes in a day",
    "too_many_holds": "Too many unpaid bookings",
    "too_many_holds_user": "Too many bookings within the hour",
    "too_many_stk_phone": "Too many payment prompts on this phone",
    "too_many_stk_user": "Too many payment prompts",
    "too_many_export_user": "Too many copies of one's data",
    "too_many_verification_user": "Too many mails to confirm this address",
    "too_many_otp_address": "Too many codes from this address",
    "too_many_otp_phone": "Too many codes to this phone",
    "too_many_otp_phone_day": "Too many codes to this phone today",
    "too_many_otp_user": "Too many codes today",
    "too_many_reset_address": "Too many requests for new passwords from this address",
    "too_many_enquiries_user": "Too many questions today",
    "too_many_enquiries_guide": "Too many questions to this guide today",
    "too_many_messages_user": "Too many messages within the hour",
    "too_many_applications": "Too many applications from this address",
    "too_many_application_answers": "Too many answers to one application",
    "too_many_uploads": "Too many files within the hour",
    "too_many_upload_bytes": "Too much sent within a day",
}


def title_of(code: str) -> str:
    """The title that goes with a code; the same for every problem of that code."""
    return _LIMITS.get(code) or code.replace("_", " ").capitalize()
