"""A copy of somebody's data as a ZIP: one file for machines, one page for people, written row by row."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from types import TracebackType
from typing import Any, BinaryIO
from uuid import UUID

from documents import wording
from documents.export_words import SECTIONS, WORDS
from documents.rendering import render_page

DATA, PAGE = "export.json", {"en": "your-data.html", "sw": "data-yako.html"}
#: Where the page's frame makes room for the tables.
_HERE = "<!-- tables -->"
#: A page is for reading: what is longer is whole in the file for machines.
_LONGEST_CELL = 400


class ExportWriter:
    """Writes a ZIP ``into`` a stream; ``scratch`` holds the page until the data is through. Nothing of it is kept in memory."""

    def __init__(self, into: BinaryIO, scratch: BinaryIO, locale: str, made_at: datetime, timezone: str):
        self._zip = zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED)
        self._scratch = scratch
        self._locale, self._timezone = locale, timezone
        moment = wording.moment(wording.in_zone(made_at, timezone), locale)
        words = WORDS[locale]
        frame = render_page("export.html", locale=locale, words=words, made_at=moment, data=DATA)
        head, _, self._foot = frame.partition(_HERE)
        self._page(head)
        self._data = self._zip.open(DATA, "w", force_zip64=True)
        self._data.write(f'{{"made_at": {json.dumps(made_at.isoformat())}, "tables": {{'.encode())
        self._is_first = True

    def write(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """One table, under its name in the registry of personal data."""
        self._data.write(b"" if self._is_first else b",")
        self._data.write(f"\n{json.dumps(name)}: [".encode())
        self._is_first, count = False, 0
        for row in rows:
            values = [_value(value) for value in row]
            if count == 0:
                self._page(self._table(name, columns))
            self._data.write(b",\n" if count else b"\n")
            self._data.write(json.dumps(dict(zip(columns, values, strict=True)), ensure_ascii=False).encode())
            self._page("<tr>" + "".join(f"<td>{self._cell(value)}</td>" for value in row) + "</tr>\n")
            count += 1
        self._data.write(b"]")
        if count:
            self._page("</tbody></table></div></section>\n")

    def __enter__(self) -> ExportWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._data.write(b"\n}}\n")
        self._data.close()
        if kind is None:
            self._page(self._foot)
            self._scratch.seek(0)
            with self._zip.open(PAGE[self._locale], "w", force_zip64=True) as page:
                while chunk := self._scratch.read(io.DEFAULT_BUFFER_SIZE):
                    page.write(chunk)
        self._zip.close()

    def _page(self, text: str) -> None:
        self._scratch.write(text.encode())

    def _table(self, name: str, columns: Sequence[str]) -> str:
        heads = "".join(f"<th>{html.escape(column.replace('_', ' '))}</th>" for column in columns)
        title = html.escape(SECTIONS[name][self._locale])
        return f"<section><h2>{title}</h2><div><table><thead><tr>{heads}</tr></thead><tbody>\n"

    def _cell(self, value: Any) -> str:
        if isinstance(value, datetime):
            return html.escape(wording.moment(wording.in_zone(value, self._timezone), self._locale))
        if isinstance(value, bool):
            return WORDS[self._locale]["yes" if value else "no"]
        plain = _value(value)
        text = "" if plain is None else plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
        # Clipping looks at every character, and what lies far behind the cut is never shown.
        return html.escape(wording.clip(text[: 2 * _LONGEST_CELL], _LONGEST_CELL))


def _value(value: Any) -> Any:
    """A column's value as JSON has it; amounts and decimals keep every digit."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return value
