"""Daraja's documented answers, and a client that meets them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.money import Money
from providers.http import Timeouts
from providers.payments.mpesa import MpesaClient, MpesaConfig
from tests.providers import recorded
from tests.providers.fakes import MemoryTokenStore
from tests.providers.recorded import answer

PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
SECRET = "consumer-secret-that-nobody-may-read"
TOKEN = "c9SQxWWhmdVRlyh0zh8gZDTkubVF"
CHECKOUT = "ws_CO_10122023133400273768130105"
PHONE = "+254712345678"

OAUTH = "/daraja/oauth/v1/generate"
PUSH = "/daraja/mpesa/stkpush/v1/processrequest"
QUERY = "/daraja/mpesa/stkpushquery/v1/query"

ACCEPTED = {
    "MerchantRequestID": "2654-4b64-97ff-b827b542881d3130",
    "CheckoutRequestID": "ws_CO_1007202409152617172396192",
    "ResponseCode": "0",
    "ResponseDescription": "Success. Request accepted for processing",
    "CustomerMessage": "Success. Request accepted for processing",
}
FINAL = {
    "ResponseCode": "0",
    "ResponseDescription": "The service request has been accepted successsfully",
    "MerchantRequestID": "27379-162309945-1",
    "CheckoutRequestID": CHECKOUT,
    "ResultCode": "1032",
    "ResultDesc": "Request cancelled by user",
}


def fault(code: str, message: str) -> dict[str, str]:
    return {"requestId": "1c5b-4ba8-815c-ac45c57a3db01495926", "errorCode": code, "errorMessage": message}


REFUSED_TOKEN = answer(404, fault("404.001.03", "Invalid Access Token"))
GARBLED = [
    pytest.param(recorded.raw(b"\x00\xffSSH-2.0-surprise\r\n\r\n"), id="not http"),
    pytest.param(recorded.hang, id="hangs"),
    pytest.param(recorded.drop, id="drops"),
    pytest.param(recorded.drip, id="drips"),
    pytest.param(recorded.flood, id="floods"),
    pytest.param(answer(200, "<html>Welcome</html>"), id="html"),
    pytest.param(answer(200, b""), id="empty"),
    pytest.param(answer(200, b"[" * 50_000), id="deep json"),
    pytest.param(answer(200, [1, 2]), id="list"),
    pytest.param(recorded.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"), id="cut short"),
]


class Calls:
    """A client of the scripted provider, with what the tests look at."""

    def __init__(self, base_url: str, tokens: MemoryTokenStore, timeouts: Timeouts, **config: Any):
        self.tokens = tokens
        fields = {
            "base_url": base_url,
            "consumer_key": "consumer-key",
            "consumer_secret": SECRET,
            "shortcode": "174379",
            "passkey": PASSKEY,
            "transaction_type": "CustomerPayBillOnline",
            "till": "174379",
        }
        self.client = MpesaClient(
            MpesaConfig(**{**fields, **config}),
            tokens,
            # 06:24:08 in London's winter is 09:24:08 in Nairobi, the timestamp of the documented sample.
            lambda: datetime(2021, 6, 28, 6, 24, 8, tzinfo=UTC),
            call_timeouts=timeouts,
            token_timeouts=timeouts,
        )

    def push(self, **changed: Any) -> Any:
        fields: dict[str, Any] = {
            "amount": Money.parse("2500", "KES"),
            "phone": PHONE,
            "account_reference": "EB7K2MQ-1",
            "description": "Booking",
            "callback_url": "https://elite.example/api/payments/mpesa/callback/secret-path-token",
        }
        return self.client.push(**{**fields, **changed})
