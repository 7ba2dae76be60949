"""The judge's questions about people: seats, states, what each was told, and what their apps were promised."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from tests.chaos.judge import promise
from tests.chaos.money import CLOSED, PAID, SENT_BACK
from tests.chaos.record import Record

Row = dict[str, Any]

ACTIVE = ("pending", "paid", "confirmed", "completed", "no_show")
MAIL, BOTH = ("email",), ("email", "sms")
#: What has to be told on which channels; the judge does not ask the product's own table.
CHANNELS = {
    "booking_confirmed": BOTH,
    "new_booking": BOTH,
    "payment_receipt": MAIL,
    "payment_failed": MAIL,
    "payment_under_review": MAIL,
    "hold_expired": MAIL,
    "late_money_refunded": BOTH,
    "surplus_refunded": MAIL,
    "booking_cancelled": BOTH,
    "email_verification": MAIL,
}
#: A job may be waiting this long for its turn.
FRESH_SECONDS = 60
MOST_COPIES = 2
#: While the house is being killed, only these may be answered besides what a request asks for: try again, and the
#: origin's word for an answer that was lost on its way.
UNAVAILABLE, ANSWER_LOST = 503, 502


@promise("a departure's counter is the seats of its active bookings, within its capacity")
def no_seat_twice(record: Record) -> tuple[int, Iterable[str]]:
    taken = Counter()
    for row in record["books"]["bookings"]:
        taken[row["departure_id"]] += row["seats"] if row["status"] in ACTIVE else 0
    departures = record["books"]["departures"]
    return len(departures), [
        f"departure {row['id']} counts {row['seats_taken']} of {row['capacity']}, its bookings hold {taken[row['id']]}"
        for row in departures
        if not row["seats_taken"] == taken[row["id"]] <= row["capacity"]
    ]


@promise("a booking's state and what is owed for it agree")
def states_agree(record: Record) -> tuple[int, Iterable[str]]:
    owed = {row["booking_id"]: row["state"] for row in record["books"]["receivables"]}
    fitting = {"pending": ("open",), "expired": ("void",), "cancelled": ("void", "settled")}
    bookings = record["books"]["bookings"]
    return len(bookings), [
        f"{row['reference']} is {row['status']}, what is owed is {owed.get(row['id'])}"
        for row in bookings
        if owed.get(row["id"]) not in fitting.get(row["status"], ("settled",))
    ]


@promise("nothing else in the books is broken")
def books_in_order(record: Record) -> tuple[int, Iterable[str]]:
    promises = record["books"]["promises"]
    return len(promises), [f"{words}: {row}" for words, rows in promises.items() for row in rows]


@promise("no job is dead, and none is late")
def jobs_are_done(record: Record) -> tuple[int, Iterable[str]]:
    jobs = record["books"]["jobs"]
    return len(jobs), [
        f"{row['kind']} {row['key']} is {'dead' if row['dead_at'] else 'late'}: {row['last_error']}, due {row['due_at']}"
        for row in jobs
        if row["dead_at"] or (not row["done_at"] and _is_late(row, record["now"]))
    ]


@promise("everybody is told once what happened to them")
def people_are_told(record: Record) -> tuple[int, Iterable[str]]:
    told = Counter((row["user_id"], row["kind"], _about(row["data"])) for row in record["books"]["notifications"])
    due = list(_what_is_to_be_told(record))
    return len(due), [
        f"{kind} about {about} was told {told[user, kind, about]} times to {user}"
        for user, kind, about in due
        if told[user, kind, about] != 1
    ]


@promise("every mail and SMS has arrived at least once, and once more at most after a crash")
def texts_arrive(record: Record) -> tuple[int, Iterable[str]]:
    deliveries = record["books"]["deliveries"]
    mails = Counter(mail["custom_args"].get("delivery_id") for mail in record["sandbox"]["mails"])
    wrong = [
        *_missing_deliveries(record),
        *(f"a mail of no delivery: {name}" for name in set(mails) - _ids(deliveries)),
    ]
    for row in deliveries:
        if row["channel"] == "email" and not 1 <= mails[row["id"]] <= min(row["calls"], MOST_COPIES):
            wrong.append(f"mail {row['id']} ({row['state']}, {row['calls']} calls) arrived {mails[row['id']]} times")
    expected = _texts_expected(record)
    arrived = _texts_arrived(record, {reference for _, reference in expected})
    for (phone, reference), (least, most) in expected.items():
        if not least <= arrived[phone, reference] <= most:
            wrong.append(f"{arrived[phone, reference]} SMS about {reference} at {phone}, not {least} to {most}")
    wrong += [f"an SMS that nobody sent at {phone}" for phone, reference in set(arrived) - set(expected)]
    return len(deliveries), wrong


@promise("nothing that an app was told is missing, and a key has one effect")
def answers_are_kept(record: Record) -> tuple[int, Iterable[str]]:
    known = {row["id"] for table in ("bookings", "payments") for row in record["books"][table]}
    made: dict[str, set[str]] = defaultdict(set)
    for line in record["history"]:
        if line.get("method") == "POST" and line["path"] in _MAKERS and line["status"] in (200, 201, 202):
            made[line["intent"]].add(line["id"])
    return len(made), [
        *(f"{', '.join(ids)} came of one key" for ids in made.values() if len(ids) > 1),
        *(f"{one} was promised and is not there" for ids in made.values() for one in ids if one not in known),
        *_more_than_asked_for(record),
    ]


@promise("a broken house says 503 with Retry-After, or nothing")
def refusals_are_polite(record: Record) -> tuple[int, Iterable[str]]:
    tries = [line for line in record["history"] if "status" in line]
    return len(tries), [
        f"{line['method']} {line['path']} was answered {line['status']} {line['code']}"
        for line in tries
        if line["status"] >= 500
        and line["status"] != ANSWER_LOST
        and (line["status"] != UNAVAILABLE or not line["retry_after"])
    ]


_MAKERS = {"/api/bookings": "bookings", "/api/payments/mpesa/initiate": "payments"}


def duplicates(record: Record) -> int:
    """Copies of mails beyond the first."""
    mails = Counter(mail["custom_args"].get("delivery_id") for mail in record["sandbox"]["mails"])
    return sum(times - 1 for times in mails.values())


def _more_than_asked_for(record: Record) -> Iterator[str]:
    """A lost answer may have had its effect, but only one for each thing that was asked."""
    asked: Counter = Counter()
    seen = set()
    for line in record["history"]:
        path = line.get("path")
        if line.get("method") == "POST" and path in _MAKERS and line["intent"] not in seen:
            seen.add(line["intent"])
            asked[line["traveller"], _MAKERS[path]] += 1
    email = {row["id"]: row["email"] for row in record["books"]["users"]}
    payer = {row["id"]: row["payer_id"] for row in record["books"]["receivables"]}
    found: Counter = Counter((email[row["customer_id"]], "bookings") for row in record["books"]["bookings"])
    found.update((email[payer[row["receivable_id"]]], "payments") for row in record["books"]["payments"])
    for (traveller, what), times in found.items():
        if times > asked[traveller, what]:
            yield f"{traveller} has {times} {what} and asked {asked[traveller, what]} times"


def _what_is_to_be_told(record: Record) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Whom, what, and about which booking, payment and refund."""
    books = record["books"]
    bookings = {row["id"]: row for row in books["bookings"]}
    receivables = {row["id"]: row for row in books["receivables"]}
    payments = {row["id"]: row for row in books["payments"]}
    superseded = {row["payment_id"] for row in books["payment_events"] if row["evidence"] == "superseded"}
    for row in books["payments"]:
        owed = receivables[row["receivable_id"]]
        booking, payer, about = bookings[owed["booking_id"]], owed["payer_id"], (owed["booking_id"], row["id"], "")
        if row["settles"]:
            yield booking["customer_id"], "booking_confirmed", about
            yield booking["host_id"], "new_booking", about
            yield payer, "payment_receipt", about
        elif row["state"] == "needs_review":
            yield payer, "payment_under_review", about
        elif row["state"] in CLOSED and row["state"] not in PAID and row["id"] not in superseded:
            yield payer, "payment_failed", about
    for row in books["refunds"]:
        if row["reason"] in SENT_BACK:
            owed = receivables[payments[row["payment_id"]]["receivable_id"]]
            kind = "late_money_refunded" if row["reason"] == "late_money" else "surplus_refunded"
            yield owed["payer_id"], kind, (owed["booking_id"], row["payment_id"], row["id"])
    of_cancellation = {
        receivables[payments[row["payment_id"]]["receivable_id"]]["booking_id"]: row["id"]
        for row in books["refunds"]
        if row["reason"] == "cancellation"
    }
    confirmed = {row["booking_id"] for row in books["booking_events"] if row["to_status"] == "confirmed"}
    for row in books["booking_events"]:
        booking = bookings[row["booking_id"]]
        if row["to_status"] == "expired":
            yield booking["customer_id"], "hold_expired", (booking["id"], "", "")
        elif row["to_status"] == "cancelled" and booking["id"] in confirmed:
            about = (booking["id"], "", of_cancellation.get(booking["id"], ""))
            yield booking["customer_id"], "booking_cancelled", about
            yield booking["host_id"], "booking_cancelled", about


def _about(data: Row) -> tuple[str, ...]:
    return tuple(data.get(name, "") for name in ("booking_id", "payment_id", "refund_id"))


def _is_late(job: Row, now: str) -> bool:
    """Canaries and ticks come by the clock, which the run has moved under them."""
    by_the_clock = job["kind"].startswith("periodic.") or job["kind"].endswith(".canary")
    return not by_the_clock and _seconds(job["due_at"], now) > FRESH_SECONDS


def _missing_deliveries(record: Record) -> Iterator[str]:
    sent = {(row["notification_id"], row["channel"]): row for row in record["books"]["deliveries"]}
    for row in record["books"]["notifications"]:
        for channel in CHANNELS.get(row["kind"], ()):
            delivery = sent.get((row["id"], channel))
            if delivery is None or not _has_left(delivery):
                state = delivery["state"] if delivery else "missing"
                yield f"{channel} of {row['kind']} {row['id']} is {state}"


def _has_left(delivery: Row) -> bool:
    """Sent; or nobody knows, which the inbox then tells."""
    return delivery["state"] == "sent" or delivery["error_code"] == "outcome_unknown"


def _texts_expected(record: Record) -> dict[tuple[str, str], tuple[int, int]]:
    """(phone, booking reference) → the least and most SMS that may have arrived."""
    references = {row["id"]: row["reference"] for row in record["books"]["bookings"]}
    about = {row["id"]: references.get(row["data"].get("booking_id")) for row in record["books"]["notifications"]}
    expected: dict[tuple[str, str], tuple[int, int]] = {}
    for row in record["books"]["deliveries"]:
        if row["channel"] == "sms":
            key = row["address"].lstrip("+"), about[row["notification_id"]]
            least, most = expected.get(key, (0, 0))
            expected[key] = least + 1, most + min(row["calls"], MOST_COPIES)
    return expected


def _texts_arrived(record: Record, references: set[str]) -> Counter:
    arrived: Counter = Counter()
    for sms in record["sandbox"]["sms"]:
        words = set(sms["text"].replace(".", " ").replace(":", " ").replace(",", " ").split())
        arrived[sms["to"], next(iter(words & references), "?")] += 1
    return arrived


def _ids(rows: Iterable[Row]) -> set[str]:
    return {row["id"] for row in rows}


def _seconds(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()
