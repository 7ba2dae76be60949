"""Fields of Word's documents: words that Word replaces by what it finds elsewhere, or by what another program answers."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from documents.unfit import Unfit
from domain.media import Refusal

#: Fields that start a program, run a macro, or take in another file, from wherever it lies; QUOTE spells out any by numbers.
ACTIVE = frozenset(
    {"DDE", "DDEAUTO", "LINK", "EMBED", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "RD", "DATABASE"}
    | {"MACROBUTTON", "HTMLACTIVEX", "QUOTE", "PRINT"}
)
_BEFORE, _CODE = re.compile(r"[\s\"]+"), re.compile(r"[A-Za-z]+")
#: Stands for what a field in the instructions of another one comes to.
_NESTED = "\0"
#: Fields in fields, and of each what its code needs: there may be millions in a hostile part.
_DEEPEST, _LONGEST = 100, 100


class Fields:
    """Reads a part of a document, piece by piece, for the instructions of its fields. Raises :class:`Unfit`."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begins
        self._parser.EndElementHandler = self._ends
        self._parser.CharacterDataHandler = self._says
        self._parser.EntityDeclHandler = self._declares
        #: The instructions of each open field; None behind them, where its result stands. The first are those of no field.
        self._open: list[str | None] = [""]
        self._is_instruction = False

    def feed(self, piece: bytes, *, is_last: bool = False) -> None:
        try:
            self._parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise Unfit(Refusal.DAMAGED) from error
        if is_last:
            for instructions in self._open:
                _check(instructions)

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        named = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        match name.rpartition(":")[2]:
            case "instrText" | "delInstrText":
                self._is_instruction = True
            case "fldSimple":
                _check(_joined("", named.get("instr", "")))
            case "fldChar":
                self._turns(named.get("fldCharType", ""))

    def _turns(self, point: str) -> None:
        if point == "begin":
            if len(self._open) > 1:
                self._add(_NESTED)
            self._open.append("")
            if len(self._open) > _DEEPEST:
                raise Unfit(Refusal.TOO_COMPLEX)
        elif len(self._open) > 1:
            _check(self._open[-1])
            self._open[-1] = None
            if point == "end":
                self._open.pop()

    def _ends(self, name: str) -> None:
        if name.rpartition(":")[2] in ("instrText", "delInstrText"):
            self._is_instruction = False

    def _says(self, text: str) -> None:
        if self._is_instruction:
            self._add(text)

    def _add(self, text: str) -> None:
        if (instructions := self._open[-1]) is not None:
            self._open[-1] = _joined(instructions, text)

    def _declares(self, *_: Any) -> None:
        raise Unfit(Refusal.ACTIVE_CONTENT)


def _joined(instructions: str, text: str) -> str:
    """Instructions from their code on."""
    if not instructions:
        text = text[before.end() :] if (before := _BEFORE.match(text)) else text
    return instructions if len(instructions) >= _LONGEST else instructions + text[:_LONGEST]


def _check(instructions: str | None) -> None:
    """The code is their first word; one that another field puts together nobody writes honestly."""
    said = instructions or ""
    code = _CODE.match(said)
    if said.startswith(_NESTED) or (code is not None and code[0].upper() in ACTIVE):
        raise Unfit(Refusal.ACTIVE_CONTENT)
