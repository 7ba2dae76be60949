"""Keys of POSTs: the effect and its key commit together, and a twin waits for it."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from domain.errors import RuleViolation
from models import IdempotencyKey
from services.idempotency import begin, complete
from tests.support.refusals import refused

ROUTE = "POST /bookings"


def test_a_replay_finds_what_the_first_request_did(db, make):
    user, made = make.user(), uuid.uuid4()
    with db.transaction() as session:
        row = begin(session, user.id, ROUTE, "key-1", "body")
        assert row.status is None
        complete(row, status=201, location="/api/bookings/1", resource_id=made)
    with db.transaction() as session:
        row = begin(session, user.id, ROUTE, "key-1", "body")
        assert (row.status, row.location, row.resource_id) == (201, "/api/bookings/1", made)


def test_a_key_with_another_body_is_refused(db, make):
    user = make.user()
    with db.transaction() as session:
        begin(session, user.id, ROUTE, "key-1", "body")
    with refused(db, "idempotency_key_reused", RuleViolation), db.transaction() as session:
        begin(session, user.id, ROUTE, "key-1", "another body")


def test_keys_of_other_users_and_routes_are_other_keys(db, make):
    with db.transaction() as session:
        for user in (make.user(), make.user()):
            for route in (ROUTE, "POST /payments"):
                row = begin(session, user.id, route, "key-1", user.email + route)
                assert row.status is None


def test_a_key_is_free_again_when_its_request_failed(db, make):
    user = make.user()

    def failing_request() -> None:
        with db.transaction() as session:
            begin(session, user.id, ROUTE, "key-1", "body")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing_request()
    with db.transaction() as session:
        assert begin(session, user.id, ROUTE, "key-1", "another body").status is None


def test_a_twin_waits_for_the_first_and_replays_it(db, make):
    user, begun = make.user(), threading.Event()

    def twin() -> int | None:
        begun.wait()
        with db.transaction() as session:
            return begin(session, user.id, ROUTE, "key-1", "body").status

    with ThreadPoolExecutor(1) as thread:
        with db.transaction() as session:
            row = begin(session, user.id, ROUTE, "key-1", "body")
            answer = thread.submit(twin)
            begun.set()
            complete(row, status=201, location=None, resource_id=uuid.uuid4())
        assert answer.result(timeout=5) == 201
    with db.reading() as session:
        assert len(session.scalars(select(IdempotencyKey)).all()) == 1
