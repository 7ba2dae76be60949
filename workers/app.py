"""The Celery application: one task per kind of job, and the tick that beat sends."""

from __future__ import annotations

import os
import sys
import time
import uuid
from datetime import timedelta

import structlog
from celery import Celery, signals
from kombu.exceptions import OperationalError
from kombu.transport.redis import Channel

import logs
import metrics
from composition import clock_from, database_from, mpesa_config_from, policy_from, storage_from
from domain.jobs import JobKind, rules_for
from domain.one_time import OneTimeTokens
from domain.vault import Vault
from providers.channels.email_sendgrid import SendGridChannel
from providers.channels.sms_africastalking import AfricasTalkingChannel
from providers.identity.google import GoogleKeys
from providers.live import LiveChannel
from providers.payments.mpesa import MpesaClient
from providers.tallies import TallyStore
from settings import Settings
from workers import periodic
from workers.handlers import HANDLERS
from workers.running import context_for
from workers.runtime import Runtime, RuntimeOfProcess
from workers.tokens import SharedTokens

#: Calls are made with no session open, so many threads share few connections.
POOL_SIZE = 10

#: The one task that beat sends.
TICK = "periodic.tick"

logger = structlog.get_logger(__name__)

# A message is a hint whose job is offered again, so nothing has to be put back when a channel closes: kombu would try to
# with its connection already gone.
Channel.do_restore = False

app = Celery("elite-events")
app.config_from_object("celeryconfig")


def build_runtime() -> Runtime:
    """This process's tools, from the environment."""
    settings = Settings.from_env(os.environ)
    db, clock = database_from(settings, pool_size=POOL_SIZE, process=_process_name(sys.argv)), clock_from(settings)
    tokens = SharedTokens(db, clock, "mpesa", Vault(settings.encryption_keys))
    return Runtime(
        db=db,
        clock=clock,
        policy=policy_from(settings),
        mpesa=MpesaClient(mpesa_config_from(settings), tokens, clock.wall, observer=metrics.provider_called),
        email=SendGridChannel(
            settings.sendgrid_base_url,
            settings.sendgrid_api_key,
            settings.from_email,
            settings.from_name,
            observer=metrics.provider_called,
        ),
        sms=AfricasTalkingChannel(
            settings.at_base_url,
            settings.at_username,
            settings.at_api_key,
            settings.at_sender_id,
            observer=metrics.provider_called,
        ),
        google=(
            GoogleKeys(settings.google_base_url, observer=metrics.provider_called)
            if settings.google_client_ids
            else None
        ),
        live=LiveChannel(settings.redis_url, observer=metrics.live_event_told),
        storage=storage_from(settings),
        tallies=TallyStore(settings.redis_url),
        callback_url=settings.mpesa_callback_url,
        frontend_url=settings.frontend_url,
        one_time_tokens=OneTimeTokens(settings.jwt_refresh_secret),
    )


runtime = RuntimeOfProcess(build_runtime)


def _register(kind: JobKind) -> None:
    # A run has its time, then is asked to stop, then ends, and all of that within its lease.
    rules = rules_for(kind)
    spare = (rules.lease - rules.time_limit).total_seconds()
    asked, ended = (rules.time_limit.total_seconds() + spare * part for part in (1 / 3, 5 / 6))

    @app.task(name=kind.value, soft_time_limit=asked, time_limit=ended)
    def perform(job_id: str, attempt: int, request_id: str | None = None) -> None:
        structlog.contextvars.bind_contextvars(job_id=job_id, kind=kind.value, request_id=request_id)
        started = time.perf_counter()
        try:
            HANDLERS[kind].run(runtime(), uuid.UUID(job_id), attempt, request_id)
            logger.info("job.run", attempt=attempt + 1, ms=round((time.perf_counter() - started) * 1000, 1))
        finally:
            structlog.contextvars.clear_contextvars()


for _kind in JobKind:
    _register(_kind)


@app.task(name=TICK)
def tick(name: str, every_seconds: float) -> None:
    """Claim one periodic run; its work follows as jobs."""
    tools = runtime()
    with tools.db.transaction() as session:
        periodic.tick(session, context_for(tools, None), name, timedelta(seconds=every_seconds))


@signals.celeryd_init.connect
def _warm_up(**_: object) -> None:
    """The first job should not pay for connecting; forked children build their own."""
    with runtime().db.reading() as session:
        runtime().clock.now(session)


@signals.beat_init.connect
def _tick_at_once(**_: object) -> None:
    """A fresh start should not look unwell until the first interval has passed, and a beat that is restarted again and again
    must not put off for ever what is done every hour: its intervals begin anew with it. Ticks of the same bucket count once."""
    try:
        for entry in app.conf.beat_schedule.values():
            app.send_task(TICK, args=entry["args"], retry=False, **entry["options"])
    except OperationalError:
        logger.warning("beat.no_broker")


@signals.setup_logging.connect
def _configure_logs(**_: object) -> None:
    logs.configure(os.environ.get("LOG_LEVEL", "info"), process=_process_name(sys.argv))


def _process_name(argv: list[str]) -> str:
    """The worker's node name without its host, or the Celery command that runs."""
    if "-n" in argv:
        return argv[argv.index("-n") + 1].partition("@")[0]
    return next((word for word in ("beat", "flower") if word in argv), "worker")
