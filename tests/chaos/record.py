"""What the judge reads: our books, row by row, and the sandbox's own record, taken once when everything has settled."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from tests.chaos.house import House
from tests.support.books import PROMISES

Record = dict[str, Any]

#: Without the callback's address, which holds the payment's token.
_PROMPT = ("account_reference", "msisdn", "amount", "state", "result_code", "receipt", "opened_at")

QUESTIONS = {
    "users": "SELECT id, email, phone FROM users",
    "departures": "SELECT id, capacity, seats_taken FROM departures",
    "bookings": "SELECT id, reference, customer_id, host_id, departure_id, seats, status, booked_at FROM bookings",
    "booking_events": "SELECT booking_id, verb, to_status, at, actor_id FROM booking_events",
    "receivables": "SELECT id, booking_id, payer_id, amount_minor, state FROM receivables",
    "payments": "SELECT id, receivable_id, attempt, amount_minor, phone, state, settles, receipt, provider_reference, "
    "failure_code, attention, started_at, paid_at FROM payments",
    "payment_events": "SELECT payment_id, evidence, code, at FROM payment_events",
    "refunds": "SELECT id, payment_id, amount_minor, reason, state FROM refunds",
    "notifications": "SELECT id, user_id, kind, data FROM notifications",
    "deliveries": "SELECT id, notification_id, channel, address, state, calls, error_code FROM deliveries",
    "jobs": "SELECT id, kind, key, attempt, failures, crashes, last_error, due_at, lease_until, done_at, dead_at FROM jobs",
    "crashed": "SELECT kind, sum(crashes) AS crashes FROM jobs GROUP BY kind HAVING sum(crashes) > 0",
}


def take(house: House, history: list[dict[str, Any]], storm: dict[str, Any]) -> Record:
    """Everything, as JSON has it. ``storm`` is what was done and when."""
    books = {name: house.query(question) for name, question in QUESTIONS.items()}
    books["promises"] = {promise: house.query(question) for promise, question in PROMISES.items()}
    (now,) = house.query(f"SELECT clock_timestamp() + interval '{house.clock_offset} seconds' AS at")
    return {"books": books, "sandbox": witness(house), "history": history, "storm": storm, "now": now["at"]}


def witness(house: House) -> Record:
    """The sandbox's own record."""
    return {
        "charges": _read(house, "charges"),
        "prompts": [{name: prompt[name] for name in _PROMPT} for prompt in _read(house, "prompts")],
        "mails": [{name: mail[name] for name in ("to", "subject", "custom_args")} for mail in _read(house, "mails")],
        "sms": _read(house, "sms"),
    }


def set_faults(house: House, faults: dict[str, Any]) -> None:
    """Switch the sandbox's faults."""
    body = json.dumps(faults).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{house.sandbox_url}/__sim/faults", body, headers, method="PUT")
    with urllib.request.urlopen(request, timeout=10):
        return


def _read(house: House, what: str) -> Any:
    with urllib.request.urlopen(f"{house.sandbox_url}/__sim/{what}", timeout=30) as answer:
        return json.load(answer)
