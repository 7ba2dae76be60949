"""Prove that the worker application knows every kind of job and takes messages the way the jobs table expects."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from beat.schedule import BEAT_SCHEDULE, RUNS, TICK
from domain.jobs import JobKind
from tests.support.database import ROOT
from tests.support.waiting import eventually

#: Imports the application as a worker does and says what became of it.
ASK = """
import json
from workers.app import app, _process_name
names = ("result_backend", "task_acks_late", "task_reject_on_worker_lost", "task_serializer", "accept_content",
         "task_ignore_result", "worker_prefetch_multiplier", "worker_hijack_root_logger", "task_default_queue")
print(json.dumps({
    "tasks": sorted(name for name in app.tasks if not name.startswith("celery.")),
    "conf": {name: app.conf[name] for name in names},
    "backend": type(app.backend).__name__,
    "beat": sorted(app.conf.beat_schedule),
}))
"""


@pytest.fixture(scope="module")
def environment(settings, redis_url) -> dict[str, str]:
    """A process's environment; messages go to a place of their own on the test's Redis."""
    here = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return here | {"APP_ENV": "test", "DATABASE_URL": settings.database_url, "REDIS_URL": redis_url}


@pytest.fixture(scope="module")
def application(environment) -> dict:
    """What the application says of itself in a fresh process."""
    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_every_kind_of_job_and_the_tick_are_its_tasks_and_nothing_else_is(application):
    assert application["tasks"] == sorted([*JobKind, TICK])


def test_messages_are_json_and_acknowledged_late(application):
    assert application["conf"] == {
        "result_backend": None,
        "task_acks_late": True,
        "task_reject_on_worker_lost": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "task_default_queue": "periodic",
    }


def test_no_result_is_kept_anywhere(application):
    assert application["backend"] == "DisabledBackend"


def test_beat_ticks_every_run(application):
    assert application["beat"] == sorted(RUNS)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("celery -A workers.app worker -n worker-money@%h -Q payments,webhooks", "worker-money"),
        ("celery -A workers.app worker -n worker-out@host", "worker-out"),
        ("celery -A workers.app worker", "worker"),
        ("celery -A workers.app beat --scheduler celery.beat:Scheduler", "beat"),
        ("celery -A workers.app flower --port=5555", "flower"),
    ],
)
def test_logs_carry_the_name_of_the_process(celery_app, command, name):
    from workers.app import _process_name

    assert _process_name(command.split()) == name


@pytest.fixture
def celery_app(monkeypatch, environment):
    """The application in this process; it reads its settings when it is first used."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    from workers.app import app

    return app


def test_a_task_runs_its_job_with_the_attempt_and_request_of_its_message(monkeypatch, celery_app):
    from workers import app as module

    runs = []

    class Recording:
        def run(self, *arguments):
            runs.append(arguments)

    monkeypatch.setattr(module, "runtime", lambda: "the tools")
    monkeypatch.setitem(module.HANDLERS, JobKind.NOTIFY, Recording())
    job_id = uuid.uuid4()
    celery_app.tasks[JobKind.NOTIFY](str(job_id), 3, "the-request")
    assert runs == [("the tools", job_id, 3, "the-request")]


def test_a_tick_adds_the_jobs_of_its_run(monkeypatch, celery_app, runtime, hands):
    from workers import app as module

    monkeypatch.setattr(module, "runtime", lambda: runtime)
    celery_app.tasks[TICK](*BEAT_SCHEDULE[JobKind.PURGE_JOBS]["args"])
    assert [job.kind for job in hands.due("periodic")] == [JobKind.PURGE_JOBS]


def test_one_process_builds_its_tools_once_when_many_threads_want_them():
    from workers.runtime import RuntimeOfProcess

    built, start = [], threading.Barrier(8, timeout=10)

    def build():
        built.append(object())
        return built[-1]

    tools = RuntimeOfProcess(build)

    def want(_number):
        start.wait()
        return tools()

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(want, range(8))) == {built[0]}
    assert len(built) == 1


def test_a_forked_child_builds_tools_of_its_own(monkeypatch):
    from workers.runtime import RuntimeOfProcess

    tools = RuntimeOfProcess(object)
    parents = tools()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    childs = tools()
    assert childs is not parents
    assert tools() is childs


def test_beat_ticks_at_once_when_it_starts(environment, redis_url):
    """Beat's own process; its intervals, of up to an hour, begin anew with each start."""
    url = redis_url.rpartition("/")[0] + "/13"
    broker = redis.Redis.from_url(url)
    before = broker.llen("periodic")
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "workers.app", "beat", "--scheduler", "celery.beat:Scheduler"],
        cwd=ROOT,
        env=environment | {"REDIS_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: broker.llen("periodic") >= before + len(RUNS), within=12, what="the first ticks")
        told = [json.loads(message)["headers"] for message in broker.lrange("periodic", 0, -1)]
        assert {headers["task"] for headers in told} == {TICK}
        assert {headers["argsrepr"] for headers in told} >= {
            f"({name!r}, {every.total_seconds()})" for name, every in RUNS.items()
        }
    finally:
        process.terminate()
        process.wait(10)
        broker.delete("periodic", "_kombu.binding.periodic")
        broker.close()
