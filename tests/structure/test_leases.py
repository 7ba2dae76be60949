"""Time limits fit into one another: call < run < lease < what Redis gives back, for every kind of job."""

from __future__ import annotations

import runpy
from datetime import timedelta
from pathlib import Path

import pytest

from domain.formats import LARGEST
from domain.jobs import JobKind, rules_for
from models.session import LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS
from providers.channels import email_sendgrid, sms_africastalking
from providers.identity import google
from providers.payments import mpesa
from providers.storage import s3
from workers.tokens import RENEWAL

ROOT = Path(__file__).resolve().parents[2]
#: A push or a query may wait for the shared token twice, each time as long as two renewals take.
WAITING_FOR_TOKENS = 2 * 2 * RENEWAL.total_seconds()
LONGEST_CALL = {
    JobKind.PUSH_STK: mpesa.CALL_TIMEOUT + WAITING_FOR_TOKENS,
    JobKind.QUERY_STK: mpesa.CALL_TIMEOUT + WAITING_FOR_TOKENS,
    JobKind.SEND_EMAIL: email_sendgrid.CALL_TIMEOUT,
    JobKind.WRITE_EXPORT: s3.CALL_TIMEOUT,
    JobKind.DELETE_EXPORT: s3.CALL_TIMEOUT,
    JobKind.SEND_SMS: sms_africastalking.CALL_TIMEOUT,
    JobKind.FETCH_GOOGLE_KEYS: google.CALL_TIMEOUT,
    # One file in, three out; and as many deleted.
    JobKind.PROCESS_IMAGE: 4 * s3.CALL_TIMEOUT,
    # The largest in, and out again.
    JobKind.PROCESS_FILE: 2 * s3.PATIENCE.longest(max(LARGEST.values())),
    JobKind.DELETE_FILES: 4 * s3.CALL_TIMEOUT,
}


@pytest.fixture
def celery(monkeypatch) -> dict:
    """Celery's settings, read without keeping the module."""
    for name, value in {"APP_ENV": "test", "DATABASE_URL": "postgresql://h/d", "REDIS_URL": "redis://h"}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "celeryconfig.py"))


@pytest.mark.parametrize(("kind", "seconds"), LONGEST_CALL.items())
def test_a_run_has_time_for_its_providers_slowest_answer(kind, seconds):
    assert timedelta(seconds=seconds) < rules_for(kind).time_limit < rules_for(kind).lease


def test_fetching_a_token_ends_before_its_turn_does():
    assert mpesa.TOKEN_TIMEOUTS.total < RENEWAL.total_seconds()


@pytest.mark.parametrize("kind", sorted(set(JobKind) - set(LONGEST_CALL)))
def test_a_run_that_calls_nobody_has_time_for_a_lock_and_a_slow_statement(kind):
    needed = timedelta(milliseconds=LOCK_TIMEOUT_MS + STATEMENT_TIMEOUT_MS)
    assert needed < rules_for(kind).time_limit


@pytest.mark.parametrize("kind", JobKind)
def test_celery_ends_a_run_before_its_lease_ends_and_leaves_lost_messages_to_the_rows(celery, kind):
    from workers.app import app

    task, rules = app.tasks[kind.value], rules_for(kind)
    assert rules.time_limit.total_seconds() < task.soft_time_limit < task.time_limit < rules.lease.total_seconds()
    assert celery["broker_transport_options"]["ack_emulation"] is False
