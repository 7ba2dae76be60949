"""Every verb in every state of an application: it moves, it is already there, or it is refused by name."""

from __future__ import annotations

import pytest

from domain.applications import (
    EXPLAINED,
    REPEATABLE,
    RESTING,
    REVIEWS,
    UNDECIDED,
    ApplicationState,
    ApplicationVerb,
    next_state,
    slug_of,
    years_in,
)
from domain.errors import Conflict

#: Nothing to do, because the verb's state already holds.
ALREADY = "already"
#: Refused under the verb's own code.
NO = "refused"

SAID = {"in_review": "in review", "more_info": "waiting for its applicant"}
STATES = ("submitted", "in_review", "more_info", "approved", "rejected")

#: Written by hand from the rules: what each verb does in each of STATES.
EXPECTED = {
    "start": ("in_review", ALREADY, NO, NO, NO),
    "more_info": ("more_info", "more_info", ALREADY, NO, NO),
    # A second answer brings something, so it must not vanish in silence.
    "answer": (NO, NO, "in_review", NO, NO),
    "approve": ("approved", "approved", "approved", ALREADY, NO),
    "reject": ("rejected", "rejected", "rejected", NO, ALREADY),
}
CODES = {
    "start": "application_not_startable",
    "more_info": "application_not_askable",
    "answer": "application_not_answerable",
    "approve": "application_not_approvable",
    "reject": "application_not_rejectable",
}
PAIRS = [
    (state, verb, result) for verb, results in EXPECTED.items() for state, result in zip(STATES, results, strict=True)
]


def test_the_table_in_this_file_knows_every_state_and_every_verb():
    assert set(STATES) == set(ApplicationState)
    assert set(EXPECTED) == set(CODES) == set(ApplicationVerb)
    assert len(PAIRS) == len(ApplicationState) * len(ApplicationVerb)


@pytest.mark.parametrize(("state", "verb", "target"), [pair for pair in PAIRS if pair[2] not in (ALREADY, NO)])
def test_an_application_moves_when_the_table_says_so(state, verb, target):
    assert next_state(ApplicationState(state), ApplicationVerb(verb)) is ApplicationState(target)


@pytest.mark.parametrize(("state", "verb"), [pair[:2] for pair in PAIRS if pair[2] is ALREADY])
def test_a_verb_does_nothing_when_its_state_already_holds(state, verb):
    assert next_state(ApplicationState(state), ApplicationVerb(verb)) is None


@pytest.mark.parametrize(("state", "verb"), [pair[:2] for pair in PAIRS if pair[2] is NO])
def test_a_verb_is_refused_by_name_when_the_table_has_no_such_pair(state, verb):
    with pytest.raises(Conflict) as refusal:
        next_state(ApplicationState(state), ApplicationVerb(verb))
    assert refusal.value.code == CODES[verb]
    assert refusal.value.extra == {"application_status": state}
    nothing_asked = "Nothing is asked of you now. " if verb == "answer" else ""
    assert refusal.value.message == f"{nothing_asked}The application is {SAID.get(state, state)}."


def test_reviewers_do_everything_but_answer_and_say_why_where_it_is_bad_news():
    assert set(REVIEWS) == REPEATABLE == set(ApplicationVerb) - {ApplicationVerb.ANSWER}
    assert {"more_info", "reject"} == EXPLAINED
    assert {"submitted", "in_review", "more_info"} == UNDECIDED
    # What waits for us never ends by itself.
    assert {"more_info", "approved", "rejected"} == RESTING


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Amina Wanjiku", "amina-wanjiku"),
        ("Amina  Wanjikũ-O'Brien", "amina-wanjiku-o-brien"),
        ("  Æsa Øst  ", "sa-st"),
        ("李小龍", "guide"),
        ("", "guide"),
        ("Me", "me-guide"),
        ("APPLY", "apply-guide"),
        ("x" * 80, "x" * 60),
        (f"{'a' * 59} b", "a" * 59),
    ],
)
def test_a_name_in_an_address_is_plain_and_stands_for_nothing_else(name, slug):
    assert slug_of(name) == slug


@pytest.mark.parametrize(
    ("said", "years"),
    [("10+", 10), ("3", 3), ("about 7 years", 7), ("2-3", 2), ("none", 0), ("", 0), ("9999", 80), ("١٢", 0)],
)
def test_years_are_the_first_number_that_somebody_writes(said, years):
    assert years_in(said) == years
