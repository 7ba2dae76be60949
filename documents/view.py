"""Facts made ready for a template: clipped, localised and free of anything that could break a line or a header."""

from __future__ import annotations

from typing import Any

from documents import gsm, wording
from documents.application_words import refused_file
from domain.agents import agent_of
from domain.applications import LONGEST_REASON
from domain.facts import (
    AccountFacts,
    ApplicationFacts,
    BookingFacts,
    ExperienceFacts,
    LicenceFacts,
    Person,
    PriceLine,
    SignIn,
)
from domain.money import Money
from domain.mpesa_results import meaning, message

#: After these a customer can usefully pay again at once or soon.
_PAYABLE_AGAIN = frozenset(
    {"retry", "retry_other_phone", "wait_a_minute", "wait_two_minutes", "top_up_and_retry", "contact_safaricom"}
)


def mail_view(facts: BookingFacts, locale: str) -> dict[str, Any]:
    """Everything that mail templates may name. Absent facts are None, so a misspelt name stays an error."""
    start = wording.in_zone(facts.starts_at, facts.timezone)
    end = wording.in_zone(facts.ends_at, facts.timezone)
    return {
        "locale": locale,
        "t": wording.LABELS[locale],
        "audience": str(facts.audience),
        "reference": facts.reference,
        "first_name": wording.clip(facts.reader.first_name, 40),
        "tourist": _person(facts.tourist),
        "guide": _person(facts.guide),
        "title": wording.clip(facts.title, 90),
        "day": wording.day(start, locale),
        "span": wording.span(start, end, locale),
        "short_moment": wording.short_moment(start, locale),
        "tile": {
            "weekday": wording.short_weekday(start, locale),
            "day": start.day,
            "month": wording.short_month(start, locale),
        },
        "party": wording.party(facts.guests, locale),
        "seats": wording.count(_seats_of_the_party(facts), "seat", locale),
        "meeting_point": wording.clip(facts.meeting_point, 200),
        "special_requests": _clipped(facts.special_requests, 500),
        "reason": _clipped(facts.reason, 300),
        "url": facts.url,
        **_money(facts, locale),
        **_trouble(facts, locale),
    }


def account_view(facts: AccountFacts, locale: str) -> dict[str, Any]:
    """Everything that templates about accounts may name."""
    until = facts.until and wording.in_zone(facts.until, facts.timezone)
    return {
        "locale": locale,
        "t": wording.LABELS[locale],
        "reference": None,
        "first_name": wording.clip(facts.reader.first_name, 40),
        "until": until and wording.moment(until, locale),
        "sign_in": facts.sign_in and _sign_in(facts.sign_in, facts.timezone, locale),
        "codes_left": facts.codes_left,
        "licence": facts.licence and _licence(facts.licence, locale),
        "url": facts.url,
    }


def experience_view(facts: ExperienceFacts, locale: str) -> dict[str, Any]:
    """Everything that templates about an experience, or about messages that it led to, may name."""
    return {
        "locale": locale,
        "t": wording.LABELS[locale],
        "reference": None,
        "first_name": wording.clip(facts.reader.first_name, 40),
        "title": wording.clip(facts.title, 90),
        "writer": facts.writer and _person(facts.writer),
        "message": _clipped(facts.message, 600),
        "reason": _clipped(facts.reason, 500),
        "url": facts.url,
    }


def application_view(facts: ApplicationFacts, locale: str) -> dict[str, Any]:
    """Everything that templates about applications may name."""
    labels = wording.LABELS[locale]
    until = facts.until and wording.in_zone(facts.until, facts.timezone)
    return {
        "locale": locale,
        # Whoever applies need not have an account.
        "t": {**labels, "account_footer": labels["application_footer"]},
        "reference": None,
        "first_name": wording.clip(facts.reader.first_name, 40),
        "until": until and wording.moment(until, locale),
        "reason": _clipped(facts.reason, LONGEST_REASON),
        "refused": [refused_file(part, refusal, locale) for part, refusal in facts.refused],
        "url": facts.url,
    }


def account_sms_view(facts: AccountFacts, locale: str) -> dict[str, Any]:
    """What SMS about accounts may name. The code is in these alone: no mail and no notification may repeat it."""
    until = facts.until and wording.in_zone(facts.until, facts.timezone)
    return {"code": facts.code, "until": until and wording.deadline(until, locale)}


def _licence(licence: LicenceFacts, locale: str) -> dict[str, Any]:
    return {
        "number": wording.clip(licence.number, 60),
        "last_day": wording.day(licence.expires_on, locale),
        "holds": licence.holds,
        "bookings": licence.bookings,
        "is_offering": licence.is_offering,
        "waits": licence.waits,
        "reason": _clipped(licence.reason, 300),
    }


def _sign_in(sign_in: SignIn, timezone: str, locale: str) -> dict[str, Any]:
    return {
        "at": wording.moment(wording.in_zone(sign_in.at, timezone), locale),
        "device": agent_of(sign_in.device).name(locale),
        "address": sign_in.address,
    }


def sms_view(facts: BookingFacts, locale: str, title_limit: int, place_limit: int) -> dict[str, Any]:
    """What SMS templates may name, all of it GSM-7; names that vanish in folding become ``your guest``."""
    start = wording.in_zone(facts.starts_at, facts.timezone)
    t = wording.LABELS[locale]
    return {
        "audience": str(facts.audience),
        "reference": facts.reference,
        "tourist": {"first_name": _short(facts.tourist.first_name, 20) or t["somebody"], "phone": facts.tourist.phone},
        "guide": {"first_name": _short(facts.guide.first_name, 20) or t["some_guide"], "phone": facts.guide.phone},
        "title": _short(facts.title, title_limit),
        "short_moment": wording.short_moment(start, locale),
        "party": wording.count(sum(number for _, number in facts.guests), "guest", locale),
        "meeting_point": _short(facts.meeting_point, place_limit),
        "cancelled_by": facts.cancelled_by,
        "payment_in_doubt": facts.payment_in_doubt,
        "is_mpesa": facts.provider == "mpesa",
        "refund": _amount(facts.refund),
    }


def _seats_of_the_party(facts: BookingFacts) -> int:
    """A private party takes the whole departure, but its guests think of the seats that they sit on."""
    party = sum(number for _, number in facts.guests)
    return min(facts.seats, party) if party else facts.seats


def _person(person: Person) -> dict[str, str | None]:
    return {
        "first_name": wording.clip(person.first_name, 40),
        "full_name": wording.clip(person.full_name, 80),
        "phone": person.phone,
        "readable_phone": person.phone and wording.readable_phone(person.phone),
    }


def _money(facts: BookingFacts, locale: str) -> dict[str, Any]:
    t = wording.LABELS[locale]
    is_mpesa = facts.provider == "mpesa"
    paid_at = facts.paid_at and wording.in_zone(facts.paid_at, facts.timezone)
    return {
        "lines": [(_line_label(line, facts.title, locale), str(line.amount)) for line in facts.lines],
        "total": str(facts.total),
        "paid": _amount(facts.paid),
        "provider": wording.PROVIDERS[locale].get(facts.provider or "", facts.provider),
        "is_mpesa": is_mpesa,
        "receipt": facts.receipt,
        "paid_at": paid_at and wording.moment(paid_at, locale),
        "refund": _amount(facts.refund),
        "refund_way": t["refund_mpesa"] if is_mpesa else t["refund_other"],
    }


def _trouble(facts: BookingFacts, locale: str) -> dict[str, Any]:
    held = facts.hold_ends_at and wording.in_zone(facts.hold_ends_at, facts.timezone)
    code = facts.failure_code
    return {
        "failure": message(code, locale) if code else None,
        "can_pay_again": bool(code and held and meaning(code).action in _PAYABLE_AGAIN),
        "hold_until": held and wording.deadline(held, locale),
        "cancelled_by": facts.cancelled_by,
        "payment_in_doubt": facts.payment_in_doubt,
    }


def _line_label(line: PriceLine, title: str, locale: str) -> str:
    """``2 × Adult`` for a tier of this experience, the localised name for the fee, else what the line says."""
    if line.kind == "fee":
        label = wording.LABELS[locale]["fee"]
    elif line.description.startswith(title + " ("):
        label = wording.tier_name(line.description[len(title) + 2 : -1], locale)
    else:
        label = line.description
    label = wording.clip(label, 60)
    return label if line.kind == "fee" else f"{line.quantity} × {label}"


def _amount(money: Money | None) -> str | None:
    """Nothing paid and nothing going back are told alike: not at all."""
    return str(money) if money and money.minor else None


def _clipped(text: str | None, limit: int) -> str | None:
    return wording.clip(text, limit) or None if text else None


def _short(text: str, limit: int) -> str:
    return wording.clip(gsm.fold(text), limit, ellipsis="..")
