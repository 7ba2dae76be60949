"""Languages by their names: what guides speak is kept as people say it, and clients may ask by ISO 639-1 code as well."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: What is spoken in Kenya, and by those who come to see it. Many of Kenya's languages have no code of two letters.
BY_CODE: Mapping[str, str] = MappingProxyType(
    {
        "am": "Amharic",
        "ar": "Arabic",
        "da": "Danish",
        "de": "German",
        "en": "English",
        "es": "Spanish",
        "fi": "Finnish",
        "fr": "French",
        "gu": "Gujarati",
        "he": "Hebrew",
        "hi": "Hindi",
        "it": "Italian",
        "ja": "Japanese",
        "ki": "Kikuyu",
        "ko": "Korean",
        "nl": "Dutch",
        "no": "Norwegian",
        "om": "Oromo",
        "pa": "Punjabi",
        "pl": "Polish",
        "pt": "Portuguese",
        "ru": "Russian",
        "so": "Somali",
        "sv": "Swedish",
        "sw": "Swahili",
        "tr": "Turkish",
        "zh": "Chinese",
    }
)
#: What people call a language in itself, or otherwise.
_ALSO: Mapping[str, str] = MappingProxyType(
    {"kiswahili": "Swahili", "kiingereza": "English", "deutsch": "German", "mandarin": "Chinese", "maasai": "Maa"}
)


_NAMED = {name.lower(): name for name in BY_CODE.values()} | dict(_ALSO) | dict(BY_CODE)


def language_named(text: str) -> str:
    """A language by its English name, from its code, another name of it or its name in whatever case; what we do not know stays
    as it is."""
    return _NAMED.get(text.lower(), text)
