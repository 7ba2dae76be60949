"""Calm, aligned terminal output, because the command's lines are the first page of the product that a newcomer reads."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from ops.errors import OpsError

TITLE_WIDTH = 52
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_COLOURS = {"good": "32", "bad": "31", "held": "33", "quiet": "2", "strong": "1"}


class Step:
    """One line of progress; ``title`` may be made more precise while the step runs, ``note`` is shown beside it."""

    def __init__(self, title: str):
        self.title = title
        self.note = ""
        self.started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Time since the step began."""
        return time.monotonic() - self.started


class Terminal:
    """Writes to ``stream``: colour and a moving line only on a terminal, and no colour where NO_COLOR is set."""

    def __init__(self, stream: TextIO | None = None, environ: dict[str, str] | None = None):
        self._stream = stream or sys.stdout
        environ = dict(os.environ) if environ is None else environ
        self.is_tty = self._stream.isatty() and environ.get("TERM") != "dumb"
        self._coloured = self.is_tty and not environ.get("NO_COLOR")
        self._is_after_gap = False
        self._is_drawing = False
        self._unicode = _can_encode(self._stream, "✓✗…" + _FRAMES)

    def paint(self, text: str, colour: str) -> str:
        """``text`` in one of the product's colours (good, bad, held, quiet, strong), or as it is without colour."""
        return f"\033[{_COLOURS[colour]}m{text}\033[0m" if self._coloured else text

    def sign(self, mark: str) -> str:
        """A tick, a cross or a dot, or what stands for it where the terminal has no such letters."""
        return mark if self._unicode else {"✓": "+", "✗": "x", "·": "."}.get(mark, mark)

    def line(self, text: str) -> None:
        """One line, indented like all others."""
        self._write(f"  {text}".rstrip() + "\n")

    def paragraph(self, text: str, indent: int, colour: str | None = None) -> None:
        """A sentence or more below ``indent`` spaces, broken where a terminal ends."""
        width = shutil.get_terminal_size().columns - indent - 3 if self.is_tty else len(text) + 1
        for part in textwrap.wrap(text, max(width, 30), break_long_words=False, break_on_hyphens=False):
            self.line(" " * indent + (self.paint(part, colour) if colour else part))

    def heading(self, text: str) -> None:
        """A line that opens a part of the output."""
        self.gap()
        self._write(self.paint(text, "strong") + "\n")
        self.gap()

    def gap(self) -> None:
        """One empty line, unless there is one already."""
        if not self._is_after_gap:
            self._write("\n")
            self._is_after_gap = True

    def good(self, text: str, seconds: float | None = None) -> None:
        """Something that went well."""
        self.line(f"{self._mark('good')} {_with_seconds(text, seconds)}")

    def bad(self, text: str, seconds: float | None = None) -> None:
        """Something that went wrong."""
        self.line(f"{self._mark('bad')} {_with_seconds(text, seconds)}")

    def table(self, rows: list[tuple[str, ...]], gap: int = 3) -> None:
        """Rows of cells in aligned columns."""
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            self.line((" " * gap).join(cells).rstrip())

    def problem(self, error: OpsError) -> None:
        """A failure in the one form that all failures have: the sentence, its evidence, the cure."""
        self.gap()
        self.bad(error.message)
        for detail in error.details:
            self.line("  " + self.paint(detail, "quiet"))
        self.paragraph(error.cure, 2)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show ``title`` while the block runs and a tick or a cross with its seconds when it ends."""
        step = Step(title)
        with self._ticking(step):
            try:
                yield step
            except BaseException:
                self._clear()
                self.bad(step.title, step.seconds)
                raise
        self._clear()
        self.good(step.title, step.seconds)

    @contextmanager
    def _ticking(self, step: Step) -> Iterator[None]:
        # An alarm instead of a thread: the command forks processes during its steps, and forking a threaded Python
        # process may deadlock the child.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = signal.signal(signal.SIGALRM, lambda *_: self._tick(step))
        signal.setitimer(signal.ITIMER_REAL, 0.1 if self.is_tty else 1.0, 0.1 if self.is_tty else 0.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)

    def _tick(self, step: Step) -> None:
        note = f" {step.note}" if step.note else ""
        dots = "…" if self._unicode else "..."
        if not self.is_tty:
            self._raw(f"  - {step.title} {dots}\n")
            return
        frame = _FRAMES[int(step.seconds * 10) % len(_FRAMES)] if self._unicode else "-"
        width = shutil.get_terminal_size().columns
        text = f"  {frame} {step.title} {dots} {step.seconds:.0f} s{note}"
        self._is_drawing = True
        self._raw("\r\033[K" + text[: max(width - 1, 20)])

    def _clear(self) -> None:
        if self._is_drawing:
            self._is_drawing = False
            self._raw("\r\033[K")

    def _mark(self, kind: str) -> str:
        return self.paint(self.sign({"good": "✓", "bad": "✗"}[kind]), kind)

    def _write(self, text: str) -> None:
        if not self._unicode:
            text = text.encode(self._stream.encoding or "utf-8", "replace").decode(self._stream.encoding or "utf-8")
        if self._is_drawing:
            self._clear()
        self._stream.write(text)
        self._is_after_gap = False
        self._stream.flush()

    def _raw(self, text: str) -> None:
        # Called from the alarm: a buffered write could re-enter the one that was interrupted.
        os.write(self._stream.fileno(), text.encode(self._stream.encoding, "replace"))


def _with_seconds(text: str, seconds: float | None) -> str:
    return text if seconds is None else f"{text.ljust(TITLE_WIDTH)} {seconds:6.1f} s"


def _can_encode(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
