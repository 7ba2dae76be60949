"""What searching asks, written out for the reference: it has the very statements that we have, whatever becomes of them."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from services.search.by_words import finding
from services.search.matching import MEND, PLACE, READ
from services.search.suggesting import SUGGEST

_ASKED = {"read": READ, "mend": MEND, "place": PLACE, "suggest": SUGGEST} | {
    "find" + "_few" * is_few + "_narrowed" * is_narrowed + "_deep" * is_deep: finding(is_few, is_narrowed, is_deep)
    for is_few, is_narrowed, is_deep in itertools.product((False, True), repeat=3)
}


def write(path: Path) -> Path:
    """Each statement by its name, with the names of its parameters in their order and what they are where nothing is given."""
    written = {
        name: {
            "name": question.name,
            "text": question.text,
            "names": question.names,
            "otherwise": question.values({}),
        }
        for name, question in _ASKED.items()
    }
    path.write_text(json.dumps(written))
    return path
