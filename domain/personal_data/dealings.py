"""What is known of whoever booked and paid: mostly books, which the law keeps."""

from __future__ import annotations

from collections.abc import Mapping

from domain.personal_data.kinds import ACCOUNTING, INNER, OTHERS, PROOF, SECRET, Personal, Side, Special, names

_PAYER = ("receivable_id", "payer_id")

TABLES: Mapping[str, Personal] = {
    "bookings": Personal(
        sides=(
            Side(
                "bookings",
                (("customer_id",),),
                names(
                    "id reference listing_id seats guests starts_at ends_at currency fx_rate status confirmation booked_at"
                    " hold_expires_at refund_tiers special_requests cancelled_at cancelled_by cancellation_reason created_at"
                ),
                erases={"special_requests": None, "cancellation_reason": None},
            ),
            Side(
                "bookings_as_guide",
                (("host_id",),),
                names(
                    "id reference listing_id seats guests starts_at ends_at currency status confirmation cancelled_at"
                    " cancelled_by"
                ),
                # What guests wrote, of their diet or health perhaps, is in their own copy.
                erases={"cancellation_reason": None},
                # A hold that nobody paid was never the guide's to know.
                only={"status": frozenset({"paid", "confirmed", "rejected", "completed", "no_show"})},
            ),
        ),
        keeps={
            ACCOUNTING: names(
                "id reference customer_id host_id listing_id departure_id seats guests starts_at ends_at currency fx_rate"
                " status confirmation booked_at hold_expires_at refund_tiers cancelled_at cancelled_by created_at"
            )
        },
        withholds={OTHERS: names("customer_id host_id"), INNER: ("departure_id",)},
    ),
    "booking_events": Personal(
        sides=(
            Side(
                "booking_history",
                (("booking_id", "customer_id"),),
                names("id booking_id verb from_status to_status at created_at"),
            ),
        ),
        keeps={PROOF: names("id booking_id verb from_status to_status at actor_id created_at")},
        withholds={OTHERS: ("actor_id",)},
    ),
    "line_items": Personal(
        sides=(
            Side(
                "prices",
                (("booking_id", "customer_id"),),
                names("id booking_id position kind description quantity unit_minor amount_minor currency created_at"),
            ),
        ),
        keeps={
            ACCOUNTING: names(
                "id booking_id position kind description quantity unit_minor amount_minor currency created_at"
            )
        },
    ),
    "receivables": Personal(
        sides=(
            Side(
                "amounts_due",
                (("payer_id",),),
                names("id booking_id purpose amount_minor currency due_at state settled_at created_at"),
            ),
        ),
        keeps={
            ACCOUNTING: names("id booking_id payer_id purpose amount_minor currency due_at state settled_at created_at")
        },
        withholds={INNER: ("payer_id",)},
    ),
    "payments": Personal(
        sides=(
            Side(
                "payments",
                (_PAYER,),
                names(
                    "id receivable_id provider attempt amount_minor currency fx_rate state phone provider_reference"
                    " receipt failure_code started_at paid_at created_at"
                ),
                # M-Pesa's own id of an attempt ends in the subscriber's number.
                erases={"phone": Special.WITHOUT_SUBSCRIBER, "provider_reference": Special.WITHOUT_SUBSCRIBER},
            ),
        ),
        keeps={
            ACCOUNTING: names(
                "id receivable_id provider attempt amount_minor currency fx_rate state settles callback_token"
                " merchant_request_id receipt failure_code attention started_at call_started_at pushed_at next_query_at"
                " paid_at created_at"
            )
        },
        withholds={
            SECRET: ("callback_token",),
            INNER: names("settles merchant_request_id attention call_started_at pushed_at next_query_at"),
        },
    ),
    "payment_events": Personal(
        sides=(
            Side(
                "payment_history",
                (("payment_id", *_PAYER),),
                names("id payment_id evidence code receipt amount_minor at created_at"),
            ),
        ),
        keeps={ACCOUNTING: names("id payment_id key evidence code receipt amount_minor at detail created_at")},
        withholds={INNER: names("key detail")},
    ),
    "refunds": Personal(
        sides=(
            Side(
                "refunds",
                (("payment_id", *_PAYER),),
                names("id payment_id amount_minor currency reason state requested_at created_at"),
            ),
        ),
        keeps={
            ACCOUNTING: names("id payment_id amount_minor currency reason state requested_at requested_by created_at")
        },
        withholds={OTHERS: ("requested_by",)},
    ),
    "webhook_inbox": Personal(
        sides=(
            Side(
                "messages_from_providers",
                (("payment_id", *_PAYER),),
                names("id provider payment_id body received_at outcome created_at"),
                erases={"body": Special.WITHOUT_SUBSCRIBER},
            ),
        ),
        keeps={
            "what a provider said of money: " + ACCOUNTING: names(
                "id provider event_id payment_id source_ip received_at processed_at outcome created_at"
            )
        },
        withholds={INNER: names("event_id source_ip processed_at")},
    ),
}
