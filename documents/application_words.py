"""The words for files of an application that we could not take, in English and in Swahili."""

from __future__ import annotations

PARTS = {
    "en": {"resume": "CV", "video": "video", "document": "document"},
    "sw": {"resume": "CV", "video": "video", "document": "hati"},
}

#: What is the matter, by groups of refusals; whatever is in none of them is told as damaged.
_GROUPS = {
    "other": {"not_what_it_says", "not_an_image", "not_a_video", "not_a_document"},
    "large": {"too_large", "too_many_pixels", "too_complex"},
    "active": {"active_content", "two_faced"},
    "locked": {"encrypted"},
    "ours": {"lost", "not_finished", "superseded"},
}
_WHY = {
    "en": {
        "other": "it is not the kind of file that its name says",
        "large": "it is too large",
        "active": "it holds macros, scripts or other files",
        "locked": "it is locked with a password",
        "ours": "we could not finish checking it, which is not your fault",
        "damaged": "it is damaged or not whole",
    },
    "sw": {
        "other": "si aina ya faili inayosema kwenye jina lake",
        "large": "ni kubwa mno",
        "active": "ina programu au faili nyingine ndani yake",
        "locked": "imefungwa kwa nenosiri",
        "ours": "hatukuweza kumaliza kuikagua, na si kosa lako",
        "damaged": "imeharibika au haijakamilika",
    },
}


def refused_file(part: str, refusal: str, locale: str) -> str:
    """``Video: it is damaged or not whole``."""
    group = next((name for name, refusals in _GROUPS.items() if refusal in refusals), "damaged")
    name = PARTS[locale][part]
    return f"{name[:1].upper()}{name[1:]}: {_WHY[locale][group]}"
