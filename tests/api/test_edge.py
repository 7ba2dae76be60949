"""What holds for every answer of the edge: headers, ids, origins, problems without traces, bodies within bounds."""

from __future__ import annotations

import dataclasses
import io
import json
import re

import psycopg2.errors
import pytest
import sqlalchemy.exc
from cryptography.fernet import Fernet
from sqlalchemy import select

from api import create_app
from models import UserSession
from settings import Settings
from tests.factories import start_in
from tests.support.http import Http, refused


def with_settings(http: Http, **changes) -> Http:
    """The same edge under other settings."""
    edge = http.edge
    return Http(create_app(dataclasses.replace(edge.settings, **changes), edge.ports), http.contract, http.make)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/api/experiences", 200),
        ("GET", "/api/users/me", 401),
        ("GET", "/nowhere", 404),
        ("DELETE", "/api/experiences", 405),
        ("POST", "/api/auth/login", 422),
        ("OPTIONS", "/api/bookings", 200),
    ],
)
def test_every_answer_carries_the_same_protection(http, method, path, status):
    response = http.request(method, path)

    assert response.status_code == status
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Request-ID"]
    assert "Strict-Transport-Security" not in headers
    if path != "/api/experiences" or status != 200:
        assert headers["Cache-Control"] == "private, no-store"


def test_production_insists_on_https(http, database_url, redis_url):
    given = {
        "APP_ENV": "production",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "API_URL": "https://api.elite-events.example",
        "FRONTEND_URL": "https://elite-events.example",
        "JWT_SECRET": "k" * 40,
        "JWT_REFRESH_SECRET": "r" * 40,
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "MPESA_ENV": "production",
        "MPESA_CONSUMER_KEY": "key",
        "MPESA_CONSUMER_SECRET": "secret",
        "MPESA_SHORTCODE": "600000",
        "MPESA_PASSKEY": "passkey",
        "MPESA_CALLBACK_URL": "https://api.elite-events.example/api/payments/mpesa/callback",
        "SENDGRID_API_KEY": "SG.key",
        "FROM_EMAIL": "hello@elite-events.example",
        "AT_USERNAME": "elite",
        "AT_API_KEY": "key",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_BUCKET_NAME": "elite-events",
        "FLOWER_BASIC_AUTH": "operator:a long enough password",
        "CDN_BASE_URL": "https://cdn.elite-events.example",
        "METRICS_TOKEN": "m" * 40,
        "BCRYPT_ROUNDS": "4",
    }
    app = create_app(Settings.from_env(given), http.edge.ports)
    client = app.test_client()

    for path in ("/health", "/nowhere"):
        assert client.get(path).headers["Strict-Transport-Security"].startswith("max-age=31536000")
    local = client.get("/health", headers={"Origin": "http://localhost:5173"})
    assert "Access-Control-Allow-Origin" not in local.headers


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://localhost:5173", "http://127.0.0.1:8080", "https://localhost"]
)
def test_a_developers_own_machine_may_call(http, origin):
    response = http.get("/api/experiences", headers={"Origin": origin})

    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Credentials" not in response.headers
    exposed = response.headers["Access-Control-Expose-Headers"]
    for name in ("Location", "Retry-After", "ETag", "X-Request-ID", "RateLimit-Remaining", "Idempotent-Replayed"):
        assert name in exposed


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost.evil.example",
        "http://localhost:3000.evil.example",
        "http://evil.example/http://localhost:3000",
        "http://localhost:",
        "http://localhost:1234567",
        "null",
        "http://user@localhost:3000",
    ],
)
def test_nobody_elses_page_may_call(http, origin):
    for method, path in (("GET", "/api/experiences"), ("GET", "/api/users/me"), ("OPTIONS", "/api/bookings")):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        assert "Access-Control-Allow-Origin" not in http.request(method, path, headers=headers).headers


def test_a_preflight_allows_our_headers(http):
    response = http.request(
        "OPTIONS",
        "/api/bookings",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, idempotency-key, prefer, content-type, x-request-id",
        },
    )

    assert response.status_code == 200
    allowed = response.headers["Access-Control-Allow-Headers"].lower()
    for name in ("authorization", "idempotency-key", "prefer", "content-type", "x-request-id"):
        assert name in allowed
    assert "POST" in response.headers["Access-Control-Allow-Methods"]


def test_errors_may_be_read_by_pages_too(http):
    response = http.get("/api/users/me", headers={"Origin": "http://localhost:3000"})

    assert response.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_listed_origins_may_call_exactly(http):
    listed = with_settings(http, cors_allowed_origins=("https://app.elite-events.example",))

    right = listed.get("/api/experiences", headers={"Origin": "https://app.elite-events.example"})
    wrong = listed.get("/api/experiences", headers={"Origin": "https://app-elite-events.example"})

    assert right.headers["Access-Control-Allow-Origin"] == "https://app.elite-events.example"
    assert "Access-Control-Allow-Origin" not in wrong.headers


@pytest.mark.parametrize("given", ["checkout-7", "a.b:c_d-9", "x" * 64])
def test_a_request_id_that_is_fit_is_kept(http, given):
    assert http.get("/health", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "{}", "<script>", "é"])
def test_a_request_id_that_is_not_fit_is_replaced(http, given):
    assert re.fullmatch(r"[0-9a-f]{32}", http.get("/health", headers={"X-Request-ID": given}).headers["X-Request-ID"])


def test_each_request_has_its_own_id(http):
    assert http.get("/health").headers["X-Request-ID"] != http.get("/health").headers["X-Request-ID"]


def test_a_request_is_logged_once_with_its_route_and_user(http, make, caplog):
    user = make.user()
    client = http.signed_in_as(user)
    with caplog.at_level("INFO"):
        response = client.get("/api/bookings/0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a?secret=1")

    (line,) = [record for record in caplog.records if record.getMessage() == "request"]
    assert (line.method, line.route, line.status) == ("GET", "/api/bookings/<uuid:booking_id>", 404)
    assert (line.user_id, line.request_id) == (str(user.id), response.headers["X-Request-ID"])
    assert line.ms > 0
    assert "secret=1" not in caplog.text


def test_methods_that_an_address_does_not_take_name_those_it_does(http):
    response = http.request("DELETE", "/api/bookings")

    refused(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("path", ["/api/nothing", "/api//experiences", "/API/experiences", "/health/x", "/%00"])
def test_unknown_addresses_are_problems_too(http, path):
    refused(http.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/experiences/", "/health/", "/health/ready/"])
def test_a_slash_at_the_end_does_not_matter(http, path):
    assert http.get(path).status_code in (200, 503)
    assert http.get(path).mimetype == "application/json"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'email': 1}",
        b"\x00",
        b"\xff\xff",
        b"[" * 50_000,
        b"NaN",
        b'{"email": NaN}',
        b'{"a": 1e999999999999999999999999999}',
        b"1" * 5000,
    ],
)
def test_what_is_not_json_is_malformed(http, body):
    response = http.post("/api/auth/login", data=body, content_type="application/json")

    assert response.status_code in (400, 422)
    assert response.get_json()["code"] in ("malformed_request", "invalid_fields")


def test_a_body_that_is_not_json_is_told_so(http):
    body = refused(
        http.post("/api/auth/login", data=b"{bad", content_type="application/json"), 400, "malformed_request"
    )

    assert body["detail"] == "The body is not valid JSON."


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", "true"])
def test_json_that_is_no_object_is_refused(http, body):
    refused(http.post("/api/auth/login", data=body, content_type="application/json"), 422, "invalid_fields")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "text/json5"],
)
def test_other_content_types_are_named(http, content_type):
    response = http.post(
        "/api/auth/login", data='{"email": "a@example.com", "password": "x"}', content_type=content_type
    )

    refused(response, 415, "unsupported_media_type")


def test_json_by_another_of_its_names_is_welcome(http):
    response = http.post(
        "/api/auth/login", data='{"email": "a@example.com", "password": "x"}', content_type="application/vnd.api+json"
    )

    refused(response, 401, "invalid_credentials")


def test_a_body_is_bounded(http):
    response = http.post("/api/auth/login", {"email": "a@example.com", "password": "x", "padding": "x" * 65_536})

    refused(response, 413, "body_too_large")


@pytest.mark.parametrize(
    "path", ["/api/auth/login", "/api/payments/mpesa/callback", "/api/payments/mpesa/callback/" + "x" * 43]
)
def test_a_body_without_a_length_is_bounded_too(http, path):
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    stream = io.BytesIO(b'{"email": "a@example.com", "password": "x"}' + b" " * 70_000)

    response = http.client.post(path, input_stream=stream, content_type="application/json", environ_base=chunked)

    refused(response, 413, "body_too_large")


def test_an_overlong_body_does_not_confuse_the_limits(http):
    refused(http.post("/api/auth/refresh-token", {"refresh_token": "x" * 65_536}), 413, "body_too_large")

    assert http.edge.limits.counts_alone is False


@pytest.mark.parametrize("name", ["\ud800", "x" * 60_000, "a.b", "", "__proto__", "_schema", "naïve", "<b>"])
def test_unknown_fields_are_refused_whatever_their_name(http, name):
    body = json.dumps({"email": "a@example.com", "password": "x", name: 1})

    response = http.post("/api/auth/login", data=body, content_type="application/json")

    refused(response, 422, "invalid_fields")
    assert len(response.data) < 2000


def failing(http: Http, monkeypatch, error: Exception):
    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr("api.resources.experiences.find_listings", fail)
    return dataclasses.replace(http, expects_faults=True).get("/api/experiences")


def database_error(kind: type[Exception], original: type[psycopg2.Error]):
    return kind("SELECT 1", {}, _with_code(original))


def _with_code(original: type[psycopg2.Error]) -> psycopg2.Error:
    codes = {
        psycopg2.errors.LockNotAvailable: "55P03",
        psycopg2.errors.DeadlockDetected: "40P01",
        psycopg2.errors.SerializationFailure: "40001",
        psycopg2.errors.UniqueViolation: "23505",
    }

    class WithCode(original):
        pgcode = codes.get(original)

    return WithCode("the secret of the database")


OPERATIONAL = sqlalchemy.exc.OperationalError


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (database_error(OPERATIONAL, psycopg2.errors.LockNotAvailable), 409, "busy_try_again"),
        (database_error(OPERATIONAL, psycopg2.errors.DeadlockDetected), 503, "unavailable"),
        (database_error(sqlalchemy.exc.DBAPIError, psycopg2.errors.SerializationFailure), 503, "unavailable"),
        (database_error(OPERATIONAL, psycopg2.OperationalError), 503, "unavailable"),
        (sqlalchemy.exc.TimeoutError("QueuePool limit"), 503, "unavailable"),
        (database_error(sqlalchemy.exc.IntegrityError, psycopg2.errors.UniqueViolation), 500, "internal_error"),
        (RuntimeError("the secret of the house"), 500, "internal_error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_faults_of_ours_are_problems_without_a_trace(http, monkeypatch, error, status, code):
    response = failing(http, monkeypatch, error)

    refused(response, status, code)
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    if status != 500:
        assert response.headers["Retry-After"] == "1"


def test_an_unexpected_fault_is_logged_with_its_trace(http, monkeypatch, caplog):
    response = failing(http, monkeypatch, RuntimeError("the kitchen is on fire"))

    (line,) = [record for record in caplog.records if record.getMessage() == "request.failed"]
    assert "the kitchen is on fire" in line.exception
    assert line.request_id == response.headers["X-Request-ID"]


def test_a_test_that_expects_no_fault_is_shown_its_trace(http, monkeypatch):
    failing(http, monkeypatch, RuntimeError("the kitchen is on fire"))

    with pytest.raises(AssertionError, match=r"GET /api/experiences → 500(.|\n)+RuntimeError: the kitchen is on fire"):
        http.get("/api/experiences")


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.66, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.66, 203.0.113.9", "198.51.100.66"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "unknown", None),
        (1, "'; DROP TABLE users", None),
    ],
)
def test_as_many_proxies_as_we_trust_decide_the_address(http, make, db, hops, forwarded, address):
    behind = with_settings(http, trusted_proxies=hops)
    account = {"email": "a@example.com", "password": "two zebras at dawn", "first_name": "A", "last_name": "B"}

    assert behind.post("/api/auth/register", account, headers={"X-Forwarded-For": forwarded}).status_code == 201

    with db.reading() as session:
        assert session.scalars(select(UserSession)).one().ip == address


def test_an_answer_with_identity_is_nobody_elses(http, make):
    make.listing(slug="food-walk")
    client = http.signed_in_as(make.user())
    body = {"experience_id": "food-walk", "starts_at": start_in().isoformat(), "guests": 1}

    for response in (client.get("/api/users/me"), client.post("/api/bookings", body), client.get("/api/bookings")):
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in response.headers
