"""The container's health check: it accuses the process that was asked about, and only where that one is at fault."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import healthcheck
from domain.liveness import CANARIES, SILENCES
from models import Heartbeat
from models.operations import beat

LONG = timedelta(minutes=5)


@pytest.fixture
def environ(database_url, monkeypatch, tmp_path):
    monkeypatch.setattr(healthcheck, "_NAME", tmp_path / "process")
    return {"DATABASE_URL": database_url}


@pytest.fixture
def heard(db, clock):
    """Everybody was heard a moment ago, and canaries were sent."""
    with db.transaction() as session:
        for name in (*SILENCES, CANARIES):
            beat(session, name, clock.now(session))


def silence(db, name: str) -> None:
    with db.transaction() as session:
        session.get_one(Heartbeat, name).at -= LONG


@pytest.mark.parametrize("name", ["relay", "beat", "worker-money", "worker-out", "worker-bulk"])
def test_who_was_heard_is_well(heard, environ, name):
    assert healthcheck.main([name], environ) == 0


@pytest.mark.parametrize(
    ("name", "heart"),
    [("relay", "relay"), ("beat", "beat"), ("worker-money", "queue:webhooks"), ("worker-bulk", "queue:media")],
)
def test_who_is_silent_is_not(heard, db, environ, capsys, name, heart):
    silence(db, heart)

    assert healthcheck.main([name], environ) == 1
    assert capsys.readouterr().out == f"{name}: {heart} is silent\n"


def test_one_s_silence_accuses_nobody_else(heard, db, environ):
    silence(db, "queue:webhooks")

    assert [healthcheck.main([name], environ) for name in ("relay", "worker-out", "worker-bulk")] == [0, 0, 0]


def test_who_was_never_heard_has_not_started_yet(db, environ):
    assert healthcheck.main(["worker-out"], environ) == 1


def test_a_database_that_is_away_accuses_nobody():
    assert healthcheck.main(["relay"], {"DATABASE_URL": "postgresql://elite@127.0.0.1:9/elite"}) == 0


def test_the_name_is_what_the_container_was_started_with(heard, db, environ, tmp_path):
    assert healthcheck.main([], environ) == 0, "nothing of the Procfile runs here"
    (tmp_path / "process").write_text("relay\n")
    assert healthcheck.main([], environ) == 0
    silence(db, "relay")
    assert healthcheck.main([], environ) == 1


class Page(BaseHTTPRequestHandler):
    """Answers the health pages of ours and nothing else."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path in ("/health", "/flower/healthcheck") else 404)
        self.end_headers()

    def log_message(self, *_) -> None:
        """Quiet."""


@pytest.mark.parametrize(("name", "port"), [("web", "PORT"), ("realtime", "REALTIME_PORT"), ("flower", "FLOWER_PORT")])
def test_who_serves_is_asked_for_its_page(name, port):
    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    environ = {port: str(server.server_port), "FLOWER_URL_PREFIX": "flower"}
    assert healthcheck.main([name], environ) == 0
    server.shutdown()
    server.server_close()

    assert healthcheck.main([name], environ) == 1
