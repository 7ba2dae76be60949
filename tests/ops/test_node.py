"""npm packages exactly as committed, installed once, with no trace of where they were downloaded from."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ops import node
from ops.errors import OpsError
from ops.venv import ROOT

CLIENT = ROOT / "tests/realtime/client"
LOCKS = [path for path in ROOT.glob("tests/**/package-lock.json") if "node_modules" not in path.parts]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the client's package.json and lock file, and nothing installed."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(CLIENT / name, tmp_path / name)
    return tmp_path


def test_packages_are_installed_as_locked_without_a_home_folder_and_then_left_alone(project, monkeypatch):
    monkeypatch.setenv("HOME", "/proc")
    installed = node.packages(project)
    locked = json.loads((project / "package-lock.json").read_text())["packages"]["node_modules/socket.io-client"]
    assert json.loads((installed / "socket.io-client/package.json").read_text())["version"] == locked["version"]
    answer = subprocess.run(
        [
            node.interpreter(),
            "--input-type=module",
            "-e",
            "import { io } from 'socket.io-client'; console.log(typeof io)",
        ],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == "function\n"
    trace = installed / "trace"
    trace.touch()
    assert node.packages(project) == installed
    assert trace.exists()


def test_a_registry_out_of_reach_is_told_in_a_sentence(project, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    with pytest.raises(OpsError, match="the npm registry is out of reach") as refusal:
        node.packages(project, cache=project / "cache")
    assert "HTTPS_PROXY" in refusal.value.cure


def test_a_lock_file_that_does_not_fit_is_told_in_a_sentence(project):
    (project / "package.json").write_text('{"dependencies": {"socket.io-client": "4.8.3", "ws": "8.0.0"}}')
    with pytest.raises(OpsError, match="npm could not install"):
        node.packages(project)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_file_names_no_registry(lock):
    assert '"resolved"' not in lock.read_text()


def test_npm_trusts_whom_pip_is_told_to_trust():
    assert node._trust({"PIP_CERT": "/company.pem"}) == {"NODE_EXTRA_CA_CERTS": "/company.pem"}
    assert node._trust({}) == {}
