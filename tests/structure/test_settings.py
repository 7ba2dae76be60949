"""Settings: every fault at once, nothing unfit in production, and every setting documented."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from composition import clock_from, policy_from
from settings import InvalidSettings, Settings, normalise_database_url

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {field.metadata["name"]: field for field in dataclasses.fields(Settings)}
DEVELOPMENT = {
    "APP_ENV": "development",
    "DATABASE_URL": "postgresql://elite@localhost/elite",
    "REDIS_URL": "redis://localhost:6379/0",
}
PRODUCTION = {
    "APP_ENV": "production",
    "API_URL": "https://api.elite-events.example",
    "FRONTEND_URL": "https://www.elite-events.example",
    "CDN_BASE_URL": "https://cdn.elite-events.example",
    "DATABASE_URL": "postgresql://elite:password@db.internal:5432/elite",
    "REDIS_URL": "rediss://cache.internal:6379/0",
    "JWT_SECRET": "a" * 48,
    "JWT_REFRESH_SECRET": "b" * 48,
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "AWS_ACCESS_KEY_ID": "AKIALIVE",
    "AWS_SECRET_ACCESS_KEY": "live-secret-access-key",
    "AWS_BUCKET_NAME": "elite-events-files",
    "MPESA_ENV": "production",
    "MPESA_CONSUMER_KEY": "key",
    "MPESA_CONSUMER_SECRET": "secret",
    "MPESA_SHORTCODE": "400200",
    "MPESA_PASSKEY": "passkey",
    "MPESA_CALLBACK_URL": "https://api.elite-events.example/api/payments/mpesa/callback",
    "SENDGRID_API_KEY": "SG.live",
    "FROM_EMAIL": "bookings@elite-events.co.ke",
    "AT_USERNAME": "elite",
    "AT_API_KEY": "atsk_live",
    "FLOWER_BASIC_AUTH": "operator:a-long-password",
    "METRICS_TOKEN": "m" * 48,
}


def faults_of(environ: dict[str, str]) -> list[str]:
    with pytest.raises(InvalidSettings) as refusal:
        Settings.from_env(environ)
    return refusal.value.faults


def test_a_developer_gives_two_addresses_and_gets_the_rest():
    settings = Settings.from_env(DEVELOPMENT)
    assert not settings.is_production
    assert settings.mpesa_base_url == "http://localhost:5050/daraja"
    assert settings.celery_broker_url == settings.redis_url
    assert settings.mpesa_till == settings.mpesa_shortcode == "174379"
    assert settings.service_fee_percent == Decimal(10)
    assert settings.limit_login_account == (5, timedelta(days=1))


def test_production_starts_with_what_it_needs():
    settings = Settings.from_env(PRODUCTION)
    assert settings.is_production
    assert settings.mpesa_base_url == "https://api.safaricom.co.ke"
    assert settings.sendgrid_base_url == "https://api.sendgrid.com"
    assert settings.at_base_url == "https://api.africastalking.com"
    assert settings.aws_endpoint_url == settings.storage_public_url == "https://s3.af-south-1.amazonaws.com"
    assert (settings.google_base_url, settings.google_client_ids) == ("https://www.googleapis.com", ())


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"APP_ENV", "MPESA_ENV"}))
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_refuses_to_start_without_what_it_needs(name, value):
    environ = {**PRODUCTION, name: value}
    assert faults_of({key: text for key, text in environ.items() if text is not None}) == [f"{name} is missing"]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("JWT_SECRET", "x" * 31, "must be at least 32 characters long"),
        ("JWT_REFRESH_SECRET", "short", "must be at least 32 characters long"),
        ("JWT_REFRESH_SECRET", "a" * 48, "must not be JWT_SECRET"),
        ("METRICS_TOKEN", "x" * 31, "must be at least 32 characters long"),
        ("MPESA_ENV", "sandbox", "must be 'production' in production"),
        ("MPESA_ENV", "", "must be 'production' in production"),
        ("MPESA_BASE_URL", "https://sandbox.safaricom.co.ke", "must not be a sandbox address in production"),
        ("AT_BASE_URL", "https://api.sandbox.africastalking.com", "must not be a sandbox address in production"),
        ("GOOGLE_BASE_URL", "https://sandbox.example.com/google", "must not be a sandbox address in production"),
        ("CLOCK_OFFSET", "1s", "must not be set in production"),
        ("CLOCK_OFFSET", "-2d", "must not be set in production"),
        ("FLOWER_BASIC_AUTH", "operator:short", "must be user:password with a password of at least 12 characters"),
        ("FLOWER_BASIC_AUTH", "no-colon-in-here", "must be user:password with a password of at least 12 characters"),
    ],
)
def test_production_refuses_what_is_unfit(name, value, fault):
    assert f"{name} {fault}" in faults_of({**PRODUCTION, name: value})


@pytest.mark.parametrize(
    "name",
    [
        "API_URL",
        "FRONTEND_URL",
        "CDN_BASE_URL",
        "STORAGE_PUBLIC_URL",
        "MPESA_BASE_URL",
        "MPESA_CALLBACK_URL",
        "SENDGRID_BASE_URL",
        "AT_BASE_URL",
        "GOOGLE_BASE_URL",
    ],
)
@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.com",
        "https://localhost:5000",
        "https://api.localhost",
        "https://127.0.0.1",
        "https://[::1]:8000",
        "https://10.1.2.3/daraja",
        "https://192.168.0.7",
        "https://0.0.0.0",
        "https://sandbox",
        "https://mail.internal",
    ],
)
def test_production_refuses_addresses_that_are_not_public_https(name, address):
    assert faults_of({**PRODUCTION, name: address}) == [f"{name} must be a public https address in production"]


@pytest.mark.parametrize(
    "name",
    [
        "JWT_SECRET",
        "JWT_REFRESH_SECRET",
        "ENCRYPTION_KEYS",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_BUCKET_NAME",
        "MPESA_CONSUMER_KEY",
        "MPESA_CONSUMER_SECRET",
        "MPESA_SHORTCODE",
        "MPESA_PASSKEY",
        "SENDGRID_API_KEY",
        "FROM_EMAIL",
        "AT_USERNAME",
        "AT_API_KEY",
        "GOOGLE_CLIENT_IDS",
        "FLOWER_BASIC_AUTH",
    ],
)
def test_production_refuses_the_values_of_development(name):
    fault = f"{name} still has its development value"
    assert fault in faults_of({**PRODUCTION, name: FIELDS[name].metadata["dev"]})


def test_an_endpoint_of_ones_own_is_public_too_and_links_lead_to_it_or_elsewhere():
    own = {**PRODUCTION, "AWS_ENDPOINT_URL": "https://files.elite-events.example"}
    assert Settings.from_env(own).storage_public_url == "https://files.elite-events.example"
    assert Settings.from_env(DEVELOPMENT).storage_public_url == "http://localhost:5070"
    elsewhere = Settings.from_env({**own, "STORAGE_PUBLIC_URL": "https://links.elite-events.example"})
    assert elsewhere.aws_endpoint_url == "https://files.elite-events.example"
    fault = "AWS_ENDPOINT_URL must be a public https address in production"
    assert fault in faults_of({**PRODUCTION, "AWS_ENDPOINT_URL": "http://localhost:5070"})


def test_production_refuses_the_key_of_development_also_as_the_second():
    keys = f"{PRODUCTION['ENCRYPTION_KEYS']},{FIELDS['ENCRYPTION_KEYS'].metadata['dev']}"
    assert faults_of({**PRODUCTION, "ENCRYPTION_KEYS": keys}) == ["ENCRYPTION_KEYS still has its development value"]


def test_every_fault_is_named_at_once():
    environ = {**PRODUCTION, "JWT_SECRET": "short", "PORT": "0", "CLOCK_OFFSET": "2d", "FLOWER_BASIC_AUTH": "a:b"}
    del environ["AT_API_KEY"]
    environ["API_URL"] = "http://localhost:5000"
    faults = faults_of(environ)
    assert sorted(fault.split()[0] for fault in faults) == [
        "API_URL",
        "AT_API_KEY",
        "CLOCK_OFFSET",
        "FLOWER_BASIC_AUTH",
        "JWT_SECRET",
        "PORT",
    ]
    with pytest.raises(InvalidSettings, match="The settings need attention:\n  - ") as refusal:
        Settings.from_env(environ)
    assert all(fault in str(refusal.value) for fault in faults)


def test_an_empty_environment_is_production_without_anything():
    faults = faults_of({})
    assert {f"{name} is missing" for name in PRODUCTION} - {"APP_ENV is missing", "MPESA_ENV is missing"} <= set(faults)


def test_a_fault_never_quotes_a_secret():
    secrets = {"JWT_SECRET": "canary-1", "JWT_REFRESH_SECRET": "canary-2", "ENCRYPTION_KEYS": "canary-3"}
    assert "canary" not in str(faults_of({**PRODUCTION, **secrets, "DATABASE_URL": "mysql://canary:canary@db/x"}))


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "production"),
        ({"APP_ENV": "", "NODE_ENV": ""}, "production"),
        ({"NODE_ENV": "development"}, "development"),
        ({"APP_ENV": "", "NODE_ENV": "development"}, "development"),
        ({"APP_ENV": "test", "NODE_ENV": "production"}, "test"),
        ({"APP_ENV": "production", "NODE_ENV": "development"}, "production"),
        ({"APP_ENV": " production "}, "production"),
    ],
)
def test_the_environment_is_app_env_or_else_node_env_or_else_production(environ, expected):
    rest = {name: value for name, value in PRODUCTION.items() if name != "APP_ENV"}
    assert Settings.from_env(rest | environ).app_env == expected


def test_a_production_with_spaces_around_it_is_checked_as_production():
    assert "JWT_SECRET is missing" in faults_of({**DEVELOPMENT, "APP_ENV": " production "})


@pytest.mark.parametrize("value", ["prod", "PRODUCTION", "staging"])
def test_an_unknown_environment_is_refused(value):
    assert "APP_ENV must be one of development, test, production" in faults_of({**DEVELOPMENT, "APP_ENV": value})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_usual_spelling_of_postgresql_means_our_driver(scheme):
    assert normalise_database_url(f"{scheme}://u:p@h:5432/d?sslmode=require") == (
        "postgresql+psycopg2://u:p@h:5432/d?sslmode=require"
    )


@pytest.mark.parametrize("value", ["mysql://h/d", "sqlite:///x", "h/d", "postgresql+psycopg://h/d"])
def test_another_database_is_refused(value):
    assert faults_of({**DEVELOPMENT, "DATABASE_URL": value}) == [
        "DATABASE_URL must be a URL starting with postgresql://"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "web"),
        ("WEB_THREADS", "6"),
        ("SERVICE_FEE_PERCENT", "101"),
        ("SERVICE_FEE_PERCENT", "-1"),
        ("SERVICE_FEE_PERCENT", "ten"),
        ("SERVICE_FEE_PERCENT", "NaN"),
        ("SERVICE_FEE_PERCENT", "Infinity"),
        ("HOLD_MINUTES", "0"),
        ("HOLD_MINUTES", "31"),
        ("JWT_EXPIRES_IN", "0s"),
        ("JWT_EXPIRES_IN", "-15m"),
        ("JWT_EXPIRES_IN", "15 minutes"),
        ("JWT_REFRESH_EXPIRES_IN", "9999999999d"),
        ("LIMIT_STK_PHONE", "0 per 10m"),
        ("LIMIT_STK_PHONE", "3 per 0m"),
        ("LIMIT_STK_PHONE", "3/10m"),
        ("REDIS_URL", "http://localhost"),
        ("API_URL", "ftp://localhost"),
        ("API_URL", "http://"),
        ("MPESA_CALLBACK_IPS", "196.201.214.0/24,nonsense"),
        ("ENCRYPTION_KEYS", "not-a-key"),
        ("ENCRYPTION_KEYS", ","),
        ("MPESA_TRANSACTION_TYPE", "Gift"),
        ("LOG_LEVEL", "loud"),
        ("BCRYPT_ROUNDS", "3"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(name, value):
    (fault,) = faults_of({**DEVELOPMENT, name: value})
    assert fault.startswith(f"{name} ")


def test_values_are_read_into_what_they_mean():
    settings = Settings.from_env(
        {
            **DEVELOPMENT,
            "API_URL": "http://localhost:5000/",
            "CORS_ALLOWED_ORIGINS": "https://a.example, https://b.example,",
            "MPESA_CALLBACK_IPS": "196.201.214.200, 196.201.213.0/24",
            "JWT_EXPIRES_IN": "900",
            "CLOCK_OFFSET": "-3h",
            "LIMIT_STK_PHONE": "4 per 1d",
            "HOLD_MINUTES": "20",
            "SERVICE_FEE_PERCENT": "12.5",
            "CELERY_BROKER_URL": "amqp://queue/",
        }
    )
    assert settings.api_url == "http://localhost:5000"
    assert settings.cors_allowed_origins == ("https://a.example", "https://b.example")
    assert settings.mpesa_callback_ips == ("196.201.214.200/32", "196.201.213.0/24")
    assert settings.jwt_expires_in == timedelta(minutes=15)
    assert settings.celery_broker_url == "amqp://queue"
    policy = policy_from(settings)
    assert (policy.limits.stk_phone.count, policy.limits.stk_phone.window) == (4, timedelta(days=1))
    assert policy.hold.duration == timedelta(minutes=20)
    assert policy.service_fee_percent == Decimal("12.5")
    assert clock_from(settings).offset == timedelta(hours=-3)


def documented() -> dict[str, str]:
    """The names in .env.example and the heading that each stands under."""
    names, heading = {}, ""
    for line in (ROOT / ".env.example").read_text().splitlines():
        if title := re.match(r"# --- (.+?) -", line):
            heading = title[1]
        elif name := re.match(r"([A-Z0-9_]+)=", line):
            assert name[1] not in names, f"{name[1]} is documented twice"
            assert line == f"{name[1]}=", f"{name[1]} has a value in the example"
            names[name[1]] = heading
    return names


def test_every_setting_is_documented():
    assert set(FIELDS) <= set(documented())


def test_nothing_is_documented_that_nobody_reads():
    procfile, compose = (ROOT / "Procfile").read_text(), (ROOT / "docker-compose.yml").read_text()
    ops = "".join(path.read_text() for path in (ROOT / "ops").glob("*.py"))
    for name, heading in documented().items():
        if name in FIELDS:
            continue
        if heading.startswith("Processes"):
            assert f"${{{name}" in procfile, f"{name} is not read by the Procfile"
        elif heading.startswith("Containers"):
            assert f"${{{name}" in compose, f"{name} is not read by docker-compose.yml"
        else:
            assert heading.startswith("A developer's machine only"), f"{name} is no setting"
            assert f'"{name}"' in ops, f"{name} is not read by ./elite"


def test_an_example_left_as_it_is_changes_nothing():
    empty = dict.fromkeys(documented(), "")
    assert Settings.from_env(empty | DEVELOPMENT) == Settings.from_env(DEVELOPMENT)


def test_secrets_are_not_shown_where_settings_are_printed():
    shown = repr(Settings.from_env(PRODUCTION))
    assert PRODUCTION["API_URL"] in shown
    secrets = (
        "JWT_SECRET",
        "JWT_REFRESH_SECRET",
        "ENCRYPTION_KEYS",
        "SENDGRID_API_KEY",
        "AT_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "FLOWER_BASIC_AUTH",
        "METRICS_TOKEN",
    )
    assert [name for name in secrets if PRODUCTION[name] in shown] == []
    assert [text for text in ("password@db.internal", "rediss://", "'passkey'", "'secret'") if text in shown] == []


@pytest.mark.parametrize(
    "origins", ["*", "https://*.example.com", "https://www.example.com/", "www.example.com", "null"]
)
def test_an_origin_is_exact_or_refused(origins):
    assert "CORS_ALLOWED_ORIGINS" in faults_of(DEVELOPMENT | {"CORS_ALLOWED_ORIGINS": origins})[0]


def test_several_origins_are_a_comma_list():
    exact = "https://www.example.com, http://localhost:3000"
    settings = Settings.from_env(DEVELOPMENT | {"CORS_ALLOWED_ORIGINS": exact})
    assert settings.cors_allowed_origins == ("https://www.example.com", "http://localhost:3000")
