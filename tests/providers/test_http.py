"""The client under every provider: its bounds, and what it lets through to logs and records."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from domain.provider_errors import OutcomeUnknown, Unavailable
from providers.http import MAX_ANSWER_BYTES, Answer, HttpClient, Timeouts, presentable, presentable_code
from tests.providers import recorded
from tests.providers.conftest import HASTY, PATIENT
from tests.providers.recorded import answer


@pytest.fixture
def http():
    client = HttpClient(PATIENT)
    yield client
    client.close()


def test_a_call_is_over_when_its_time_is_whatever_trickles_in(provider, http):
    provider.script("/slow", recorded.drip)
    started = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        http.call("POST", provider.url + "/slow", json={}, timeouts=HASTY)
    assert HASTY.total <= time.monotonic() - started < PATIENT.read


def test_an_answer_may_be_as_large_as_the_cap_and_no_larger(provider, http):
    provider.script("/size", answer(200, b"x" * MAX_ANSWER_BYTES), answer(200, b"x" * (MAX_ANSWER_BYTES + 1)))
    assert len(http.call("GET", provider.url + "/size").body) == MAX_ANSWER_BYTES
    with pytest.raises(OutcomeUnknown) as caught:
        http.call("GET", provider.url + "/size")
    assert caught.value.code == "answer_too_large"


def test_a_connection_that_broke_does_not_disturb_the_next_call(provider, http):
    provider.script("/x", recorded.drop, recorded.flood, answer(200, b"fine"))
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            http.call("POST", provider.url + "/x", json={})
    assert http.call("POST", provider.url + "/x", json={}).body == b"fine"


def test_proxies_and_credentials_of_the_environment_are_ignored(provider, monkeypatch, tmp_path, free_port):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port}")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    provider.script("/x", answer(200, b"fine"))
    client = HttpClient(PATIENT)
    assert client.call("GET", provider.url + "/x").ok
    client.close()
    assert "authorization" not in provider.received[0].headers


def test_compressed_answers_are_not_asked_for(provider, http):
    provider.script("/x", answer(200, b"fine"))
    http.call("GET", provider.url + "/x")
    assert provider.received[0].headers["accept-encoding"] == "identity"


def test_a_full_pool_is_unavailable_since_nothing_was_sent(provider):
    client = HttpClient(Timeouts(connect=5, read=0.5, write=5, pool=0.05, total=5), connections=1)
    provider.script("/hangs", recorded.hang)
    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(client.call, "GET", provider.url + "/hangs")
        while not provider.received:
            time.sleep(0.01)
        with pytest.raises(Unavailable) as caught:
            client.call("GET", provider.url + "/other")
        assert isinstance(busy.exception(), OutcomeUnknown)
    client.close()
    assert caught.value.code == "pool_timeout"
    assert provider.to("/other") == []


@pytest.mark.parametrize("header", ["Bearer secret\r\nX: 1", "Bearer secret\x00"])
def test_an_illegal_header_is_not_repeated_in_the_error(provider, http, header):
    with pytest.raises(OutcomeUnknown) as caught:
        http.call("GET", provider.url + "/x", headers={"Authorization": header})
    assert "secret" not in f"{caught.value} {caught.value.__cause__}"
    assert caught.value.__suppress_context__
    assert provider.received == []


def headers(**fields: str) -> Answer:
    return Answer(429, httpx.Headers({name.replace("_", "-"): value for name, value in fields.items()}), b"")


def test_a_pause_is_read_from_every_form_and_stays_sensible():
    assert headers(Retry_After="12").retry_after == 12.0
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30))
    assert 25 < headers(Retry_After=soon).retry_after <= 30
    assert headers(Retry_After="Mon, 01 Jan 2001 00:00:00 GMT").retry_after == 0.0
    assert headers(Retry_After="9" * 400).retry_after == 3600.0
    assert headers(Retry_After="in a while").retry_after is None
    assert headers(X_RateLimit_Reset="1").retry_after == 0.0
    assert headers().retry_after is None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Bad Request - Invalid Amount", "Bad Request - Invalid Amount"),
        ("two\r\nlines\x00", "two  lines"),
        ("for 254712345678.", "for …."),
        ("for +254 712 345 678", "for …"),
        ("about ws_CO_10122023133400273768130105!", "about …"),
        ("token c9SQxWWhmdVRlyh0zh8gZDTkubVF", "token …"),
        ("mail jane@example.com now", "mail … now"),
        ("x" * 19 + " " + "long " * 100, ("x" * 19 + " " + "long " * 100)[:200]),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_what_providers_say_is_fit_for_logs(said, shown):
    assert presentable(said) == shown.strip()


@pytest.mark.parametrize(
    ("code", "shown"),
    [("500.003.02", "500.003.02"), (17, "17"), (True, ""), (None, ""), ("a b", ""), ("x" * 41, ""), ([], "")],
)
def test_only_what_looks_like_a_code_is_one(code, shown):
    assert presentable_code(code) == shown
