"""The product's story, told by its real processes: somebody becomes a guide and offers a walk, and a traveller pays for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

from api.passwords import Passwords
from domain.users import Role
from domain.vault import Vault
from ops.client import Api
from ops.client import Sandbox as SandboxClient
from ops.demo import Demo
from ops.demo_guide import GuideDemo
from ops.faults import GOOD
from ops.guide_client import AdminApi, GuideApi
from ops.seed import second_factor
from ops.seed.people import ADMIN
from ops.terminal import Terminal
from ops.timeline import Timeline
from services.context import Context
from settings import Settings
from tests.factories import Factory
from tests.support.house import RELAY, House, worker
from tests.support.object_store import Bucket
from tests.support.sandbox_process import running_sandbox
from tests.support.web import web_server

pytestmark = pytest.mark.e2e

ONE_WORKER = worker("payments", "webhooks", "deliveries", "media", "periodic", "reports", name="everything")


@pytest.fixture
def addresses(
    settings: Settings, web_environ: dict[str, str], redis_url: str, bucket: Bucket, tmp_path: Path
) -> Iterator[tuple[str, str]]:
    """Where the API and the sandbox are, with a relay and a worker beside them."""
    broker_url = redis_url.rsplit("/", 1)[0] + "/14" if redis_url.count("/") > 2 else f"{redis_url}/14"
    broker = redis.Redis.from_url(broker_url)
    broker.flushdb()
    environ = {**web_environ, "REDIS_URL": broker_url, "AWS_ENDPOINT_URL": settings.aws_endpoint_url}
    with (
        running_sandbox(callback_seconds="0.05") as sandbox_url,
        web_server(environ, tmp_path / "web.log", processes=1) as web_url,
    ):
        providers = {
            "MPESA_BASE_URL": f"{sandbox_url}/daraja",
            "SENDGRID_BASE_URL": f"{sandbox_url}/sendgrid",
            "AT_BASE_URL": f"{sandbox_url}/africastalking",
            "MPESA_CALLBACK_URL": f"{web_url}/api/payments/mpesa/callback",
        }
        house = House({**environ, **providers}, tmp_path)
        try:
            house.start(RELAY, "relay")
            house.start(ONE_WORKER, "worker")
            yield web_url, sandbox_url
        finally:
            house.stop()
            broker.flushdb()
            broker.close()


@pytest.fixture
def administrator(make: Factory, settings: Settings, ctx: Context) -> None:
    """The demo's, as it stands in a database that ``up`` has filled."""
    hashed = Passwords(rounds=settings.bcrypt_rounds, slots=1, queue=0).hash(ADMIN.password)
    admin = make.user(email=ADMIN.email, roles=[Role.ADMIN.value], password_hash=hashed)
    with make.db.transaction() as session:
        second_factor.switch_on(
            session, Vault(settings.encryption_keys), admin.id, ADMIN.second_factor, ctx.now(session)
        )


@pytest.mark.usefixtures("administrator")
def test_an_applicant_becomes_a_guide_whose_walk_is_found_booked_and_paid_for(addresses: tuple[str, str]) -> None:
    api_url, sandbox_url = addresses
    told = io.StringIO()
    terminal = Terminal(told, {})
    timeline = Timeline(terminal)
    with (
        closing(GuideApi(api_url)) as guide,
        closing(AdminApi(api_url)) as admin,
        closing(Api(api_url)) as traveller,
        closing(SandboxClient(sandbox_url)) as sandbox,
    ):
        experience = GuideDemo(guide, admin, sandbox, terminal, timeline).play()
        assert Demo(traveller, sandbox, terminal, timeline, GOOD, experience).play() == 0, told.getvalue()
    assert experience["guide"]["slug"]
    assert experience["title"] in told.getvalue()
