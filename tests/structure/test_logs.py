"""What a log line may hold: ids and numbers whole, secrets and phone numbers never."""

from __future__ import annotations

import io
import json
import logging
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

import logs
from domain.money import Money
from models import Payment
from tests.factories import utc

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ"
CALLBACK = "k3Jq-canary_tokenWithDashes-and_underscores0"
UUID_OF_DIGITS = "25471234-5678-7123-8123-254712345678"


@pytest.fixture
def lines(monkeypatch) -> Iterator[Callable[[], list[dict]]]:
    """The lines that were logged, through the whole configuration as a process has it."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("info", process="test")
    structlog.configure(cache_logger_on_first_use=False)

    def read() -> list[dict]:
        return [json.loads(line) for line in written.getvalue().splitlines()]

    yield read
    root.handlers[:], root.level = handlers, level
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


@pytest.fixture
def logger(lines):
    return structlog.get_logger("tests.logs")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+254712345678", "•••678"),
        ("254712345678", "•••678"),
        ("0712345678", "•••678"),
        ("0112345678", "•••678"),
        ("712345678", "•••678"),
        ("00254712345678", "•••678"),
        ("+44 7911 123456", "•••456"),
        ("+254 712 345 678", "•••678"),
        ("0712 345 678", "•••678"),
        ("0712-345-678", "•••678"),
        ("sent to +254712345678.", "sent to •••678."),
        ("(254712345678)", "(•••678)"),
        ("phone=254712345678, next", "phone=•••678, next"),
        ("phone_254712345678.json", "phone_•••678.json"),
        ("/phones/254712345678/pin", "/phones/•••678/pin"),
        ("'PhoneNumber': 254712345678", "'PhoneNumber': •••678"),
        ("254712345678-1", "•••678-1"),
        ("+254712345678,+254722000111", "•••678,•••111"),
        ("ws_CO_191220191020363925_254712345678", "ws_CO_[hidden]"),
    ],
)
def test_a_phone_number_is_recognised_however_it_is_written(text, masked):
    assert logs.redact_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        str(uuid.UUID(int=0)),
        UUID_OF_DIGITS,
        "job 019aa000-0712-7345-8678-254712345678 done",
        "2026-11-20T23:44:00.123456Z",
        "2026-11-20 23:44:00.123456+00:00",
        "3.141592653589793",
        "took 1234.567890123 ms",
        "0.254712345678",
        "B7K2M9QX-12",
        "KES 2,500.00",
        "QGH7X8Y9Z0",
        "port 55432, pid 4107254",
        "5f2d0712345678abcdef0712345678ab",
        "127.0.0.1:5000 and 196.201.214.200",
        "HTTP/1.1 200",
        "0001_core",
        "12345678",
    ],
)
def test_ids_times_and_numbers_are_not_mangled(text):
    assert logs.redact_text(text) == text


def test_no_random_id_is_mangled():
    for _ in range(5_000):
        one = uuid.uuid4()
        assert logs.redact_text(f"{one} {one.hex}").startswith(str(one))


def test_the_head_of_the_audit_chain_is_written_digit_by_digit(lines, logger):
    head = "00254712345678" + "ab" * 25
    logger.info("audit.head", head=head)
    assert [line["head"] for line in lines()] == [head]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"Authorization: Bearer {JWT}", "Authorization: Bearer [hidden]"),
        (f"token {JWT} refused", "token [hidden] refused"),
        ("Basic c2FuZGJveDpjYW5hcnk=", "Basic [hidden]"),
        (f"POST /api/payments/mpesa/callback/{CALLBACK} 200", "POST /api/payments/mpesa/callback/[hidden] 200"),
        (f"https://api.example/mpesa/callback/{CALLBACK}?a=1", "https://api.example/mpesa/callback/[hidden]?a=1"),
        ("postgresql://elite:canary@db:5432/elite", "postgresql://[hidden]@db:5432/elite"),
        ("redis://:canary@cache:6379/0", "redis://[hidden]@cache:6379/0"),
        ("GET /reset?token=canary&next=/", "GET /reset?token=[hidden]&next=/"),
        ("https://x/y?a=1&access_token=canary", "https://x/y?a=1&access_token=[hidden]"),
        ("SG.canary-key.second", "SG.[hidden]"),
        ("atsk_canary", "atsk_[hidden]"),
        ("refused\nDETAIL:  Key (phone)=(canary) already exists.", "refused\nDETAIL: [hidden]"),
    ],
)
def test_a_secret_is_recognised_by_its_look(text, masked):
    assert logs.redact_text(text) == masked


@pytest.mark.parametrize(
    "key",
    [
        *("password", "new_password", "token", "refresh_token", "callback_token", "access_token_hash", "Authorization"),
        *("api_key", "X-Api-Key", "consumer_secret", "passkey", "mpesa_passkey", "pin", "card_pin", "Set-Cookie"),
    ],
)
def test_a_secret_is_recognised_by_its_name_at_any_depth(lines, logger, key):
    logger.info("canary", **{key: "canary-value", "inside": {"deep": [{key: "canary-value"}]}})
    (line,) = lines()
    assert line[key] == "[hidden]"
    assert line["inside"] == {"deep": [{key: "[hidden]"}]}


def test_a_name_that_only_sounds_like_a_secret_is_kept(lines, logger):
    logger.info("x", shipping="sea", spin="left", keyboard="qwerty")
    (line,) = lines()
    assert (line["shipping"], line["spin"], line["keyboard"]) == ("sea", "left", "qwerty")


def test_phone_numbers_are_masked_as_numbers_and_inside_of_anything(lines, logger):
    logger.info(
        "callback",
        phone=254712345678,
        items=[{"Name": "PhoneNumber", "Value": 254712345678}],
        by_phone={"254712345678": 1},
        raw=b'{"PhoneNumber": 254712345678}',
        error=ValueError("254712345678 is not reachable"),
        pair=("+254712345678", 1),
    )
    (line,) = lines()
    assert "254712345678" not in str(line)
    assert line["phone"] == "•••678"
    assert line["items"] == [{"Name": "PhoneNumber", "Value": "•••678"}]
    assert line["pair"] == ["•••678", 1]


def test_numbers_keep_their_value_and_kind(lines, logger):
    numbers = {
        "ms": 1234.5,
        "status": 200,
        "count": 10**9,
        "amount_minor": 250_000_000,
        "at": 1_700_000_000,
        "ok": True,
    }
    logger.info("x", **numbers, nothing=None)
    (line,) = lines()
    assert {name: line[name] for name in numbers} == numbers
    assert line["nothing"] is None


@pytest.mark.parametrize("value", [2**70, "half a character: \ud800"])
def test_a_value_that_is_hard_to_write_does_not_cost_the_line(lines, logger, value):
    logger.info("x", value=value)
    (line,) = lines()
    assert line["value"] == value


def test_values_of_ours_are_written_so_that_people_can_read_them(lines, logger):
    one = uuid.UUID(UUID_OF_DIGITS)
    logger.info("x", id=one, at=datetime(2026, 6, 1, 9, tzinfo=UTC), amount=Money(250_000, "KES"))
    (line,) = lines()
    assert (line["id"], line["at"], line["amount"]) == (UUID_OF_DIGITS, "2026-06-01T09:00:00+00:00", "KES 2,500")


def test_a_line_says_when_who_and_in_whose_name(lines, logger):
    structlog.contextvars.bind_contextvars(request_id="r-254712345678", job_id=UUID_OF_DIGITS)
    logger.warning("job.retried", failures=1)
    logging.getLogger("elsewhere").warning("told by %s", "a library", extra={"attempt": 2})
    ours, theirs = lines()
    assert {"event": "job.retried", "level": "warning", "logger": "tests.logs", "failures": 1}.items() <= ours.items()
    assert {"event": "told by a library", "logger": "elsewhere", "attempt": 2}.items() <= theirs.items()
    for line in (ours, theirs):
        assert (line["request_id"], line["job_id"], line["process"]) == ("r-254712345678", UUID_OF_DIGITS, "test")
        assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC


def test_the_standard_librarys_loggers_are_masked_too(lines):
    other = logging.getLogger("library")
    other.warning("calling %s with %s", "+254712345678", f"Bearer {JWT}", extra={"password": "canary"})
    try:
        raise ValueError(f"bad answer for 254712345678 at /mpesa/callback/{CALLBACK}")
    except ValueError:
        other.exception("failed")
    told, failed = lines()
    assert told["event"] == "calling •••678 with Bearer [hidden]"
    assert told["password"] == "[hidden]"
    assert "bad answer for •••678 at /mpesa/callback/[hidden]" in failed["exception"]


def test_a_refused_row_is_not_quoted(db, make, lines, logger):
    payment = make.payment(make.booking())

    def write_again():
        with db.transaction() as session:
            values = {column.name: getattr(payment, column.name) for column in Payment.__table__.columns}
            fresh = {"id": uuid.uuid4(), "attempt": 0, "callback_token": CALLBACK, "started_at": utc(2026, 6, 1)}
            session.add(Payment(**values | fresh))

    try:
        write_again()
    except IntegrityError:
        logger.exception("job.failed")
    (line,) = lines()
    assert "ck_payments_attempt_positive" in line["exception"]
    assert CALLBACK not in line["exception"]
    assert payment.phone.lstrip("+") not in line["exception"]


def test_chatty_libraries_tell_only_bad_news(lines):
    for name in logs.CHATTY:
        logging.getLogger(name).info("good news")
        logging.getLogger(name).warning("bad news")
    assert [line["event"] for line in lines()] == ["bad news"] * len(logs.CHATTY)
