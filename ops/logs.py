"""Reading the processes' logs while they are written, to bring warnings and errors to the developer's eye."""

from __future__ import annotations

import json
import re
from pathlib import Path

_TROUBLE = re.compile(
    r"\b(WARNING|ERROR|CRITICAL|FATAL)\b|^Traceback \(most recent call last\)|^\w+(\.\w+)*(Error|Exception)\b"
)
# Granian's advice about thread counts: ours are many on purpose, because requests may wait for a payment. And Celery's
# about what it does when Redis goes away, which it repeats at each loss: our jobs are rows.
_HARMLESS = re.compile(r"Configuration allows spawning up to \d+ Python threads|CPendingDeprecationWarning")
_TROUBLED_LEVELS = ("warning", "error", "critical")
_LONGEST_LINE = 400


class LogTail:
    """Follows one growing file from its present end backwards to nothing: every line is delivered once."""

    def __init__(self, path: Path):
        self._path = path
        self._position = 0
        self._rest = b""

    def read(self, *, everything: bool) -> list[str]:
        """The complete lines written since the last call: all of them, or those that tell of trouble."""
        try:
            with self._path.open("rb") as source:
                source.seek(self._position)
                fresh = source.read()
        except FileNotFoundError:
            return []
        self._position += len(fresh)
        *lines, self._rest = (self._rest + fresh).split(b"\n")
        texts = (line.decode("utf-8", "replace").rstrip() for line in lines)
        return [readable(text) for text in texts if text and (everything or is_trouble(text))]


def is_trouble(line: str) -> bool:
    """Whether a log line, JSON of ours or text of others, is a warning or worse."""
    fields = _fields(line)
    if fields is not None:
        return str(fields.get("level", "")).lower() in _TROUBLED_LEVELS
    return bool(_TROUBLE.search(line)) and not _HARMLESS.search(line)


def readable(line: str) -> str:
    """One log line for people: our JSON as level, event and fields; others' text as it is; cut to a sane length."""
    fields = _fields(line)
    if fields is not None and "event" in fields:
        for noise in ("timestamp", "logger", "process"):
            fields.pop(noise, None)
        level = str(fields.pop("level", "info")).lower()
        event = fields.pop("event")
        rest = " ".join(f"{name}={value}" for name, value in fields.items())
        line = f"{level}: {event} {rest}".rstrip()
    return line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + " …"


def _fields(line: str) -> dict | None:
    if not line.startswith("{"):
        return None
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None
