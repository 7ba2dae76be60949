"""The figures that rules are computed with, frozen for a whole request or job and filled from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` in any ``window``."""

    count: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class HoldPolicy:
    """How long seats wait for money."""

    duration: timedelta = timedelta(minutes=15)
    payment_grace: timedelta = timedelta(minutes=3)
    longest: timedelta = timedelta(minutes=30)
    max_open_per_user: int = 3


@dataclass(frozen=True, slots=True)
class CertaintyPolicy:
    """When an M-Pesa payment without an answer is asked about, counted from the push.

    ``steps`` are (until, every): up to ``until`` after the push a query is made each ``every``; after the last one a
    person looks at it.
    """

    first: timedelta = timedelta(seconds=25)
    steps: tuple[tuple[timedelta, timedelta], ...] = (
        (timedelta(minutes=2), timedelta(seconds=15)),
        (timedelta(minutes=30), timedelta(minutes=5)),
    )
    #: A failed query is believed only this long after the push.
    query_failure_after: timedelta = timedelta(minutes=2)
    #: How long an unanswered prompt blocks a new one.
    prompt_lock: timedelta = timedelta(seconds=90)
    #: Open payments older than this are swept by reconciliation.
    sweep_after: timedelta = timedelta(seconds=90)

    def next_query_after(self, elapsed: timedelta) -> timedelta | None:
        """Time since the push at which to ask next, given ``elapsed`` now; None when there is nothing left to wait for."""
        if elapsed < self.first:
            return self.first
        for until, every in self.steps:
            if elapsed < until:
                return min(elapsed + every, until)
        return None


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """How long refresh tokens live, and for how long a just replaced one is forgiven (an answer can get lost)."""

    lifetime: timedelta = timedelta(days=30)
    reuse_grace: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """For how long tokens that work once do: links in mails, codes in SMS, and the challenge between two factors."""

    email_verification: timedelta = timedelta(days=7)
    #: Longer than the window of ``reset_account``: of the mails in it, the newest must still be of use for a while.
    password_reset: timedelta = timedelta(hours=2)
    phone_verification: timedelta = timedelta(minutes=10)
    #: How long a deleted account can be taken back; then it is erased.
    account_restore: timedelta = timedelta(days=30)
    second_factor: timedelta = timedelta(minutes=5)
    data_export: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DelayPolicy:
    """How long the next guess at a password waits once the free ones are used up: ``first``, and twice as long each time."""

    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """Limits that are counted in PostgreSQL, so that they hold without Redis."""

    #: Of guesses at a password: how many are free. The others wait, as ``DelayPolicy`` says.
    login_account: Limit = Limit(5, timedelta(days=1))
    login_address: Limit = Limit(100, timedelta(minutes=15))
    register_email: Limit = Limit(5, timedelta(hours=1))
    register_address: Limit = Limit(20, timedelta(hours=1))
    holds_user: Limit = Limit(20, timedelta(hours=1))
    stk_phone: Limit = Limit(3, timedelta(minutes=10))
    stk_user: Limit = Limit(10, timedelta(minutes=10))
    export_user: Limit = Limit(1, timedelta(days=1))
    verification_user: Limit = Limit(3, timedelta(hours=1))
    otp_user: Limit = Limit(10, timedelta(days=1))
    otp_address: Limit = Limit(30, timedelta(hours=1))
    otp_phone: Limit = Limit(3, timedelta(minutes=15))
    otp_phone_day: Limit = Limit(10, timedelta(days=1))
    reset_account: Limit = Limit(3, timedelta(hours=1))
    reset_address: Limit = Limit(20, timedelta(hours=1))
    unconfirmed_mail: Limit = Limit(10, timedelta(days=1))
    uploads: Limit = Limit(20, timedelta(hours=1))
    upload_bytes: Limit = Limit(500_000_000, timedelta(days=1))
    enquiries_user: Limit = Limit(10, timedelta(days=1))
    enquiries_guide: Limit = Limit(100, timedelta(days=1))
    messages_user: Limit = Limit(60, timedelta(hours=1))
    #: Applications by network address; mails about them by address of mail; answers by application.
    applications: Limit = Limit(3, timedelta(days=1))
    application_mail: Limit = Limit(3, timedelta(days=1))
    application_answers: Limit = Limit(10, timedelta(days=1))
    second_factor: Limit = Limit(5, timedelta(minutes=15))
    second_factor_day: Limit = Limit(20, timedelta(days=1))

    @property
    def longest_window(self) -> timedelta:
        """After this long nothing counts any more, whatever it was counted for."""
        return max(getattr(self, each.name).window for each in fields(self))


@dataclass(frozen=True, slots=True)
class Policy:
    """All figures together."""

    service_fee_percent: Decimal = Decimal(10)
    #: What all applications of a day (UTC) may bring together.
    application_bytes: int = 20 * 1024**3
    horizon: timedelta = timedelta(days=180)
    hold: HoldPolicy = field(default_factory=HoldPolicy)
    certainty: CertaintyPolicy = field(default_factory=CertaintyPolicy)
    sessions: SessionPolicy = field(default_factory=SessionPolicy)
    links: LinkPolicy = field(default_factory=LinkPolicy)
    delays: DelayPolicy = field(default_factory=DelayPolicy)
    limits: LimitPolicy = field(default_factory=LimitPolicy)
