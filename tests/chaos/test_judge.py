"""The judge can say no: a sound record holds every promise, and each doctored one breaks the promise that it should."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos import money, words  # noqa: F401 - importing them registers their promises
from tests.chaos.judge import CHECKS, judge
from tests.chaos.record import Record
from tests.chaos.sound import sound_record

Row = dict[str, Any]


def row(record: Record, table: str, id_: str) -> Row:
    return next(one for one in record["books"][table] if one["id"] == id_)


def drop(rows: list[Row], **values: Any) -> None:
    rows.remove(next(one for one in rows if values.items() <= one.items()))


def a_charge_that_we_know_nothing_of(r: Record) -> None:
    r["sandbox"]["charges"].append({**r["sandbox"]["charges"][0], "account_reference": "BLOST-1", "receipt": "LOST"})


def a_charge_of_a_payment_that_failed(r: Record) -> None:
    r["sandbox"]["charges"].append({**r["sandbox"]["charges"][0], "account_reference": "BREF4-1", "receipt": "LATE"})


def late_money_that_is_not_sent_back(r: Record) -> None:
    drop(r["books"]["refunds"], reason="late_money")


def doubtful_money_that_nobody_looks_at(r: Record) -> None:
    row(r, "payments", "BREF5-1")["attention"] = None


def settling_money_that_is_sent_back(r: Record) -> None:
    r["books"]["refunds"].append({"id": "x", "payment_id": "BREF1-1", "amount_minor": 135_800, "reason": "surplus"})


def a_success_without_a_charge(r: Record) -> None:
    drop(r["sandbox"]["charges"], account_reference="BREF1-1")


def a_success_of_another_amount(r: Record) -> None:
    r["sandbox"]["charges"][0]["amount"] -= 1


def a_success_with_somebody_elses_receipt(r: Record) -> None:
    row(r, "payments", "BREF1-1")["receipt"] = "RBREF3-1"


def a_receivable_settled_twice(r: Record) -> None:
    row(r, "payments", "BREF3-2")["settles"] = True


def a_surplus_that_is_kept(r: Record) -> None:
    drop(r["books"]["refunds"], reason="surplus")


def a_prompt_pushed_twice(r: Record) -> None:
    r["sandbox"]["prompts"].append(r["sandbox"]["prompts"][0])


def a_payment_that_hangs(r: Record) -> None:
    row(r, "payments", "BREF4-1")["state"] = "processing"


def a_payment_that_took_an_hour(r: Record) -> None:
    r["books"]["payment_events"][0]["at"] = "2026-11-21T11:00:00+00:00"


def a_shilling_too_little_sent_back(r: Record) -> None:
    next(one for one in r["books"]["refunds"] if one["reason"] == "surplus")["amount_minor"] -= 100


def more_seats_than_there_are(r: Record) -> None:
    row(r, "bookings", "booking1")["seats"] = 9
    row(r, "departures", "departure1")["seats_taken"] = 9


def a_seat_that_nobody_counts(r: Record) -> None:
    row(r, "departures", "departure1")["seats_taken"] -= 1


def a_confirmed_booking_that_still_owes(r: Record) -> None:
    row(r, "receivables", "owed1")["state"] = "open"


def a_broken_book(r: Record) -> None:
    r["books"]["promises"]["one of the books' own"].append({"id": "x"})


def a_dead_job(r: Record) -> None:
    r["books"]["jobs"][0] |= {"done_at": None, "dead_at": "2026-11-21T10:00:00+00:00"}


def a_forgotten_job(r: Record) -> None:
    r["books"]["jobs"][0]["done_at"] = None


def a_confirmation_that_was_not_written(r: Record) -> None:
    r["books"]["notifications"][0]["kind"] = "payment_failed"


def a_confirmation_that_was_written_twice(r: Record) -> None:
    r["books"]["notifications"].append({**r["books"]["notifications"][0], "id": "again"})


def a_mail_that_is_missing(r: Record) -> None:
    r["sandbox"]["mails"].pop()


def a_mail_that_came_twice_of_one_call(r: Record) -> None:
    r["sandbox"]["mails"].append(r["sandbox"]["mails"][0])


def an_sms_that_is_missing(r: Record) -> None:
    r["sandbox"]["sms"].pop()


def an_sms_that_came_twice_of_one_call(r: Record) -> None:
    r["sandbox"]["sms"].append(r["sandbox"]["sms"][0])


def a_delivery_that_never_left(r: Record) -> None:
    r["books"]["deliveries"][0]["state"] = "queued"


def a_booking_that_was_promised_and_is_gone(r: Record) -> None:
    r["history"].append({**r["history"][1], "intent": "another key", "id": "gone"})


def a_key_with_two_effects(r: Record) -> None:
    r["history"].append({**r["history"][1], "id": "booking2"})


def a_booking_that_nobody_asked_for(r: Record) -> None:
    r["books"]["bookings"].append({**row(r, "bookings", "booking7"), "id": "booking8", "reference": "BREF8"})


def an_internal_error(r: Record) -> None:
    r["history"][0] |= {"status": 500, "code": "internal_error", "retry_after": None}


def a_refusal_that_does_not_say_when(r: Record) -> None:
    r["history"][0] |= {"status": 503, "code": "unavailable", "retry_after": None}


#: What was done to the record → the first words of the promise that it breaks.
DOCTORED: dict[Callable[[Record], None], str] = {
    a_charge_that_we_know_nothing_of: "every charge",
    a_charge_of_a_payment_that_failed: "every charge",
    late_money_that_is_not_sent_back: "every charge",
    doubtful_money_that_nobody_looks_at: "every charge",
    settling_money_that_is_sent_back: "every charge",
    a_success_without_a_charge: "no payment succeeded",
    a_success_of_another_amount: "no payment succeeded",
    a_success_with_somebody_elses_receipt: "no payment succeeded",
    a_receivable_settled_twice: "one payment settles",
    a_surplus_that_is_kept: "nobody is charged twice",
    a_prompt_pushed_twice: "no prompt",
    a_payment_that_hangs: "every payment has ended",
    a_payment_that_took_an_hour: "all that can be known",
    a_shilling_too_little_sent_back: "captured less sent back",
    more_seats_than_there_are: "a departure's counter",
    a_seat_that_nobody_counts: "a departure's counter",
    a_confirmed_booking_that_still_owes: "a booking's state",
    a_broken_book: "nothing else",
    a_dead_job: "no job",
    a_forgotten_job: "no job",
    a_confirmation_that_was_not_written: "everybody is told",
    a_confirmation_that_was_written_twice: "everybody is told",
    a_mail_that_is_missing: "every mail and SMS",
    a_mail_that_came_twice_of_one_call: "every mail and SMS",
    an_sms_that_is_missing: "every mail and SMS",
    an_sms_that_came_twice_of_one_call: "every mail and SMS",
    a_delivery_that_never_left: "every mail and SMS",
    a_booking_that_was_promised_and_is_gone: "nothing that an app was told",
    a_key_with_two_effects: "nothing that an app was told",
    a_booking_that_nobody_asked_for: "nothing that an app was told",
    an_internal_error: "a broken house",
    a_refusal_that_does_not_say_when: "a broken house",
}


def broken(record: Record) -> dict[str, tuple[str, ...]]:
    return {verdict.promise: verdict.offenders for verdict in judge(record) if not verdict.held}


def test_a_sound_record_holds_every_promise_and_each_is_compared_with_something():
    verdicts = judge(sound_record())
    assert broken(sound_record()) == {}
    assert all(verdict.compared for verdict in verdicts)


@pytest.mark.parametrize("doctor", DOCTORED, ids=lambda doctor: doctor.__name__)
def test_a_doctored_record_breaks_its_promise(doctor: Callable[[Record], None]):
    record = copy.deepcopy(sound_record())
    doctor(record)
    assert any(promise.startswith(DOCTORED[doctor]) for promise in broken(record)), broken(record)


def test_every_promise_has_been_broken_on_purpose():
    assert {one for one in CHECKS if one.startswith(tuple(DOCTORED.values()))} == set(CHECKS)


def test_a_copy_after_a_second_call_is_no_fault():
    record = sound_record()
    mail = record["sandbox"]["mails"][0]
    record["sandbox"]["mails"].append(mail)
    row(record, "deliveries", mail["custom_args"]["delivery_id"])["calls"] = 2
    assert broken(record) == {}
