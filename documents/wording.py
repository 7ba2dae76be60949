"""Words, dates and counts that every text shares, in English and in Swahili."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

LOCALES = ("en", "sw")

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "meeting_point": "Meeting point",
        "guide": "Your guide",
        "guest": "Guest",
        "phone": "Phone",
        "special_requests": "Special requests",
        "reference": "Booking reference",
        "price": "Price",
        "fee": "Service fee",
        "total": "Total",
        "paid": "Paid",
        "paid_by": "Paid by",
        "paid_at": "Paid on",
        "receipt": "Receipt number",
        "refund": "Going back to you",
        "reason": "Reason",
        "device": "Device",
        "time": "Time",
        "address": "Internet address",
        "some_device": "A device that we do not know",
        "somebody": "your guest",
        "some_guide": "your guide",
        "refund_mpesa": "to the M-Pesa number that paid",
        "refund_other": "the way you paid",
        "footer": "This mail is about booking",
        "account_footer": "This mail is about your account. We never ask for your password or your M-Pesa PIN.",
        "application_footer": "This mail is about your application to guide with us. We never ask for your M-Pesa PIN.",
        "tagline": "Local experiences, local guides.",
    },
    "sw": {
        "meeting_point": "Mahali pa kukutana",
        "guide": "Mwongozaji wako",
        "guest": "Mgeni",
        "phone": "Simu",
        "special_requests": "Maombi maalum",
        "reference": "Nambari ya kumbukumbu",
        "price": "Bei",
        "fee": "Ada ya huduma",
        "total": "Jumla",
        "paid": "Umelipa",
        "paid_by": "Njia ya malipo",
        "paid_at": "Tarehe ya malipo",
        "receipt": "Nambari ya risiti",
        "refund": "Unarudishiwa",
        "reason": "Sababu",
        "device": "Kifaa",
        "time": "Wakati",
        "address": "Anwani ya intaneti",
        "some_device": "Kifaa tusichokitambua",
        "somebody": "mgeni wako",
        "some_guide": "mwongozaji wako",
        "refund_mpesa": "kwenye nambari ya M-Pesa iliyotumika kulipa",
        "refund_other": "kwa njia uliyotumia kulipa",
        "footer": "Barua pepe hii inahusu nafasi nambari",
        "account_footer": "Barua pepe hii inahusu akaunti yako. Hatuulizi kamwe nenosiri lako wala PIN yako ya M-Pesa.",
        "application_footer": "Barua pepe hii inahusu ombi lako la kuongoza nasi. Hatuulizi kamwe PIN yako ya M-Pesa.",
        "tagline": "Wenyeji wanakuonyesha kwao.",
    },
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PROVIDERS = {
    "en": {"mpesa": "M-Pesa", "stripe": "Card", "paypal": "PayPal"},
    "sw": {"mpesa": "M-Pesa", "stripe": "Kadi", "paypal": "PayPal"},
}

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "sw": ("Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi", "Jumapili"),
}
_MONTHS = {
    "en": _words("January February March April May June July August September October November December"),
    "sw": _words("Januari Februari Machi Aprili Mei Juni Julai Agosti Septemba Oktoba Novemba Desemba"),
}
_SHORT_MONTHS = {
    "en": _words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    "sw": _words("Jan Feb Mac Apr Mei Jun Jul Ago Sep Okt Nov Des"),
}
#: One and many of each kind of guest that has a name of its own; any other kind is told by the name its guide gave it.
_GUESTS = {
    "en": {
        "guest": ("guest", "guests"),
        "adult": ("adult", "adults"),
        "child": ("child", "children"),
        "infant": ("infant", "infants"),
        "student": ("student", "students"),
        "senior": ("senior", "seniors"),
        "seat": ("seat", "seats"),
    },
    "sw": {
        "guest": ("mgeni", "wageni"),
        "adult": ("mtu mzima", "watu wazima"),
        "child": ("mtoto", "watoto"),
        "infant": ("mtoto mchanga", "watoto wachanga"),
        "student": ("mwanafunzi", "wanafunzi"),
        "senior": ("mzee", "wazee"),
        "seat": ("nafasi", "nafasi"),
    },
}


def clip(text: str, limit: int, *, ellipsis: str = "…") -> str:
    """User text on one line, without control and direction characters, cut between words to ``limit`` characters."""
    line = " ".join((text if text.isascii() and text.isprintable() else _visible(text)).split())
    if len(line) <= limit:
        return line
    head = line[: limit - len(ellipsis)]
    whole = head.rsplit(" ", 1)[0]
    return (whole if len(whole) > limit // 2 else head).rstrip(" ,;:.-") + ellipsis


def _visible(text: str) -> str:
    plain = "".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in text)
    return "".join(one for one in plain if unicodedata.category(one) not in {"Cs", "Co", "Cn"} and not _turns(one))


def _turns(character: str) -> bool:
    """Characters that reorder the text around them, with which a name could disguise an amount or an address."""
    return unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def count(number: int, kind: str, locale: str) -> str:
    """``2 guests`` or ``wageni 2``."""
    one, many = _GUESTS[locale].get(kind, (kind, kind))
    word = one if number == 1 else many
    return f"{word} {number}" if locale == "sw" else f"{number} {word}"


def party(guests: Iterable[tuple[str, int]], locale: str) -> str:
    """``3 guests (2 adults, 1 child)``; the kinds are left out where all are adults."""
    present = [(clip(kind, 30), number) for kind, number in guests if number]
    everybody = count(sum(number for _, number in present), "guest", locale)
    if {kind for kind, _ in present} <= {"adult"}:
        return everybody
    return f"{everybody} ({', '.join(count(number, kind, locale) for kind, number in present)})"


def tier_name(kind: str, locale: str) -> str:
    """A kind of guest as a price line calls it: ``Adult``, ``Mtu mzima``."""
    name = _GUESTS[locale].get(kind, (kind, kind))[0]
    return name[:1].upper() + name[1:]


def zone_name(local: datetime) -> str:
    """``EAT``, or ``UTC+04`` where a zone has no letters of its own."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


def day(local: date, locale: str) -> str:
    """``Saturday 21 November 2026``."""
    return f"{weekday(local, locale)} {local.day} {_MONTHS[locale][local.month - 1]} {local.year}"


def weekday(local: date, locale: str) -> str:
    """The day's whole name: Swahili has no short names that everybody reads alike."""
    return _DAYS[locale][local.weekday()]


def short_weekday(local: datetime, locale: str) -> str:
    """``Sat``; in Swahili the whole name."""
    name = weekday(local, locale)
    return name[:3] if locale == "en" else name


def short_month(local: datetime, locale: str) -> str:
    return _SHORT_MONTHS[locale][local.month - 1]


def time(local: datetime) -> str:
    """``14:25 EAT``."""
    return f"{local:%H:%M} {zone_name(local)}"


def deadline(local: datetime, locale: str) -> str:
    """``14:25 EAT``; Swahili adds the hour as it is spoken, because ``14:25`` alone is easily misread there."""
    return f"{time(local)} ({spoken_hour(local)})" if locale == "sw" else time(local)


def short_moment(local: datetime, locale: str) -> str:
    """``Sat 21 Nov 10:00 EAT``."""
    return f"{short_weekday(local, locale)} {local.day} {short_month(local, locale)} {time(local)}"


def moment(local: datetime, locale: str) -> str:
    """``21 November 2026, 10:00 EAT``."""
    return f"{local.day} {_MONTHS[locale][local.month - 1]} {local.year}, {time(local)}"


def span(start: datetime, end: datetime, locale: str) -> str:
    """``10:00–13:00 EAT``, with the second day named where it is another one, and its date where it is not the next; Swahili
    adds the hour as it is spoken."""
    until, later = f"{end:%H:%M}", (end.date() - start.date()).days
    if later:
        numbered = f" {end.day} {short_month(end, locale)}" if later > 1 else ""
        until = f"{short_weekday(end, locale)}{numbered} {until}"
    text = f"{start:%H:%M}–{until} {zone_name(end)}"
    return f"{text} ({spoken_hour(start)})" if locale == "sw" else text


def spoken_hour(local: datetime) -> str:
    """The start in Swahili reckoning, which counts from dawn: 10:00 is ``saa 4 asubuhi``."""
    hour = (local.hour - 6) % 12 or 12
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"saa\N{NO-BREAK SPACE}{hour}{minutes}\N{NO-BREAK SPACE}{_part_of_day(local.hour)}"


def _part_of_day(hour: int) -> str:
    for until, name in ((4, "usiku"), (6, "alfajiri"), (12, "asubuhi"), (16, "mchana"), (19, "jioni")):
        if hour < until:
            return name
    return "usiku"


def in_zone(instant: datetime, timezone: str) -> datetime:
    return instant.astimezone(ZoneInfo(timezone))


def readable_phone(phone: str) -> str:
    """``+254 712 345 678`` for Kenyan numbers; others as they are."""
    return re.sub(r"^(\+254)(\d{3})(\d{3})(\d{3})$", r"\1 \2 \3 \4", phone)
