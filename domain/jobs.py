"""The kinds of work there are, which queue each goes to, and how long each may take and be tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: The prefix of a kind decides its queue; queues are separate where one's trouble must not become the other's.
QUEUES = {
    "payments": "payments",
    "webhooks": "webhooks",
    "bookings": "webhooks",
    "notifications": "deliveries",
    "deliveries": "deliveries",
    "accounts": "deliveries",
    "media": "media",
    "periodic": "periodic",
    "reports": "reports",
}
QUEUE_NAMES = tuple(dict.fromkeys(QUEUES.values()))

#: Claims that end without a word (killed workers) and are forgiven; the next one is the last.
MAX_CRASHES = 5
#: How long an offer stands before the job is offered again: a lost message costs this much.
OFFER = timedelta(seconds=10)


class JobKind(StrEnum):
    PUSH_STK = "payments.push_stk"
    QUERY_STK = "payments.query_stk"
    MPESA_CALLBACK = "webhooks.mpesa_callback"
    EXPIRE_HOLD = "bookings.expire_hold"
    NOTIFY = "notifications.notify"
    SHOW_CHANGES = "notifications.show_changes"
    SHOW_MESSAGE = "notifications.show_message"
    BEGIN_RESET = "accounts.begin_reset"
    FETCH_GOOGLE_KEYS = "accounts.fetch_google_keys"
    ERASE_ACCOUNT = "accounts.erase"
    SETTLE_LICENCE = "accounts.settle_licence"
    OPEN_APPLICATION = "accounts.open_application"
    ASK_FOR_FILES = "accounts.ask_for_files"
    WRITE_EXPORT = "reports.write_export"
    DELETE_EXPORT = "reports.delete_export"
    SEND_EMAIL = "deliveries.send_email"
    SEND_SMS = "deliveries.send_sms"
    PROCESS_IMAGE = "media.process_image"
    PROCESS_FILE = "media.process_file"
    DELETE_FILES = "media.delete_files"
    SWEEP_PAYMENTS = "periodic.sweep_payments"
    PURGE_JOBS = "periodic.purge_jobs"
    SWEEP_MEDIA = "periodic.sweep_media"
    CHAIN_AUDIT = "periodic.chain_audit"
    REFRESH_GOOGLE_KEYS = "periodic.refresh_google_keys"
    ERASE_ACCOUNTS = "periodic.erase_accounts"
    DELETE_EXPORTS = "periodic.delete_exports"
    WATCH_LICENCES = "periodic.watch_licences"
    COUNT_WORDS = "periodic.count_words"
    WRITE_TALLIES = "periodic.write_tallies"
    RANK_DOCUMENTS = "periodic.rank_documents"
    SWEEP_APPLICATIONS = "periodic.sweep_applications"
    CANARY_PAYMENTS = "payments.canary"
    CANARY_WEBHOOKS = "webhooks.canary"
    CANARY_DELIVERIES = "deliveries.canary"
    CANARY_MEDIA = "media.canary"
    CANARY_PERIODIC = "periodic.canary"
    CANARY_REPORTS = "reports.canary"

    @property
    def queue(self) -> str:
        return QUEUES[self.value.partition(".")[0]]


#: The kinds that are begun by the clock.
RUN_NAMES = tuple(kind.value for kind in JobKind if kind.queue == "periodic" and kind is not JobKind.CANARY_PERIODIC)


@dataclass(frozen=True, slots=True)
class JobRules:
    """``lease``: a claim that says nothing for so long is over. ``deadline``: how long failures are retried after the
    first try was due. ``time_limit``: the longest a run may take, shorter than the lease. ``crashes``: how many claims may
    end without a word."""

    lease: timedelta = timedelta(seconds=90)
    time_limit: timedelta = timedelta(seconds=60)
    deadline: timedelta = timedelta(hours=24)
    first_retry: timedelta = timedelta(seconds=2)
    longest_retry: timedelta = timedelta(minutes=15)
    crashes: int = MAX_CRASHES


#: Two calls and two tokens, each of which may first wait for another process that is renewing it.
_DARAJA_LEASE, _DARAJA_LIMIT = timedelta(seconds=125), timedelta(seconds=110)
_QUICK = JobRules(lease=timedelta(seconds=30), time_limit=timedelta(seconds=20))
RULES: dict[JobKind, JobRules] = {
    # A customer is waiting with the phone in hand: after a minute it is kinder to say that it did not work.
    JobKind.PUSH_STK: JobRules(
        lease=_DARAJA_LEASE,
        time_limit=_DARAJA_LIMIT,
        deadline=timedelta(seconds=60),
        longest_retry=timedelta(seconds=10),
    ),
    JobKind.QUERY_STK: JobRules(lease=_DARAJA_LEASE, time_limit=_DARAJA_LIMIT),
    # All that a busy guide ever did is read before the file leaves.
    JobKind.WRITE_EXPORT: JobRules(lease=timedelta(minutes=10), time_limit=timedelta(minutes=9)),
    JobKind.MPESA_CALLBACK: _QUICK,
    JobKind.EXPIRE_HOLD: _QUICK,
    JobKind.NOTIFY: _QUICK,
    JobKind.SHOW_CHANGES: _QUICK,
    JobKind.BEGIN_RESET: _QUICK,
    JobKind.OPEN_APPLICATION: _QUICK,
    JobKind.ASK_FOR_FILES: _QUICK,
    # While Google is down one job keeps asking; what is known keeps working meanwhile.
    JobKind.FETCH_GOOGLE_KEYS: JobRules(
        lease=timedelta(seconds=30), time_limit=timedelta(seconds=20), longest_retry=timedelta(minutes=1)
    ),
    # Somebody looks at the old picture meanwhile; before the sweep, so that a failure is told as one.
    JobKind.PROCESS_IMAGE: JobRules(deadline=timedelta(hours=6), longest_retry=timedelta(minutes=1), crashes=2),
    # 50 MB in and out again, by a storage as slow as we bear. A file that kills whoever opens it soon has its answer.
    JobKind.PROCESS_FILE: JobRules(
        lease=timedelta(seconds=180),
        time_limit=timedelta(seconds=130),
        deadline=timedelta(hours=6),
        longest_retry=timedelta(minutes=1),
        crashes=2,
    ),
    # The next tick asks anew, so a run that keeps failing soon shows as dead.
    JobKind.CHAIN_AUDIT: JobRules(deadline=timedelta(minutes=10), longest_retry=timedelta(seconds=30)),
}


def rules_for(kind: JobKind) -> JobRules:
    return RULES.get(kind, JobRules())


def retry_delay(rules: JobRules, failures: int, jitter: float) -> timedelta:
    """Exponential backoff: doubles from the first delay to the longest; ``jitter`` in [0, 1) spreads the last half."""
    seconds = min(rules.first_retry.total_seconds() * 2 ** min(failures, 30), rules.longest_retry.total_seconds())
    return timedelta(seconds=seconds * (0.5 + jitter / 2))
