"""Fixtures for everybody: a migrated database, a clock that can be moved, rows to act on, and the HTTP edge.

Nothing here starts by itself: tests that ask for none of it run without PostgreSQL and Redis.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog
from flask import Flask

import logs
from api import Ports, create_app
from api.edge import EXTENSION
from api.resources.docs import DOCUMENT
from composition import broker_ping_from, policy_from, storage_from
from domain.vault import Vault
from models.clock import Clock
from models.session import Database
from services.context import Context
from settings import Settings
from tests.factories import Factory
from tests.support.applications import Applications
from tests.support.database import empty, throw_away_database
from tests.support.http import Contract, Http
from tests.support.network import free_port
from tests.support.object_store import Bucket, running_object_store
from tests.support.parallel import take_own_services

#: Cheap and pure first, whole processes last; but the storm, which mostly waits, before what can be done meanwhile.
ORDER = (
    "domain",
    "documents",
    "structure",
    "metrics",
    "models",
    "services",
    "providers",
    "sandbox",
    "api",
    "workers",
    "chaos",
    "ops",
    "realtime",
    "e2e",
)


take_own_services(os.environ)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: position for position, name in enumerate(ORDER)}
    items.sort(key=lambda item: rank.get(item.nodeid.split("/")[1], len(ORDER)))


def _needed(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        pytest.fail(f"{name} is not set: run the tests with ./elite test, which brings its own services", pytrace=False)
    return value


@pytest.fixture(autouse=True)
def _kept_logs() -> None:
    """Logs go where pytest keeps them: shown with a failure, silent otherwise, and readable through ``caplog``."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            logs.redact,
            structlog.stdlib.render_to_log_kwargs,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


@pytest.fixture(scope="session")
def redis_url() -> str:
    return _needed("REDIS_URL")


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database of this run alone, at the newest migration."""
    with throw_away_database(_needed("DATABASE_URL")) as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, redis_url: str) -> Settings:
    """Settings of a test: development's, with hashing made cheap."""
    environ = {
        "APP_ENV": "test",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "BCRYPT_ROUNDS": "4",
        "CACHE_SECONDS": "0",
    }
    # What is kept in Redis would outlive a test; those that are about it turn it on.
    # Nobody listens there until a test asks for ``bucket``.
    return Settings.from_env(environ | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"})


@pytest.fixture(scope="session")
def vault(settings: Settings) -> Vault:
    return Vault(settings.encryption_keys)


@pytest.fixture(scope="session")
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url, pool_size=30)
    yield database
    database.dispose()


@pytest.fixture
def db(_database: Database) -> Database:
    """The database, empty."""
    empty(_database.engine)
    return _database


@pytest.fixture(scope="session")
def _clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(_clock: Clock) -> Iterator[Clock]:
    """The one clock of the test, the edge's too; move it by setting or adding to ``offset``."""
    _clock.offset = timedelta(0)
    yield _clock
    _clock.offset = timedelta(0)


@pytest.fixture
def ctx(settings: Settings, clock: Clock) -> Context:
    """The circumstances in which the system itself acts; ``make.acting(user)`` gives a user's."""
    return Context(policy=policy_from(settings), clock=clock, request_id="test-request")


@pytest.fixture
def make(db: Database, ctx: Context) -> Factory:
    """Makes real rows, each in a transaction of its own."""
    return Factory(db, ctx)


@pytest.fixture
def applications(db: Database, make: Factory, settings: Settings) -> Applications:
    return Applications(db, make, settings)


@pytest.fixture(scope="session")
def _bucket(settings: Settings) -> Iterator[Bucket]:
    with running_object_store(settings) as bucket:
        yield bucket


@pytest.fixture
def bucket(_bucket: Bucket) -> Bucket:
    """The bucket of the settings in a stand-in for S3, empty; the edge's and the workers' storage."""
    _bucket.empty()
    return _bucket


@pytest.fixture(scope="session")
def app(_database: Database, _clock: Clock, settings: Settings, redis_url: str) -> Flask:
    """The edge, made once; its clock is the test's."""
    ports = Ports(_database, _clock, policy_from(settings), broker_ping_from(settings), storage_from(settings))
    return create_app(settings, ports)


@pytest.fixture(scope="session")
def contract(app: Flask) -> Contract:
    return Contract(json.loads(app.extensions[DOCUMENT]))


@pytest.fixture
def http(app: Flask, contract: Contract, make: Factory) -> Http:
    """Requests to the edge; limits start anew with each test."""
    app.extensions[EXTENSION].limits.reset()
    app.extensions[EXTENSION].sessions.forget_all()
    app.extensions[EXTENSION].google.forget_keys()
    app.extensions[EXTENSION].totals.forget()
    return Http(app, contract, make)
