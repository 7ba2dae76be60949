"""The judge's questions about money: what the sandbox took against what we say became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.chaos.judge import promise
from tests.chaos.record import Record

PAID = ("succeeded", "partially_refunded", "refunded")
CLOSED = (*PAID, "failed", "cancelled", "expired")
#: A payment that nobody can be sure of is given to a person; nothing else may stay without an end.
REVIEWED = "needs_review"
SENT_BACK = ("late_money", "surplus")
SHILLING = 100
#: All that can be known is known so soon after the storm.
SETTLED_SECONDS = 300

Row = dict[str, Any]


@promise("every charge is a settling payment, a refund, or under review: nothing is lost")
def no_charge_is_lost(record: Record) -> tuple[int, Iterable[str]]:
    payments, sent_back = by_account(record), _sent_back(record)
    charges = record["sandbox"]["charges"]
    return len(charges), [
        f"{charge['receipt']} for {charge['account_reference']}: {problem}"
        for charge in charges
        if (problem := _what_is_wrong(charge, payments.get(charge["account_reference"]), sent_back))
    ]


@promise("no payment succeeded without a charge of its amount and receipt")
def no_money_from_nowhere(record: Record) -> tuple[int, Iterable[str]]:
    charged = {charge["account_reference"]: charge for charge in record["sandbox"]["charges"]}
    paid = {name: row for name, row in by_account(record).items() if row["state"] in PAID}
    return len(paid), [
        f"{name} says {row['receipt']} and {row['amount_minor']}, the sandbox {charge}"
        for name, row in paid.items()
        if (charge := charged.get(name)) is None
        or charge["amount"] * SHILLING != row["amount_minor"]
        or row["receipt"] not in (None, charge["receipt"])
    ]


@promise("one payment settles a settled receivable, and none an open or void one")
def settled_once(record: Record) -> tuple[int, Iterable[str]]:
    settling = Counter(row["receivable_id"] for row in record["books"]["payments"] if row["settles"])
    receivables = record["books"]["receivables"]
    return len(receivables), [
        f"receivable {row['id']} is {row['state']} with {settling[row['id']]} settling payments"
        for row in receivables
        if settling[row["id"]] != (row["state"] == "settled")
    ]


@promise("nobody is charged twice for one receivable unless the surplus goes back or is under review")
def no_double_charge(record: Record) -> tuple[int, Iterable[str]]:
    payments, sent_back = by_account(record), _sent_back(record)
    kept: dict[str, list[str]] = defaultdict(list)
    for charge in record["sandbox"]["charges"]:
        row = payments.get(charge["account_reference"])
        if row and row["id"] not in sent_back and not row["attention"]:
            kept[row["receivable_id"]].append(charge["account_reference"])
    return len(kept), [f"{', '.join(names)} are all kept" for names in kept.values() if len(names) > 1]


@promise("no prompt is pushed twice for one attempt")
def prompted_once(record: Record) -> tuple[int, Iterable[str]]:
    pushed = Counter(prompt["account_reference"] for prompt in record["sandbox"]["prompts"])
    unknown = set(pushed) - set(by_account(record))
    return len(pushed), [
        *(f"{name} was pushed {times} times" for name, times in pushed.items() if times > 1),
        *(f"{name} was pushed for no payment of ours" for name in sorted(unknown)),
    ]


@promise("every payment has ended or is under review")
def payments_end(record: Record) -> tuple[int, Iterable[str]]:
    rows = by_account(record)
    return len(rows), [
        f"{name} is {row['state']} ({row['failure_code']}, attention {row['attention']})"
        for name, row in rows.items()
        if row["state"] not in CLOSED and not (row["state"] == REVIEWED and row["attention"])
    ]


@promise("all that can be known about a payment is known 5 minutes after the storm")
def settled_soon(record: Record) -> tuple[int, Iterable[str]]:
    latest = settle_seconds(record)
    return len(latest), [f"{name} after {after:.0f} s" for name, after in latest.items() if after > SETTLED_SECONDS]


@promise("captured less sent back is what was due, to the shilling, for every payer and for the sandbox")
def the_sums_agree(record: Record) -> tuple[int, Iterable[str]]:
    payers = {row["id"]: row["payer_id"] for row in record["books"]["receivables"]}
    phones = {row["phone"].lstrip("+"): row["id"] for row in record["books"]["users"] if row["phone"]}
    due, kept, doubtful, taken = Counter(), Counter(), Counter(), Counter()
    for row in record["books"]["receivables"]:
        if row["state"] == "settled":
            due[row["payer_id"]] += -(-row["amount_minor"] // SHILLING) * SHILLING
    refunded = Counter()
    for row in record["books"]["refunds"]:
        if row["reason"] in SENT_BACK:
            refunded[row["payment_id"]] += row["amount_minor"]
    charged = {charge["account_reference"]: charge for charge in record["sandbox"]["charges"]}
    for name, row in by_account(record).items():
        payer = payers[row["receivable_id"]]
        if row["state"] in PAID and row["attention"] != "surplus_without_receipt":
            kept[payer] += row["amount_minor"] - refunded[row["id"]]
        elif row["attention"] and name in charged:
            doubtful[payer] += charged[name]["amount"] * SHILLING
    for charge in charged.values():
        taken[phones.get(charge["msisdn"], charge["msisdn"])] += charge["amount"] * SHILLING
    for row in record["books"]["payments"]:
        taken[payers[row["receivable_id"]]] -= refunded[row["id"]]
    everybody = set(due) | set(kept) | set(taken)
    return len(everybody), [
        f"{payer}: due {due[payer]}, kept {kept[payer]}, under review {doubtful[payer]}, taken and not sent back {taken[payer]}"
        for payer in sorted(everybody)
        if due[payer] != kept[payer] or taken[payer] != kept[payer] + doubtful[payer]
    ]


def by_account(record: Record) -> dict[str, Row]:
    """Our payments by the account reference that M-Pesa was given."""
    booking_of = {row["id"]: row["booking_id"] for row in record["books"]["receivables"]}
    reference = {row["id"]: row["reference"] for row in record["books"]["bookings"]}
    return {
        f"{reference[booking_of[row['receivable_id']]]}-{row['attempt']}": row for row in record["books"]["payments"]
    }


def settle_seconds(record: Record) -> dict[str, float]:
    """Seconds from the end of the storm to each payment's last word; those of which only a person can know are left out."""
    ended = record["storm"]["ended_at"]
    last: dict[str, float] = {}
    given_up = {row["payment_id"] for row in record["books"]["payment_events"] if row["evidence"] == "gave_up"}
    for row in record["books"]["payment_events"]:
        if row["payment_id"] not in given_up:
            last[row["payment_id"]] = max(last.get(row["payment_id"], 0.0), _seconds_between(ended, row["at"]))
    return {name: last.get(row["id"], 0.0) for name, row in by_account(record).items() if row["id"] not in given_up}


def _seconds_between(first: str, second: str) -> float:
    return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()


def _sent_back(record: Record) -> set[str]:
    return {row["payment_id"] for row in record["books"]["refunds"] if row["reason"] in SENT_BACK}


def _what_is_wrong(charge: Row, payment: Row | None, sent_back: set[str]) -> str:
    if payment is None:
        return "no payment of ours"
    if payment["attention"]:
        return ""
    if payment["state"] not in PAID:
        return f"the payment is {payment['state']} and nobody looks at it"
    if payment["settles"] == (payment["id"] in sent_back):
        return "settles and goes back" if payment["settles"] else "neither settles nor goes back"
    return ""
