"""GitHub's workflow: the same gate as everywhere, with no more rights than reading and nothing that can change below it."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def test_it_runs_the_gate_on_every_python_that_we_promise():
    tests = WORKFLOW["jobs"]["tests"]

    assert ".ci/run" in [step.get("run") for step in tests["steps"]]
    assert tests["strategy"]["matrix"]["python"][0] == "3.11"


def test_it_may_only_read_and_every_job_ends():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not [name for name, job in WORKFLOW["jobs"].items() if "permissions" in job or "timeout-minutes" not in job]


def test_an_action_is_one_commit():
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name)] == []


def test_dependencies_are_looked_after():
    ecosystems = {
        update["package-ecosystem"]
        for update in yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    }

    assert {"pip", "github-actions", "docker", "docker-compose"} <= ecosystems
    assert any("pip-audit" in step.get("run", "") for step in STEPS)
