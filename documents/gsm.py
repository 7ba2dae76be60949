"""SMS are paid by the segment: one foreign character halves its size, so texts are folded into GSM-7 and fitted."""

from __future__ import annotations

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Characters that cost two places.
EXTENDED = frozenset("^{}\\[~]|€")
#: What one SMS holds, and what two joined ones hold together.
ONE_SEGMENT, TWO_SEGMENTS = 160, 306

_SPELT = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "•": "-",
        "·": "-",
        "×": "x",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "œ": "oe",
        "Œ": "OE",
        "ı": "i",
    }
)


def fold(text: str) -> str:
    """``text`` in GSM-7: accents that it lacks are dropped, other scripts and emoji vanish, blanks collapse."""
    spelt = text.translate(_SPELT)
    return " ".join("".join(_fold_character(character) for character in spelt).split())


def _fold_character(character: str) -> str:
    if character in BASIC or character in EXTENDED:
        return character
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", character)
    return "".join(part for part in plain if part in BASIC or part in EXTENDED)


def length(text: str) -> int:
    """Places that ``text`` takes; raises ValueError where a character is not GSM-7."""
    foreign = [character for character in text if character not in BASIC and character not in EXTENDED]
    if foreign:
        raise ValueError(f"not in GSM-7: {foreign!r}")
    return len(text) + sum(character in EXTENDED for character in text)
