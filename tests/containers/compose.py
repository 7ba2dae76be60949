"""Reads docker-compose.yml as the engine would: variables filled in from an env file, refusals included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
#: ${NAME}, ${NAME-if absent}, ${NAME:-if empty}, ${NAME:?}; the innermost first, so that one may stand in another.
_VARIABLE = re.compile(r"\$\{(\w+)(?:(:?[-?])([^${}]*))?\}")


class Refused(Exception):
    """A variable without which the engine does not start."""


def services(environ: Mapping[str, str]) -> dict[str, Any]:
    """Every service by name, with the values of ``environ``; raises :class:`Refused` naming the missing variable."""
    return filled(yaml.safe_load(FILE.read_text()), environ)["services"]


def variables() -> set[str]:
    """The names of all variables that the file mentions."""
    return set(re.findall(r"(?<!\$)\$\{(\w+)", FILE.read_text()))


def env_file(name: str) -> dict[str, str]:
    """The values of an env file beside docker-compose.yml."""
    return {key: value or "" for key, value in dotenv_values(ROOT / name, interpolate=False).items()}


def filled(node: Any, environ: Mapping[str, str]) -> Any:
    """``node`` with every variable replaced, at any depth."""
    if isinstance(node, dict):
        return {name: filled(value, environ) for name, value in node.items()}
    if isinstance(node, list):
        return [filled(value, environ) for value in node]
    if not isinstance(node, str):
        return node
    while True:
        text = _VARIABLE.sub(lambda match: _value(match, environ), node)
        if text == node:
            return node.replace("$$", "$")
        node = text


def _value(match: re.Match[str], environ: Mapping[str, str]) -> str:
    name, operator, word = match.groups()
    value = environ.get(name)
    is_missing = value is None or ((operator or "").startswith(":") and not value)
    if not is_missing:
        return value
    if operator and operator.endswith("?"):
        raise Refused(name)
    return word or ""
