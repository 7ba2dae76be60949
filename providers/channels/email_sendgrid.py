"""Mail leaves through SendGrid's SDK, which by itself has no timeout, follows redirects with our key and logs the key."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from typing import Any
from urllib.request import Request

import httpx
import python_http_client
from sendgrid import SendGridAPIClient

from domain.mail import Attachment, OutgoingMail
from domain.provider_errors import Rejected
from providers.http import Answer, HttpClient, Timeouts, refusal
from providers.observing import Observer, nobody, observed

#: Seconds for one mail, attachments included.
TIMEOUTS = Timeouts(connect=4, read=15, write=10, pool=4, total=20)
CALL_TIMEOUT = TIMEOUTS.total
SEND_SCOPE = "mail.send"

# At debug level the SDK writes the authorization header and every mail into the log.
logging.getLogger("python_http_client").setLevel(logging.WARNING)


class SendGridChannel:
    """Sends mails, one call each. Safe for many threads."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        from_email: str,
        from_name: str,
        *,
        timeouts: Timeouts = TIMEOUTS,
        observer: Observer = nobody,
    ):
        self._observer = observer
        self._from = {"email": from_email, "name": from_name}
        self._http = HttpClient(timeouts)
        self._sdk = SendGridAPIClient(api_key, host=base_url)
        headers = {**self._sdk.client.request_headers, "Content-Type": "application/json"}
        self._sdk.client = _BoundedClient(self._http, host=base_url, request_headers=headers, version=3)

    def send(self, mail: OutgoingMail) -> str:
        """Hand over one mail; returns SendGrid's id of it, empty where it gave none.

        Raises the five errors; SendGrid has no keys, so after OutcomeUnknown the mail may or may not arrive.
        """
        message = self._message(mail)
        with observed(self._observer, "sendgrid", "send"):
            response = self._sdk.send(message)
            answer = Answer(response.status_code, response.headers, response.body)
            # 200 is what SendGrid's own sandbox mode answers.
            if answer.status not in (200, 202):
                raise refusal(answer)
        return answer.headers.get("X-Message-Id", "").strip()

    def verify(self) -> None:
        """Ask what our key may do. Raises the five errors; Rejected where it may not send mails."""
        response = self._sdk.client.scopes.get()
        answer = Answer(response.status_code, response.headers, response.body)
        if answer.status != 200:
            raise refusal(answer)
        if SEND_SCOPE not in answer.document().get("scopes", ()):
            raise Rejected("the key may not send mails", code="scope_missing")

    def close(self) -> None:
        self._http.close()

    def _message(self, mail: OutgoingMail) -> dict[str, Any]:
        # Built by hand: the SDK's helpers rewrite names with commas and refuse texts in which they suspect an API key.
        person: dict[str, Any] = {"to": [_without_blanks({"email": mail.to_email, "name": mail.to_name})]}
        message = {
            "personalizations": [person],
            "from": self._from,
            "subject": mail.content.subject,
            "content": list(_parts(mail)),
            "attachments": [_attachment(each) for each in mail.content.attachments],
            "headers": dict(mail.headers),
            "custom_args": dict(mail.custom_args),
            # Rewritten links look like phishing, and nobody asked our guests whether they may be watched.
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
                "subscription_tracking": {"enable": False},
            },
        }
        return _without_blanks(message)


def _parts(mail: OutgoingMail) -> Iterator[dict[str, str]]:
    """Plain text first: SendGrid refuses the other order, and readers show the last part that they can."""
    if mail.content.text:
        yield {"type": "text/plain", "value": mail.content.text}
    if mail.content.html:
        yield {"type": "text/html", "value": mail.content.html}


def _attachment(attachment: Attachment) -> dict[str, str]:
    return {
        "content": base64.b64encode(attachment.content).decode(),
        "filename": attachment.filename,
        # SendGrid refuses parameters here, such as a calendar's method.
        "type": attachment.media_type.partition(";")[0].strip(),
        "disposition": "attachment",
    }


def _without_blanks(fields: dict[str, Any]) -> dict[str, Any]:
    """SendGrid refuses empty lists, objects and names."""
    return {name: value for name, value in fields.items() if value}


class _BoundedClient(python_http_client.Client):
    """The SDK's HTTP client over our bounded one. Each step of its URL building makes a client, with headers of its own."""

    def __init__(self, http: HttpClient, **options: Any):
        super().__init__(**options)
        self._http = http

    def _build_client(self, name: str | None = None) -> _BoundedClient:
        return _BoundedClient(
            self._http,
            host=self.host,
            version=self._version,
            request_headers=dict(self.request_headers),
            url_path=[*self._url_path, name] if name else self._url_path,
        )

    def _make_request(self, opener: Any, request: Request, timeout: float | None = None) -> _SdkAnswer:
        answer = self._http.call(
            request.get_method(), request.full_url, headers=dict(request.headers), content=request.data
        )
        return _SdkAnswer(answer)


class _SdkAnswer:
    """An answer as urllib would give it, which is what the SDK reads; errors are ours to tell by the status."""

    def __init__(self, answer: Answer):
        self._answer = answer

    def getcode(self) -> int:
        return self._answer.status

    def read(self) -> bytes:
        return self._answer.body

    def info(self) -> httpx.Headers:
        return self._answer.headers
