"""The house of a run: throw-away services, the sandbox and every program of the Procfile, to be killed and kept alive."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping

import psutil
import psycopg2
import redis

from ops import environment, launch, services, state
from ops.errors import OpsError
from ops.migrate import upgrade
from ops.processes import Program, Supervisor, read_procfile
from ops.server import Server
from ops.terminal import Terminal
from ops.testrun import clean_environment
from ops.venv import ROOT

READY_SECONDS = 90.0
LOOK_SECONDS = 0.05
#: Orderly ends between two clocks: whoever does not leave by then is killed once more.
GOODBYE_SECONDS = 4.0
#: Those that run twice: two must be as harmless as one, and one must do while the other is dead.
TWINS = ("relay", "worker-money")
#: What a small run does without: nobody's money depends on the operators' window or on live events.
LEFT_OUT = ("flower", "realtime")
#: What is enough to bring a small run to its end, when nobody asks or calls back any more.
FINISHERS = ("relay", "worker-money", "worker-out")
_SIZES = {
    "WEB_WORKERS": "2",
    "WEB_THREADS": "21",
    "MONEY_CONCURRENCY": "4",
    "OUT_CONCURRENCY": "6",
    "BULK_CONCURRENCY": "1",
}
#: A crowd from one address; holds end within a run; and the sandbox does not make anybody wait for long.
_SETTINGS = {
    "APP_ENV": "test",
    "BCRYPT_ROUNDS": "4",
    "HOLD_MINUTES": "2",
    "LIMIT_REGISTER_ADDRESS": "100000 per 1h",
    "LIMIT_PUBLIC_READS": "100000 per 1m",
    "LIMIT_STK_PHONE": "20 per 10m",
    "SANDBOX_CALLBACK_SECONDS": "0.1",
    "SANDBOX_PHONE_OFF_SECONDS": "1",
    "SANDBOX_SAME_AMOUNT_SECONDS": "0",
    "SANDBOX_LOCK_SECONDS": "1",
}


def programs(*, is_small: bool) -> dict[str, str]:
    """Name → command of everything that a run kills: the Procfile and the origin in front, with a twin beside some."""
    commands = {"origin": f"{sys.executable} -m ops.origin", **read_procfile(ROOT / "Procfile")}
    if is_small:
        return {name: command for name, command in commands.items() if name not in LEFT_OUT}
    twins = {f"{name}-2": commands[name].replace(f"{name}@", f"{name}-2@") for name in TWINS if name in commands}
    return commands | twins


class House:
    """Everything that a run starts, and therefore has to stop. Call it from the main thread only."""

    def __init__(self, terminal: Terminal, choice: str, *, prompt_seconds: float, is_small: bool):
        self._terminal = terminal
        self._choice = choice
        self._is_small = is_small
        self.programs = programs(is_small=is_small)
        self._services = services.Services()
        self.folder = state.throw_away()
        self.env: dict[str, str] = {}
        self.said: list[str] = []
        self._prompt_seconds = prompt_seconds
        self._supervisor: Supervisor | None = None
        self._sandbox: Supervisor | None = None
        self.clock_offset = 0

    def start(self) -> None:
        """Services, migrations, sandbox, programs; returns when all of them answer."""
        # Durable, for a crash of PostgreSQL must keep its promises; Redis keeps nothing at all.
        services.start_database(self._services, self.folder, self._choice, {}, self._terminal, is_durable=True)
        services.start_redis(self._services, self.folder, self._choice, {}, self._terminal, is_durable=False)
        self.env |= self._environment()
        upgrade(self.env, self._terminal)
        self._sandbox = Supervisor(ROOT, self.env, self.folder.logs, self.said.append)
        self._sandbox.start("sandbox", f"{sys.executable} -m sandbox")

    def open(self) -> None:
        """Start the programs with the house's present clock."""
        names = FINISHERS if self._is_small and self.clock_offset else self.programs
        self.env["CLOCK_OFFSET"] = f"{self.clock_offset}s"
        logs = self.folder.logs / f"after-{self.clock_offset}s" if self.clock_offset else self.folder.logs
        logs.mkdir(exist_ok=True)
        self._supervisor = Supervisor(ROOT, self.env, logs, self.said.append)
        for name in names:
            self._supervisor.start(name, self.programs[name])

    def await_ready(self) -> None:
        """Wait until API and sandbox answer and every queue moves; a small run begins before all of them do."""
        self.wait_until(self.is_ready, READY_SECONDS, "the house")

    def move_clock(self, seconds: int) -> None:
        """Close the house and open it again so much later."""
        self._supervisor.stop(GOODBYE_SECONDS)
        self.clock_offset += seconds
        self.open()

    def stop(self) -> None:
        for supervisor in (self._supervisor, self._sandbox):
            if supervisor:
                supervisor.stop(GOODBYE_SECONDS)
        self._services.stop()

    def look(self) -> None:
        """Keep what runs running; the sandbox has to live, for it is the witness."""
        self._supervisor.watch()
        if not self._sandbox.programs[0].is_running:
            raise OpsError(
                "The sandbox died, and with it the record of the money.", "Its log tells why.", self.log("sandbox")
            )
        for problem in self._supervisor.given_up():
            raise problem

    def wait_until(self, probe: Callable[[], bool], seconds: float, what: str) -> bool:
        """Look after the house until ``probe`` says so; raises OpsError where that takes longer than ``seconds``."""
        deadline = time.monotonic() + seconds
        while not probe():
            self.look()
            if time.monotonic() > deadline:
                raise OpsError(
                    f"{what} did not get ready within {seconds:.0f} s.", f"The logs are in {self.folder.logs}."
                )
            time.sleep(0.1)
        return True

    def is_ready(self) -> bool:
        health = "/health" if self._is_small else "/health/ready"
        return answers(f"{self.sandbox_url}/__sim/health") and answers(self.api_url + health)

    def program(self, name: str) -> Program:
        return next(program for program in self._supervisor.programs if program.name == name)

    def kill(self, name: str, child: float | None) -> str:
        """``kill -9`` to a program's leader, or to one of its children chosen by ``child``; says what was hit."""
        program = self.program(name)
        # These deaths are not the program's fault: it is started again however many there are.
        program.quick_deaths = 0
        if not program.is_running:
            return "was down"
        leader = psutil.Process(program.process.pid)
        try:
            children = sorted(leader.children(recursive=True), key=lambda process: process.pid)
            victim = children[int(child * len(children))] if child is not None and children else leader
            victim.kill()
        except psutil.NoSuchProcess:
            return "was down"
        return "leader" if victim == leader else "child"

    def freeze(self, name: str) -> tuple[str, Callable[[], str]]:
        """Stop a program, or Redis, without ending it; says whether it was there, and how to let it go on."""
        if name == "redis":
            leader = self._redis.pid
        else:
            program = self.program(name)
            leader = program.process.pid if program.is_running else None
        if leader is None or not _signal_group(leader, signal.SIGSTOP):
            return "was down", lambda: "was down"
        return "stopped", lambda: "goes on" if _signal_group(leader, signal.SIGCONT) else "was killed meanwhile"

    def flush_redis(self) -> None:
        """Forget every message."""
        client = redis.Redis.from_url(self._services.redis_url, socket_timeout=5)
        client.flushall()
        client.close()

    def stop_redis(self) -> None:
        os.kill(self._redis.pid, signal.SIGKILL)

    def crash_postgres(self) -> None:
        """The immediate shutdown: no goodbye to anybody, recovery at the next start."""
        os.kill(self._postgres.pid, signal.SIGQUIT)

    def revive_services(self) -> list[str]:
        return self._services.revive()

    @property
    def database_url(self) -> str:
        return self._services.database_url

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.env['PORT']}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.env['SANDBOX_PORT']}"

    def log(self, name: str, lines: int = 12) -> list[str]:
        return launch.tail(self.folder.logs / f"{name}.log", lines)

    def query(self, sql: str) -> list[dict]:
        """The rows of a question to the database, as JSON has them."""
        connection = psycopg2.connect(self.database_url, connect_timeout=5)
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT row_to_json(answer) FROM ({sql}) AS answer")
                return [row for (row,) in cursor.fetchall()]
        finally:
            connection.close()

    @property
    def _postgres(self) -> Server:
        return self._services.servers[0]

    @property
    def _redis(self) -> Server:
        return self._services.servers[1]

    def _environment(self) -> dict[str, str]:
        given: Mapping[str, str] = clean_environment(os.environ, self._services, self.folder.path)
        ports = {name: str(launch.free_port()) for name in sorted(_ports_wanted())}
        sizes = _SIZES | ({"WEB_WORKERS": "1"} if self._is_small else {})
        wanted = {**given, **sizes, **_SETTINGS, **ports, "SANDBOX_PROMPT_SECONDS": str(self._prompt_seconds)}
        # Nobody's goodbye may lengthen the file of somebody who is killed.
        wanted["LOG_LEVEL"] = "info"
        return environment.development(wanted) | {state.RUN_MARK: str(self.folder.path)}


def _signal_group(leader: int, how: signal.Signals) -> bool:
    try:
        os.killpg(leader, how)
    except ProcessLookupError:
        return False
    return True


def _ports_wanted() -> set[str]:
    """Every port that the Procfile or the command speaks of, so that a new program's is found as well."""
    named = set(re.findall(r"\$\{?(\w*PORT)\b", (ROOT / "Procfile").read_text()))
    return named | {"PORT", "SANDBOX_PORT", "STORAGE_PORT", "FLOWER_PORT"}


def answers(url: str) -> bool:
    """Whether ``url`` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
