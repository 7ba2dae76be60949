"""Work that nobody does: a queue without a worker, a kind of job without a task, a tick without a time."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from beat import schedule
from domain.jobs import QUEUE_NAMES, QUEUES, JobKind

PROCFILE = Path(__file__).resolve().parents[2] / "Procfile"


@pytest.fixture(scope="module")
def processes() -> dict[str, list[str]]:
    """The processes of the Procfile with their commands."""
    lines = [line for line in PROCFILE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name: shlex.split(command) for name, command in (line.split(":", 1) for line in lines)}


@pytest.fixture
def celery(monkeypatch):
    """The Celery application; it reads its settings from the environment when it is first used."""
    for name, value in {"APP_ENV": "test", "DATABASE_URL": "postgresql://h/d", "REDIS_URL": "redis://h"}.items():
        monkeypatch.setenv(name, value)
    from workers.app import app

    return app


def queues_of(command: list[str]) -> list[str]:
    return command[command.index("-Q") + 1].split(",") if "-Q" in command else []


def test_every_queue_is_consumed_by_one_kind_of_worker(processes):
    consumed = [queue for command in processes.values() for queue in queues_of(command)]

    assert sorted(consumed) == sorted(QUEUE_NAMES)


def test_money_and_messages_do_not_wait_for_each_other(processes):
    owner = {queue: name for name, command in processes.items() for queue in queues_of(command)}

    assert owner["payments"] != owner["deliveries"]
    assert owner["payments"] not in (owner["media"], owner["reports"])


@pytest.mark.parametrize("name", ["web", "relay", "beat", "flower"])
def test_every_other_process_is_there(processes, name):
    assert name in processes


@pytest.mark.parametrize("kind", JobKind)
def test_every_kind_of_job_has_a_queue_a_task_and_a_handler(celery, kind):
    from workers.running import HANDLERS

    assert QUEUES[kind.value.partition(".")[0]] == kind.queue
    assert kind.value in celery.tasks
    assert kind in HANDLERS


def test_every_queue_has_a_canary():
    assert {kind.queue for kind in JobKind if kind.value.endswith(".canary")} == set(QUEUE_NAMES)


def test_beat_sends_only_tasks_that_exist(celery):
    assert {entry["task"] for entry in schedule.BEAT_SCHEDULE.values()} <= set(celery.tasks)


def test_beat_and_workers_mean_the_same_tick(celery):
    from workers import app

    assert schedule.TICK == app.TICK
    assert app.TICK in celery.tasks


def test_every_periodic_run_is_a_kind_of_job_on_its_queue():
    assert set(schedule.RUNS) - {"canaries"} <= {kind.value for kind in JobKind if kind.queue == "periodic"}


def test_the_web_server_runs_what_was_measured(processes):
    command = " ".join(processes["web"])

    assert re.search(r"^granian --interface wsgi .* wsgi:app$", command)
    assert "--no-ws" in command
