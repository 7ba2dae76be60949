"""What every gateway owes the rules that charge through it, whatever it calls its verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.gateways import ABILITIES, NotChargeable, chargeable
from domain.money import EXPONENTS, Money
from domain.provider_errors import OutcomeUnknown, ProviderError, Unavailable
from providers.http import Timeouts
from providers.payments.mpesa import MpesaClient, MpesaConfig
from providers.payments.registry import GATEWAYS
from tests.providers import recorded
from tests.providers.conftest import PATIENT
from tests.providers.fakes import MemoryTokenStore
from tests.providers.recorded import Reply, answer

Charge = Callable[[Money], Any]


@dataclass(frozen=True)
class Case:
    """How the suite starts a charge: ``path`` is where it arrives, ``accepted`` what the gateway then answers."""

    open: Callable[[str, Timeouts], AbstractContextManager[Charge]]
    path: str
    accepted: Reply


@contextmanager
def _mpesa(base_url: str, timeouts: Timeouts) -> Iterator[Charge]:
    config = MpesaConfig(base_url, "key", "secret", "174379", "passkey", "CustomerPayBillOnline", "174379")
    client = MpesaClient(
        config, MemoryTokenStore("t"), lambda: datetime.now(UTC), call_timeouts=timeouts, token_timeouts=timeouts
    )
    with closing(client):
        yield lambda amount: client.push(
            amount=amount,
            phone="+254712345678",
            account_reference="EB7K2MQ-1",
            description="Booking",
            callback_url="https://elite.example/callback",
        )


CASES = {
    "mpesa": Case(
        _mpesa,
        "/mpesa/stkpush/v1/processrequest",
        answer(200, {"MerchantRequestID": "1-2-3", "CheckoutRequestID": "ws_CO_1", "ResponseCode": "0"}),
    ),
}


def test_abilities_registry_and_this_suite_name_the_same_gateways():
    assert set(ABILITIES) == set(GATEWAYS) == set(CASES)


@pytest.mark.parametrize("name", ABILITIES)
class TestEveryGateway:
    def test_its_limits_are_amounts_of_its_currencies(self, name):
        for currency, allowed in ABILITIES[name].ranges.items():
            assert allowed.smallest_unit.currency == allowed.minimum.currency == currency
            assert 0 < allowed.smallest_unit.minor <= allowed.minimum.minor
            assert allowed.minimum.minor % allowed.smallest_unit.minor == 0
            assert allowed.maximum is None or allowed.maximum.minor >= allowed.minimum.minor

    def test_it_takes_what_is_chargeable(self, name, provider):
        provider.script(CASES[name].path, CASES[name].accepted)
        with CASES[name].open(provider.url, PATIENT) as charge:
            for allowed in ABILITIES[name].ranges.values():
                for amount in filter(None, (allowed.minimum, allowed.maximum)):
                    assert chargeable(amount, name) == amount
                    charge(amount)
        assert len(provider.to(CASES[name].path)) == len(provider.received) > 0

    def test_it_refuses_what_is_not_chargeable_before_any_call(self, name, provider):
        with CASES[name].open(provider.url, PATIENT) as charge:
            for amount in _not_chargeable(name):
                with pytest.raises(ValueError):
                    charge(amount)
        assert provider.received == []

    @pytest.mark.parametrize("reply", [recorded.hang, recorded.drop, recorded.flood, answer(200, "<html>")])
    def test_doubt_is_told_as_doubt_and_nothing_is_sent_twice(self, name, provider, timeouts, reply):
        provider.script(CASES[name].path, reply)
        with CASES[name].open(provider.url, timeouts) as charge, pytest.raises(OutcomeUnknown):
            charge(_some_amount(name))
        assert len(provider.to(CASES[name].path)) == 1

    def test_what_was_never_sent_is_unavailable(self, name, free_port):
        with CASES[name].open(f"http://127.0.0.1:{free_port}", PATIENT) as charge, pytest.raises(Unavailable):
            charge(_some_amount(name))

    @pytest.mark.parametrize("status", [204, 301, 302, 307, 400, 403, 404, 408, 409, 418, 429, 500, 502, 503, 504])
    def test_every_status_ends_in_one_of_the_five_errors_with_a_code(self, name, provider, status):
        provider.script(CASES[name].path, answer(status, b"", {"Location": provider.url + "/elsewhere"}))
        with CASES[name].open(provider.url, PATIENT) as charge, pytest.raises(ProviderError) as caught:
            charge(_some_amount(name))
        assert caught.value.code
        assert provider.to("/elsewhere") == []


def _some_amount(name: str) -> Money:
    return next(iter(ABILITIES[name].ranges.values())).minimum


def _not_chargeable(name: str) -> Iterator[Money]:
    abilities = ABILITIES[name]
    for currency in EXPONENTS:
        if currency not in abilities.currencies:
            yield Money(100_000, currency)
    for allowed in abilities.ranges.values():
        yield Money(0, allowed.minimum.currency)
        yield allowed.minimum - allowed.smallest_unit
        if allowed.smallest_unit.minor > 1:
            yield allowed.minimum + Money(1, allowed.minimum.currency)
        if allowed.maximum:
            with pytest.raises(NotChargeable):
                chargeable(allowed.maximum + Money(1, allowed.maximum.currency), name)
            yield allowed.maximum + allowed.smallest_unit
