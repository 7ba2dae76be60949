"""The virtual environment of the repository: made once, repaired when broken, and left alone while nothing changed."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from ops.alone import alone_in
from ops.errors import OpsError
from ops.terminal import Step, Terminal

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
_STAMP = "elite-installed.json"
_MARKER = "elite-installing"

_PIP_TROUBLES = (
    (
        r"No space left on device",
        "The disk is full, so the Python packages cannot be installed.",
        "Free about 600 MB and start again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "The package index answered with a certificate that this machine does not trust.",
        "If a company proxy is in between, point PIP_CERT at its certificate and start again.",
    ),
    (
        r"NewConnectionError|NameResolutionError|Temporary failure in name resolution|ConnectTimeoutError|ReadTimeout"
        r"|Network is unreachable|ProxyError|Connection refused|No route to host",
        "The Python packages cannot be downloaded: the package index is out of reach.",
        "Check the network (or the proxy in HTTPS_PROXY) and start again; what was downloaded is kept.",
    ),
    (
        r"Permission denied",
        "The Python packages cannot be written into .venv.",
        "Remove the folder .venv (another user may own it) and start again.",
    ),
)


def installed_key(root: Path, python_version: str) -> str:
    """What an installation depends on: the requirement files' bytes and the interpreter's version, as one hash."""
    digest = hashlib.sha256(python_version.encode())
    for name in REQUIREMENTS:
        digest.update(b"\0" + (root / name).read_bytes())
    return digest.hexdigest()


def is_running_inside(venv: Path = VENV) -> bool:
    """Whether this very process is the environment's own interpreter."""
    return Path(sys.prefix).resolve() == venv.resolve()


def ensure(terminal: Terminal, argv: list[str]) -> None:
    """Return inside the environment with everything installed, replacing this process where needed.

    Raises OpsError where the environment cannot be made on this machine.
    """
    python = VENV / "bin" / "python"
    if is_running_inside():
        if _read_stamp(VENV) == installed_key(ROOT, _version(sys.version_info[:3])):
            return
        python = Path(sys._base_executable)  # type: ignore[attr-defined]
    else:
        with alone_in(ROOT):
            build(terminal, ROOT, VENV)
    sys.stdout.flush()
    os.execv(python, [str(python), str(ROOT / "elite"), *argv])


def build(terminal: Terminal, root: Path, venv: Path) -> None:
    """Make ``venv`` whole: nothing where the stamp fits, an installation where it does not, a new one where it is broken."""
    version = probe(venv)
    if version and _read_stamp(venv) == installed_key(root, version):
        return
    if not version or (venv / _MARKER).exists():
        _create(terminal, root, venv)
        version = probe(venv)
    if not version:
        raise OpsError(
            "The new virtual environment in .venv does not start.",
            "Check that python3 itself works (python3 -m venv /tmp/try) and start again.",
        )
    _install(terminal, root, venv)
    (venv / _STAMP).write_text(json.dumps({"key": installed_key(root, version), "python": version}))


def probe(venv: Path) -> str | None:
    """The version of the environment's interpreter, or None where it is missing, broken, too old or has no pip."""
    program = "import sys, pip; print('.'.join(map(str, sys.version_info[:3])))"
    try:
        answer = subprocess.run(
            [venv / "bin" / "python", "-c", program], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = answer.stdout.strip()
    if answer.returncode or tuple(map(int, version.split(".")[:2])) < (3, 11):
        return None
    return version


def _version(info: tuple[int, ...]) -> str:
    return ".".join(map(str, info))


def _read_stamp(venv: Path) -> str | None:
    try:
        return json.loads((venv / _STAMP).read_text())["key"]
    except (OSError, ValueError, KeyError):
        return None


def _create(terminal: Terminal, root: Path, venv: Path) -> None:
    if not os.access(root, os.W_OK):
        raise OpsError(
            f"The folder {root} is not writable for this user, and .venv has to be made in it.",
            "Start as the folder's owner, or clone the repository into a folder of your own.",
        )
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise OpsError(
            "This Python cannot make virtual environments: its venv module is incomplete.",
            "On Debian and Ubuntu: apt install python3-venv. Then start again.",
        )
    with terminal.step("Virtual environment in .venv"):
        _remove(venv)
        answer = subprocess.run(
            [sys._base_executable, "-m", "venv", str(venv)],  # type: ignore[attr-defined]
            capture_output=True,
            text=True,
            check=False,
        )
    if answer.returncode:
        lines = (answer.stdout + answer.stderr).strip().splitlines()
        raise OpsError(
            "Python could not make the virtual environment in .venv.",
            "Read the lines above; often python3-venv is missing or the disk is full.",
            lines[-6:],
        )


def _remove(venv: Path) -> None:
    try:
        if venv.is_symlink() or venv.is_file():
            venv.unlink()
        elif venv.exists():
            shutil.rmtree(venv)
    except OSError as error:
        raise OpsError(
            f"The broken virtual environment in .venv cannot be removed: {error.strerror}.",
            "Remove the folder .venv yourself and start again.",
        ) from error


def _install(terminal: Terminal, root: Path, venv: Path) -> None:
    log = venv / "elite-install.log"
    try:
        # An interrupted pip may leave half a package that it later takes for a whole one, so its trace forces a
        # new environment.
        (venv / _MARKER).touch()
        with terminal.step("Python packages") as step, log.open("w") as copy:
            status = _run_pip(root, venv, step, copy)
            if status:
                raise _pip_trouble(log.read_text())
    except PermissionError as error:
        raise OpsError(
            "The virtual environment in .venv belongs to another user.",
            "Start as that user, or remove the folder .venv and start again.",
        ) from error
    (venv / _MARKER).unlink()


def _run_pip(root: Path, venv: Path, step: Step, copy) -> int:
    command = [venv / "bin" / "python", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", "--retries", "3", "-r", root / REQUIREMENTS[-1]]
    collected = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, cwd=root
    ) as pip:
        for line in pip.stdout or ():
            copy.write(line)
            if match := re.match(r"Collecting ([\w.-]+)", line):
                collected += 1
                step.note = f"· {collected} · {match[1]}"
            elif line.startswith("Installing collected packages"):
                step.note = f"· writing {line.count(',') + 1} packages"
        copy.flush()
        return pip.wait()


def _pip_trouble(output: str) -> OpsError:
    for pattern, message, cure in _PIP_TROUBLES:
        if re.search(pattern, output):
            return OpsError(message, cure)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if match := re.search(r"No matching distribution found for (\S+)", output):
        return OpsError(
            f"The package {match[1]} is not available for this Python on this machine.",
            "Use Python 3.11 to 3.13 on Linux (glibc) or macOS.",
            [line for line in lines if line.startswith("ERROR")][-3:],
        )
    return OpsError(
        "The Python packages could not be installed.",
        "The whole output is in .venv/elite-install.log.",
        [line for line in lines if line.startswith("ERROR")][-3:] or lines[-3:],
    )
