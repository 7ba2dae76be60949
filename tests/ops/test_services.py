"""PostgreSQL and Redis for real: both sources, restarts, killed servers, and given addresses that refuse."""

from __future__ import annotations

import os
import shutil
import signal
import time

import psutil
import psycopg2
import pytest
import redis

from ops import services
from ops.binaries import EXTENSIONS, system_postgres_folders
from ops.errors import OpsError

SOURCES = ("system", "embedded")


@pytest.fixture
def start(folder, terminal):
    """Starts services in the test's folder; everything is stopped at the end."""
    started = []

    def make(choice: str, *, is_durable: bool = False) -> services.Services:
        running = services.Services()
        started.append(running)
        services.start(running, folder, choice, {}, terminal, is_durable=is_durable)
        return running

    yield make
    for running in started:
        running.stop()


def ask(url: str, question: str):
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_serves_or_says_that_it_is_missing(start, source):
    if source == "system" and not (system_postgres_folders() and shutil.which("redis-server")):
        with pytest.raises(OpsError, match="This machine has no"):
            start(source)
        return
    running = start(source)
    for name in EXTENSIONS:
        ask(running.database_url, f"CREATE EXTENSION {name}")
    assert ask(running.database_url, "SELECT lower('ÄÉŁ') || ('ä' ILIKE 'Ä')") == "äéłtrue"
    assert ask(running.database_url, "SHOW timezone") == "UTC"
    assert ask(running.database_url, "SHOW listen_addresses") == "127.0.0.1"
    with redis.Redis.from_url(running.redis_url) as client:
        assert client.set("key", "value")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    pids = [server.pid for server in running.servers]
    assert all(psutil.Process(pid).uids().real != 0 for pid in pids)
    running.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_durable_data_and_ports_survive_a_stop_and_a_kill(start):
    first = start("embedded", is_durable=True)
    ask(first.database_url, "CREATE TABLE kept AS SELECT 7 AS number")
    with redis.Redis.from_url(first.redis_url) as client:
        client.set("kept", 7)
        assert client.config_get("appendonly") == {"appendonly": "yes"}
    first.stop()

    second = start("embedded", is_durable=True)
    assert (second.database_url, second.redis_url) == (first.database_url, first.redis_url)
    assert ask(second.database_url, "SELECT number FROM kept") == 7
    for server in second.servers:
        os.kill(server.pid, signal.SIGKILL)
    revived: list[object] = []
    # One may be noticed a moment before the other.
    wait_for(lambda: revived.extend(second.revive()) or len(revived) == 2)
    assert ask(second.database_url, "SELECT number FROM kept") == 7
    with redis.Redis.from_url(second.redis_url) as client:
        assert client.get("kept") == b"7"

    # The command itself was killed: its servers still run in the folder, and the next start makes room for its own.
    orphans = list(second.servers)
    second.servers.clear()
    third = start("embedded", is_durable=True)
    for orphan in orphans:
        assert not psutil.pid_exists(orphan.pid)
        orphan.stop()
    assert ask(third.database_url, "SELECT number FROM kept") == 7


def test_a_stale_lock_file_with_a_living_strangers_number_does_not_block(start, folder):
    first = start("embedded", is_durable=True)
    data = first.servers[0].working_folder()
    first.stop()
    (data / "postmaster.pid").write_text(f"{os.getppid()}\n{data}\n0\n1\n\n\n\n\n")
    assert ask(start("embedded", is_durable=True).database_url, "SELECT 1") == 1


def test_a_server_that_cannot_start_shows_the_end_of_its_log(start, folder):
    first = start("embedded", is_durable=True)
    data = first.servers[0].working_folder()
    first.stop()
    (data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(OpsError, match="does not start") as error:
        start("embedded", is_durable=True)
    assert any("no_such_setting" in line for line in error.value.details)


def test_given_addresses_are_used_and_left_alone(start, folder, terminal, output):
    theirs = start("auto")
    given = {"DATABASE_URL": theirs.database_url.replace("postgresql", "postgres"), "REDIS_URL": theirs.redis_url}
    running = services.Services()
    services.start(running, folder, "auto", given, terminal, is_durable=True)
    assert (running.database_url, running.redis_url) == tuple(given.values())
    assert running.servers == []
    assert " at 127.0.0.1:" in output.fresh()
    running.stop()
    assert ask(theirs.database_url, "SELECT 1") == 1

    url = theirs.database_url
    refusals = {
        url.replace("elite_events_test", "nowhere"): "has no database 'nowhere'",
        url.replace("elite@", "nobody@"): "has no role 'nobody'",
        "postgresql://elite:secret@127.0.0.1:1/x": "Nobody answers at postgresql://elite@127.0.0.1:1/x",
        "postgresql://elite@host.invalid/x": "unknown",
    }
    for address, sentence in refusals.items():
        with pytest.raises(OpsError, match=sentence) as error:
            services.check_database(address)
        assert "secret" not in str(error.value)
    with pytest.raises(OpsError, match="does not answer"):
        services.check_redis("redis://127.0.0.1:1/0")


def test_a_user_who_may_not_create_extensions_is_told_the_statements(start):
    url = start("auto").database_url
    ask(url, "CREATE ROLE guest LOGIN")
    ask(url, "REVOKE CREATE ON DATABASE elite_events_test FROM PUBLIC")
    with pytest.raises(OpsError, match="may not create the extensions btree_gist") as error:
        services.check_database(url.replace("elite@", "guest@"))
    assert "CREATE EXTENSION citext" in error.value.cure


def test_the_choice_is_the_options_then_the_environments():
    assert services.chosen("embedded", {"ELITE_SERVICES": "system"}) == "embedded"
    assert services.chosen(None, {"ELITE_SERVICES": "system"}) == "system"
    assert services.chosen(None, {}) == "auto"
    with pytest.raises(OpsError, match="ELITE_SERVICES is 'docker'"):
        services.chosen(None, {"ELITE_SERVICES": "docker"})


def wait_for(what, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
