"""Everything on one machine: services, migrations, demo data, every process of the Procfile and the sandbox."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from ops import environment, services, state
from ops.errors import OpsError
from ops.migrate import run_module, upgrade
from ops.processes import Supervisor, read_procfile
from ops.terminal import Terminal
from ops.venv import ROOT

_READY_SECONDS = 60.0
_LOOK_SECONDS = 0.2
# A developer's machine has one traveller: a few threads and one child are plenty, and leave its memory alone.
_SMALL = {"WEB_WORKERS": "2", "MONEY_CONCURRENCY": "4", "OUT_CONCURRENCY": "8", "BULK_CONCURRENCY": "1"}

#: What a developer's machine has beside the Procfile, by module.
_OWN = {"sandbox": "sandbox", "origin": "ops.origin"}
#: Where no bucket was given.
_OBJECT_STORE = {"object-store": "ops.object_store"}


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Start everything, stay until Ctrl-C or SIGTERM, stop everything; 0 unless something could not start."""
    given = environment.read(ROOT, os.environ)
    choice = services.chosen(options.services, given)
    folder = state.durable(given)
    env = {
        **_SMALL,
        "PROMETHEUS_MULTIPROC_DIR": str(folder.metrics),
        "SANDBOX_CDN_FOLDER": str(folder.path / "cdn"),
        **environment.development(given, options.port),
        state.RUN_MARK: str(folder.path),
    }
    folder.make()
    lock = folder.lock()
    # Also where a shell that started us in the background has switched SIGINT off.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)
    house = _House(env, folder, terminal, is_verbose=options.verbose)
    try:
        house.start(choice)
        house.stay()
    except KeyboardInterrupt:
        with terminal.step("Stopping everything") as step:
            house.stop()
            step.title = "Everything is stopped; the data is kept"
        return 0
    finally:
        house.stop()
        os.close(lock)


class _House:
    """What one ``up`` has started, and therefore has to stop."""

    def __init__(self, env: dict[str, str], folder: state.State, terminal: Terminal, *, is_verbose: bool):
        self._env = env
        self._folder = folder
        self._terminal = terminal
        self._services = services.Services()
        self._supervisor = Supervisor(ROOT, env, folder.logs, self._say, is_verbose=is_verbose)
        self._told: set[str] = set()

    def start(self, choice: str) -> None:
        terminal, env = self._terminal, self._env
        started = time.monotonic()
        terminal.heading("Elite Events Kenya")
        left = self._folder.stop_leftovers()
        if left:
            terminal.good(f"Stopped {left} processes that a killed run had left behind")
        self._folder.empty_metrics()
        environment.refuse_taken(environment.ports(env))
        environment.settings_from({"DATABASE_URL": "postgresql://later", "REDIS_URL": "redis://later", **env})
        services.start(self._services, self._folder, choice, env, terminal, is_durable=True)
        env |= {"DATABASE_URL": self._services.database_url, "REDIS_URL": self._services.redis_url}
        upgrade(env, terminal)
        accounts = self._load_demo_data()
        self._start_processes()
        terminal.gap()
        terminal.good("Everything is up", time.monotonic() - started)
        self._welcome(accounts)

    def stay(self) -> None:
        """Keep everything running until interrupted."""
        while True:
            self._look()
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Stop all, the processes before the services that they use."""
        try:
            self._supervisor.stop()
        finally:
            self._services.stop()
            self._folder.write_record({})

    def _load_demo_data(self) -> list[dict[str, str]]:
        with self._terminal.step("Demo data") as step:
            output = run_module(["ops.demo_data"], self._env)
            if isinstance(output, OpsError):
                raise OpsError(
                    "The demo data could not be loaded.",
                    f"If the database is not worth keeping, remove {self._folder.path} and start again.",
                    output.details,
                )
            loaded = json.loads(output.splitlines()[-1])
            added = [f"{loaded['added']} rows added"] if loaded["added"] else []
            added += [f"{loaded['drawn']} pictures drawn"] if loaded["drawn"] else []
            step.title = f"Demo data, {' and '.join(added) or 'all there'}"
        return loaded["accounts"]

    def _start_processes(self) -> None:
        modules = (_OBJECT_STORE if environment.owns_store(self._env) else {}) | _OWN
        ours = {name: f"{sys.executable} -m {module}" for name, module in modules.items()}
        programs = {**ours, **read_procfile(ROOT / "Procfile")}
        with self._terminal.step("Processes") as step:
            for name, command in programs.items():
                self._supervisor.start(name, command)
            self._write_record()
            deadline = time.monotonic() + _READY_SECONDS
            while waiting := self._not_ready():
                step.note = f"· waiting for {waiting}"
                self._look()
                for problem in self._supervisor.given_up():
                    raise problem
                if time.monotonic() > deadline:
                    raise OpsError(
                        f"After {_READY_SECONDS:.0f} s there is still no answer from {waiting}.",
                        f"The logs are in {self._folder.logs}; ./elite up --verbose shows them all.",
                    )
                time.sleep(0.1)
            step.title = f"{len(programs)} processes, all of them answering"

    def _not_ready(self) -> str:
        answers = {
            "the sandbox": f"{self._sandbox}/__sim/health",
            "the API": f"{self._api}/health/ready",
            "the sockets": f"http://127.0.0.1:{self._env['REALTIME_PORT']}/health",
        }
        for name, url in answers.items():
            problem = _unready(url)
            if problem:
                return f"{name} ({problem})"
        return ""

    def _look(self) -> None:
        self._supervisor.watch()
        for label in self._services.revive():
            self._say(f"{label} had died and was started again")
        for problem in self._supervisor.given_up():
            if problem.message not in self._told:
                self._told.add(problem.message)
                self._terminal.problem(problem)

    def _write_record(self) -> None:
        """What other commands need to find us, and the settings that we were given for those that examine us."""
        services = self._services
        ours = {"database_url": services.database_url} if services.servers else {}
        addresses = {"api_url": self._api, "sandbox_url": self._sandbox}
        self._folder.write_record({"pid": os.getpid(), **addresses, **ours})
        self._folder.write_environment(environment.settings_in(self._env))

    @property
    def _api(self) -> str:
        return f"http://localhost:{self._env['PORT']}"

    @property
    def _sandbox(self) -> str:
        return f"http://localhost:{self._env['SANDBOX_PORT']}"

    def _welcome(self, accounts: list[dict[str, str]]) -> None:
        terminal, env = self._terminal, self._env
        terminal.gap()
        addresses = [
            ("API", self._api + "/api", ""),
            ("Live events", self._api + "/socket.io/", "Socket.IO, on the same address"),
            ("API documents", self._api + "/api-docs", ""),
            ("Sandbox", self._sandbox, "the phone, the inbox, the switches for faults"),
            ("Flower", env["FLOWER_URL"], "the workers; " + _as_login(env["FLOWER_BASIC_AUTH"])),
            ("Metrics", self._api + "/metrics", "for Prometheus; docs/operations.md names what to watch"),
            ("Logs", str(self._folder.logs), ""),
        ]
        terminal.table(addresses)
        terminal.gap()
        heads = ("Demo account", "E-mail", "Password", "Phone")
        rows = [(each["role"], each["email"], each["password"], each["phone"] or "") for each in accounts]
        terminal.table([heads, *rows])
        for each in accounts:
            if each["second_factor"]:
                terminal.line(f"{each['email']} is asked for a code: give an authenticator app {each['second_factor']}")
        terminal.gap()
        terminal.line("Next, in another terminal: ./elite demo        Ctrl-C stops everything.")
        terminal.gap()

    def _say(self, text: str) -> None:
        self._terminal.line(f"{time.strftime('%H:%M:%S')}  {text}")


def _unready(url: str) -> str:
    """Why ``url`` does not answer 200 with JSON yet; empty when it does."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            json.load(answer)
    except urllib.error.HTTPError as error:
        return _failing_checks(error.read()) or f"it answers {error.code}"
    except (OSError, ValueError):
        return "no answer"
    return ""


def _failing_checks(body: bytes) -> str:
    try:
        checks: Mapping = json.loads(body).get("checks", {})
    except (ValueError, AttributeError):
        return ""
    return ", ".join(name for name, check in checks.items() if isinstance(check, Mapping) and not check.get("ok"))


def _as_login(basic_auth: str) -> str:
    """The password that everybody knows, and no other: somebody's own stays off the screen."""
    user, _, password = basic_auth.partition(":")
    return f"{user} / {password}" if basic_auth == environment.FLOWER_LOGIN else f"{user} / your FLOWER_BASIC_AUTH"


def _interrupt(*_) -> None:
    raise KeyboardInterrupt
