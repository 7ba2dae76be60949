"""Attempts to pay, everything that was said about them, and money that goes back."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.money import Money
from domain.payments import OPEN_STATES, PAID_STATES, Evidence, PaymentState, Said
from models.base import Base, Created, Instant, Minor, WithId, one_of
from models.bookings import Receivable

_OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN_STATES))
#: What operators watch; services/figures.py asks in these words.
_UNSETTLED = "'pending', 'processing', 'unknown', 'needs_review', 'disputed'"
_WANTS_A_PERSON = "attention IS NOT NULL OR state = 'needs_review'"


class RefundState(StrEnum):
    WAITING = "waiting"


class RefundReason(StrEnum):
    LATE_MONEY = "late_money"
    SURPLUS = "surplus"
    CANCELLATION = "cancellation"


class Attention(StrEnum):
    """Why a person should look at a payment, whatever its state."""

    CONTRADICTION = "contradiction"
    SURPLUS_WITHOUT_RECEIPT = "surplus_without_receipt"
    AMOUNT_MISMATCH = "amount_mismatch"
    IDENTITY_MISMATCH = "identity_mismatch"
    RECEIPT_REUSED = "receipt_reused"
    UNCONFIRMED = "unconfirmed"
    UNKNOWN_CODE = "unknown_code"


def new_callback_token() -> str:
    """256 bits that only the provider is told."""
    return secrets.token_urlsafe(32)


class Payment(WithId, Created, Base):
    """One attempt to pay a receivable, in the amount and currency that were charged."""

    __tablename__ = "payments"
    __table_args__ = (
        one_of("state", PaymentState),
        one_of("attention", Attention),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("attempt > 0", name="attempt_positive"),
        UniqueConstraint("receivable_id", "attempt"),
        UniqueConstraint("provider", "receipt"),
        UniqueConstraint("provider", "provider_reference"),
        Index(None, "receivable_id", "state"),
        Index("uq_payments_one_open", "receivable_id", unique=True, postgresql_where=text(f"state IN ({_OPEN})")),
        Index("uq_payments_one_settles", "receivable_id", unique=True, postgresql_where=text("settles")),
        Index("ix_payments_watched", "next_query_at", postgresql_where=text("next_query_at IS NOT NULL")),
        Index("ix_payments_unsettled", "state", postgresql_where=text(f"state IN ({_UNSETTLED})")),
        Index("ix_payments_attention", "attention", "state", postgresql_where=text(_WANTS_A_PERSON)),
    )

    receivable_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("receivables.id"))
    provider: Mapped[str]
    attempt: Mapped[int] = mapped_column(SmallInteger)
    amount_minor: Mapped[Minor]
    currency: Mapped[str]
    #: Units of the charged currency for one unit of the receivable's.
    fx_rate: Mapped[Decimal] = mapped_column(Numeric(18, 8), server_default="1")
    state: Mapped[str] = mapped_column(server_default=PaymentState.PENDING.value)
    #: This payment is the one that settled its receivable.
    settles: Mapped[bool] = mapped_column(server_default=text("false"))
    phone: Mapped[str | None]
    callback_token: Mapped[str] = mapped_column(unique=True, default=new_callback_token)
    #: The provider's id of the attempt (M-Pesa: CheckoutRequestID).
    provider_reference: Mapped[str | None]
    merchant_request_id: Mapped[str | None]
    receipt: Mapped[str | None]
    failure_code: Mapped[str | None]
    attention: Mapped[str | None]
    started_at: Mapped[Instant]
    #: Set in the transaction before the provider is called; found without an answer, the call's outcome is unknown.
    call_started_at: Mapped[Instant | None]
    pushed_at: Mapped[Instant | None]
    next_query_at: Mapped[Instant | None]
    paid_at: Mapped[Instant | None]

    receivable: Mapped[Receivable] = relationship(lazy="raise")
    events: Mapped[list[PaymentEvent]] = relationship(lazy="raise", viewonly=True)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_paid(self) -> bool:
        return self.state in PAID_STATES

    def become(self, state: PaymentState, failure_code: str | None) -> bool:
        """Take a state and the code that explains it; False where both hold already."""
        if (self.state, self.failure_code) == (state, failure_code):
            return False
        self.state, self.failure_code = state.value, failure_code
        return True


class PaymentEvent(WithId, Created, Base):
    """One thing that was said about a payment; append-only, and the state is a fold over them."""

    __tablename__ = "payment_events"
    __table_args__ = (one_of("evidence", Evidence), UniqueConstraint("payment_id", "key"))

    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"))
    #: The same thing said again has the same key and is written once.
    key: Mapped[str]
    evidence: Mapped[str]
    code: Mapped[str] = mapped_column(server_default="")
    receipt: Mapped[str | None]
    amount_minor: Mapped[Minor | None]
    at: Mapped[Instant]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")

    def said(self) -> Said:
        return Said(Evidence(self.evidence), self.code, self.receipt)


class Refund(WithId, Created, Base):
    """Money that is to go back; the row exists before anything is asked of a provider."""

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("state", RefundState),
        one_of("reason", RefundReason),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        UniqueConstraint("payment_id", "reason"),
        Index(None, "state", "requested_at"),
    )

    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"))
    amount_minor: Mapped[Minor]
    currency: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=RefundState.WAITING.value)
    requested_at: Mapped[Instant]
    requested_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @classmethod
    def of(cls, payment: Payment, reason: RefundReason, minor: int, at: datetime, by: uuid.UUID | None) -> Refund:
        return cls(
            payment_id=payment.id,
            amount_minor=minor,
            currency=payment.currency,
            reason=reason.value,
            requested_at=at,
            requested_by=by,
        )
