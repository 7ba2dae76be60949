"""eventlet is on its way out: one file knows it, so that one file has to change."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.structure.test_house import FILES, ROOT


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_eventlet_is_imported_by_the_realtime_process_alone():
    using = {path.name for path in FILES if any(name.split(".")[0] == "eventlet" for name in imported(path))}
    assert using == {"realtime.py"}


def test_the_standard_library_is_patched_before_anything_of_ours_is_imported():
    statements = [node for node in ast.parse((ROOT / "realtime.py").read_text()).body if not isinstance(node, ast.Expr)]
    lines = (ROOT / "realtime.py").read_text().splitlines()
    patched = next(number for number, line in enumerate(lines, 1) if line == "eventlet.monkey_patch()")
    before = [name for node in statements if node.lineno < patched for name in _names(node)]
    assert before == ["__future__", "warnings", "eventlet"]


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
