"""M-Pesa's slow side: asking a phone for its PIN, and asking Safaricom what became of it until somebody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from domain import mpesa_results
from domain.bookings import BookingState
from domain.jobs import JobKind
from domain.money import Money
from domain.payments import SUPERSEDED, WATCHED_STATES, Evidence, PaymentState
from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected
from domain.references import account_reference
from models.jobs import Claim, is_open
from models.payments import Attention, Payment
from providers.payments.daraja_answers import PushAccepted, QueryAnswer
from services.bookings import seats
from services.bookings.locking import Held, lock_payment
from services.context import Context
from services.money import evidence
from services.money.paying import push_key, query_key
from workers.payload import uuid_of
from workers.running import DONE, Outcome, Postpone, provider_steps, retry_after
from workers.runtime import Runtime

logger = structlog.get_logger(__name__)

#: What the prompt says besides amount and reference; thirteen characters is all there is.
DESCRIPTION = "Elite Events"
#: A push that M-Pesa refused because the subscriber has another one open.
SUBSCRIBER_LOCKED = "1001"


@dataclass(frozen=True, slots=True)
class Push:
    """One prompt, as M-Pesa is asked for it."""

    payment_id: Any
    amount: Money
    phone: str
    account_reference: str
    callback_url: str


@provider_steps(JobKind.PUSH_STK)
class PushStk:
    """Put the prompt on the phone, once. It has no key, so a call without an answer is never made again."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Push | Outcome:
        held = lock_payment(session, ctx, uuid_of(job, "payment_id"))
        payment, now = held.payment, ctx.now(session)
        if payment.call_started_at is not None and payment.pushed_at is None and is_watched(payment):
            # A run before this one called and was not heard of again; a superseded prompt may be on the phone as well.
            _say(session, ctx, held, Evidence.OUTCOME_UNKNOWN, now, key="push:unknown")
            _watch(session, ctx, payment, now)
            return DONE
        if payment.state != PaymentState.PENDING:
            return DONE
        if now > job.deadline or not _is_still_held(session, ctx, held, now):
            _say(session, ctx, held, Evidence.REFUSED, now, key="push", code="push_busy")
            return DONE
        payment.call_started_at = now
        return Push(
            payment_id=payment.id,
            amount=payment.amount,
            phone=payment.phone,
            account_reference=account_reference(held.booking.reference, payment.attempt),
            callback_url=f"{runtime.callback_url}/{payment.callback_token}",
        )

    def call(self, runtime: Runtime, push: Push) -> PushAccepted:
        return runtime.mpesa.push(
            amount=push.amount,
            phone=push.phone,
            account_reference=push.account_reference,
            description=DESCRIPTION,
            callback_url=push.callback_url,
        )

    def record(
        self, session: Session, ctx: Context, job: Claim, push: Push, answer: PushAccepted | ProviderError
    ) -> Outcome:
        held = lock_payment(session, ctx, push.payment_id)
        payment, now = held.payment, ctx.now(session)
        if isinstance(answer, PushAccepted):
            payment.provider_reference = answer.checkout_request_id
            payment.merchant_request_id = answer.merchant_request_id
            payment.pushed_at = now
            if any(other.is_open for other in held.payments if other is not payment):
                # This push was taken for lost, and the customer has started anew since.
                evidence.record(session, payment, Evidence.SUPERSEDED, key="superseded", at=now)
            _say(session, ctx, held, Evidence.ACCEPTED, now, key="push")
            _watch(session, ctx, payment, now)
            return DONE
        if isinstance(answer, Rejected):
            code = SUBSCRIBER_LOCKED if answer.code == SUBSCRIBER_LOCKED else "push_rejected"
            if code == "push_rejected":
                logger.error("mpesa.push_rejected", provider_code=answer.code)
            _say(session, ctx, held, Evidence.REFUSED, now, key="push", code=code, detail={"code": answer.code})
            return DONE
        if isinstance(answer, OutcomeUnknown):
            _say(session, ctx, held, Evidence.OUTCOME_UNKNOWN, now, key="push", detail={"code": answer.code})
            _watch(session, ctx, payment, now)
            return DONE
        retry = retry_after(ctx, session, job, answer)
        if retry.at is None:
            _say(session, ctx, held, Evidence.REFUSED, now, key="push", code="push_busy", detail={"code": answer.code})
            return DONE
        payment.call_started_at = None
        return retry


@dataclass(frozen=True, slots=True)
class Query:
    """One question about one prompt."""

    payment_id: Any
    checkout_request_id: str


@provider_steps(JobKind.QUERY_STK)
class QueryStk:
    """The certainty schedule: ask until somebody knows, then stop; after half an hour a person looks."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Query | Outcome:
        held = lock_payment(session, ctx, uuid_of(job, "payment_id"))
        payment, now = held.payment, ctx.now(session)
        if not is_watched(payment):
            payment.next_query_at = None
            return DONE
        if payment.state == PaymentState.PENDING and not is_open(session, push_key(payment.id)):
            _conclude_dead_push(session, ctx, held, now)
        if payment.provider_reference is None:
            return _look_again(session, ctx, held, now)
        return Query(payment.id, payment.provider_reference)

    def call(self, runtime: Runtime, query: Query) -> QueryAnswer:
        return runtime.mpesa.query(query.checkout_request_id)

    def record(
        self, session: Session, ctx: Context, job: Claim, query: Query, answer: QueryAnswer | ProviderError
    ) -> Outcome:
        held = lock_payment(session, ctx, query.payment_id)
        now = ctx.now(session)
        if isinstance(answer, QueryAnswer) and answer.result_code is not None and answer.state == "final":
            _believe(session, ctx, held, answer.result_code, now)
        return _look_again(session, ctx, held, now)


def is_watched(payment: Payment) -> bool:
    """Whether money may still come that nobody has told us of; a superseded prompt may still be answered."""
    return payment.state in WATCHED_STATES or payment.failure_code == SUPERSEDED


def _conclude_dead_push(session: Session, ctx: Context, held: Held, now: datetime) -> None:
    """The push's job died. Where it never called, no phone rang; else nobody knows."""
    if held.payment.call_started_at is None:
        _say(session, ctx, held, Evidence.REFUSED, now, key="push", code="push_busy")
    else:
        _say(session, ctx, held, Evidence.OUTCOME_UNKNOWN, now, key="push:unknown")


def _believe(session: Session, ctx: Context, held: Held, code: str, now: datetime) -> None:
    """A query's success settles what we pushed; its failure counts only some time after the push."""
    outcome = mpesa_results.meaning(code).outcome
    if outcome == "paid":
        _say(session, ctx, held, Evidence.QUERY_SUCCESS, now, key="query:success")
    elif outcome == "unknown":
        _say(session, ctx, held, Evidence.UNKNOWN_CODE, now, key=f"query:{code}", code=code)
    elif now - _asked_at(held.payment) >= ctx.policy.certainty.query_failure_after:
        _say(session, ctx, held, Evidence.QUERY_FAILURE, now, key=f"query:final:{code}", code=code)
    else:
        _say(session, ctx, held, Evidence.QUERY_FAILURE_EARLY, now, key=f"query:early:{code}", code=code)


def _look_again(session: Session, ctx: Context, held: Held, now: datetime) -> Outcome:
    payment = held.payment
    if not is_watched(payment):
        payment.next_query_at = None
        return DONE
    asked_at = _asked_at(payment)
    after = ctx.policy.certainty.next_query_after(now - asked_at)
    if after is None:
        payment.next_query_at = None
        _say(session, ctx, held, Evidence.GAVE_UP, now, key="gave_up")
        # A superseded attempt stays cancelled, but a person compares it with the statement all the same.
        payment.attention = payment.attention or Attention.UNCONFIRMED.value
        logger.error("payment.unconfirmed", payment_id=str(payment.id), state=payment.state)
        return DONE
    payment.next_query_at = asked_at + after
    return Postpone(payment.next_query_at)


def _watch(session: Session, ctx: Context, payment: Payment, now: datetime) -> None:
    payment.next_query_at = _asked_at(payment) + ctx.policy.certainty.first
    ctx.enqueue(
        session,
        JobKind.QUERY_STK,
        query_key(payment.id),
        {"payment_id": payment.id},
        now=now,
        due_at=payment.next_query_at,
    )


def _asked_at(payment: Payment) -> datetime:
    return payment.pushed_at or payment.call_started_at or payment.started_at


def _is_still_held(session: Session, ctx: Context, held: Held, now: datetime) -> bool:
    return held.booking.state is BookingState.PENDING and seats.hold_end(session, ctx, held.booking) > now


def _say(
    session: Session,
    ctx: Context,
    held: Held,
    what: Evidence,
    now: datetime,
    *,
    key: str,
    code: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    evidence.record(session, held.payment, what, key=key, at=now, code=code, detail=detail)
    evidence.apply(session, ctx, held, now)
