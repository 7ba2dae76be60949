"""Sending: one delivery on one channel, at least once, and at most once more after a call that ended without an answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents import render_mail, render_sms
from domain.facts import Facts
from domain.jobs import JobKind
from domain.mail import OutgoingMail
from domain.notices import is_overtaken
from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected
from models.jobs import Claim
from models.messages import Delivery, DeliveryState
from services.context import Context
from workers.facts import facts_of_delivery
from workers.payload import uuid_of
from workers.running import DONE, Outcome, Postpone, describe, provider_steps, retry_after
from workers.runtime import Runtime

logger = structlog.get_logger(__name__)

#: After a call without an answer the same text is sent once more, when no news came for so long.
SILENCE = timedelta(minutes=10)
MOST_CALLS_WITHOUT_ANSWER = 2

ON_ITS_WAY = (DeliveryState.QUEUED, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text on its way: where to, in which words."""

    delivery_id: uuid.UUID
    kind: str
    locale: str
    address: str
    #: May hold a link with a token in it: never to be logged.
    facts: Facts = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """A provider took it. ``cost`` as the provider words it, where it names one."""

    provider_id: str
    cost: str | None = None


class _Send:
    """The steps that every channel shares; a channel adds ``call``."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Outgoing | Outcome:
        delivery = _lock(session, uuid_of(job, "delivery_id"))
        if delivery is None or delivery.state not in ON_ITS_WAY:
            return DONE
        if delivery.calls >= MOST_CALLS_WITHOUT_ANSWER:
            delivery.state, delivery.error_code = DeliveryState.FAILED.value, "outcome_unknown"
            logger.error("delivery.unknown", delivery_id=str(delivery.id), channel=delivery.channel)
            return DONE
        kind, facts = facts_of_delivery(session, ctx, runtime, delivery)
        if is_overtaken(kind, facts):
            delivery.state, delivery.error_code = DeliveryState.SUPPRESSED.value, "overtaken"
            return DONE
        delivery.state = DeliveryState.SENDING.value
        delivery.calls += 1
        delivery.call_started_at = ctx.now(session)
        return Outgoing(delivery.id, kind.value, delivery.locale, delivery.address, facts)

    def record(
        self, session: Session, ctx: Context, job: Claim, outgoing: Outgoing, answer: Sent | ProviderError
    ) -> Outcome:
        delivery = _lock(session, outgoing.delivery_id)
        if delivery is None:
            # The application that it was about was erased while it left.
            return DONE
        now = ctx.now(session)
        if isinstance(answer, ProviderError) and delivery.state not in ON_ITS_WAY:
            # This run was taken for dead, and another one has brought the delivery to its end.
            return DONE
        if isinstance(answer, Rejected):
            delivery.state, delivery.error_code = DeliveryState.FAILED.value, answer.code or "rejected"
            logger.error("delivery.rejected", delivery_id=str(delivery.id), code=answer.code)
            return DONE
        if isinstance(answer, OutcomeUnknown):
            return Postpone(now + SILENCE)
        if isinstance(answer, ProviderError):
            # Nothing was sent: this call does not count among those without an answer.
            delivery.calls -= 1
            delivery.state = DeliveryState.QUEUED.value
            if answer.code in ("http_401", "http_403"):
                logger.error("delivery.credentials_refused", channel=delivery.channel, code=answer.code)
            retry = retry_after(ctx, session, job, answer)
            if retry.at is None:
                delivery.state, delivery.error_code = DeliveryState.FAILED.value, describe(answer)
            return retry
        delivery.state, delivery.sent_at = DeliveryState.SENT.value, now
        delivery.provider_id, delivery.cost = answer.provider_id, answer.cost
        return DONE


@provider_steps(JobKind.SEND_EMAIL)
class SendEmail(_Send):
    """Through SendGrid; the delivery's id travels along and comes back with its events."""

    def call(self, runtime: Runtime, outgoing: Outgoing) -> Sent:
        mail = OutgoingMail(
            to_email=outgoing.address,
            to_name=outgoing.facts.reader.full_name,
            content=render_mail(outgoing.kind, outgoing.locale, outgoing.facts),
            custom_args={"delivery_id": str(outgoing.delivery_id)},
        )
        return Sent(runtime.email.send(mail))


@provider_steps(JobKind.SEND_SMS)
class SendSms(_Send):
    """Through Africa's Talking."""

    def call(self, runtime: Runtime, outgoing: Outgoing) -> Sent:
        text = render_sms(outgoing.kind, outgoing.locale, outgoing.facts)
        sent = runtime.sms.send(outgoing.address, text)
        return Sent(sent.provider_id, sent.cost)


def _lock(session: Session, delivery_id: uuid.UUID) -> Delivery | None:
    return session.scalars(select(Delivery).where(Delivery.id == delivery_id).with_for_update()).one_or_none()
