"""Preferences by category and channel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.preferences import Preference


def preferences_answer(preferences: Iterable[Preference]) -> dict[str, Any]:
    """Everything there is to decide, and how it stands."""
    shown: dict[str, dict[str, Any]] = {}
    for each in preferences:
        stands = {"is_enabled": each.is_enabled, "is_always_on": each.is_always_on}
        shown.setdefault(each.category, {})[each.channel.value] = stands
    return {"preferences": shown}
