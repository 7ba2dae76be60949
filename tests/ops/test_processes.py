"""The supervisor with real, tiny processes: starts, restarts, gives up, shows logs, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from ops import processes
from ops.errors import OpsError
from ops.logs import LogTail, is_trouble, readable
from ops.processes import Supervisor, read_procfile
from ops.state import RUN_MARK
from ops.venv import ROOT


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(folder, said):
    made = Supervisor(folder.path, {**os.environ, "WORD": "hello"}, folder.logs, said.append)
    yield made
    made.stop()


def wait_for(what, supervisor=None, seconds: float = 10.0):
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not happen"
        if supervisor:
            supervisor.watch()
        time.sleep(0.02)
    return found


def log_of(folder, name: str) -> str:
    path = folder.logs / f"{name}.log"
    return path.read_text() if path.exists() else ""


def test_every_line_of_a_procfile_is_a_process(tmp_path):
    path = tmp_path / "Procfile"
    path.write_text("# comment\nweb: serve --port $PORT\n\nworker-money: work  -c 4\n")
    assert read_procfile(path) == {"web": "serve --port $PORT", "worker-money": "work  -c 4"}
    path.write_text("web serve\n")
    with pytest.raises(OpsError, match="not 'name: command'"):
        read_procfile(path)


def test_the_products_procfile_is_readable():
    names = list(read_procfile(ROOT / "Procfile"))
    assert names == ["web", "realtime", "relay", "worker-money", "worker-out", "worker-bulk", "beat", "flower"]


def test_commands_see_the_shared_environment_and_shell_defaults(supervisor, folder):
    supervisor.start("echo", "echo $WORD ${NUMBER:-7}")
    assert wait_for(lambda: log_of(folder, "echo")) == "hello 7\n"


def test_a_dead_process_is_started_again_and_the_death_is_told(supervisor, folder, said):
    supervisor.start("once", "sh -c 'test -e lived && exec sleep 60; touch lived; exit 3'")
    wait_for(lambda: supervisor.programs[0].is_running and (folder.path / "lived").exists() and said, supervisor)
    assert "once ended with 3 after 0 s; starting it again" in said
    os.kill(supervisor.programs[0].process.pid, signal.SIGKILL)
    wait_for(lambda: any("SIGKILL" in line for line in said), supervisor)


def test_five_quick_deaths_are_enough(supervisor, monkeypatch):
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.01)
    supervisor.start("broken", "sh -c 'echo no such module; exit 1'")
    (problem,) = wait_for(supervisor.given_up, supervisor)
    assert problem.message == "broken died 5 times in a row and stays down."
    assert problem.details == ["no such module"] * 5


def test_stopping_takes_grandchildren_along_and_is_prompt(supervisor, folder):
    supervisor.start("parent", "sh -c 'sleep 300 & echo $! > child; wait'")
    supervisor.start("stubborn", "sh -c 'trap \"\" TERM; echo $$ > stubborn; while true; do sleep 0.1; done'")
    child = int(wait_for(lambda: (folder.path / "child").exists() and (folder.path / "child").read_text()))
    wait_for(lambda: (folder.path / "stubborn").exists() and (folder.path / "stubborn").read_text())
    started = time.monotonic()
    supervisor.stop(patience=0.5)
    assert time.monotonic() - started < 2
    wait_for(lambda: not is_alive(child))
    assert supervisor.programs == []


def test_warnings_reach_the_terminal_and_the_rest_stays_in_the_log(supervisor, folder, said):
    supervisor.start("noisy", "sh -c 'echo all is well; echo [00:00: ERROR/MainProcess] it burns; sleep 60'")
    wait_for(lambda: said, supervisor)
    assert said == ["noisy        [00:00: ERROR/MainProcess] it burns"]
    assert "all is well" in log_of(folder, "noisy")


def test_the_log_of_the_run_before_is_kept(folder):
    (folder.logs / "web.log").write_text("yesterday\n")
    supervisor = Supervisor(folder.path, os.environ, folder.logs, print)
    supervisor.start("web", "echo today")
    wait_for(lambda: log_of(folder, "web") == "today\n")
    supervisor.stop()
    assert (folder.logs / "web.log.1").read_text() == "yesterday\n"


def test_a_killed_supervisor_takes_its_processes_with_it(folder):
    if sys.platform != "linux":
        return
    program = (
        "import os, sys, time; from pathlib import Path; from ops.processes import Supervisor\n"
        "folder = Path(sys.argv[1]); s = Supervisor(folder, os.environ, folder, print)\n"
        "s.start('sleeper', 'sh -c \"echo $$ > pid; exec sleep 300\"'); time.sleep(300)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, folder.path], cwd=ROOT)
    pid = int(wait_for(lambda: (folder.path / "pid").exists() and (folder.path / "pid").read_text()))
    parent.kill()
    parent.wait()
    wait_for(lambda: not is_alive(pid))


def test_what_a_killed_run_left_is_found_by_its_mark_alone(folder):
    marked = {**os.environ, RUN_MARK: str(folder.path)}
    ours = subprocess.Popen(["sleep", "300"], env=marked, start_new_session=True)
    strangers = subprocess.Popen(["sleep", "300"], env={**os.environ, RUN_MARK: "/somewhere/else"})
    try:
        assert wait_for(folder.stop_leftovers) == 1
        assert not psutil.pid_exists(ours.pid)
        assert strangers.poll() is None
    finally:
        strangers.kill()
        strangers.wait()
        ours.wait()


def test_a_tail_delivers_whole_lines_once(tmp_path):
    path = tmp_path / "log"
    tail = LogTail(path)
    assert tail.read(everything=True) == []
    path.write_text("one\ntw")
    assert tail.read(everything=True) == ["one"]
    with path.open("a") as log:
        log.write("o\nWARNING three\n")
    assert tail.read(everything=True) == ["two", "WARNING three"]
    assert tail.read(everything=True) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"level": "warning", "event": "relay_late", "seconds": 4}', True),
        ('{"level": "info", "event": "an ERROR in a text"}', False),
        ("[2026-11-20 10:00:00,000: WARNING/MainProcess] consumer: Connection lost", True),
        ("Traceback (most recent call last):", True),
        ("sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) gone", True),
        ("[INFO] Started worker-1", False),
        ("no errors found", False),
        ("[WARNING] Configuration allows spawning up to 8 Python threads, which seems quite high", False),
    ],
)
def test_which_lines_tell_of_trouble(line, expected):
    assert is_trouble(line) is expected


def test_our_json_is_shown_as_a_sentence_and_long_lines_are_cut():
    assert readable('{"level": "error", "event": "push_failed", "code": "1037", "logger": "x", "timestamp": "x"}') == (
        "error: push_failed code=1037"
    )
    assert len(readable("x" * 5000)) < 500


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
