"""A client of every provider and a receiver of callbacks, written from the providers' documents alone."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

SHORTCODE = "174379"
PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
STAMP = "20261121093000"
PHONE = "254712345678"


def wait_for(found: Callable[[], object], seconds: float = 5) -> object:
    """What ``found`` returns as soon as it is true; fails the test where it never is."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if result := found():
            return result
        time.sleep(0.005)
    raise AssertionError("What was waited for did not happen")


class Receiver:
    """Takes callbacks, remembers them, and answers what it is told to."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, str]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.bodies.append((self.path, body))
                self.send_response(outer.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(b'{"ResultCode":0,"ResultDesc":"Accepted"}')

            def log_message(self, *args: object) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self.url = f"{self.base}/callback/token"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stk(self) -> list[dict]:
        """The stkCallback objects received so far."""
        return [json.loads(body)["Body"]["stkCallback"] for path, body in self.bodies if path == "/callback/token"]

    def one(self) -> dict:
        """Wait for the first callback."""
        return wait_for(self.stk)[0]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Caller:
    """Speaks Daraja, SendGrid, Africa's Talking and the control API."""

    def __init__(self, base: str):
        self.base = base
        self.callback_url = "http://127.0.0.1:9/nobody"
        # Plain HTTP only; loading certificates would take most of a test's time.
        self.http = httpx.Client(base_url=base, timeout=10, trust_env=False, verify=False)
        self.token = ""

    def close(self) -> None:
        self.http.close()

    def authorise(self) -> str:
        answer = self.http.get(
            "/daraja/oauth/v1/generate",
            params={"grant_type": "client_credentials"},
            auth=("sandbox-consumer-key", "sandbox-consumer-secret"),
        )
        self.token = answer.json()["access_token"]
        return self.token

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token or self.authorise()}"}

    def merchant(self) -> dict[str, object]:
        raw = f"{SHORTCODE}{PASSKEY}{STAMP}".encode()
        return {"BusinessShortCode": SHORTCODE, "Password": base64.b64encode(raw).decode(), "Timestamp": STAMP}

    def push_body(self, **changes: object) -> dict[str, object]:
        """A good push with these fields changed; a field changed to None is left out."""
        phone = changes.get("PhoneNumber", PHONE)
        body = {
            **self.merchant(),
            "TransactionType": "CustomerPayBillOnline",
            "Amount": "1500",
            "PartyA": phone,
            "PartyB": SHORTCODE,
            "PhoneNumber": phone,
            "CallBackURL": self.callback_url,
            "AccountReference": "EEK-7Q2M9",
            "TransactionDesc": "Two seats",
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    def push(self, **changes: object) -> httpx.Response:
        body = self.push_body(**changes)
        return self.http.post("/daraja/mpesa/stkpush/v1/processrequest", json=body, headers=self.bearer())

    def query(self, checkout: str, **changes: object) -> httpx.Response:
        body = {**self.merchant(), "CheckoutRequestID": checkout, **changes}
        return self.http.post("/daraja/mpesa/stkpushquery/v1/query", json=body, headers=self.bearer())

    def register(self, **changes: object) -> httpx.Response:
        body = {
            "ShortCode": SHORTCODE,
            "ResponseType": "Completed",
            "ConfirmationURL": "http://127.0.0.1:9/c2b/confirm",
            "ValidationURL": "http://127.0.0.1:9/c2b/validate",
            **changes,
        }
        return self.http.post("/daraja/mpesa/c2b/v2/registerurl", json=body, headers=self.bearer())

    def pin(self, pin: str = "1234", phone: str = PHONE) -> httpx.Response:
        return self.http.post(f"/__sim/phones/{phone}/pin", json={"pin": pin})

    def fault(self, **faults: object) -> httpx.Response:
        return self.http.put("/__sim/faults", json=faults)

    def sim(self, path: str) -> object:
        return self.http.get(f"/__sim/{path}").json()

    def mail_body(self, **changes: object) -> dict[str, object]:
        body = {
            "personalizations": [{"to": [{"email": "amina@example.com", "name": "Amina"}]}],
            "from": {"email": "hello@elite.example", "name": "Elite Events Kenya"},
            "subject": "Your seats are booked",
            "content": [
                {"type": "text/plain", "value": "Karibu!"},
                {"type": "text/html", "value": "<html><head><title>x</title></head><body><b>Karibu!</b></body></html>"},
            ],
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    def mail(self, **changes: object) -> httpx.Response:
        headers = {"Authorization": "Bearer SG.sandbox-key"}
        return self.http.post("/sendgrid/v3/mail/send", json=self.mail_body(**changes), headers=headers)

    def sms(self, headers: dict[str, str] | None = None, **changes: object) -> httpx.Response:
        form = {"username": "sandbox", "to": f"+{PHONE}", "message": "Karibu!", "bulkSMSMode": "1", **changes}
        form = {name: value for name, value in form.items() if value is not None}
        sent = {"apiKey": "atsk_sandbox-key", "Accept": "application/json", **(headers or {})}
        return self.http.post("/africastalking/version1/messaging", data=form, headers=sent)
