"""What M-Pesa may say about a payment, said straight to the use cases, for tests that need no wire."""

from __future__ import annotations

import itertools

from domain.payments import Evidence
from models.payments import Payment
from models.session import Database
from services.bookings.locking import lock_payment
from services.context import Context
from services.money import evidence

_receipts = itertools.count(1)


def receipt() -> str:
    """An M-Pesa receipt number that no other payment has."""
    return f"SGH{next(_receipts):07d}"


class Witness:
    """Says things about payments the way the workers do, each in a transaction of its own."""

    def __init__(self, db: Database, ctx: Context):
        self._db = db
        self._ctx = ctx

    def says(
        self, payment: Payment, what: Evidence, *, code: str = "", receipt: str | None = None, key: str = ""
    ) -> Payment:
        """Record and apply; answers the payment as it is afterwards."""
        key = key or f"{what}:{code}:{receipt or ''}"
        with self._db.transaction() as session:
            held = lock_payment(session, self._ctx, payment.id)
            now = self._ctx.now(session)
            evidence.record(session, held.payment, what, key=key, at=now, code=code, receipt=receipt)
            evidence.apply(session, self._ctx, held, now)
            return held.payment

    def pays(self, payment: Payment, number: str | None = None) -> Payment:
        """A callback of success, with a receipt."""
        return self.says(payment, Evidence.CALLBACK_SUCCESS, receipt=number or receipt())

    def pays_unseen(self, payment: Payment) -> Payment:
        """A query's success, which carries no receipt."""
        return self.says(payment, Evidence.QUERY_SUCCESS)

    def accepts(self, payment: Payment) -> Payment:
        """The push was taken and the prompt is on the phone."""
        return self.says(payment, Evidence.ACCEPTED, key="push")

    def fails(self, payment: Payment, code: str = "1032") -> Payment:
        """A callback of a final failure."""
        return self.says(payment, Evidence.CALLBACK_FAILURE, code=code)
