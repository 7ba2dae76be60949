"""What ``./elite demo --fault`` can break, and how the product promises that each of these stories ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ops.errors import OpsError


@dataclass(frozen=True)
class Story:
    """One way a payment can go.

    ``switches`` are the sandbox's, set for one phone. ``states`` are the payment states that end the story, ``booking``
    the booking's state by then, ``charges`` how often money was taken. ``prompts`` says whether a PIN has to be typed.
    ``patience`` is in seconds: some endings have to be asked for first. ``rescue`` pays again without the fault.
    """

    name: str
    says: str
    switches: dict[str, Any] = field(default_factory=dict)
    states: tuple[str, ...] = ("succeeded",)
    booking: str = "confirmed"
    charges: int = 1
    prompts: bool = True
    patience: float = 90.0
    rescue: bool = False


_UNPAID: dict[str, Any] = {"booking": "pending", "charges": 0}

GOOD = Story("none", "Everything works.")
STORIES = (
    Story("drop_callback", "M-Pesa takes the money and never tells us; we have to ask.", {"drop_callback": True}),
    Story("delay_callback", "M-Pesa tells us 35 seconds late; we ask before that.", {"delay_callback": 35}),
    Story(
        "duplicate_callback",
        "M-Pesa tells us three times; it must count once.",
        {"duplicate_callback": 3},
    ),
    Story(
        "wrong_amount",
        "M-Pesa takes another amount than we asked for; a person has to look.",
        {"wrong_amount": True},
        states=("needs_review",),
        booking="pending",
    ),
    Story(
        "early_callback",
        "M-Pesa's callback overtakes its own answer to our request.",
        {"early_callback": True},
        prompts=False,
    ),
    Story(
        "timeout_after_success",
        "Our request hangs until we give up, and then the money is taken all the same.",
        {"timeout_after_success": 40},
        prompts=False,
        patience=180,
    ),
    Story(
        "insufficient_funds",
        "There is too little money on the phone.",
        {"insufficient_funds": True},
        states=("failed",),
        rescue=True,
        **_UNPAID,
    ),
    Story(
        "cancel",
        "The traveller cancels the prompt.",
        {"cancel": True},
        states=("cancelled",),
        prompts=False,
        rescue=True,
        **_UNPAID,
    ),
    Story(
        "phone_off",
        "The phone is off; M-Pesa's word for it is often wrong, so we ask before we believe it.",
        {"phone_off": True},
        states=("failed", "expired"),
        prompts=False,
        rescue=True,
        **_UNPAID,
    ),
    Story(
        "wrong_pin",
        "The PIN is mistyped.",
        {"wrong_pin": True},
        states=("failed",),
        rescue=True,
        **_UNPAID,
    ),
    Story(
        "contradiction",
        "Asked, M-Pesa says cancelled; 35 seconds later it says paid. The money was taken.",
        {"contradiction": True, "delay_callback": 35},
    ),
    Story(
        "query_pending",
        "The callback is lost, and for 30 seconds M-Pesa answers every question with 'pending'.",
        {"query_pending": 30, "drop_callback": True},
        patience=120,
    ),
    Story("expired_token", "M-Pesa has forgotten our access token; we renew it once.", {"expired_token": 1}),
    Story(
        "spike_arrest",
        "M-Pesa is too busy for our request three times in a row; we wait and try again.",
        {"spike_arrest": 3},
        patience=180,
    ),
    Story(
        "subscriber_lock",
        "M-Pesa is still busy with another request for this phone.",
        {"subscriber_lock": True},
        states=("failed",),
        prompts=False,
        **_UNPAID,
    ),
    Story(
        "push_5xx",
        "M-Pesa answers with an error that may mean anything; we never ask for the money twice.",
        {"push_5xx": True},
        states=("unknown",),
        prompts=False,
        **_UNPAID,
    ),
    Story(
        "unknown_code",
        "M-Pesa reports an outcome that nobody has documented; a person has to look.",
        {"unknown_code": True},
        states=("needs_review",),
        **_UNPAID,
    ),
)


def find(name: str) -> Story:
    """The story of this name; raises OpsError where there is none."""
    for story in STORIES:
        if story.name == name:
            return story
    raise OpsError(f"There is no fault '{name}'.", "./elite demo --fault list names them all.")
