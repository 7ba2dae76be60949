"""What holds for all evidence about a payment, in any order and however often it is said."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import mpesa_results
from domain.payments import Evidence, PaymentState, Said, fold

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)

OUTCOMES = {"1032": PaymentState.CANCELLED, "1019": PaymentState.EXPIRED}
SUCCESSES = {Evidence.CALLBACK_SUCCESS, Evidence.QUERY_SUCCESS, Evidence.SETTLED}

said = st.builds(
    Said,
    st.sampled_from(Evidence),
    st.sampled_from(["", "0", "1", "1032", "1019", "1037", "7777", "amount_mismatch"]),
    st.sampled_from([None, "QGH7X8Y9Z0", "QGH7X8Y9Z1"]),
)
everything = st.lists(said, max_size=8)


def verdict_on(evidence):
    return fold(evidence, outcome_of_failure=OUTCOMES)


@unhurried
@given(everything.flatmap(lambda evidence: st.tuples(st.just(evidence), st.permutations(evidence))))
def test_the_order_does_not_matter(pair):
    evidence, shuffled = pair
    assert verdict_on(shuffled) == verdict_on(evidence)


@unhurried
@given(everything, st.data())
def test_repetition_does_not_matter(evidence, data):
    again = data.draw(st.lists(st.sampled_from(evidence), max_size=5)) if evidence else []
    assert verdict_on(evidence + again) == verdict_on(evidence)


def test_order_and_repetition_do_not_matter_for_any_three_kinds_of_evidence():
    for three in itertools.combinations_with_replacement(Evidence, 3):
        pieces = [Said(evidence, str(evidence)) for evidence in three]
        verdicts = {verdict_on(order) for order in itertools.permutations(pieces)} | {verdict_on(pieces + pieces)}
        assert len(verdicts) == 1, three


@unhurried
@given(everything)
def test_a_success_never_regresses_however_the_evidence_arrives(evidence):
    known: list[Said] = []
    was_paid = False
    for one in evidence:
        known.append(one)
        is_paid = verdict_on(known).state is PaymentState.SUCCEEDED
        assert is_paid or not was_paid
        if is_paid and not was_paid:
            # What the payment's transaction writes down together with the new state.
            known.append(Said(Evidence.SETTLED))
        was_paid = is_paid


@unhurried
@given(everything)
def test_a_proof_of_payment_always_wins(evidence):
    assert verdict_on([*evidence, Said(Evidence.CALLBACK_SUCCESS, "0", "R1")]).state is PaymentState.SUCCEEDED


@unhurried
@given(everything.map(lambda evidence: [one for one in evidence if one.evidence not in SUCCESSES]))
def test_nothing_is_paid_unless_somebody_said_so(evidence):
    assert verdict_on(evidence).state is not PaymentState.SUCCEEDED


@unhurried
@given(st.text(max_size=12), everything.map(lambda evidence: [e for e in evidence if e.evidence not in SUCCESSES]))
def test_a_code_that_nobody_documented_is_never_paid_and_waits_for_a_person(code, evidence):
    if code.strip() not in mpesa_results.MEANINGS:
        assert mpesa_results.meaning(code).outcome == "unknown"
    strange = Said(Evidence.UNKNOWN_CODE, code)
    assert verdict_on([*evidence, strange]).state is PaymentState.NEEDS_REVIEW
