"""docker-compose.yml: every process and no other, hardened, refusing to start half configured."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import textwrap

import pytest
import yaml
from dotenv import dotenv_values

from ops.processes import read_procfile
from settings import InvalidSettings, Settings
from tests.containers import compose
from tests.containers.compose import ROOT
from tests.structure.test_settings import PRODUCTION, documented

STORES = {"postgres", "redis"}
LAPTOP = {"bucket", "certificate", "demo-data", "object-store", "sandbox"}
SANDBOX = compose.env_file("sandbox.env")
PASSWORDS = {
    "POSTGRES_PASSWORD": "p",
    "REDIS_PASSWORD": "r",
    "SERVER_NAME": "api.elite-events.example",
    "TLS_FOLDER": "/tls",
}
#: What compose itself fills in.
GIVEN = {"APP_ENV", "DATABASE_URL", "REDIS_URL", "MPESA_ENV", "MPESA_CALLBACK_URL"}
ASKED_FOR = sorted({*PRODUCTION, *PASSWORDS} - GIVEN)
PRODUCTION_ENV = {name: value for name, value in (PRODUCTION | PASSWORDS).items() if name not in GIVEN}
SERVICES = compose.services(SANDBOX)


def test_it_runs_every_process_of_the_procfile_and_no_other():
    processes = set(read_procfile(ROOT / "Procfile"))

    assert set(SERVICES) - {"migrate", "nginx"} - STORES - LAPTOP == processes
    assert {name: SERVICES[name]["command"] for name in processes} == {name: [name] for name in processes}
    assert {name for name, service in SERVICES.items() if service.get("profiles")} == LAPTOP


def test_every_variable_is_documented():
    assert compose.variables() <= set(documented())


def test_the_sandbox_sets_only_what_somebody_reads():
    known = {*documented(), *(f"SANDBOX_{name}" for name in ("HOST", "CDN_ORIGIN")), "COMPOSE_PROFILES"}
    assert set(SANDBOX) <= known


@pytest.mark.parametrize("name", ASKED_FOR)
def test_it_refuses_to_start_without(name):
    with pytest.raises(compose.Refused, match=name):
        compose.services(PRODUCTION_ENV | {name: ""})


def test_production_gets_settings_that_it_accepts():
    environment = compose.services(PRODUCTION_ENV)["web"]["environment"]

    settings = Settings.from_env(environment | {"MPESA_ENV": "production"})

    assert settings.is_production
    assert settings.trusted_proxies == 1
    assert settings.database_url == "postgresql+psycopg2://elite:p@postgres:5432/elite"
    assert settings.mpesa_callback_url == "https://api.elite-events.example/api/payments/mpesa/callback"


def test_the_documents_env_file_lacks_only_what_providers_give(tmp_path):
    document = (ROOT / "docs/deployment.md").read_text()
    (block,) = re.findall(r"^( +)```sh\n(\1API=.*?)^\1```", document, re.DOTALL | re.MULTILINE)
    script = textwrap.dedent(block[1])
    subprocess.run(["sh", "-e"], input=script, cwd=tmp_path, text=True, check=True)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    # Secrets that somebody has already are not replaced.
    secrets = (tmp_path / ".env").read_text()
    again = subprocess.run(["sh"], input=script, cwd=tmp_path, text=True, capture_output=True, check=False)
    assert again.returncode
    assert (tmp_path / ".env").read_text() == secrets

    written = {name: value or "" for name, value in dotenv_values(tmp_path / ".env", interpolate=False).items()}
    by_hand = {name: PRODUCTION[name] for name, value in written.items() if not value and name in PRODUCTION}

    assert all(name.startswith(("AWS_", "MPESA_", "SENDGRID_", "AT_", "FROM_")) for name in by_hand)
    settings = Settings.from_env(written | compose.services(written | by_hand)["web"]["environment"])
    assert settings.is_production


def test_the_sandbox_is_development_and_production_refuses_all_of_it():
    environment = SANDBOX | compose.services(SANDBOX)["web"]["environment"]
    assert not Settings.from_env(environment).is_production

    with pytest.raises(InvalidSettings) as refusal:
        Settings.from_env(environment | {"APP_ENV": "production"})

    faults = " ".join(refusal.value.faults)
    developed = {field.metadata["name"] for field in dataclasses.fields(Settings) if field.metadata["dev"]}
    assert [
        name for name in developed & set(SANDBOX) & set(PRODUCTION) - GIVEN - {"METRICS_TOKEN"} if name not in faults
    ] == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_may_do_no_more_than_it_needs(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["options"]["max-size"]
    assert service["restart"] == (
        "no" if name in {"migrate", *LAPTOP - {"object-store", "sandbox"}} else "unless-stopped"
    )
    assert "privileged" not in service


def test_only_nginx_is_reached_from_outside():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published.keys() == {"nginx", "object-store", "sandbox"}
    assert all(port.startswith("127.0.0.1:") for name in ("object-store", "sandbox") for port in published[name])


def test_the_stores_and_the_sockets_have_no_way_out():
    networks = yaml.safe_load(compose.FILE.read_text())["networks"]

    assert {name for name, network in networks.items() if not network.get("internal")} == {"outside"}
    callers = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert callers == {"nginx", "object-store", "sandbox", "web", "worker-money", "worker-out", "worker-bulk"}


def test_processes_wait_for_the_migration():
    for name in read_procfile(ROOT / "Procfile"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", sorted(STORES | {"nginx", "object-store"}))
def test_images_of_others_are_exact(name):
    assert compose.services(SANDBOX)[name]["image"].partition(":")[2].count(".") >= 1
