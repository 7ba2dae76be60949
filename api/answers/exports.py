"""A copy of one's data, as whoever asked for it sees it."""

from __future__ import annotations

from typing import Any

from models.exports import DataExport


def export_answer(export: DataExport) -> dict[str, Any]:
    return {
        "id": export.id,
        "status": export.state,
        "requested_at": export.requested_at,
        "message": "We are putting your data together. A link comes by mail, and works for 7 days.",
    }
