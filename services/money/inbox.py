"""Taking in what providers call us with: stored once, raw, together with the job that reads it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.jobs import JobKind
from domain.policy import Limit
from models.base import new_id
from models.inbox import WebhookEvent
from models.jobs import bring_forward
from models.operations import hit
from models.payments import Payment
from services.context import Context
from services.money.paying import query_key

MPESA = "mpesa"
#: How often strangers can make us ask about one payment.
MOST_HINTS = Limit(4, timedelta(minutes=1))


def receive_mpesa_callback(session: Session, ctx: Context, token: str, body: bytes) -> bool:
    """Store a callback that came on a payment's own path; False where these very bytes came before.

    Daraja gives no event id, so the path token and the body are one. Raises ``callback_not_found`` for a token that is
    nobody's: such a call is not stored, or anybody could fill the disk.
    """
    payment_id = session.scalar(select(Payment.id).where(Payment.provider == MPESA, Payment.callback_token == token))
    if payment_id is None:
        raise NotFound("callback_not_found", "There is nothing to call back here.")
    now = ctx.now(session)
    event_id = hashlib.sha256(token.encode() + body).hexdigest()
    stored = session.execute(
        insert(WebhookEvent)
        .values(
            id=new_id(),
            provider=MPESA,
            event_id=event_id,
            payment_id=payment_id,
            body=body,
            source_ip=ctx.actor.ip,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["provider", "event_id"])
        .returning(WebhookEvent.id)
    ).scalar()
    if stored is None:
        return False
    ctx.enqueue(session, JobKind.MPESA_CALLBACK, f"inbox:{stored}", {"event_id": stored}, now=now)
    return True


def hint_mpesa_callback(session: Session, ctx: Context, checkout_request_id: str) -> None:
    """Somebody without a token speaks of a payment: believe nothing, but ask the provider sooner."""
    payment_id = session.scalar(
        select(Payment.id).where(Payment.provider == MPESA, Payment.provider_reference == checkout_request_id)
    )
    now = ctx.now(session)
    if payment_id is not None and hit(session, "mpesa_hint", str(payment_id), MOST_HINTS, now) is None:
        bring_forward(session, query_key(payment_id), now)
