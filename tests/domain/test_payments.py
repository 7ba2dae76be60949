"""What all that was said about a payment amounts to, rule by rule."""

from __future__ import annotations

import pytest

from domain.payments import (
    CLOSED_STATES,
    OPEN_STATES,
    PAID_STATES,
    WATCHED_STATES,
    Evidence,
    PaymentState,
    Said,
    Verdict,
    fold,
)

S = PaymentState
OUTCOMES = {"1032": S.CANCELLED, "1019": S.EXPIRED}

ACCEPTED = Said(Evidence.ACCEPTED)
PAID = Said(Evidence.CALLBACK_SUCCESS, "0", "QGH7X8Y9Z0")
PAID_AGAIN = Said(Evidence.CALLBACK_SUCCESS, "0", "QGH7X8Y9Z1")
CANCELLED = Said(Evidence.CALLBACK_FAILURE, "1032")
NO_FUNDS = Said(Evidence.CALLBACK_FAILURE, "1")
UNREACHED = Said(Evidence.CALLBACK_INCONCLUSIVE, "1037")
ASKED_PAID = Said(Evidence.QUERY_SUCCESS, "0")
ASKED_EARLY = Said(Evidence.QUERY_FAILURE_EARLY, "1037")
ASKED_FAILED = Said(Evidence.QUERY_FAILURE, "1032")
REFUSED = Said(Evidence.REFUSED, "push_rejected")
LOST = Said(Evidence.OUTCOME_UNKNOWN)
MISMATCH = Said(Evidence.MISMATCH, "amount_mismatch")
STRANGE = Said(Evidence.UNKNOWN_CODE, "7777")
SETTLED = Said(Evidence.SETTLED)
SUPERSEDED = Said(Evidence.SUPERSEDED)
GAVE_UP = Said(Evidence.GAVE_UP)


@pytest.mark.parametrize(
    ("rule", "said", "state", "code"),
    [
        ("a row was written", [], S.PENDING, ""),
        ("the provider has it", [ACCEPTED], S.PROCESSING, ""),
        ("a call without an answer is unknown", [LOST], S.UNKNOWN, "push_outcome_unknown"),
        ("an answer after all", [LOST, ACCEPTED], S.PROCESSING, ""),
        ("refused: nothing was shown", [REFUSED], S.FAILED, "push_rejected"),
        ("the customer cancelled", [ACCEPTED, CANCELLED], S.CANCELLED, "1032"),
        ("the prompt ran out", [ACCEPTED, Said(Evidence.CALLBACK_FAILURE, "1019")], S.EXPIRED, "1019"),
        ("too little money", [ACCEPTED, NO_FUNDS], S.FAILED, "1"),
        ("1037 is asked about before it fails", [ACCEPTED, UNREACHED], S.PROCESSING, ""),
        ("an early query alone is not believed", [ACCEPTED, ASKED_EARLY], S.PROCESSING, ""),
        ("1037 and an early query vouch for each other", [ACCEPTED, UNREACHED, ASKED_EARLY], S.FAILED, "1037"),
        ("a late query is believed", [ACCEPTED, ASKED_FAILED], S.CANCELLED, "1032"),
        ("a query's success settles", [ACCEPTED, ASKED_PAID], S.SUCCEEDED, ""),
        ("a query's success against a failure", [ACCEPTED, CANCELLED, ASKED_PAID], S.NEEDS_REVIEW, "contradiction"),
        ("amount or identity disagree", [ACCEPTED, MISMATCH], S.NEEDS_REVIEW, "amount_mismatch"),
        ("a mismatch outweighs a query's success", [ASKED_PAID, MISMATCH], S.NEEDS_REVIEW, "amount_mismatch"),
        ("an unknown code waits for a person", [ACCEPTED, STRANGE], S.NEEDS_REVIEW, "7777"),
        ("an unknown code and a query's success", [ASKED_PAID, STRANGE], S.NEEDS_REVIEW, "7777"),
        ("another attempt was started", [ACCEPTED, SUPERSEDED], S.CANCELLED, "superseded"),
        ("superseded, then its end became known", [ACCEPTED, SUPERSEDED, CANCELLED], S.CANCELLED, "1032"),
        ("we asked for long enough", [ACCEPTED, GAVE_UP], S.NEEDS_REVIEW, "unconfirmed"),
        ("an end that comes after we gave up", [ACCEPTED, GAVE_UP, CANCELLED], S.CANCELLED, "1032"),
        ("paid", [ACCEPTED, PAID], S.SUCCEEDED, ""),
        ("paid before the push was answered", [PAID], S.SUCCEEDED, ""),
        ("success after a failure", [ACCEPTED, NO_FUNDS, PAID], S.SUCCEEDED, ""),
        ("success after a cancellation", [ACCEPTED, CANCELLED, PAID], S.SUCCEEDED, ""),
        ("success after another attempt was started", [ACCEPTED, SUPERSEDED, PAID], S.SUCCEEDED, ""),
        ("a query's success after another attempt was started", [SUPERSEDED, ASKED_PAID], S.SUCCEEDED, ""),
        ("success of a call without an answer", [LOST, PAID], S.SUCCEEDED, ""),
        ("success after we gave up", [ACCEPTED, GAVE_UP, PAID], S.SUCCEEDED, ""),
        ("a failure after we settled", [ACCEPTED, ASKED_PAID, SETTLED, CANCELLED], S.SUCCEEDED, ""),
        ("a mismatch after we settled", [PAID, SETTLED, MISMATCH], S.SUCCEEDED, ""),
    ],
)
def test_evidence_amounts_to_a_state(rule, said, state, code):
    verdict = fold(said, outcome_of_failure=OUTCOMES)
    assert (verdict.state, verdict.code) == (state, code), rule


def test_a_receipt_is_learned_from_the_callback_even_after_a_query_settled():
    assert fold([ASKED_PAID, SETTLED]).receipt is None
    assert fold([ASKED_PAID, SETTLED, PAID]).receipt == "QGH7X8Y9Z0"


def test_a_clean_success_is_not_contradicted():
    assert fold([ACCEPTED, ASKED_EARLY, UNREACHED, PAID, PAID]) == Verdict(S.SUCCEEDED, receipt="QGH7X8Y9Z0")


@pytest.mark.parametrize("said", [MISMATCH, STRANGE, PAID_AGAIN])
def test_a_success_is_flagged_when_the_rest_contradicts_it(said):
    verdict = fold([ACCEPTED, PAID, said])
    assert verdict.state is S.SUCCEEDED
    assert verdict.is_contradicted


def test_a_failure_without_a_known_outcome_is_failed():
    assert fold([CANCELLED]).state is S.FAILED


def test_the_sets_of_states_divide_the_states_as_the_rules_do():
    assert {"pending", "processing"} == OPEN_STATES
    assert {"pending", "processing", "unknown"} == WATCHED_STATES
    assert {"succeeded", "partially_refunded", "refunded"} == PAID_STATES
    assert {"failed", "cancelled", "expired"} == CLOSED_STATES
    assert set(PaymentState) == WATCHED_STATES | PAID_STATES | CLOSED_STATES | {"needs_review", "disputed"}
