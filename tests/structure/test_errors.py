"""Every code that a client may meet stands in docs/errors.md with its status, and nothing else does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from api.errors import HTTP_CODES, STATUS
from api.resources.auth import _REFUSED
from api.schemas.payments import ACTIONS
from api.titles import title_of
from domain import applications
from domain.bookings import REFUSALS
from domain.policy import LimitPolicy

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/errors.md").read_text()
STATUS_OF = {error.__name__: status for error, status in STATUS.items()}
#: Beyond the limits of mails to one account nobody is refused: no more are sent.
UNTOLD = {"reset_account", "unconfirmed_mail", "application_mail"}
#: Codes that are chosen when they are raised: from these tables, and nowhere else.
CHOSEN = {
    "api/errors.py": {(code, status) for status, (code, _) in HTTP_CODES.items()},
    "api/resources/auth.py": {(code, 401) for code, _ in _REFUSED.values()},
    "domain/applications.py": {(code, 409) for code in applications.REFUSALS.values()},
    "domain/bookings.py": {(code, 409) for code in REFUSALS.values()},
    "services/limits.py": {
        (f"too_many_{limit.name}", 429) for limit in fields(LimitPolicy) if limit.name not in UNTOLD
    },
}
#: Where the sentence of a code is made: what is raised here was named by the caller.
MAKERS = {"domain/errors.py"}


def calls() -> Iterator[tuple[str, str, list[ast.expr]]]:
    """File, function and arguments of every call in the three packages."""
    for package in ("api", "domain", "services"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and name not in MAKERS:
                    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    yield name, called, node.args


def raised() -> set[tuple[str, int]]:
    """Every code with its status, as the source has them."""
    found = set().union(*CHOSEN.values())
    for name, called, arguments in calls():
        if called in STATUS_OF:
            code, status = arguments[0], STATUS_OF[called]
        elif called == "field_error":
            code, status = arguments[2] if len(arguments) > 2 else ast.Constant("invalid_field"), 422
        elif called == "problem" and name == "api/errors.py" and isinstance(arguments[0], ast.Constant):
            code, status = arguments[1], arguments[0].value
        else:
            continue
        if isinstance(code, ast.Constant):
            found.add((code.value, status))
        else:
            assert name in CHOSEN, f"{name} chooses a code that this test cannot see"
    return found


def test_every_code_is_documented_with_its_status_and_no_other():
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \| .+ \| .+ \|$", DOCUMENT, re.MULTILINE)
    documented = [(code, int(status)) for code, status in rows]

    assert set(documented) == raised()
    assert len(documented) == len(set(documented))


def test_every_action_of_a_failure_is_documented():
    documented = re.findall(r"^\| `([a-z_]+)` \| [^|]+ \|$", DOCUMENT, re.MULTILINE)

    assert sorted(documented) == ACTIONS


def test_a_limit_has_a_title_that_is_no_code():
    for code, _ in CHOSEN["services/limits.py"]:
        assert title_of(code).lower() != code.replace("_", " "), code
