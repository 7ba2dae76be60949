"""The house rules that a machine can check: short files, short resources, a sentence of purpose in every module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "api",
    "services",
    "domain",
    "models",
    "documents",
    "providers",
    "workers",
    "beat",
    "sandbox",
    "ops",
    "metrics",
    "tests",
)
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if path.stat().st_size)
FILES += sorted(ROOT.glob("*.py"))
LONGEST_FILE, LONGEST_RESOURCE_METHOD = 400, 15


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_file_is_short_says_its_purpose_and_has_a_name_of_its_own(path):
    text = path.read_text()

    assert len(text.splitlines()) <= LONGEST_FILE
    assert path.stem not in ("utils", "helpers", "misc", "common")
    assert ast.get_docstring(ast.parse(text)), "a module opens with a sentence on why it exists"


@pytest.mark.parametrize("path", sorted((ROOT / "api/resources").glob("*.py")), ids=_name)
def test_a_resource_only_parses_authorises_calls_and_answers(path):
    for cls in (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)):
        for method in (node for node in cls.body if isinstance(node, ast.FunctionDef)):
            lines = method.body[-1].end_lineno - method.body[0].lineno + 1
            assert lines <= LONGEST_RESOURCE_METHOD, f"{cls.name}.{method.name} has {lines} lines"
