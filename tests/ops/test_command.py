"""The words of the command line, spoken to the real file ``elite`` where that is cheap."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ops import command, demo, faults, testrun
from ops.errors import OpsError
from ops.services import Services
from ops.venv import ROOT
from sandbox.faults import ALIASES, FAULTS
from tests.support.parallel import take_own_services


def elite(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "elite", *arguments], capture_output=True, text=True, check=False, env=environ, cwd="/"
    )


def test_help_lists_every_command_and_its_purpose():
    for arguments in ((), ("help",), ("--help",)):
        answer = elite(*arguments)
        assert answer.returncode == 0
        assert all(f"./elite {name}" in answer.stdout for name in command.COMMANDS)


def test_an_unknown_command_is_one_sentence():
    answer = elite("fly")
    assert answer.returncode == 1
    assert answer.stdout.splitlines()[1:] == [
        "  ✗ There is no command 'fly'.",
        "    ./elite help lists the commands.",
    ]
    assert answer.stderr == ""


def test_a_mistyped_command_is_guessed_and_help_explains_one():
    assert "Did you mean ./elite demo?" in elite("dmeo").stdout
    assert "--fault" in elite("help", "demo").stdout


@pytest.mark.parametrize("arguments", [["nonsense"], ["sockets", "many"], ["--help"]])
def test_the_bench_reads_its_options_before_it_starts_anything(arguments):
    answer = elite("bench", *arguments, PATH="/usr/bin:/bin")
    assert "usage: elite bench" in answer.stdout + answer.stderr
    assert "PostgreSQL " not in answer.stdout
    assert "Traceback" not in answer.stderr


def test_the_demo_goes_where_it_is_told(folder):
    folder.write_record({"api_url": "http://localhost:6000", "sandbox_url": "http://localhost:6050"})
    mine = {"ELITE_STATE": str(folder.path)}
    handle = folder.lock()
    try:
        elsewhere = demo.addresses({**mine, "API_URL": "https://localhost:5443", "SANDBOX_PORT": "5051"})
        assert elsewhere == ("https://localhost:5443", "http://localhost:5051")
        assert demo.addresses({**mine, "PORT": "7100"}) == ("http://localhost:7100", "http://localhost:6050")
    finally:
        os.close(handle)


def test_arguments_of_test_go_to_pytest_as_they_are():
    options = command.parse("test", ["--services", "embedded", "tests/ops", "-k", "a or b", "--", "-x", "--maxfail=2"])
    assert options.services == "embedded"
    assert options.rest == ["tests/ops", "-k", "a or b", "-x", "--maxfail=2"]


def test_unknown_options_of_other_commands_are_refused():
    with pytest.raises(SystemExit):
        command.parse("up", ["--prot", "3"])


def test_the_whole_suite_is_linted_and_measured_and_a_part_is_not():
    ruff, formatted, imports, last = testrun.commands([])
    assert ruff[1:] == ["-m", "ruff", "check", "."]
    assert formatted[1:] == ["-m", "ruff", "format", "--check", "."]
    assert imports[0].endswith("lint-imports")
    assert last[1:3] == ["-m", "pytest"]
    assert "--cov-fail-under=90" in last
    assert not [word for word in last if "numprocesses" in word], "one worker is no worker"
    assert testrun.commands(["tests/ops"]) == [[sys.executable, "-m", "pytest", "tests/ops"]]


def test_the_whole_suite_uses_several_processors_and_a_part_does_not():
    *tools, last = testrun.commands([], 2)
    assert tools == testrun.commands([])[:-1]
    assert {"--numprocesses=2", "--no-loadscope-reorder", "--cov-fail-under=90"} <= set(last)
    assert testrun.commands(["tests/ops"], 2) == testrun.commands(["tests/ops"])


def test_each_worker_has_services_of_its_own(tmp_path):
    houses = [Services(database_url=f"postgresql://{name}", redis_url=f"redis://{name}") for name in ("a", "b")]
    environ = testrun.clean_environment({}, testrun.together(houses), tmp_path)
    for worker, name in (("gw0", "a"), ("gw1", "b")):
        own = environ | {"PYTEST_XDIST_WORKER": worker}
        take_own_services(own)
        assert (own["DATABASE_URL"], own["REDIS_URL"]) == (f"postgresql://{name}", f"redis://{name}")


def test_a_developers_settings_do_not_reach_the_tests(tmp_path):
    running = Services(database_url="postgresql://throw/away", redis_url="redis://throw-away")
    shell = {"APP_ENV": "production", "DATABASE_URL": "postgresql://precious", "HOLD_MINUTES": "1", "HOME": "/root"}
    assert testrun.clean_environment(shell, running, tmp_path) == {
        "HOME": "/root",
        "APP_ENV": "test",
        "DATABASE_URL": "postgresql://throw/away",
        "REDIS_URL": "redis://throw-away",
        "COVERAGE_FILE": f"{tmp_path}/coverage",
    }


def test_every_story_uses_faults_that_the_sandbox_has():
    known = set(FAULTS) | set(ALIASES)
    assert all(set(story.switches) <= known for story in faults.STORIES)
    with pytest.raises(OpsError, match="no fault 'rain'"):
        faults.find("rain")


def test_without_a_running_up_the_demo_says_what_to_start(tmp_path):
    answer = elite("demo", ELITE_STATE=str(tmp_path), PORT="1", SANDBOX_PORT="2", PATH="/usr/bin:/bin")
    assert answer.returncode == 1
    assert "The API at http://localhost:1 does not answer" in answer.stdout
    assert "Start ./elite up" in answer.stdout


def test_the_demo_finds_the_running_up(folder):
    folder.write_record({"api_url": "http://localhost:6000", "sandbox_url": "http://localhost:6050"})
    env = {"ELITE_STATE": str(folder.path)}
    assert demo.addresses(env) == ("http://localhost:5000", "http://localhost:5050")
    handle = folder.lock()
    try:
        assert demo.addresses(env) == ("http://localhost:6000", "http://localhost:6050")
    finally:
        os.close(handle)
