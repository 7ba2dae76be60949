"""One scrape tells of every process of the machine, also of one that has been killed, and has all that an alert asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from sqlalchemy import text

from models import Payment
from models.operations import PeriodicRun
from tests.factories import Factory
from tests.support.database import ROOT
from tests.support.house import RELAY, House, worker
from tests.support.sandbox_process import running_sandbox
from tests.support.waiting import eventually
from tests.support.web import web_server

pytestmark = pytest.mark.e2e

RULES = yaml.safe_load((ROOT / "docs/alerts.yml").read_text())["groups"][0]["rules"]
TOKEN = "a-token-for-prometheus-of-32-characters"


@dataclass
class Watched:
    """Two web processes, and other processes as the test wants them, which all count into one folder."""

    web: str
    house: House

    def scrape(self) -> list[Sample]:
        answer = httpx.get(f"{self.web}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200, answer.text
        return [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]

    def labels(self) -> dict[str, set[str]]:
        """The names of every sample's labels."""
        return {each.name: set(each.labels) for each in self.scrape()}

    def total(self, name: str, **labels: str) -> float:
        found = (each for each in self.scrape() if each.name == name and labels.items() <= each.labels.items())
        return sum(each.value for each in found)


@pytest.fixture
def watched(make: Factory, web_environ: dict[str, str], redis_url: str, tmp_path: Path) -> Iterator[Watched]:
    broker_url = redis_url.rsplit("/", 1)[0] + "/14" if redis_url.count("/") > 2 else f"{redis_url}/14"
    counting = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"), "METRICS_TOKEN": TOKEN, "REDIS_URL": broker_url}
    environ = {**web_environ, **counting}
    with running_sandbox() as sandbox_url, web_server(environ, tmp_path / "web.log") as web_url:
        house = House({**environ, "MPESA_BASE_URL": f"{sandbox_url}/daraja"}, tmp_path)
        try:
            yield Watched(web_url, house)
        finally:
            house.stop()


def test_one_scrape_tells_of_every_process_and_of_all_that_alerts_name(watched: Watched, make: Factory) -> None:
    watched.house.start(RELAY, "relay")
    money = watched.house.start(worker("payments", name="worker-money"), "money")
    payment = make.payment(make.booking())
    with make.db.transaction() as session:
        session.get_one(Payment, payment.id).attention = "contradiction"
        # No beat runs here.
        now = make.ctx.now(session)
        session.add(PeriodicRun(name="periodic.sweep_media", bucket=now, claimed_at=now))
    already = watched.total("elite_http_requests_total", route="/health")
    for _ in range(30):
        httpx.get(f"{watched.web}/health")
    assert watched.total("elite_http_requests_total", route="/health") == already + 30

    push = {"provider": "mpesa", "operation": "push", "outcome": "ok"}
    eventually(
        lambda: watched.total("elite_provider_calls_total", **push) == 1,
        within=40,
        what=f"the push\n{watched.house.log('money')[-3000:]}",
    )
    assert {"elite-events web", "elite-events relay", "elite-events worker-money"} <= connected(make)
    watched.house.kill(money)

    def with_heartbeats() -> dict[str, set[str]] | None:
        labels = watched.labels()
        return labels if "elite_heartbeat_age_seconds" in labels else None

    # Each web process remembers rows for some seconds, and the relay's first heartbeat may be younger.
    labels = eventually(with_heartbeats, within=15, every=0.5, what="a scrape with heartbeats")
    assert watched.total("elite_provider_calls_total", **push) == 1
    for rule in RULES:
        asked = re.findall(r"(elite_\w+)(?:\{([^}]*)\})?", rule["expr"])
        assert asked, rule["alert"]
        for name, matchers in asked:
            assert name in labels, f"{rule['alert']} asks for {name}"
            assert set(re.findall(r"(\w+)(?:=|!)", matchers)) <= labels[name], (
                f"{rule['alert']} asks {name} for {matchers}"
            )


def connected(make: Factory) -> set[str]:
    """The names of all connections to this run's database."""
    with make.db.reading() as session:
        return set(
            session.scalars(text("SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"))
        )
