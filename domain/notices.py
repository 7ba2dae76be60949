"""One table of what people are told: for whom, on which channels, and whether they could have refused it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.facts import AccountFacts, ApplicationFacts, BookingFacts, ExperienceFacts, Facts


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class Audience(StrEnum):
    TOURIST = "tourist"
    GUIDE = "guide"
    #: Whose account it is, whatever they use it for.
    OWNER = "owner"
    #: Who wants to guide, and need not have an account.
    APPLICANT = "applicant"


class NoticeKind(StrEnum):
    BOOKING_CONFIRMED = "booking_confirmed"
    NEW_BOOKING = "new_booking"
    PAYMENT_RECEIPT = "payment_receipt"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_UNDER_REVIEW = "payment_under_review"
    HOLD_EXPIRED = "hold_expired"
    LATE_MONEY_REFUNDED = "late_money_refunded"
    SURPLUS_REFUNDED = "surplus_refunded"
    BOOKING_CANCELLED = "booking_cancelled"
    EMAIL_VERIFICATION = "email_verification"
    EMAIL_TAKEN = "email_taken"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word
    PHONE_CODE = "phone_code"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_RESTORED = "account_restored"
    NEW_DEVICE = "new_device"
    WELCOME = "welcome"
    GOOGLE_LINKED = "google_linked"
    ACCOUNT_CLAIMED = "account_claimed"
    ACCOUNT_DELETED = "account_deleted"
    TWO_FACTOR_ON = "two_factor_on"
    TWO_FACTOR_OFF = "two_factor_off"
    TWO_FACTOR_MOVED = "two_factor_moved"
    BACKUP_CODE_USED = "backup_code_used"
    EXPORT_READY = "export_ready"
    ENQUIRY = "enquiry"
    ENQUIRY_ANSWERED = "enquiry_answered"
    EXPERIENCE_HIDDEN = "experience_hidden"
    EXPERIENCE_SHOWN = "experience_shown"
    LICENCE_EXPIRING = "licence_expiring"
    LICENCE_EXPIRED = "licence_expired"
    LICENCE_CONFIRMED = "licence_confirmed"
    LICENCE_REFUSED = "licence_refused"
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_KNOWN = "application_known"
    APPLICATION_IN_REVIEW = "application_in_review"
    APPLICATION_MORE_INFO = "application_more_info"
    APPLICATION_APPROVED = "application_approved"
    APPLICATION_REJECTED = "application_rejected"


class ChangeKind(StrEnum):
    """What is shown rather than told: a new state or a message, without words, badge or delivery. The kind is the event's
    name."""

    BOOKING_UPDATED = "booking_updated"
    PAYMENT_UPDATED = "payment_updated"
    NEW_MESSAGE = "new_message"


@dataclass(frozen=True, slots=True)
class Notice:
    """How a kind is told. Transactional kinds cannot be unsubscribed from; one without a badge is not in the list of
    notifications, because it is about reaching somebody elsewhere: in their mailbox or on their phone."""

    category: str
    audiences: tuple[Audience, ...]
    channels: tuple[Channel, ...]
    is_transactional: bool = True
    has_badge: bool = True

    @property
    def is_about_account(self) -> bool:
        """Whether it is about its reader's own account."""
        return self.facts is AccountFacts

    @property
    def facts(self) -> type[Facts]:
        """What it is told from."""
        return _FACTS.get(self.category, BookingFacts)


#: What is told from other facts than a booking's, by category.
_FACTS: dict[str, type[Facts]] = {
    "account": AccountFacts,
    "messages": ExperienceFacts,
    "experiences": ExperienceFacts,
    "applications": ApplicationFacts,
}
_TOURIST, _GUIDE = (Audience.TOURIST,), (Audience.GUIDE,)
_MAIL, _TEXT, _BOTH = (Channel.EMAIL,), (Channel.SMS,), (Channel.EMAIL, Channel.SMS)
_ACCOUNT = Notice("account", (Audience.OWNER,), _MAIL, has_badge=False)
_LICENCE = Notice("account", (Audience.OWNER,), _MAIL)
#: Straight to the address that the applicant gave: there is no list of notifications that it could be in.
_APPLICATION = Notice("applications", (Audience.APPLICANT,), _MAIL, has_badge=False)

NOTICES: dict[NoticeKind, Notice] = {
    NoticeKind.BOOKING_CONFIRMED: Notice("bookings", _TOURIST, _BOTH),
    NoticeKind.NEW_BOOKING: Notice("bookings", _GUIDE, _BOTH),
    NoticeKind.PAYMENT_RECEIPT: Notice("payments", _TOURIST, _MAIL),
    NoticeKind.PAYMENT_FAILED: Notice("payments", _TOURIST, _MAIL),
    NoticeKind.PAYMENT_UNDER_REVIEW: Notice("payments", _TOURIST, _MAIL),
    NoticeKind.HOLD_EXPIRED: Notice("bookings", _TOURIST, _MAIL),
    NoticeKind.LATE_MONEY_REFUNDED: Notice("payments", _TOURIST, _BOTH),
    NoticeKind.SURPLUS_REFUNDED: Notice("payments", _TOURIST, _MAIL),
    NoticeKind.BOOKING_CANCELLED: Notice("bookings", (Audience.TOURIST, Audience.GUIDE), _BOTH),
    NoticeKind.EMAIL_VERIFICATION: _ACCOUNT,
    NoticeKind.EMAIL_TAKEN: _ACCOUNT,
    NoticeKind.PASSWORD_RESET: _ACCOUNT,
    NoticeKind.PASSWORD_CHANGED: _ACCOUNT,
    NoticeKind.PHONE_CODE: Notice("account", (Audience.OWNER,), _TEXT, has_badge=False),
    NoticeKind.ACCOUNT_SUSPENDED: _ACCOUNT,
    NoticeKind.ACCOUNT_RESTORED: _ACCOUNT,
    NoticeKind.NEW_DEVICE: _ACCOUNT,
    NoticeKind.WELCOME: _ACCOUNT,
    NoticeKind.GOOGLE_LINKED: _ACCOUNT,
    NoticeKind.ACCOUNT_CLAIMED: _ACCOUNT,
    NoticeKind.ACCOUNT_DELETED: _ACCOUNT,
    NoticeKind.TWO_FACTOR_ON: _ACCOUNT,
    NoticeKind.TWO_FACTOR_OFF: _ACCOUNT,
    NoticeKind.TWO_FACTOR_MOVED: _ACCOUNT,
    NoticeKind.BACKUP_CODE_USED: _ACCOUNT,
    NoticeKind.EXPORT_READY: _ACCOUNT,
    NoticeKind.ENQUIRY: Notice("messages", _GUIDE, _MAIL),
    NoticeKind.ENQUIRY_ANSWERED: Notice("messages", _TOURIST, _MAIL),
    NoticeKind.EXPERIENCE_HIDDEN: Notice("experiences", (Audience.OWNER,), _MAIL),
    NoticeKind.EXPERIENCE_SHOWN: Notice("experiences", (Audience.OWNER,), _MAIL),
    NoticeKind.LICENCE_EXPIRING: _LICENCE,
    NoticeKind.LICENCE_EXPIRED: _LICENCE,
    NoticeKind.LICENCE_CONFIRMED: _LICENCE,
    NoticeKind.LICENCE_REFUSED: _LICENCE,
    NoticeKind.APPLICATION_RECEIVED: _APPLICATION,
    NoticeKind.APPLICATION_KNOWN: _APPLICATION,
    NoticeKind.APPLICATION_IN_REVIEW: _APPLICATION,
    NoticeKind.APPLICATION_MORE_INFO: _APPLICATION,
    NoticeKind.APPLICATION_APPROVED: _APPLICATION,
    NoticeKind.APPLICATION_REJECTED: _APPLICATION,
}


def is_overtaken(kind: NoticeKind, facts: Facts) -> bool:
    """Whether the news is no longer true by the time it is told: the payment that failed has been paid after all, the link
    or code has been used, replaced or has expired, what was suspended or hidden is so no longer, or an application has
    moved on."""
    if not isinstance(facts, BookingFacts):
        return facts.is_over
    return kind is NoticeKind.PAYMENT_FAILED and facts.failure_code is None
