"""A booking's states: one table that says what each verb does in each state."""

from __future__ import annotations

from enum import StrEnum

from domain.errors import Conflict


class BookingState(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    NO_SHOW = "no_show"


class BookingVerb(StrEnum):
    #: What is due has been captured; the listing confirms by itself.
    FULFIL = "fulfil"
    #: What is due has been captured; the guide still has to answer.
    FULFIL_AWAITING_GUIDE = "fulfil_awaiting_guide"
    #: Late money and free seats, for the two kinds of listing.
    RESEAT = "reseat"
    RESEAT_AWAITING_GUIDE = "reseat_awaiting_guide"
    CONFIRM = "confirm"
    REJECT = "reject"
    EXPIRE = "expire"
    CANCEL = "cancel"
    COMPLETE = "complete"
    MARK_NO_SHOW = "mark_no_show"


_S, _V = BookingState, BookingVerb

#: verb → (states it leaves, state it reaches). A pair that is not here is refused.
TRANSITIONS: dict[BookingVerb, tuple[frozenset[BookingState], BookingState]] = {
    _V.FULFIL: (frozenset({_S.PENDING}), _S.CONFIRMED),
    _V.FULFIL_AWAITING_GUIDE: (frozenset({_S.PENDING}), _S.PAID),
    _V.RESEAT: (frozenset({_S.EXPIRED}), _S.CONFIRMED),
    _V.RESEAT_AWAITING_GUIDE: (frozenset({_S.EXPIRED}), _S.PAID),
    _V.CONFIRM: (frozenset({_S.PAID}), _S.CONFIRMED),
    _V.REJECT: (frozenset({_S.PAID}), _S.REJECTED),
    _V.EXPIRE: (frozenset({_S.PENDING}), _S.EXPIRED),
    _V.CANCEL: (frozenset({_S.PENDING, _S.PAID, _S.CONFIRMED}), _S.CANCELLED),
    _V.COMPLETE: (frozenset({_S.CONFIRMED}), _S.COMPLETED),
    _V.MARK_NO_SHOW: (frozenset({_S.CONFIRMED}), _S.NO_SHOW),
}

REFUSALS = {
    _V.FULFIL: "booking_not_payable",
    _V.FULFIL_AWAITING_GUIDE: "booking_not_payable",
    _V.RESEAT: "booking_not_reseatable",
    _V.RESEAT_AWAITING_GUIDE: "booking_not_reseatable",
    _V.CONFIRM: "booking_not_confirmable",
    _V.REJECT: "booking_not_rejectable",
    _V.EXPIRE: "booking_not_expirable",
    _V.CANCEL: "booking_not_cancellable",
    _V.COMPLETE: "booking_not_completable",
    _V.MARK_NO_SHOW: "booking_not_no_show",
}

#: States in which the host has heard of a booking; a bare hold, and one that nobody paid, are the customer's alone.
KNOWN_TO_HOST = frozenset({_S.PAID, _S.CONFIRMED, _S.REJECTED, _S.COMPLETED, _S.NO_SHOW})

#: States in which a booking occupies seats of its departure.
HOLDS_SEATS = frozenset({_S.PENDING, _S.PAID, _S.CONFIRMED, _S.COMPLETED, _S.NO_SHOW})


def next_state(state: BookingState, verb: BookingVerb) -> BookingState | None:
    """The state that ``verb`` leads to, or None where it already holds.

    Raises :class:`Conflict` with the verb's own code where the table has no such pair.
    """
    sources, target = TRANSITIONS[verb]
    if state in sources:
        return target
    if state is target:
        return None
    raise Conflict(REFUSALS[verb], f"The booking is {state.replace('_', ' ')}.", extra={"booking_status": state.value})
