"""``/metrics``: for operators only, in Prometheus' format, cheap for the database and true without it."""

from __future__ import annotations

import dataclasses

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from api import create_app
from models import Database, Payment
from models.operations import PeriodicRun, beat
from tests.factories import PASSWORD
from tests.support.http import Http, refused

TOKEN = "a-token-for-prometheus-of-32-characters"


def edge(http: Http, **changes) -> Http:
    """An edge of its own, which remembers no figures yet: other settings, another database or broker."""
    given = {name: changes.pop(name) for name in ("db", "broker_ping") if name in changes}
    ports = dataclasses.replace(http.edge.ports, **given)
    return Http(create_app(dataclasses.replace(http.edge.settings, **changes), ports), http.contract, http.make)


def scrape(http: Http, **headers) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels in the order of their names."""
    response = http.get("/metrics", headers=headers)
    assert response.status_code == 200, response.text
    families = text_string_to_metric_families(response.text)
    samples = [sample for family in families for sample in family.samples]
    return {(each.name, *(each.labels[name] for name in sorted(each.labels))): each.value for each in samples}


@pytest.mark.parametrize("given", [None, f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer ", "Bearer é"])
def test_strangers_are_refused(http, given):
    response = edge(http, metrics_token=TOKEN).get("/metrics", headers={"Authorization": given} if given else {})

    refused(response, 401, "metrics_token_invalid")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "elite_" not in response.text


def test_who_knows_the_token_is_answered_in_prometheus_own_format(http):
    response = edge(http, metrics_token=TOKEN).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_requests_are_counted_by_template_and_never_by_path(http, make):
    listing = make.listing()
    known = ("GET", "/api/experiences/<id_or_slug>", "2xx")
    before = scrape(http)

    http.get(f"/api/experiences/{listing.slug}")
    http.get("/api/nowhere/secret-token")
    http.request("BREW", "/coffee")
    after = scrape(http)

    def added(name: str, *labels: str) -> float:
        return after[(name, *labels)] - before.get((name, *labels), 0)

    assert added("elite_http_requests_total", *known) == 1
    assert added("elite_http_request_duration_seconds_count", *known) == 1
    assert added("elite_http_requests_total", "GET", "unmatched", "4xx") == 1
    assert added("elite_http_requests_total", "other", "unmatched", "4xx") == 1
    assert not [key for key in after if {"BREW", "/coffee", listing.slug} & set(key) or "secret-token" in str(key)]


def test_refusals_by_a_limit_are_counted_by_its_name(http, make):
    strict = edge(http, limit_public_reads=(1, http.edge.settings.limit_public_reads[1]))
    user = make.user()
    before = scrape(http)

    assert [strict.get("/api/experiences").status_code for _ in range(3)] == [200, 429, 429]
    for _ in range(6):
        http.post("/api/auth/login", {"email": user.email, "password": f"{PASSWORD}, or not"})
    after = scrape(http)

    def added(limit: str) -> float:
        key = ("elite_rate_limit_refusals_total", limit)
        return after[key] - before.get(key, 0)

    assert added("public_reads") == 2
    assert added("login_account") == 1


def test_rows_are_told_as_they_are_and_remembered_for_some_seconds(http, make, db):
    payment = make.payment(make.booking())
    with db.transaction() as session:
        now = make.ctx.now(session)
        beat(session, "relay", now)
        session.add(PeriodicRun(name="periodic.sweep_media", bucket=now, claimed_at=now))
        session.execute(update(Payment).values(attention="contradiction", state="needs_review"))
    fresh = edge(http)
    seen = scrape(fresh)

    assert (seen[("elite_database_up",)], seen[("elite_broker_up",)]) == (1, 1)
    assert seen[("elite_payments_told_recent", "mpesa", "query")] == 0
    assert seen[("elite_jobs", "payments.push_stk", "payments", "due")] == 1
    assert seen[("elite_jobs", "payments.push_stk", "payments", "dead")] == 0
    assert seen[("elite_relay_lag_seconds", "payments")] > 0
    assert seen[("elite_payments_unsettled", "mpesa", "needs_review")] == 1
    assert seen[("elite_payments_recent", "mpesa", "needs_review")] == 1
    assert seen[("elite_payments_needing_attention", "contradiction")] == 1
    assert 0 <= seen[("elite_heartbeat_age_seconds", "relay")] < 60
    assert 0 <= seen[("elite_run_age_seconds", "periodic.sweep_media")] < 60
    assert seen[("elite_build_info", "unknown")] == 1
    with db.transaction() as session:
        session.get_one(Payment, payment.id).state = "succeeded"

    assert scrape(fresh)[("elite_payments_unsettled", "mpesa", "needs_review")] == 1


def test_a_missing_database_is_a_figure_and_the_counters_are_told_all_the_same(http):
    away = edge(http, db=Database("postgresql+psycopg2://nobody@127.0.0.1:1/nothing", pool_size=1))
    away.get("/health")

    seen = scrape(away)

    assert seen[("elite_database_up",)] == 0
    assert seen[("elite_http_requests_total", "GET", "/health", "2xx")] >= 1
    assert not [key for key in seen if key[0].startswith("elite_payments")]


def test_a_broker_that_is_away_is_a_figure_and_asked_once_in_some_seconds(http):
    asked = []

    def refuse() -> None:
        asked.append(True)
        raise ConnectionError

    away = edge(http, broker_ping=refuse)
    seen = [scrape(away) for _ in range(3)]

    assert [each[("elite_broker_up",)] for each in seen] == [0, 0, 0]
    assert len(asked) == 1
    assert ("elite_jobs", "payments.push_stk", "payments", "due") in seen[0]


def test_refused_credentials_have_a_series_before_the_first_refusal(http):
    # Prometheus sees no growth in a series that is born with its first count.
    assert ("elite_provider_calls_total", "token", "rejected", "mpesa") in scrape(http)
