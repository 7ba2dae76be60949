"""A small record in which everything is right, for tests that doctor it: one of each way in which a payment can end."""

from __future__ import annotations

from typing import Any

from tests.chaos.record import Record
from tests.chaos.words import CHANNELS

ENDED_AT = "2026-11-21T10:00:00+00:00"
HOST = "host"
Row = dict[str, Any]


def sound_record() -> Record:
    """Paid, paid late and sent back, paid twice and half of it sent back, failed, given to a person, never paid."""
    books = _Books()
    books.booking("confirmed", books.payment("succeeded", settles=True))
    books.booking("expired", books.payment("succeeded", refund="late_money"))
    books.booking(
        "confirmed",
        books.payment("succeeded", settles=True),
        books.payment("succeeded", refund="surplus", superseded=True),
    )
    books.booking("expired", books.payment("failed", charged=False))
    books.booking("expired", books.payment("needs_review", attention="unconfirmed"))
    books.booking("cancelled", books.payment("succeeded", settles=True, refund="cancellation"))
    books.booking("expired")
    return books.record()


class _Books:
    """Writes rows that fit together; a name is an id."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {
            name: []
            for name in (
                *("users", "departures", "bookings", "booking_events", "receivables", "payments", "payment_events"),
                *("refunds", "notifications", "deliveries", "jobs", "crashed"),
            )
        }
        self.sandbox: dict[str, list[Row]] = {"charges": [], "prompts": [], "mails": [], "sms": []}
        self.history: list[Row] = []
        self._phones = {HOST: "+254700000000"}
        self.add("users", HOST, email="host@example.com", phone=self._phones[HOST])

    def add(self, table: str, id_: str, **values: Any) -> str:
        self.tables[table].append({"id": id_, **values})
        return id_

    def payment(self, state: str, **more: Any) -> Row:
        return {
            "state": state,
            "settles": False,
            "charged": True,
            "refund": "",
            "attention": None,
            "superseded": False,
        } | more

    def booking(self, status: str, *payments: Row) -> None:
        number = len(self.tables["bookings"]) + 1
        customer, booking, reference = f"tourist{number}", f"booking{number}", f"BREF{number}"
        self._phones[customer] = f"+25470000000{number}"
        self.add("users", customer, email=f"{customer}@example.com", phone=self._phones[customer])
        held = 2 if status == "confirmed" else 0
        departure = self.add("departures", f"departure{number}", capacity=8, seats_taken=held)
        self.add(
            "bookings", booking, reference=reference, customer_id=customer, host_id=HOST, departure_id=departure,
            seats=2, status=status, booked_at=ENDED_AT,
        )  # fmt: skip
        settled = any(payment["settles"] for payment in payments)
        state = "settled" if settled else "void"
        owed = self.add(
            "receivables", f"owed{number}", booking_id=booking, payer_id=customer, amount_minor=135_795, state=state
        )
        self._intent(customer, "/api/bookings", booking)
        for attempt, payment in enumerate(payments, start=1):
            self._payment(booking, reference, customer, owed, attempt, payment)
        if settled:
            self._event(booking, "confirmed")
        if status in ("expired", "cancelled"):
            self._event(booking, status)
        if status == "expired":
            self._tell(customer, "hold_expired", booking)
        if status == "cancelled":
            refund = next(row["id"] for row in self.tables["refunds"] if row["reason"] == "cancellation")
            for user in (customer, HOST):
                self._tell(user, "booking_cancelled", booking, refund=refund)

    def record(self) -> Record:
        done = {"due_at": ENDED_AT, "done_at": ENDED_AT, "dead_at": None}
        self.add("jobs", "job1", kind="payments.push_stk", key="push:1", last_error=None, **done)
        self.tables["promises"] = {"one of the books' own": []}
        storm = {"ended_at": ENDED_AT, "log": []}
        return {
            "books": self.tables,
            "sandbox": self.sandbox,
            "history": self.history,
            "storm": storm,
            "now": "2026-11-21T10:40:00+00:00",
        }

    def _payment(self, booking: str, reference: str, customer: str, owed: str, attempt: int, made: Row) -> None:
        account = f"{reference}-{attempt}"
        paid = made["state"] == "succeeded"
        phone = self._phones[customer].lstrip("+")
        self.add(
            "payments", account, receivable_id=owed, attempt=attempt, amount_minor=135_800, state=made["state"],
            settles=made["settles"], receipt=f"R{account}" if paid else None, attention=made["attention"],
            failure_code=None, phone=f"+{phone}",
        )  # fmt: skip
        self.sandbox["prompts"].append({"account_reference": account, "msisdn": phone})
        if made["charged"]:
            charge = {"account_reference": account, "receipt": f"R{account}", "amount": 1358, "msisdn": phone}
            self.sandbox["charges"].append(charge)
        self.tables["payment_events"].append({"payment_id": account, "evidence": "settled", "at": ENDED_AT})
        if made["superseded"]:
            self.tables["payment_events"].append({"payment_id": account, "evidence": "superseded", "at": ENDED_AT})
        self._intent(customer, "/api/payments/mpesa/initiate", account)
        if made["settles"]:
            for user, kind in ((customer, "booking_confirmed"), (HOST, "new_booking"), (customer, "payment_receipt")):
                self._tell(user, kind, booking, payment=account)
        elif not paid:
            kind = "payment_under_review" if made["state"] == "needs_review" else "payment_failed"
            self._tell(customer, kind, booking, payment=account)
        if made["refund"]:
            refund = self.add(
                "refunds", f"refund {account}", payment_id=account, amount_minor=135_800, reason=made["refund"]
            )
            told = {"late_money": "late_money_refunded", "surplus": "surplus_refunded"}.get(made["refund"])
            if told:
                self._tell(customer, told, booking, payment=account, refund=refund)

    def _event(self, booking: str, status: str) -> None:
        self.tables["booking_events"].append({"booking_id": booking, "to_status": status, "at": ENDED_AT})

    def _intent(self, customer: str, path: str, made: str) -> None:
        line = {"traveller": f"{customer}@example.com", "intent": f"key of {made}", "method": "POST", "path": path}
        self.history.append({**line, "status": 0, "broke": "ConnectError"})
        self.history.append({**line, "status": 201, "code": "", "id": made, "retry_after": None})

    def _tell(self, user: str, kind: str, booking: str, **ids: str) -> None:
        notification = f"{kind} {booking} {user} {ids.get('payment', '')}"
        data = {"booking_id": booking, **{f"{name}_id": value for name, value in ids.items()}}
        self.add("notifications", notification, user_id=user, kind=kind, data=data)
        reference = next(row["reference"] for row in self.tables["bookings"] if row["id"] == booking)
        for channel in CHANNELS[kind]:
            address = self._phones[user] if channel == "sms" else f"{user}@example.com"
            delivery = self.add(
                "deliveries", f"{channel} of {notification}", notification_id=notification, channel=channel,
                address=address, state="sent", calls=1, error_code=None,
            )  # fmt: skip
            if channel == "sms":
                self.sandbox["sms"].append({"to": address.lstrip("+"), "text": f"Elite Events: {reference} {kind}."})
            else:
                self.sandbox["mails"].append({"to": [address], "custom_args": {"delivery_id": delivery}})
