"""Every verb in every state of a booking: it moves, it is already there, or it is refused by name."""

from __future__ import annotations

import pytest

from domain.bookings import HOLDS_SEATS, BookingState, BookingVerb, next_state
from domain.errors import Conflict

#: Nothing to do, because the verb's state already holds.
ALREADY = "already"
#: Refused under the verb's own code.
NO = "refused"

STATES = ("pending", "paid", "confirmed", "rejected", "expired", "cancelled", "completed", "no_show")

#: Written by hand from the rules: what each verb does in each of STATES.
EXPECTED = {
    "fulfil": ("confirmed", NO, ALREADY, NO, NO, NO, NO, NO),
    "fulfil_awaiting_guide": ("paid", ALREADY, NO, NO, NO, NO, NO, NO),
    "reseat": (NO, NO, ALREADY, NO, "confirmed", NO, NO, NO),
    "reseat_awaiting_guide": (NO, ALREADY, NO, NO, "paid", NO, NO, NO),
    "confirm": (NO, "confirmed", ALREADY, NO, NO, NO, NO, NO),
    "reject": (NO, "rejected", NO, ALREADY, NO, NO, NO, NO),
    "expire": ("expired", NO, NO, NO, ALREADY, NO, NO, NO),
    "cancel": ("cancelled", "cancelled", "cancelled", NO, NO, ALREADY, NO, NO),
    "complete": (NO, NO, "completed", NO, NO, NO, ALREADY, NO),
    "mark_no_show": (NO, NO, "no_show", NO, NO, NO, NO, ALREADY),
}

CODES = {
    "fulfil": "booking_not_payable",
    "fulfil_awaiting_guide": "booking_not_payable",
    "reseat": "booking_not_reseatable",
    "reseat_awaiting_guide": "booking_not_reseatable",
    "confirm": "booking_not_confirmable",
    "reject": "booking_not_rejectable",
    "expire": "booking_not_expirable",
    "cancel": "booking_not_cancellable",
    "complete": "booking_not_completable",
    "mark_no_show": "booking_not_no_show",
}

PAIRS = [
    (state, verb, result) for verb, results in EXPECTED.items() for state, result in zip(STATES, results, strict=True)
]


def test_the_table_in_this_file_knows_every_state_and_every_verb():
    assert set(STATES) == set(BookingState)
    assert set(EXPECTED) == set(CODES) == set(BookingVerb)


@pytest.mark.parametrize(("state", "verb", "target"), [pair for pair in PAIRS if pair[2] not in (ALREADY, NO)])
def test_a_booking_moves_when_the_table_says_so(state, verb, target):
    assert next_state(BookingState(state), BookingVerb(verb)) is BookingState(target)


@pytest.mark.parametrize(("state", "verb"), [pair[:2] for pair in PAIRS if pair[2] is ALREADY])
def test_a_verb_does_nothing_when_its_state_already_holds(state, verb):
    assert next_state(BookingState(state), BookingVerb(verb)) is None


@pytest.mark.parametrize(("state", "verb"), [pair[:2] for pair in PAIRS if pair[2] is NO])
def test_a_verb_is_refused_by_name_when_the_table_has_no_such_pair(state, verb):
    with pytest.raises(Conflict) as refusal:
        next_state(BookingState(state), BookingVerb(verb))
    assert refusal.value.code == CODES[verb]
    assert refusal.value.extra == {"booking_status": state}
    assert refusal.value.message == f"The booking is {state.replace('_', ' ')}."


def test_seats_are_occupied_until_they_are_given_up():
    assert {"pending", "paid", "confirmed", "completed", "no_show"} == HOLDS_SEATS
