"""Settings that nobody can find are settings that nobody sets."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NAMES = [field.metadata["name"] for field in dataclasses.fields(Settings)]


@pytest.fixture(scope="module")
def documented() -> set[str]:
    """The names that .env.example assigns, commented out or not."""
    return set(re.findall(r"^#?\s*([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(documented, name):
    assert name in documented
