"""Money that goes back, as whoever paid it sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.answers import money
from models.payments import Refund


def refund_answers(refunds: Sequence[Refund]) -> list[dict[str, Any]]:
    """What goes back, in the order in which it was decided."""
    return [
        {
            "amount": money(refund.amount),
            "reason": refund.reason,
            "state": refund.state,
            "requested_at": refund.requested_at,
        }
        for refund in refunds
    ]
