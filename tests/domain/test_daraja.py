"""Callbacks of Daraja: every documented quirk is read, everything else is refused by the field at fault."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.daraja import MalformedCallback, parse_callback, read_code
from domain.money import Money

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)

PAID = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "96657-188398728-1",
            "CheckoutRequestID": "ws_CO_10122023133400273768130105",
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "CallbackMetadata": {
                "Item": [
                    {"Name": "Amount", "Value": 1},
                    {"Name": "MpesaReceiptNumber", "Value": "RLA0R69NXM"},
                    {"Name": "Balance"},
                    {"Name": "TransactionDate", "Value": 20231210133416},
                    {"Name": "PhoneNumber", "Value": 254768130105},
                ]
            },
        }
    }
}
CANCELLED = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "f1e2-4b95-a71d-b30d3cdbb7a7942864",
            "CheckoutRequestID": "ws_CO_21072024125243250722943992",
            "ResultCode": 1032,
            "ResultDesc": "Request cancelled by user",
        }
    }
}


def paid(**values: Any) -> dict[str, Any]:
    """The captured success with other values in its items; None takes the item's value away."""
    body = copy.deepcopy(PAID)
    for item in body["Body"]["stkCallback"]["CallbackMetadata"]["Item"]:
        if item["Name"] in values:
            item["Value"] = values[item["Name"]]
    return body


def callback(**fields: Any) -> dict[str, Any]:
    """The captured success with other fields."""
    body = copy.deepcopy(PAID)
    body["Body"]["stkCallback"].update(fields)
    return body


def test_the_captured_success_is_read_whole():
    read = parse_callback(PAID)
    assert read.checkout_request_id == "ws_CO_10122023133400273768130105"
    assert read.merchant_request_id == "96657-188398728-1"
    assert (read.result_code, read.succeeded) == ("0", True)
    assert read.result_desc == "The service request is processed successfully."
    assert read.amount == Money(100, "KES")
    assert read.receipt == "RLA0R69NXM"
    assert read.phone == "254768130105"
    assert read.paid_at == datetime(2023, 12, 10, 10, 34, 16, tzinfo=UTC)


def test_the_documented_failure_has_no_metadata():
    read = parse_callback(CANCELLED)
    assert (read.result_code, read.succeeded, read.result_desc) == ("1032", False, "Request cancelled by user")
    assert (read.amount, read.receipt, read.phone, read.paid_at) == (None, None, None, None)


def test_the_order_of_the_items_does_not_matter():
    body = copy.deepcopy(PAID)
    body["Body"]["stkCallback"]["CallbackMetadata"]["Item"].reverse()
    assert parse_callback(body) == parse_callback(PAID)


@pytest.mark.parametrize(
    ("sent", "minor"),
    [(1.00, 100), ("1.00", 100), ("2500", 250_000), (2500.5, 250_050), (" 19.99 ", 1999), (0.1, 10), ("7.500", 750)],
)
def test_an_amount_is_read_as_number_or_text(sent, minor):
    assert parse_callback(paid(Amount=sent)).amount == Money(minor, "KES")


@pytest.mark.parametrize("phone", ["254768130105", "2547 ***** 105", "0768***105", 254768130105])
def test_a_phone_is_read_as_sent_masked_or_not(phone):
    assert parse_callback(paid(PhoneNumber=phone)).phone == str(phone)


@pytest.mark.parametrize("value", ["20231210133416", 20231210133416, 20231210133416.0])
def test_a_date_is_read_as_number_or_text(value):
    assert parse_callback(paid(TransactionDate=value)).paid_at == datetime(2023, 12, 10, 10, 34, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "read"),
    [(0, "0"), ("0", "0"), (1032, "1032"), (" 1037 ", "1037"), ("SFC_IC0003", "SFC_IC0003"), (17.0, "17")],
)
def test_a_code_is_always_text(sent, read):
    assert read_code(sent, "ResultCode") == read


@pytest.mark.parametrize("metadata", [None, {}, {"Item": None}, {"Item": []}])
def test_a_failure_may_carry_empty_metadata(metadata):
    body = copy.deepcopy(CANCELLED)
    body["Body"]["stkCallback"]["CallbackMetadata"] = metadata
    assert parse_callback(body).result_code == "1032"


def test_what_is_said_for_people_may_be_absent_and_is_made_printable():
    assert parse_callback(callback(ResultDesc=None)).result_desc == ""
    assert parse_callback(callback(ResultDesc="a\x00b\r\nc" + "x" * 400)).result_desc == "a b  c" + "x" * 249


def test_unknown_items_and_fields_are_overlooked():
    body = callback(Novelty={"a": 1})
    body["Body"]["stkCallback"]["CallbackMetadata"]["Item"].append({"Name": "Novelty", "Value": {"b": 2}})
    assert parse_callback(body) == parse_callback(PAID)


def item(*items: Any) -> dict[str, Any]:
    return callback(CallbackMetadata={"Item": list(items)})


AMOUNT, RECEIPT = {"Name": "Amount", "Value": 1}, {"Name": "MpesaReceiptNumber", "Value": "RLA0R69NXM"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "Body"),
        ({"Body": None}, "Body"),
        ({"Body": "stkCallback"}, "Body"),
        ({"Body": {}}, "Body.stkCallback"),
        ({"Body": {"stkCallback": []}}, "Body.stkCallback"),
        (["Body"], "callback"),
        (callback(CheckoutRequestID=None), "CheckoutRequestID"),
        (callback(CheckoutRequestID=""), "CheckoutRequestID"),
        (callback(CheckoutRequestID=7), "CheckoutRequestID"),
        (callback(CheckoutRequestID="ws_CO_1\x00"), "CheckoutRequestID"),
        (callback(CheckoutRequestID="ws CO"), "CheckoutRequestID"),
        (callback(CheckoutRequestID="x" * 101), "CheckoutRequestID"),
        (callback(MerchantRequestID=["1"]), "MerchantRequestID"),
        (callback(ResultCode=None), "ResultCode"),
        (callback(ResultCode=""), "ResultCode"),
        (callback(ResultCode=True), "ResultCode"),
        (callback(ResultCode=0.5), "ResultCode"),
        (callback(ResultCode={"code": 0}), "ResultCode"),
        (callback(ResultCode="drop table"), "ResultCode"),
        (callback(ResultDesc=7), "ResultDesc"),
        (callback(CallbackMetadata=[]), "CallbackMetadata"),
        (callback(CallbackMetadata={"Item": "Amount"}), "CallbackMetadata.Item"),
        (item("Amount"), "CallbackMetadata.Item"),
        (item({"Value": 1}), "CallbackMetadata.Item"),
        (item({"Name": 1, "Value": 1}), "CallbackMetadata.Item"),
        (item(AMOUNT), "MpesaReceiptNumber"),
        (item(RECEIPT), "Amount"),
        (item(AMOUNT, RECEIPT, {"Name": "Amount", "Value": 2}), "Amount"),
        (item(AMOUNT, RECEIPT, {"Name": "X", "Value": 1}, {"Name": "X", "Value": 2}), "CallbackMetadata.Item"),
        (callback(CallbackMetadata=None), "Amount"),
        (paid(Amount=None), "Amount"),
        (paid(Amount=True), "Amount"),
        (paid(Amount=0), "Amount"),
        (paid(Amount=-1), "Amount"),
        (paid(Amount=10**5000), "Amount"),
        (paid(Amount=float("nan")), "Amount"),
        (paid(Amount=float("inf")), "Amount"),
        (paid(Amount=1.005), "Amount"),
        (paid(Amount=1e-9), "Amount"),
        (paid(Amount="1.001"), "Amount"),
        (paid(Amount="0.00"), "Amount"),
        (paid(Amount="-5"), "Amount"),
        (paid(Amount="1e3"), "Amount"),
        (paid(Amount="NaN"), "Amount"),
        (paid(Amount="١٠"), "Amount"),
        (paid(Amount="1,000"), "Amount"),
        (paid(Amount=["1"]), "Amount"),
        (paid(MpesaReceiptNumber=""), "MpesaReceiptNumber"),
        (paid(MpesaReceiptNumber="RLA 0R69"), "MpesaReceiptNumber"),
        (paid(MpesaReceiptNumber={"n": 1}), "MpesaReceiptNumber"),
        (paid(MpesaReceiptNumber="R" * 33), "MpesaReceiptNumber"),
        (paid(PhoneNumber=True), "PhoneNumber"),
        (paid(PhoneNumber="2547\x0012"), "PhoneNumber"),
        (paid(PhoneNumber=10**5000), "PhoneNumber"),
        (paid(TransactionDate="yesterday"), "TransactionDate"),
        (paid(TransactionDate=20231399999999), "TransactionDate"),
        (paid(TransactionDate="00010101000000"), "TransactionDate"),
        (paid(TransactionDate=2023121013341.5), "TransactionDate"),
    ],
)
def test_what_is_garbled_is_refused_by_field_without_repeating_it(body, field):
    with pytest.raises(MalformedCallback) as caught:
        parse_callback(body)
    assert caught.value.field == field
    assert "768130105" not in str(caught.value)


def test_the_repr_shows_no_phone():
    assert "768130105" not in repr(parse_callback(PAID))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@unhurried
@given(anything, st.sampled_from(["Amount", "MpesaReceiptNumber", "TransactionDate", "PhoneNumber", "Balance"]))
def test_no_value_of_an_item_brings_the_parser_down(value, name):
    try:
        read = parse_callback(paid(**{name: value}))
    except MalformedCallback:
        return
    assert read.amount.minor > 0
    assert read.receipt.isalnum()


@unhurried
@given(anything, st.sampled_from([*PAID["Body"]["stkCallback"]]))
def test_no_value_of_a_field_brings_the_parser_down(value, name):
    try:
        read = parse_callback(callback(**{name: value}))
    except MalformedCallback:
        return
    assert json.dumps(read.result_code)
    assert "\x00" not in read.checkout_request_id + read.merchant_request_id + read.result_desc
