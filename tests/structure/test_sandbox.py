"""docs/sandbox.md knows every address of the control API and every fault, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from sandbox import create_app
from sandbox.config import Config
from sandbox.faults import FAULTS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs/sandbox.md").read_text()
VERBS = {"GET", "POST", "PUT"}


def test_every_address_of_the_control_api_is_documented():
    app = create_app(Config.from_env({}))
    app.extensions["sandbox"].stop()
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/__sim/")]
    served = {(verb, re.sub(r"<[^>]+>", "<>", rule.rule)) for rule in rules for verb in rule.methods & VERBS}

    documented = re.findall(r"^\| `([A-Z]+) (/__sim/[^`]+)` \|", DOCUMENT, re.MULTILINE)

    assert {(verb, re.sub(r"<[^>]+>", "<>", path)) for verb, path in documented} == served


def test_every_fault_is_documented():
    assert re.findall(r"^\| `([a-z0-9_]+)` \|", DOCUMENT, re.MULTILINE) == list(FAULTS)
