"""Whether the process lives, and whether the house can do its work: database, broker, relay, queues and beat."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy.exc
import structlog
from flask import Response

from api.answers import answer
from api.auth import PublicView
from api.edge import edge
from api.examples import operations as examples
from api.openapi import operation
from api.parsing import Blueprint
from api.schemas.health import AliveAnswer, ReadyAnswer
from domain.liveness import HINTS, SILENCES, Pulse, pulse_of
from models.operations import heartbeats

blueprint = Blueprint("health", __name__, url_prefix="/health", description="For load balancers and operators")

log = structlog.get_logger(__name__)


@blueprint.route("")
class Health(PublicView):
    @operation("getHealth", "Is this process alive?")
    @blueprint.response(200, AliveAnswer, example=examples.ALIVE)
    def get(self) -> Response:
        return answer({"status": "ok"})


@blueprint.route("/ready")
class Ready(PublicView):
    @operation("getReadiness", "Can the house do its work?")
    @blueprint.response(200, ReadyAnswer, example=examples.READY)
    @blueprint.alt_response(503, schema=ReadyAnswer, example=examples.NOT_READY, description="Something is not well")
    def get(self) -> Response:
        seen, now, database = _read_heartbeats()
        checks = {"database": database, "broker": _check(edge().ports.broker_ping)}
        checks |= {name: _heartbeat(name, seen, now) for name in SILENCES}
        ready = all(check["ok"] for check in checks.values())
        checks |= {name: _heartbeat(name, seen, now) for name in HINTS}
        return answer({"status": "ready" if ready else "not_ready", "checks": checks}, 200 if ready else 503)


def _read_heartbeats() -> tuple[dict[str, datetime], datetime | None, dict[str, Any]]:
    started = time.perf_counter()
    try:
        with edge().db.reading() as session:
            seen, now = heartbeats(session), edge().ports.clock.now(session)
    except sqlalchemy.exc.SQLAlchemyError as error:
        log.warning("health.database_away", error=type(error).__name__)
        return {}, None, _bad("does not answer")
    return seen, now, _good(started)


def _check(ask: Callable[[], None]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        ask()
    except Exception as error:
        log.warning("health.broker_away", error=type(error).__name__)
        return _bad("takes no messages")
    return _good(started)


def _heartbeat(name: str, seen: Mapping[str, datetime], now: datetime | None) -> dict[str, Any]:
    if now is None:
        return _bad("unknown while the database does not answer")
    pulse = pulse_of(name, seen, now)
    if pulse is Pulse.NEVER_HEARD:
        return _bad("has never been seen")
    age = max((now - seen[name]).total_seconds(), 0)
    told = (
        "answered the last canary {:.0f} s ago, none was sent since"
        if pulse is Pulse.NOT_ASKED
        else "last seen {:.0f} s ago"
    )
    return {"ok": pulse.is_well, "detail": told.format(age)}


def _good(started: float) -> dict[str, Any]:
    return {"ok": True, "detail": f"answers in {(time.perf_counter() - started) * 1000:.0f} ms"}


def _bad(detail: str) -> dict[str, Any]:
    return {"ok": False, "detail": detail}
