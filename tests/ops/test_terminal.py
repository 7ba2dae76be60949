"""What the command's lines look like on a terminal, in a file, and where colour or Unicode are unwelcome."""

from __future__ import annotations

import io
import time

import pytest

from ops.errors import OpsError
from ops.terminal import Terminal


class _Screen(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_lines_are_plain_without_a_terminal(terminal, output):
    terminal.good("PostgreSQL", 0.51)
    terminal.bad("Redis")
    assert output.fresh() == f"  ✓ {'PostgreSQL'.ljust(52)}    0.5 s\n  ✗ Redis\n"


def test_a_terminal_gets_colour():
    screen = _Screen()
    Terminal(screen, {"TERM": "xterm"}).good("fine")
    assert screen.getvalue() == "  \033[32m✓\033[0m fine\n"


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}])
def test_colour_can_be_refused(environ):
    screen = _Screen()
    Terminal(screen, environ).good("fine")
    assert screen.getvalue() == "  ✓ fine\n"


def test_a_stream_without_unicode_gets_ascii(tmp_path):
    with (tmp_path / "out").open("w", encoding="ascii") as stream:
        Terminal(stream, {}).good("5 …")
    assert (tmp_path / "out").read_text() == "  + 5 ?\n"


def test_tables_are_aligned_and_have_no_trailing_blanks(terminal, output):
    terminal.table([("API", "http://localhost:5000", ""), ("Flower", "x", "operator / development")])
    assert output.fresh().splitlines() == [
        "  API      http://localhost:5000",
        "  Flower   x                       operator / development",
    ]


def test_gaps_do_not_add_up(terminal, output):
    terminal.heading("Elite")
    terminal.gap()
    terminal.line("one")
    assert output.fresh() == "\nElite\n\n  one\n"


def test_a_problem_shows_sentence_evidence_and_cure(terminal, output):
    terminal.problem(OpsError("It is broken.", "Mend it.", ["line of a log"]))
    assert output.fresh() == "\n  ✗ It is broken.\n    line of a log\n    Mend it.\n"


def test_a_failing_step_ends_with_a_cross(terminal, output):
    with pytest.raises(ValueError, match="no"), terminal.step("Work"):
        raise ValueError("no")
    assert output.fresh().startswith("  ✗ Work")


def test_a_step_of_more_than_a_second_says_so_before_it_ends(tmp_path):
    with (tmp_path / "out").open("w") as stream, Terminal(stream, {}).step("Slow work"):
        time.sleep(1.1)
    first, last = (tmp_path / "out").read_text().splitlines()
    assert first == "  - Slow work …"
    assert last.startswith("  ✓ Slow ")


def test_a_step_moves_on_a_terminal_and_leaves_one_line(tmp_path):
    class Screen(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    environ = {"TERM": "xterm", "NO_COLOR": "1"}
    with (
        Screen((tmp_path / "out").open("wb"), encoding="utf-8") as stream,
        Terminal(stream, environ).step("Slow") as step,
    ):
        step.note = "· half"
        time.sleep(0.35)
    shown = (tmp_path / "out").read_bytes().decode()
    assert shown.count("\r\033[K") >= 3
    assert "Slow … 0 s · half" in shown
    assert shown.rsplit("\r\033[K", 1)[1].startswith("  ✓ Slow ")
