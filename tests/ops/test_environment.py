"""One environment for every process: what is given wins, what is not given follows from the ports."""

from __future__ import annotations

import dataclasses
import os
import re
import socket

import pytest

from ops import environment
from ops.environment import Port
from ops.errors import OpsError
from ops.venv import ROOT
from settings import Settings

SERVICES = {"DATABASE_URL": "postgresql://elite@127.0.0.1/x", "REDIS_URL": "redis://127.0.0.1/0"}


def test_the_environment_wins_over_the_file_and_empty_means_absent(tmp_path):
    (tmp_path / ".env").write_text('PORT=6000\nLOG_LEVEL="debug"\nAT_SENDER_ID=\nFROM_NAME=a $b\n')
    read = environment.read(tmp_path, {"PORT": "7000", "HOLD_MINUTES": ""})
    assert read == {"PORT": "7000", "LOG_LEVEL": "debug", "FROM_NAME": "a $b"}
    assert environment.read(tmp_path / "elsewhere", {"A": "b"}) == {"A": "b"}


def test_addresses_follow_from_the_ports():
    env = environment.development({"SANDBOX_PORT": "6060"}, port=6000)
    settings = environment.settings_from({**env, **SERVICES})
    assert settings.app_env == "development"
    assert settings.api_url == "http://localhost:6000"
    assert settings.mpesa_callback_url == "http://localhost:6000/api/payments/mpesa/callback"
    assert settings.mpesa_base_url == "http://localhost:6060/daraja"
    assert settings.sendgrid_base_url == "http://localhost:6060/sendgrid"
    assert settings.at_base_url == "http://localhost:6060/africastalking"
    assert settings.aws_endpoint_url == "http://localhost:5070"
    assert env["SANDBOX_CDN_ORIGIN"] == f"http://localhost:5070/{settings.aws_bucket_name}"
    assert settings.google_base_url == "http://localhost:6060/google"
    assert env["FLOWER_PORT"] == "5555"
    assert env["PATH"].split(os.pathsep)[0].endswith(".venv/bin")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://localhost:5555"),
        ({"FLOWER_PORT": "6555", "FLOWER_URL_PREFIX": "/flower"}, "http://localhost:6555/flower/"),
        ({"FLOWER_URL": "https://api.example.com/flower/"}, "https://api.example.com/flower/"),
    ],
)
def test_flower_is_led_to_from_the_documents_and_from_the_sandbox(given, address):
    env = environment.development(given, port=6000)
    assert env["FLOWER_URL"] == address
    assert env["SANDBOX_LINKS"] == f"API documents=http://localhost:6000/api-docs, Flower={address}"


def test_given_addresses_and_credentials_are_kept_and_the_sandbox_knows_them():
    given = {"API_URL": "https://tunnel.example/", "MPESA_CONSUMER_KEY": "mine", "AT_BASE_URL": "http://other:1"}
    env = environment.development(given)
    assert env["MPESA_CALLBACK_URL"] == "https://tunnel.example/api/payments/mpesa/callback"
    assert env["AT_BASE_URL"] == "http://other:1"
    assert env["SANDBOX_MPESA_CONSUMER_KEY"] == "mine"
    assert environment.development({"PORT": "6001"}, port=6002)["PORT"] == "6002"


def test_a_bucket_that_was_given_is_used_and_none_is_started_beside_it():
    env = environment.development({"AWS_ENDPOINT_URL": "https://s3.example/", "AWS_BUCKET_NAME": "mine"})
    assert env["SANDBOX_CDN_ORIGIN"] == "https://s3.example/mine"
    assert not environment.owns_store(env)
    assert "the object store" not in [port.purpose for port in environment.ports(env)]
    own = environment.development({"STORAGE_PORT": "6070"})
    assert own["AWS_ENDPOINT_URL"] == "http://localhost:6070"
    assert 6070 in [port.number for port in environment.ports(own)]


@pytest.mark.parametrize("given", [{"APP_ENV": "production"}, {"NODE_ENV": "production"}])
def test_production_is_refused(given):
    with pytest.raises(OpsError, match="says production"):
        environment.development(given)


@pytest.mark.parametrize("text", ["abc", "0", "70000", "-1"])
def test_what_is_no_port_is_named(text):
    with pytest.raises(OpsError, match=f"SANDBOX_PORT is '{text}'"):
        environment.development({"SANDBOX_PORT": text})


def test_all_faulty_settings_are_told_together():
    with pytest.raises(OpsError, match="settings need attention") as error:
        environment.settings_from({**environment.development({}), **SERVICES, "HOLD_MINUTES": "x", "API_URL": "y"})
    assert [fault.split(" ")[0] for fault in error.value.details] == ["API_URL", "HOLD_MINUTES"]


def test_a_taken_port_names_the_program_and_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        number = holder.getsockname()[1]
        with pytest.raises(
            OpsError, match=rf"Port {number} for the API is taken by .*\(process {os.getpid()}\)"
        ) as error:
            environment.refuse_taken([Port("the API", number, "127.0.0.1", "--port or PORT")])
        assert "--port or PORT" in error.value.cure
    environment.refuse_taken([Port("the API", number, "127.0.0.1", "--port or PORT")])


def test_one_port_for_two_things_is_refused():
    same = [Port("the API", 45_999, "127.0.0.1", "PORT"), Port("Flower", 45_999, "127.0.0.1", "FLOWER_PORT")]
    with pytest.raises(OpsError, match="Port 45999 is asked for twice"):
        environment.refuse_taken(same)


def test_every_setting_is_documented_once():
    documented = re.findall(r"^([A-Z_]+)=$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert {field.metadata["name"] for field in dataclasses.fields(Settings)} <= set(documented)
