"""Work that nobody does: a queue without a worker, a kind of job without a task, a tick without a time."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from domain.jobs import QUEUE_NAMES, QUEUES, JobKind

PROCFILE = Path(__file__).resolve().parents[2] / "Procfile"


@pytest.fixture(scope="module")
def processes() -> dict[str, list[str]]:
    """The processes of the Procfile with their commands."""
    lines = [line for line in PROCFILE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name: shlex.split(command) for name, command in (line.split(":", 1) for line in lines)}


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
def test_every_kind_of_job_has_a_queue_a_task_and_a_handler(settings, kind):
    # The Celery application reads the environment when it is imported.
    from workers.app import app
    from workers.running import HANDLERS

    assert QUEUES[kind.value.partition(".")[0]] == kind.queue
    assert kind.value in app.tasks
    assert kind in HANDLERS


def test_every_queue_has_a_canary():
    assert {kind.queue for kind in JobKind if kind.value.endswith(".canary")} == set(QUEUE_NAMES)


def test_beat_sends_only_tasks_that_exist(settings):
    from beat.schedule import BEAT_SCHEDULE
    from workers.app import app

    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_the_web_server_runs_what_was_measured(processes):
    command = " ".join(processes["web"])

    assert re.search(r"^granian --interface wsgi .* wsgi:app$", command)
    assert "--no-ws" in command
