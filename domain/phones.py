"""Phone numbers are typed in many ways; inside the product there is one: E.164 with its plus."""

from __future__ import annotations

import re

import phonenumbers

#: The ways in which Kenyans write the mobile numbers that M-Pesa takes. Numbers move between networks, so the shape is
#: all that can be told without asking Safaricom.
_MPESA = re.compile(r"(?:\+?254|0)?([17][0-9]{8})")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
#: Numbers that somebody is paid for whenever they are called or sent a text, and those of machines. Nobody's own phone has one,
#: and whoever rents some would have us send codes there.
_NOBODYS = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
        phonenumbers.PhoneNumberType.PAGER,
        phonenumbers.PhoneNumberType.VOICEMAIL,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.TOLL_FREE,
    }
)
#: The library's word for ranges of satellites and networks that belong to no country; a text there costs a fortune.
_NO_COUNTRY = "001"
_TYPED = re.compile(r"[0-9+(). /\u00a0\u2010-\u2015-]{4,30}")


def normalise(raw: str, region: str = "KE") -> str:
    """``raw`` as E.164 (``+254712345678``); numbers without a country code are read as ``region``'s.

    Raises ValueError, with a reason fit for the person who typed it, unless the number can exist.
    """
    typed = raw.strip()
    if not _TYPED.fullmatch(typed):
        raise ValueError("is not a phone number: use digits, such as 0712 345 678 or +254 712 345 678")
    if typed.startswith("00") and not typed.startswith("000"):
        # The international prefix of most of the world; Kenya's own is 000, which the library knows.
        typed = "+" + typed[2:]
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        raise ValueError("is not a phone number that can be called") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError(_why_invalid(number))
    if phonenumbers.number_type(number) in _NOBODYS or phonenumbers.region_code_for_number(number) == _NO_COUNTRY:
        raise ValueError("is not the number of a person's phone")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not _E164.fullmatch(e164):
        # The library knows numbers that are longer or shorter than the standard's, which nobody could send a text to.
        raise ValueError("is not a phone number that can be reached from abroad")
    return e164


def _why_invalid(number: phonenumbers.PhoneNumber) -> str:
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return "is too short for a phone number"
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return "is too long for a phone number"
    return "is not a phone number that exists in its country"


def mpesa_msisdn(phone: str) -> str:
    """The number as Daraja wants it, ``254712345678``; raises ValueError for one that cannot hold an M-Pesa account."""
    match = _MPESA.fullmatch(phone)
    if not match:
        raise ValueError("is not a Kenyan mobile number, which M-Pesa needs")
    return "254" + match[1]


def mask(phone: str) -> str:
    """A number that its owner recognises and nobody else learns: ``07•• ••• 149``, abroad ``+44 ••• 149``."""
    kenyan = _MPESA.fullmatch(phone)
    if kenyan:
        return f"0{kenyan[1][0]}•• ••• {kenyan[1][-3:]}"
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return "•••"
    digits = str(number.national_number)
    return f"+{number.country_code} ••• {digits[-3:] if len(digits) > 5 else '•••'}"
