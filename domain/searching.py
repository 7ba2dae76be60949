"""What searching knows without a database: bands of quality, spellings near a word, and what a search asks of the words."""

from __future__ import annotations

import html
import math
import re
import string
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

#: Everything that can be found lies in one of these bands: the best thousand in the first, four times as many in each next
#: one, and the rest in the last.
BAND_SIZES = (1_000, 4_000, 16_000, 64_000, 256_000)
LAST_BAND = len(BAND_SIZES)
BANDS = range(LAST_BAND + 1)
#: Shorter words are too much like all others to be mended, longer ones nobody types.
SHORTEST_MENDED, LONGEST_WORD = 3, 40
_LETTERS = string.ascii_lowercase


def spellings(word: str) -> list[str]:
    """Whatever one slip of the finger makes of a word: a letter too few, too many, another, or two the wrong way round."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    other = {left + letter + right[1:] for left, right in halves if right for letter in _LETTERS}
    more = {left + letter + right for left, right in halves for letter in _LETTERS}
    return sorted((missing | swapped | other | more) - {word, ""})


#: So many of the best are looked at more closely and put in order; nobody leafs beyond them. Those after the first are looked
#: at by whoever leafs so far, and come behind them.
FIRST_CANDIDATES, CANDIDATES = 100, 200
#: Words in no more documents than these find all of them: one alone, and one of several, of whose documents fewer are found.
FEW_OF_ONE, FEW_OF_SEVERAL = CANDIDATES, 400
#: Bands up to here are looked through for titles first and then for everything else, before anything beyond them is.
NEAR_BANDS = 4
#: A filter by prices that spans more steps leaves out so little that looking closer is cheaper.
MOST_PRICE_STEPS = 8
#: PostgreSQL and Python may differ by less than this on the border of two steps.
_ROUNDING = 1e-9
#: Suggestions look beyond the near bands only for what so few entries of the index have: more common words that have not met
#: among the best by then hardly ever do.
MOST_FAR_ENTRIES = 20_000
#: Words of a question beyond these are not read, and so many unknown ones are mended.
MOST_WORDS, MOST_MENDED = 10, 4
_WORD = re.compile(r"[^\W_]+(?:['’‘`´ʼ][^\W_]+)*")
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question: as it is looked for, what the dictionary makes of it (nothing where it says nothing), the
    words that it finds, and in how many documents these are, all together, where they have been counted."""

    word: str
    stems: tuple[str, ...]
    variants: tuple[str, ...] = ()
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """A question in the language of tsquery: what has all its words in title or place, what has them anywhere, and the words
    alone, by which what was found is ranked. Where one of the words is in few documents, ``few`` finds these and ``rest`` is
    what else is asked of them, if anything is."""

    heads: str
    others: str
    words: str
    few: str | None = None
    rest: str | None = None


def telling(terms: Sequence[Term]) -> Sequence[Term]:
    """The words that say something; all of them where none does."""
    return [term for term in terms if term.stems] or terms


def sought(terms: Sequence[Term], properties: Sequence[str]) -> Sought:
    """The question for ``terms`` (none: whatever there is) among what has all ``properties``."""
    if not terms:
        return Sought(_all(properties), "", "")
    heads = _all(_any("^" + word for word in (term.word, *term.variants)) for term in telling(terms))
    stems = _all(_quoted(stem) for term in terms for stem in term.stems)
    others = _all((stems, *properties)) if stems else ""
    told = [term for term in terms if term.stems]
    rarest = min(told, key=lambda term: term.entries, default=None)
    if rarest is None or rarest.entries > (FEW_OF_SEVERAL if len(told) > 1 else FEW_OF_ONE):
        return Sought(_all((heads, *properties)), others, stems)
    few = _all(map(_quoted, rarest.stems))
    rest = _all((*(_quoted(stem) for term in told if term is not rarest for stem in term.stems), *properties))
    return Sought(_all((heads, *properties)), others, stems, few, rest or None)


def property_of(name: str) -> str:
    """What has a property, such as a kind or a category."""
    return _quoted("#" + name)


def in_place(words: Sequence[Sequence[str]]) -> str:
    """What is in a place that has, for each word, one of its kin."""
    return _all(_any("@" + word for word in kin) for kin in words)


def costing(currency: str, least: int | None, most: int | None, category: str | None = None) -> str | None:
    """What costs about so much, in minor units: a little more than that, so that a closer look is left to be taken. With a
    ``category``, one lexeme says both. None where the closer look alone is cheaper."""
    if least is None or most is None:
        return None
    first, last = _price_step(least, -_ROUNDING), _price_step(most, _ROUNDING)
    if last - first >= MOST_PRICE_STEPS:
        return None
    of = f"#{category} " if category else "#"
    return _any(f"{of}{currency}{step}" for step in range(first, max(first, last) + 1))


def _price_step(minor: int, rounding: float) -> int:
    """As the function ``searchable`` has it, which may round another way: two steps to the double."""
    return max(math.floor(2 * math.log(minor + 1) / math.log(2) + rounding), 0)


def _any(lexemes: Iterable[str]) -> str:
    return f"({' | '.join(dict.fromkeys(map(_quoted, lexemes)))})"


def _all(conditions: Iterable[str]) -> str:
    return " & ".join(conditions)


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def marked(text: str, words: Collection[str], longest: int) -> str:
    """A text, or ``longest`` letters of it around the first of ``words``, as HTML in which nothing but ``<mark>`` is HTML."""
    found = [match.span() for match in _WORD.finditer(text) if _folded(match[0]) in words]
    start, end = _excerpt(text, found[0][0] if found else 0, longest)
    pieces, at = ["…" if start else ""], start
    for first, last in found:
        if start <= first and last <= end:
            pieces += [html.escape(text[at:first]), "<mark>", html.escape(text[first:last]), "</mark>"]
            at = last
    return "".join([*pieces, html.escape(text[at:end]), "…" if end < len(text) else ""])


def _excerpt(text: str, about: int, longest: int) -> tuple[int, int]:
    """Where to begin and to end, between words where there are any near."""
    if len(text) <= longest:
        return 0, len(text)
    start = max(min(about - longest // 3, len(text) - longest), 0)
    if start:
        start = text.find(" ", start, about) + 1 or start
    end = min(start + longest, len(text))
    if end < len(text):
        end = max(text.rfind(" ", about, end), about + 1) if " " in text[about:end] else end
    return start, end


def _folded(word: str) -> str:
    """As the function ``search_folded`` has it, for the letters that most people write."""
    if word.isascii() and word.isalnum():
        # Nearly every word, at a tenth of the cost.
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES)).lower()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
