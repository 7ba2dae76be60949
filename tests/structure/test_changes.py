"""Nobody moves a booking or a payment behind the back of those who watch it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: The one place from which states move, and so the one that tells.
THE_WAY = ROOT / "services/bookings/changes.py"
FILES = sorted(
    path for package in ("services", "workers", "api") for path in (ROOT / package).rglob("*.py") if path != THE_WAY
)
STATES = {"status", "state", "failure_code"}
#: Rows with a state of their own that nobody watches live: deliveries, uploads, and answers under an idempotency key.
OTHERS = {
    "workers/deliveries.py": {"delivery.state"},
    "services/idempotency.py": {"row.status"},
    "services/media/uploads.py": {"media.move"},
    "services/media/sweeping.py": {"media.move"},
    "services/applications/answering.py": {"application.move"},
    "services/applications/records.py": {"application.move"},
    "services/applications/applying.py": {"application.move"},
    "services/applications/reviewing.py": {"application.move"},
}
VERBS = {"move", "become"}


def bypasses(source: str) -> Iterator[str]:
    """Calls of the models' own verbs, assignments to a state, and updates of the tables in bulk."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if node.attr in STATES:
                yield ast.unparse(node)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in VERBS:
                yield ast.unparse(node.func)
            if isinstance(node.func, ast.Name) and node.func.id == "update":
                yield from (name for name in map(ast.unparse, node.args) if name in ("Booking", "Payment"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_states_move_in_one_place(path):
    assert set(bypasses(path.read_text())) <= OTHERS.get(str(path.relative_to(ROOT)), set())


@pytest.mark.parametrize(
    "source",
    [
        "booking.move(session, verb, now)",
        "held.payment.become(state, None)",
        "payment.state, payment.paid_at = state, now",
        "session.execute(update(Payment).values(state='failed'))",
    ],
)
def test_a_bypass_is_noticed(source):
    assert list(bypasses(source))
