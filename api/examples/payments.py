"""Ingrid pays by M-Pesa, and Safaricom tells us."""

from __future__ import annotations

from typing import Any

from api.examples.story import BOOKING_ID, PAGINATION, PAYMENT_ID

MPESA_REQUEST = {"booking_id": BOOKING_ID, "phone": "0712 345 149", "amount": "7700.00"}
PAYMENT_REQUEST = MPESA_REQUEST | {"provider": "mpesa"}
PAYMENT: dict[str, Any] = {
    "id": PAYMENT_ID,
    "booking_id": BOOKING_ID,
    "provider": "mpesa",
    "attempt": 1,
    "state": "processing",
    "amount": "7700.00",
    "currency": "KES",
    "phone": "07•• ••• 149",
    "receipt": None,
    "failure": None,
    "started_at": "2026-11-21T08:01:00Z",
    "paid_at": None,
    "refunds": [],
    "next_step": "Enter your M-Pesa PIN on 07•• ••• 149.",
}
PAID: dict[str, Any] = PAYMENT | {
    "state": "succeeded",
    "receipt": "UKL7RT61SV",
    "paid_at": "2026-11-21T08:01:14Z",
    "next_step": "Your payment has arrived. There is nothing more to do.",
}
PAYMENTS = {"items": [PAID], "pagination": PAGINATION}
CALLBACK = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "29115-34620561-1",
            "CheckoutRequestID": "ws_CO_191220191020363925",
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "CallbackMetadata": {
                "Item": [
                    {"Name": "Amount", "Value": 7700},
                    {"Name": "MpesaReceiptNumber", "Value": "UKL7RT61SV"},
                    {"Name": "TransactionDate", "Value": 20261121110114},
                    {"Name": "PhoneNumber", "Value": 254712345149},
                ]
            },
        }
    }
}
ACCEPTED = {"ResultCode": 0, "ResultDesc": "Accepted"}
