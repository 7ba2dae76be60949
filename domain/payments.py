"""A payment's state as a fold over what was said about it, so that order and repetition do not matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PaymentState(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    NEEDS_REVIEW = "needs_review"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


#: At most one of these per receivable; the database holds it with a partial unique index.
OPEN_STATES = frozenset({PaymentState.PENDING, PaymentState.PROCESSING})
#: Nobody knows yet, or nobody is sure: watched until something says more.
WATCHED_STATES = OPEN_STATES | {PaymentState.UNKNOWN}
#: The money is with us.
PAID_STATES = frozenset({PaymentState.SUCCEEDED, PaymentState.PARTIALLY_REFUNDED, PaymentState.REFUNDED})
CLOSED_STATES = frozenset({PaymentState.FAILED, PaymentState.CANCELLED, PaymentState.EXPIRED})

#: The code of an attempt that was given up for another one; it stays watched until its own end is known.
SUPERSEDED = "superseded"


class Evidence(StrEnum):
    """What can be said about a payment, and by whom."""

    #: The provider took the request; nothing is paid yet.
    ACCEPTED = "accepted"
    #: The provider refused the request: nothing was shown to the customer.
    REFUSED = "refused"
    #: Our call ended without an answer.
    OUTCOME_UNKNOWN = "outcome_unknown"
    #: The provider told us of success, with amount and receipt that agree.
    CALLBACK_SUCCESS = "callback_success"
    #: The provider told us of a failure that is final.
    CALLBACK_FAILURE = "callback_failure"
    #: The provider told us of a failure that it often takes back (the phone was out of reach).
    CALLBACK_INCONCLUSIVE = "callback_inconclusive"
    #: The provider told us of something that we do not understand.
    UNKNOWN_CODE = "unknown_code"
    #: Amount, receipt or identity disagree with what we asked for.
    MISMATCH = "mismatch"
    #: We asked and were told of success (without amount or receipt).
    QUERY_SUCCESS = "query_success"
    #: We asked and were told of a failure, early: it is often wrong.
    QUERY_FAILURE_EARLY = "query_failure_early"
    #: We asked and were told of a failure, late enough to believe it.
    QUERY_FAILURE = "query_failure"
    #: We decided that the money is here; from then on it is.
    SETTLED = "settled"
    #: We started another attempt instead, or the booking was cancelled.
    SUPERSEDED = "superseded"
    #: We asked for long enough; a person has to look.
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of evidence. ``code`` is the result code, ``receipt`` the provider's proof of money."""

    evidence: Evidence
    code: str = ""
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all the evidence amounts to. ``code`` explains a state that is not a success."""

    state: PaymentState
    code: str = ""
    receipt: str | None = None
    #: Somebody should look although the state is settled: the evidence contradicts itself.
    is_contradicted: bool = False


def fold(said: Iterable[Said], *, outcome_of_failure: dict[str, PaymentState] | None = None) -> Verdict:
    """The state that a set of evidence amounts to.

    A success never regresses: once we settled, later contradictions only flag the payment. A failure becomes a success
    when one is proved. ``outcome_of_failure`` maps result codes to cancelled or expired; all others are failed.
    """
    everything = list(said)
    by = {evidence: [one for one in everything if one.evidence is evidence] for evidence in Evidence}
    receipts = {one.receipt for one in by[Evidence.CALLBACK_SUCCESS] if one.receipt}
    receipt = min(receipts) if receipts else None
    doubts = by[Evidence.MISMATCH] or by[Evidence.UNKNOWN_CODE]
    contradicted = bool(doubts) or len(receipts) > 1

    if by[Evidence.SETTLED] or by[Evidence.CALLBACK_SUCCESS]:
        return Verdict(PaymentState.SUCCEEDED, receipt=receipt, is_contradicted=contradicted)
    if doubts:
        return Verdict(PaymentState.NEEDS_REVIEW, _code(doubts))
    failures = _conclusive_failures(by)
    if by[Evidence.QUERY_SUCCESS]:
        if failures:
            return Verdict(PaymentState.NEEDS_REVIEW, "contradiction", is_contradicted=True)
        return Verdict(PaymentState.SUCCEEDED)
    if failures:
        code = _code(failures)
        return Verdict((outcome_of_failure or {}).get(code, PaymentState.FAILED), code)
    if by[Evidence.SUPERSEDED]:
        return Verdict(PaymentState.CANCELLED, SUPERSEDED)
    if by[Evidence.GAVE_UP]:
        return Verdict(PaymentState.NEEDS_REVIEW, "unconfirmed")
    if by[Evidence.ACCEPTED]:
        return Verdict(PaymentState.PROCESSING)
    if by[Evidence.OUTCOME_UNKNOWN]:
        return Verdict(PaymentState.UNKNOWN, "push_outcome_unknown")
    return Verdict(PaymentState.PENDING)


def _conclusive_failures(by: dict[Evidence, list[Said]]) -> list[Said]:
    """Failures that may be believed; an inconclusive callback and an early query vouch for each other."""
    failures = by[Evidence.CALLBACK_FAILURE] + by[Evidence.REFUSED] + by[Evidence.QUERY_FAILURE]
    if by[Evidence.CALLBACK_INCONCLUSIVE] and by[Evidence.QUERY_FAILURE_EARLY]:
        failures = failures + by[Evidence.CALLBACK_INCONCLUSIVE]
    return failures


def _code(said: list[Said]) -> str:
    return min(one.code for one in said)
