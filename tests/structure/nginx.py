"""Reads nginx's configuration into directives and blocks, as far as the tests look at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "nginx"
_TOKEN = re.compile(r"""#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([;{}])|((?:\$\{\w+\}|[^\s;{}"'])+)""")


@dataclass
class Directive:
    """``name words...;`` or ``name words... { inner }``."""

    name: str
    words: list[str]
    inner: list[Directive] = field(default_factory=list)

    def all(self, name: str) -> list[Directive]:
        """The directives called ``name`` directly inside."""
        return [directive for directive in self.inner if directive.name == name]

    def value(self, name: str) -> str:
        """The words of the only directive called ``name`` directly inside."""
        (directive,) = self.all(name)
        return " ".join(directive.words)


def load(name: str) -> Directive:
    """A file of the folder as one block without a name."""
    return Directive("", [], _block(_tokens((FOLDER / name).read_text())))


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    for match in _TOKEN.finditer(text):
        double, single, mark, bare = match.groups()
        if mark:
            yield mark, True
        elif not match[0].startswith("#"):
            yield next(part for part in (double, single, bare) if part is not None), False


def _block(tokens: Iterator[tuple[str, bool]]) -> list[Directive]:
    found: list[Directive] = []
    words: list[str] = []
    for token, is_mark in tokens:
        if not is_mark:
            words.append(token)
            continue
        if token == "}":
            return found
        name, *rest = words
        found.append(Directive(name, rest, _block(tokens) if token == "{" else []))
        words = []
    return found
