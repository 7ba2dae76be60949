"""One token for everybody: fetched when there is none, renewed once when refused, and never a reason to push twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from domain.provider_errors import ProviderError, Rejected, Throttled, Unavailable
from tests.providers import recorded
from tests.providers.conftest import PATIENT
from tests.providers.daraja_case import ACCEPTED, OAUTH, PUSH, REFUSED_TOKEN, TOKEN, Calls, fault
from tests.providers.fakes import MemoryTokenStore
from tests.providers.recorded import answer


def test_the_first_call_fetches_a_token_whose_life_is_text(provider):
    calls = Calls(provider.url + "/daraja", MemoryTokenStore(), PATIENT)
    provider.script(OAUTH, answer(200, {"access_token": "fresh", "expires_in": "3599"}))
    provider.script(PUSH, answer(200, ACCEPTED))
    calls.push()
    calls.client.close()
    (asked,) = provider.to(OAUTH)
    assert asked.path == OAUTH + "?grant_type=client_credentials"
    assert asked.headers["authorization"].startswith("Basic ")
    assert calls.tokens.lives == [3599]
    assert provider.to(PUSH)[0].headers["authorization"] == "Bearer fresh"


@pytest.mark.parametrize(
    "refused",
    [
        REFUSED_TOKEN,
        answer(401, fault("401.002.01", "Error Occurred - Invalid Access Token")),
        answer(400, fault("400.003.01", "Invalid Access Token")),
        answer(401, {"fault": {"faultstring": "Invalid access token"}}),
    ],
)
def test_a_refused_token_is_renewed_once_and_the_push_made_again(provider, calls, refused):
    provider.script(PUSH, refused, answer(200, ACCEPTED))
    assert calls.push().checkout_request_id == ACCEPTED["CheckoutRequestID"]
    assert [sent.headers["authorization"] for sent in provider.to(PUSH)] == [f"Bearer {TOKEN}", "Bearer second-token"]
    assert len(provider.to(OAUTH)) == 1


def test_a_token_refused_twice_is_unavailable_and_not_tried_a_third_time(provider, calls):
    provider.script(PUSH, REFUSED_TOKEN)
    with pytest.raises(Unavailable) as caught:
        calls.push()
    assert caught.value.code == "token_refused"
    assert len(provider.to(PUSH)) == 2
    assert len(provider.to(OAUTH)) == 1


def test_many_calls_with_a_refused_token_renew_it_once(provider, calls):
    def by_token(handler: Any) -> None:
        fresh = handler.headers["Authorization"] == "Bearer second-token"
        (answer(200, ACCEPTED) if fresh else REFUSED_TOKEN)(handler)

    provider.script(PUSH, by_token)
    start = threading.Barrier(12)

    def push(_: int) -> Any:
        start.wait()
        return calls.push()

    with ThreadPoolExecutor(12) as threads:
        assert len(list(threads.map(push, range(12)))) == 12
    assert calls.tokens.renewals == 1
    assert len(provider.to(OAUTH)) == 1


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (answer(400, fault("400.008.01", "Invalid Authentication passed")), Rejected, "400.008.01"),
        (answer(401, fault("401.003.01", "Invalid token")), Rejected, "401.003.01"),
        (answer(500, fault("500.003.02", "Spike Arrest Violation")), Throttled, "500.003.02"),
        (answer(429, b""), Throttled, "http_429"),
        (answer(503, "down"), Unavailable, "http_503"),
        (answer(302, b"", {"Location": "/elsewhere"}), Unavailable, "http_302"),
        (answer(200, {"access_token": "two words", "expires_in": 3599}), Unavailable, "garbled_token"),
        (answer(200, {"access_token": "bad\r\nX-Header: 1", "expires_in": 3599}), Unavailable, "garbled_token"),
        (answer(200, {"access_token": "fresh", "expires_in": "soon"}), Unavailable, "garbled_token"),
        (answer(200, {"access_token": "fresh", "expires_in": 0}), Unavailable, "garbled_token"),
        (answer(200, {"access_token": None}), Unavailable, "garbled_token"),
        (answer(200, "<html>"), Unavailable, "garbled_token"),
        (recorded.hang, Unavailable, "read_timeout"),
        (recorded.drop, Unavailable, "remote_protocol_error"),
    ],
)
def test_without_a_token_nothing_is_pushed(provider, timeouts, reply, error, code):
    calls = Calls(provider.url + "/daraja", MemoryTokenStore(), timeouts)
    provider.script(OAUTH, reply)
    with pytest.raises(ProviderError) as caught:
        calls.push()
    calls.client.close()
    assert (type(caught.value), caught.value.code) == (error, code)
    assert provider.to(PUSH) == []
