"""The doctor, tried by breaking each thing: it names what is broken, says what to do, and calls nothing well that is not."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from sqlalchemy import text

from domain.jobs import QUEUE_NAMES, JobKind
from domain.liveness import CANARIES, HINTS, SILENCES
from models import Refund
from models.operations import beat
from models.payments import RefundReason
from models.session import Database
from ops import services
from ops.doctor import examine, stores
from ops.doctor.findings import Finding, Level
from ops.doctor.patient import Patient, admit
from ops.state import State
from ops.venv import ROOT
from settings import Settings
from tests.support.database import row_counts
from tests.support.google import know_keys
from tests.support.network import free_port
from tests.support.object_store import Bucket
from tests.support.sandbox_process import running_sandbox
from tests.support.web import web_server

Examine = Callable[..., dict[str, list[Finding]]]


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    with running_sandbox() as url:
        yield url


@pytest.fixture(scope="module")
def surroundings(sandbox_url: str, settings: Settings, _bucket: Bucket, tmp_path_factory) -> Iterator[dict[str, str]]:
    """The environment of a product of which everything but realtime, Flower and the workers runs."""
    log = tmp_path_factory.mktemp("doctor") / "web.log"
    environ = {
        "APP_ENV": "test",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "MPESA_BASE_URL": f"{sandbox_url}/daraja",
        "SENDGRID_BASE_URL": f"{sandbox_url}/sendgrid",
        "AT_BASE_URL": f"{sandbox_url}/africastalking",
        "FLOWER_PORT": str(free_port()),
        "AWS_ENDPOINT_URL": settings.aws_endpoint_url,
    }
    with web_server(environ, log, processes=1) as base:
        callback = f"{base}/api/payments/mpesa/callback"
        yield {**environ, "API_URL": base, "MPESA_CALLBACK_URL": callback}


@pytest.fixture
def doctor(db, clock, ctx, surroundings: dict[str, str], tmp_path: Path) -> Examine:
    """Examine the product with some of its settings ``changed``; the findings by subject."""
    with db.transaction() as session:
        for name in SILENCES | HINTS:
            beat(session, name, clock.now(session))
    know_keys(db, ctx)

    def ask(**changed: str) -> dict[str, list[Finding]]:
        env = {name: value for name, value in {**surroundings, **changed}.items() if value}
        patient = Patient(env, State(tmp_path), is_running=False)
        try:
            findings = examine(patient)
        finally:
            patient.close()
        assert all(finding.cure for finding in findings if finding.level in (Level.BROKEN, Level.LOOK))
        found: dict[str, list[Finding]] = {}
        for finding in findings:
            found.setdefault(finding.subject, []).append(finding)
        return found

    return ask


def levels(found: dict[str, list[Finding]], *subjects: str) -> list[Level]:
    return [finding.level for subject in subjects for finding in found[subject]]


def only(found: dict[str, list[Finding]], subject: str) -> Finding:
    (finding,) = found[subject]
    return finding


def test_what_is_well_is_called_well(doctor):
    found = doctor()
    # These do not run in this house, and the doctor must say so.
    assert levels(found, "Live events", "Flower") == [Level.BROKEN, Level.LOOK]
    rest = {subject: findings for subject, findings in found.items() if subject not in ("Live events", "Flower")}
    assert {finding.level for findings in rest.values() for finding in findings} == {Level.GOOD}
    assert {"Settings", "Database", "Schema", "Redis", "Relay", "Beat"} <= set(rest)
    assert {"Callbacks", "M-Pesa", "Mail", "SMS", "Google", "Storage"} <= set(rest)


def test_faulty_settings_are_all_listed_and_nothing_else_is_guessed(doctor):
    found = doctor(HOLD_MINUTES="soon", SERVICE_FEE_PERCENT="200")
    assert len(only(found, "Settings").details) == 2
    assert "M-Pesa" not in found


def test_without_a_database_the_rest_is_still_looked_at(doctor):
    found = doctor(DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    assert only(found, "Database").level is Level.BROKEN
    assert levels(found, "Jobs", "Money", "Processes") == [Level.UNSEEN] * 3
    assert levels(found, "Redis", "Mail", "SMS") == [Level.GOOD] * 3


@contextmanager
def at_revision(db: Database, revision: str | None) -> Iterator[None]:
    """The database says that it is at ``revision``."""
    with db.transaction() as session:
        newest = session.scalar(text("DELETE FROM alembic_version RETURNING version_num"))
        if revision:
            session.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": revision})
    try:
        yield
    finally:
        with db.transaction() as session:
            session.execute(text("DELETE FROM alembic_version"))
            session.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": newest})


@pytest.mark.parametrize(("revision", "says"), [(None, "empty"), ("0001", "behind")])
def test_a_schema_that_lacks_something_is_broken(doctor, db, revision, says):
    with at_revision(db, revision):
        found = doctor()
    assert only(found, "Schema").level is Level.BROKEN
    assert says in only(found, "Schema").text


def test_after_a_rollback_the_doctor_looks_on_and_migrating_changes_nothing(doctor, db, database_url):
    with at_revision(db, "9999"):
        found = doctor()
        answer = subprocess.run(
            [sys.executable, "-m", "alembic", "upgrade", "head"],
            env={**os.environ, "DATABASE_URL": database_url},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        with db.reading() as session:
            assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    assert only(found, "Schema").level is Level.LOOK
    assert only(found, "Jobs").level is Level.GOOD
    assert answer.returncode == 0
    assert "newer release" in answer.stdout


def test_servers_that_hang_or_are_full_are_not_replaced_by_empty_ones(doctor, database_url):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        found = doctor(DATABASE_URL=f"postgresql://elite@{address}/x", REDIS_URL=f"redis://{address}/0")
    for subject in ("Database", "Redis"):
        assert only(found, subject).level is Level.BROKEN
        assert "It hangs" in only(found, subject).cure
    full = services._refusal(database_url, "FATAL:  sorry, too many clients already")
    assert "pg_stat_activity" in full.cure
    for error in (services._refusal(database_url, "Connection refused"), full):
        patient = Patient({"APP_ENV": "production"}, State(Path("/nowhere")), is_running=False)
        assert "started for you" not in patient.without_a_new_one(error.cure)


def test_redis_that_is_gone_full_or_forgetful(doctor, redis_url):
    gone = only(doctor(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"), "Redis")
    assert gone.level is Level.BROKEN
    assert "jobs wait in PostgreSQL" in gone.cure
    client = redis.Redis.from_url(redis_url)
    for name, value, back, level in (
        ("min-replicas-to-write", "1", "0", Level.BROKEN),
        ("maxmemory-policy", "allkeys-lru", "noeviction", Level.LOOK),
    ):
        client.config_set(name, value)
        try:
            assert only(doctor(), "Redis").level is level
        finally:
            client.config_set(name, back)
    assert only(doctor(), "Redis").level is Level.GOOD


@pytest.mark.parametrize(
    ("silent", "subject", "process"),
    [
        ("relay", "Relay", "relay"),
        ("queue:deliveries", "Queue deliveries", "worker-out"),
        ("realtime", "Realtime", "realtime"),
    ],
)
def test_a_silent_process_is_named(doctor, db, silent, subject, process):
    with db.transaction() as session:
        session.execute(text("UPDATE heartbeats SET at = at - interval '10 min' WHERE name = :name"), {"name": silent})
    finding = only(doctor(), subject)
    assert finding.level is Level.BROKEN
    assert "10 min" in finding.text
    assert process in finding.cure


def test_a_silent_beat_does_not_accuse_the_workers(doctor, db, clock):
    with db.transaction() as session:
        beat(session, CANARIES, clock.now(session))
        session.execute(
            text("UPDATE heartbeats SET at = at - interval '10 min' WHERE name IN ('beat', :name)"), {"name": CANARIES}
        )
        session.execute(text("UPDATE heartbeats SET at = at - interval '9 min' WHERE name LIKE 'queue:%'"))
    found = doctor()
    assert only(found, "Beat").level is Level.BROKEN
    assert {only(found, f"Queue {name}").level for name in QUEUE_NAMES} == {Level.GOOD}
    assert "when it was last asked" in only(found, "Queue payments").text


def test_a_silent_relay_is_not_blamed_on_the_workers(doctor, db):
    with db.transaction() as session:
        session.execute(text("UPDATE heartbeats SET at = at - interval '5 min' WHERE name <> 'beat'"))
    found = doctor()
    assert only(found, "Relay").level is Level.BROKEN
    assert {only(found, f"Queue {name}").level for name in QUEUE_NAMES} == {Level.UNSEEN}


def test_the_running_one_is_examined_as_it_was_started(tmp_path):
    folder = State(tmp_path)
    folder.make()
    handle = folder.lock()
    folder.write_environment({"APP_ENV": "development", "CLOCK_OFFSET": "2h", "PORT": "7777"})
    try:
        patient = admit({"ELITE_STATE": str(tmp_path), "CLOCK_OFFSET": "0s", "MPESA_PASSKEY": "another"})
    finally:
        os.close(handle)
    assert patient.env["CLOCK_OFFSET"] == "2h"
    assert (tmp_path / "up-environment.json").stat().st_mode & 0o777 == 0o600


def test_a_job_that_nobody_offers(doctor, db, ctx):
    _add_job(db, ctx, due=-timedelta(minutes=5))
    found = doctor()
    assert only(found, "Relay lag").level is Level.BROKEN
    assert only(found, "Late jobs").level is Level.BROKEN
    assert "worker-out" in only(found, "Late jobs").cure


def test_jobs_that_fail_and_jobs_that_gave_up(doctor, db, ctx):
    _add_job(db, ctx, "failing", due=timedelta(minutes=5), failures=3, last_error="Unavailable: http_503")
    _add_job(db, ctx, "dead", dead_at=ctx.clock.wall(), last_error="Rejected: http_400")
    found = doctor()
    failing, dead = only(found, "Failing jobs"), only(found, "Dead jobs")
    assert (failing.level, dead.level) == (Level.LOOK, Level.BROKEN)
    assert "Unavailable: http_503" in failing.details[0]
    assert dead.cure.endswith("./elite jobs retry --kind deliveries.send_sms")


def test_payments_that_wait_for_a_person_or_for_nobody(doctor, db, make, clock):
    reviewed, forgotten = make.payment(make.booking()), make.payment(make.booking())
    clock.offset = timedelta(0)
    with db.transaction() as session:
        session.execute(
            text("UPDATE payments SET state = 'needs_review', attention = 'contradiction' WHERE id = :id"),
            {"id": reviewed.id},
        )
        session.execute(
            text("UPDATE payments SET started_at = started_at - interval '2 hours' WHERE id = :id"),
            {"id": forgotten.id},
        )
    found = doctor()
    assert sorted(levels(found, "Payments")) == sorted([Level.LOOK, Level.BROKEN])
    (waiting,) = [finding for finding in found["Payments"] if finding.level is Level.LOOK]
    assert "contradiction" in waiting.details[0]


def test_money_that_is_owed_and_holds_that_do_not_end(doctor, db, make, clock):
    payment = make.payment(make.booking())
    with db.transaction() as session:
        session.add(Refund.of(payment, RefundReason.LATE_MONEY, 550_000, clock.now(session), None))
        session.execute(text("UPDATE bookings SET hold_expires_at = hold_expires_at - interval '1 hour'"))
    found = doctor()
    assert "KES 5,500.00" in only(found, "Refunds").text
    assert only(found, "Holds").level is Level.BROKEN


def test_a_moved_clock_and_clocks_that_disagree(doctor, monkeypatch):
    assert only(doctor(CLOCK_OFFSET="2h"), "Clocks").level is Level.LOOK
    monkeypatch.setattr(stores, "SKEW_SECONDS", -1.0)
    assert only(doctor(), "Clocks").level is Level.BROKEN


def test_whoever_keeps_a_transaction_open_is_named(doctor, database_url, monkeypatch):
    monkeypatch.setattr(stores, "LONG_SECONDS", 0)
    plain = database_url.replace("+psycopg2", "")
    with psycopg2.connect(plain, application_name="somebody's shell") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        time.sleep(0.05)
        findings = doctor()["Transactions"]
        process = connection.info.backend_pid
    connection.close()
    (held,) = [finding for finding in findings if "somebody's shell" in finding.text]
    assert f"pg_terminate_backend({process})" in held.cure


def test_a_crowded_server_a_full_disk_and_wrong_packages(doctor, monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("Flask==0.1\nnot-a-package-of-ours==1.0\n")
    monkeypatch.setattr(stores, "ROOT", tmp_path)
    monkeypatch.setattr(stores, "CROWDED", 0.0)
    monkeypatch.setattr(stores, "NO_ROOM", 10**18)
    found = doctor()
    assert levels(found, "Packages", "Connections", "Disk") == [Level.BROKEN, Level.LOOK, Level.BROKEN]
    assert only(found, "Packages").details[1] == "not-a-package-of-ours: missing, wanted 1.0"


@pytest.mark.parametrize(
    ("changed", "subject", "cure"),
    [
        ({"MPESA_CONSUMER_SECRET": "another-secret"}, "M-Pesa", "MPESA_CONSUMER_SECRET"),
        ({"MPESA_PASSKEY": "another-passkey"}, "M-Pesa", "MPESA_PASSKEY"),
        ({"SENDGRID_API_KEY": "SG.another"}, "Mail", "SENDGRID_API_KEY"),
        ({"AT_API_KEY": "atsk_another"}, "SMS", "AT_API_KEY"),
        ({"AWS_BUCKET_NAME": "elite-elsewhere"}, "Storage", "AWS_BUCKET_NAME"),
    ],
    ids=["consumer secret", "passkey", "sendgrid key", "africa's talking key", "bucket"],
)
def test_a_key_that_a_provider_refuses(doctor, changed, subject, cure):
    finding = only(doctor(**changed), subject)
    assert finding.level is Level.BROKEN
    assert cure in finding.cure
    assert not any(value in f"{finding}" for value in changed.values())


OUTSIDE = {"MPESA_BASE_URL": "M-Pesa", "SENDGRID_BASE_URL": "Mail", "AT_BASE_URL": "SMS", "AWS_ENDPOINT_URL": "Storage"}


@pytest.mark.parametrize(("name", "subject"), OUTSIDE.items())
def test_a_provider_that_cannot_be_reached_is_not_blamed_on_our_keys(doctor, name, subject):
    address = f"http://127.0.0.1:{free_port()}"
    finding = only(doctor(**{name: address}), subject)
    assert finding.level is Level.BROKEN
    assert f"Can this machine reach {address}?" in finding.cure


def test_addresses_that_lead_nowhere_or_to_somebody_else(doctor, sandbox_url):
    nowhere = f"http://127.0.0.1:{free_port()}"
    found = doctor(API_URL=nowhere, MPESA_CALLBACK_URL=f"{nowhere}/callback")
    assert levels(found, "API", "Callbacks") == [Level.BROKEN] * 2
    found = doctor(API_URL=sandbox_url, MPESA_CALLBACK_URL=f"{sandbox_url}/callback")
    assert levels(found, "API", "Callbacks") == [Level.BROKEN] * 2
    assert "Somebody else answers" in only(found, "Callbacks").cure


def test_looking_changes_nothing(doctor, db, surroundings):
    before = row_counts(db.engine)
    doctor()
    doctor()
    after = row_counts(db.engine)
    # The token that all processes share may be fetched; nothing else may be written.
    assert {name for name in after if after[name] != before[name]} <= {"provider_tokens"}


def test_the_command_prints_every_fault_and_fails(surroundings, tmp_path):
    env = {**surroundings, "ELITE_STATE": str(tmp_path), "MPESA_PASSKEY": "wrong", "PATH": "/usr/bin:/bin"}
    answer = subprocess.run(
        [sys.executable, ROOT / "elite", "doctor", "--json"], env=env, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1, answer.stderr
    said: dict[str, Any] = {each["subject"]: each for each in json.loads(answer.stdout)}
    assert said["M-Pesa"]["level"] == "broken"
    assert said["Mail"]["level"] == "good"
    assert said["M-Pesa"]["cure"]


def test_where_nothing_runs_the_doctor_says_how_to_start(tmp_path):
    env = {"ELITE_STATE": str(tmp_path), "PATH": "/usr/bin:/bin"}
    answer = subprocess.run(
        [sys.executable, ROOT / "elite", "doctor"], env=env, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert "./elite up" in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr


def _add_job(db, ctx, key: str = "late", *, due: timedelta = timedelta(0), **values: Any) -> None:
    with db.transaction() as session:
        now = ctx.now(session)
        ctx.enqueue(session, JobKind.SEND_SMS, key, {"delivery_id": "x"}, now=now, due_at=now + due)
        if values:
            assignments = ", ".join(f"{name} = :{name}" for name in values)
            session.execute(text(f"UPDATE jobs SET {assignments} WHERE key = :key"), {**values, "key": key})
