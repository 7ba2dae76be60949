"""What searching knows without a database: bands of quality, spellings near a word, and what a search asks of the words."""

from __future__ import annotations

import string

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
