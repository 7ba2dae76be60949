"""The two HTTP clients of the demonstration: a traveller's app against our API, and a hand on the sandbox."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import httpx

from ops.errors import OpsError

_TIMEOUT = httpx.Timeout(20.0, connect=3.0)


class Client:
    """JSON over HTTP; every answer that is not a success becomes an OpsError naming request, status and reason."""

    def __init__(self, base_url: str, name: str):
        self._name = name
        self._http = httpx.Client(base_url=base_url, timeout=_TIMEOUT)

    @property
    def address(self) -> str:
        """Whom it talks to."""
        return str(self._http.base_url).rstrip("/")

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        try:
            answer = self._http.request(method, path, **arguments)
        except httpx.TransportError as error:
            raise OpsError(
                f"{self._name} at {self._http.base_url} does not answer ({type(error).__name__}).",
                "Start ./elite up in another terminal first, or look at what it says there.",
            ) from error
        if answer.is_success:
            return answer.json()
        raise OpsError(
            f"{self._name} answered {method} {path.partition('?')[0]} with {answer.status_code}: {_reason(answer)}",
            "The logs of ./elite up tell more.",
        )


class Api(Client):
    """A traveller's app. Amounts are decimal strings, times ISO 8601, as on the wire."""

    def __init__(self, base_url: str):
        super().__init__(base_url, "The API")

    def ready(self) -> Any:
        """The readiness report."""
        return self._call("GET", "/health/ready")

    def register(self, person: dict[str, str], user_type: str = "tourist") -> dict[str, Any]:
        """Open an account and stay signed in; the answer's user."""
        answer = self._call("POST", "/api/auth/register", json={**person, "user_type": user_type})
        self._bear(answer)
        return answer["user"]

    def search(self, words: str) -> list[dict[str, Any]]:
        """The first experiences that are found by words."""
        found = self._call("GET", "/api/search", params={"q": words, "type": "experiences"})["items"]
        return [each["experience"] for each in found]

    def experience(self, id_or_slug: str) -> dict[str, Any]:
        """An experience as everybody sees it."""
        return self._call("GET", f"/api/experiences/{id_or_slug}")

    def _bear(self, signed_in: dict[str, Any]) -> None:
        self._http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"

    def experiences(self, guests: int) -> list[dict[str, Any]]:
        """The first page of what can be booked by a party of ``guests``."""
        return self._call("GET", "/api/experiences", params={"limit": 50, "guests": guests})["items"]

    def free_slots(self, experience_id: str, guests: int, days: int = 14) -> list[dict[str, Any]]:
        """Slots with room for ``guests`` in the coming ``days``: starts_at, and the local date and time."""
        first = date.today() + timedelta(days=1)
        window = {"from": first.isoformat(), "to": (first + timedelta(days=days)).isoformat(), "guests": guests}
        return self._call("GET", f"/api/experiences/{experience_id}/availability", params=window)["slots"]

    def book(self, experience_id: str, starts_at: str, guests: int) -> dict[str, Any]:
        """Hold seats."""
        wanted = {"experience_id": experience_id, "starts_at": starts_at, "guests": guests}
        return self._call("POST", "/api/bookings", json=wanted, headers={"Idempotency-Key": str(uuid.uuid4())})

    def booking(self, booking_id: str) -> dict[str, Any]:
        """One booking of one's own."""
        return self._call("GET", f"/api/bookings/{booking_id}")

    def pay_by_mpesa(self, booking_id: str, phone: str) -> dict[str, Any]:
        """Ask for the PIN prompt; the new payment."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        wanted = {"booking_id": booking_id, "phone": phone}
        return self._call("POST", "/api/payments/mpesa/initiate", json=wanted, headers=headers)

    def payment(self, payment_id: str, wait: int = 0) -> dict[str, Any]:
        """A payment as it stands, or as it stands after at most ``wait`` seconds."""
        headers = {"Prefer": f"wait={wait}"} if wait else {}
        return self._call("GET", f"/api/payments/{payment_id}/status", headers=headers)


class Sandbox(Client):
    """The sandbox's control API; phones are E.164 as everywhere in our code."""

    def __init__(self, base_url: str):
        super().__init__(base_url, "The sandbox")

    def set_faults(self, phone: str, values: dict[str, Any]) -> None:
        """Switch faults on (a value) for this phone alone, or off (False)."""
        wanted = {
            name: False if value is False else {"phone": phone.lstrip("+"), "value": value}
            for name, value in values.items()
        }
        self._call("PUT", "/__sim/faults", json=wanted)

    def open_prompt(self, phone: str) -> dict[str, Any] | None:
        """The PIN prompt on the phone, if there is one."""
        prompts = self._phone(phone)["prompts"]
        return next((prompt for prompt in prompts if prompt["state"] == "open"), None)

    def enter_pin(self, phone: str, pin: str = "1234") -> None:
        """Type the PIN into the open prompt."""
        self._call("POST", f"/__sim/phones/{phone.lstrip('+')}/pin", json={"pin": pin})

    def texts(self, phone: str) -> list[str]:
        """The SMS that this product sent to the phone, oldest first."""
        return [sms["text"] for sms in self._phone(phone)["sms"]]

    def subjects(self, email: str) -> list[str]:
        """The subjects of the mails that arrived for this address, oldest first."""
        return [mail["subject"] for mail in self._call("GET", "/__sim/mails") if email in mail["to"]]

    def charges(self, phone: str) -> list[dict[str, Any]]:
        """The money that was really taken from this phone."""
        return [charge for charge in self._call("GET", "/__sim/charges") if charge["msisdn"] == phone.lstrip("+")]

    def mail(self, email: str, subject: str) -> str | None:
        """The text of the latest mail to this address whose subject has these words in it."""
        mails = [
            mail for mail in self._call("GET", "/__sim/mails") if email in mail["to"] and subject in mail["subject"]
        ]
        return mails[-1]["text"] if mails else None

    def _phone(self, phone: str) -> dict[str, Any]:
        return self._call("GET", f"/__sim/phones/{phone.lstrip('+')}")


def _reason(answer: httpx.Response) -> str:
    """The problem's code and detail, with the fields at fault; the text's beginning where it is no problem document."""
    try:
        problem = answer.json()
        fields = "; ".join(f"{name}: {problem['errors'][name]}" for name in problem.get("errors") or {})
        return " ".join(str(part) for part in (problem.get("code", ""), problem.get("detail", ""), fields) if part)
    except (ValueError, AttributeError):
        return answer.text[:200]
