"""What the doctor says of a bucket that strangers may read, and of one that browsers may not send to."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import boto3
import pytest

from ops.bucket import browsers as cors
from ops.bucket import public_read
from ops.doctor import bucket as doctor
from ops.doctor.findings import Level
from tests.support.network import free_port


@pytest.fixture
def client(settings, bucket):
    """The bucket as an operator has it; what a test does to it is undone."""
    made = boto3.client(
        "s3",
        endpoint_url=settings.aws_endpoint_url,
        region_name=settings.aws_region,
        aws_access_key_id=settings.aws_access_key_id,
        aws_secret_access_key=settings.aws_secret_access_key,
    )
    yield made
    made.put_bucket_acl(Bucket=settings.aws_bucket_name, ACL="private")
    made.put_bucket_policy(Bucket=settings.aws_bucket_name, Policy=json.dumps(public_read(settings.aws_bucket_name)))
    made.put_bucket_cors(Bucket=settings.aws_bucket_name, CORSConfiguration=cors(settings))
    made.close()


@pytest.fixture
def ask(settings):
    def ask(check, **changed):
        (finding,) = check(SimpleNamespace(settings=replace(settings, **changed)))
        return finding

    return ask


def test_a_bucket_as_it_should_be_is_well(ask, client, settings):
    client.put_bucket_cors(Bucket=settings.aws_bucket_name, CORSConfiguration=cors(settings))
    found = [ask(check) for check in (doctor.privacy, doctor.browsers)]
    assert [(each.level, each.text) for each in found if each.level is not Level.GOOD] == []


def test_nothing_is_left_of_the_probe(ask, client, settings, bucket):
    before = bucket.keys()
    ask(doctor.privacy)
    assert bucket.keys() == before


def test_private_files_that_anybody_may_read_are_broken(ask, client, settings):
    everybody = public_read(settings.aws_bucket_name)
    everybody["Statement"][0]["Resource"] = f"arn:aws:s3:::{settings.aws_bucket_name}/*"
    client.put_bucket_policy(Bucket=settings.aws_bucket_name, Policy=json.dumps(everybody))
    finding = ask(doctor.privacy)
    assert (finding.level, "read private files" in finding.text) == (Level.BROKEN, True)
    assert "Block public access" in finding.cure


def test_a_production_bucket_is_asked_for_its_list_as_well(ask, client, settings, monkeypatch):
    asked = []
    monkeypatch.setattr(doctor, "_status", lambda address: asked.append(address) or 200)
    finding = ask(doctor.privacy, app_env="production")
    assert "read private files and list all files" in finding.text
    assert asked[1].rstrip("/").endswith(settings.aws_bucket_name)
    assert "?" not in "".join(asked)


@pytest.mark.parametrize(
    "rule",
    [
        {"AllowedOrigins": ["https://elsewhere.example"], "AllowedMethods": ["GET", "POST"], "AllowedHeaders": ["*"]},
        {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "AllowedHeaders": ["*"]},
    ],
    ids=["other pages", "reading only"],
)
def test_a_bucket_that_browsers_may_not_send_to_is_broken(ask, client, settings, rule):
    client.put_bucket_cors(Bucket=settings.aws_bucket_name, CORSConfiguration={"CORSRules": [rule]})
    finding = ask(doctor.browsers)
    assert (finding.level, "CORS" in finding.text) == (Level.BROKEN, True)
    assert settings.frontend_url in finding.details
    assert "./elite up" in finding.cure


def test_a_bucket_that_is_away_hides_the_one_and_breaks_the_other(ask):
    away = {name: f"http://127.0.0.1:{free_port()}" for name in ("aws_endpoint_url", "storage_public_url")}
    assert ask(doctor.privacy, **away).level is Level.UNSEEN
    finding = ask(doctor.browsers, **away)
    assert (finding.level, "STORAGE_PUBLIC_URL" in finding.cure) == (Level.BROKEN, True)
