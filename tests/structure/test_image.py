"""The image: what goes in, who runs it, and that it can run and judge every line of the Procfile."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.containers.dockerfile import read, sent_to_the_engine
from tests.structure.test_house import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
STEPS = read((ROOT / "Dockerfile").read_text())
START = ROOT / "docker/start"


def last(word: str) -> str:
    return [step.rest for step in STEPS if step.word == word][-1]


def test_the_base_is_one_exact_release():
    bases = [step.words[0] for step in STEPS if step.word == "FROM"]

    assert len(bases) == 2, "wheels are unpacked in one stage and run in another"
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm(@sha256:[0-9a-f]{64})?", bases[0])


def test_it_does_not_run_as_root_and_ends_in_exec_forms():
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", last("USER"))
    assert STEPS.index(next(step for step in STEPS if step.word == "USER")) > max(
        index for index, step in enumerate(STEPS) if step.word in ("RUN", "COPY")
    )
    assert all(last(word).startswith("[") for word in ("ENTRYPOINT", "CMD"))
    assert last("HEALTHCHECK").startswith("CMD [")


def test_it_holds_what_runs_and_nothing_else():
    inside = {path.parts[0] for path in sent_to_the_engine(ROOT)}

    wanted = {*PACKAGES, *(path.name for path in ROOT.glob("*.py")), "migrations", "Procfile", "alembic.ini", "docker"}
    assert wanted - {"tests"} <= inside
    assert inside - wanted == {"requirements.txt"}
    assert "requirements-dev.txt" not in (ROOT / "Dockerfile").read_text()
    assert not [path for path in sent_to_the_engine(ROOT) if path.suffix == ".pyc"]


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A folder with a Procfile, and a temporary folder of its own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "Procfile").write_text("greet: printf '%s %s' ${GREETING:-hello} world\ngreet-loud: printf HELLO")
    return tmp_path


def test_it_runs_the_line_that_is_named(house):
    said = subprocess.run([START, "greet"], cwd=house, capture_output=True, text=True, check=True).stdout

    assert said == "hello world"
    assert (house / "process").read_text() == "greet\n"


@pytest.mark.parametrize("command", [["printf", "a b"], ["/usr/bin/printf", "a b"]])
def test_it_runs_any_other_command_as_it_is(house, command):
    assert subprocess.run([START, *command], cwd=house, capture_output=True, text=True, check=True).stdout == "a b"
    assert not (house / "process").exists()
