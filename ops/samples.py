"""A booking in Nairobi and the account of whoever booked: what every text can be shown with, by ./elite gallery and tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.facts import (
    AccountFacts,
    ApplicationFacts,
    BookingFacts,
    ExperienceFacts,
    Facts,
    LicenceFacts,
    Person,
    PriceLine,
    SignIn,
)
from domain.money import Money
from domain.notices import NoticeKind

JANE = Person("Jane", "Jane Achieng Doe", "+447911123456")
AMINA = Person("Amina", "Amina Wanjiku", "+254712345678")

BOOKED = BookingFacts(
    booking_id="019aa000-0000-7000-8000-000000000001",
    reference="B7K2M9QX",
    reader=JANE,
    tourist=JANE,
    guide=AMINA,
    title="Nairobi Food Walk",
    starts_at=datetime(2026, 11, 21, 7, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 21, 10, 30, tzinfo=UTC),
    timezone="Africa/Nairobi",
    seats=2,
    guests=(("adult", 2),),
    meeting_point="Kenya National Archives",
    lines=(
        PriceLine("base", "Nairobi Food Walk (adult)", 2, Money(500_000, "KES")),
        PriceLine("fee", "Service fee", 1, Money(50_000, "KES")),
    ),
    total=Money(550_000, "KES"),
    url="https://elite-events.example/bookings/019aa000-0000-7000-8000-000000000001",
)
PAID = replace(
    BOOKED,
    provider="mpesa",
    paid=Money(550_000, "KES"),
    receipt="SKL7RT61SV",
    paid_at=datetime(2026, 11, 18, 20, 55, tzinfo=UTC),
)
HELD = replace(BOOKED, provider="mpesa", hold_ends_at=datetime(2026, 11, 18, 11, 25, tzinfo=UTC))
REFUNDED = replace(PAID, refund=Money(550_000, "KES"))

ACCOUNT = AccountFacts(JANE, "https://elite-events.example/page", "Africa/Nairobi")
LINKED = replace(
    ACCOUNT,
    url=f"{ACCOUNT.url}?token=hV9q2mXc7Lw0sYb4Ad8kRt1uZf6nGe3jPo5iQx-Ty_M",
    until=datetime(2026, 11, 21, 7, 0, tzinfo=UTC),
)

CODED = replace(ACCOUNT, code="402715", until=datetime(2026, 11, 21, 7, 10, tzinfo=UTC))


SIGNED_IN = replace(
    ACCOUNT,
    sign_in=SignIn(
        datetime(2026, 11, 21, 7, 0, tzinfo=UTC),
        "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
        "196.201.214.7",
    ),
)


NAMELESS_AMINA = replace(AMINA, phone=None)
LISTED = ExperienceFacts(AMINA, "Nairobi Food Walk", "https://elite-events.example/experiences/nairobi-food-walk")
ASKED = replace(
    LISTED,
    url="https://elite-events.example/messages/019aa000-0000-7000-8000-000000000002",
    writer=replace(JANE, phone=None),
    message="Habari! Do you have something for vegetarians?\nWe are two, on Saturday.",
)
LICENSED = replace(ACCOUNT, reader=AMINA, licence=LicenceFacts("TRA/TG/90112", date(2026, 12, 31)))


def licensed(**changes: object) -> AccountFacts:
    """A guide's account with a licence that differs a little."""
    return replace(LICENSED, licence=replace(LICENSED.licence, **changes))


APPLIED = ApplicationFacts(
    AMINA,
    "https://elite-events.example/guide-application?token=hV9q2mXc7Lw0sYb4Ad8kRt1uZf6nGe3jPo5iQx-Ty_M",
    "Africa/Nairobi",
)


def for_guide(facts: BookingFacts) -> BookingFacts:
    return replace(facts, reader=AMINA, audience="guide")


#: What each kind is told from, and the same booking read by everybody who gets it.
SAMPLES: dict[NoticeKind, tuple[Facts, ...]] = {
    NoticeKind.BOOKING_CONFIRMED: (PAID,),
    NoticeKind.NEW_BOOKING: (for_guide(replace(PAID, special_requests="One of us is vegetarian.")),),
    NoticeKind.PAYMENT_RECEIPT: (PAID, replace(PAID, receipt=None)),
    NoticeKind.PAYMENT_FAILED: (replace(HELD, failure_code="1"), replace(BOOKED, failure_code="1032")),
    NoticeKind.PAYMENT_UNDER_REVIEW: (HELD, BOOKED),
    NoticeKind.HOLD_EXPIRED: (BOOKED, replace(BOOKED, payment_in_doubt=True)),
    NoticeKind.LATE_MONEY_REFUNDED: (
        REFUNDED,
        *(replace(REFUNDED, cancelled_by=by) for by in ("tourist", "guide", "admin")),
    ),
    NoticeKind.SURPLUS_REFUNDED: (REFUNDED,),
    NoticeKind.BOOKING_CANCELLED: tuple(
        told(replace(facts, cancelled_by=by, reason=reason))
        for facts, by, reason in (
            (PAID, "tourist", None),
            (REFUNDED, "guide", "I have a fever."),
            (REFUNDED, "admin", None),
            (replace(BOOKED, payment_in_doubt=True), "tourist", None),
            (replace(PAID, payment_in_doubt=True), "guide", None),
        )
        for told in (for_guide, lambda facts: facts)
    ),
    NoticeKind.EMAIL_VERIFICATION: (LINKED,),
    NoticeKind.EMAIL_TAKEN: (ACCOUNT,),
    NoticeKind.PASSWORD_RESET: (LINKED,),
    NoticeKind.PASSWORD_CHANGED: (ACCOUNT,),
    NoticeKind.PHONE_CODE: (CODED,),
    NoticeKind.ACCOUNT_SUSPENDED: (ACCOUNT,),
    NoticeKind.ACCOUNT_RESTORED: (ACCOUNT,),
    NoticeKind.NEW_DEVICE: (SIGNED_IN, replace(ACCOUNT, sign_in=SignIn(SIGNED_IN.sign_in.at, None, None))),
    NoticeKind.WELCOME: (ACCOUNT,),
    NoticeKind.GOOGLE_LINKED: (ACCOUNT,),
    NoticeKind.ACCOUNT_CLAIMED: (ACCOUNT,),
    NoticeKind.ACCOUNT_DELETED: (LINKED,),
    NoticeKind.TWO_FACTOR_ON: (ACCOUNT,),
    NoticeKind.TWO_FACTOR_OFF: (ACCOUNT,),
    NoticeKind.TWO_FACTOR_MOVED: (ACCOUNT,),
    NoticeKind.BACKUP_CODE_USED: tuple(replace(ACCOUNT, codes_left=left) for left in (9, 1, 0)),
    NoticeKind.EXPORT_READY: (LINKED,),
    NoticeKind.APPLICATION_RECEIVED: (replace(APPLIED, until=LINKED.until),),
    NoticeKind.APPLICATION_KNOWN: (APPLIED,),
    NoticeKind.APPLICATION_IN_REVIEW: (APPLIED,),
    NoticeKind.APPLICATION_MORE_INFO: (
        replace(APPLIED, reason="Please send a copy of your first-aid certificate."),
        replace(APPLIED, refused=(("video", "damaged"), ("resume", "encrypted"))),
        replace(APPLIED, reason="Please tell us where you have guided before.", refused=(("video", "not_finished"),)),
    ),
    NoticeKind.APPLICATION_APPROVED: (APPLIED, replace(APPLIED, reason="We loved your video of Gikomba market.")),
    NoticeKind.APPLICATION_REJECTED: (
        replace(APPLIED, reason="In Nairobi we have more guides than guests at the moment."),
    ),
    NoticeKind.ENQUIRY: (ASKED,),
    NoticeKind.ENQUIRY_ANSWERED: (
        replace(
            ASKED,
            reader=JANE,
            writer=NAMELESS_AMINA,
            message="Yes, six of the seven stops have something without meat.",
        ),
    ),
    NoticeKind.EXPERIENCE_HIDDEN: (
        replace(LISTED, reason="The pictures show another place than the meeting point.\nPlease send your own."),
    ),
    NoticeKind.EXPERIENCE_SHOWN: (LISTED,),
    NoticeKind.LICENCE_EXPIRING: (LICENSED, licensed(waits=True)),
    NoticeKind.LICENCE_EXPIRED: (
        licensed(holds=False, bookings=3),
        licensed(holds=False, bookings=1, waits=True),
        licensed(holds=False),
    ),
    NoticeKind.LICENCE_CONFIRMED: (licensed(is_offering=True), LICENSED),
    NoticeKind.LICENCE_REFUSED: (
        licensed(reason="The scan shows the first page only. We need the one with the last day."),
        licensed(holds=False, reason="This is last year's."),
    ),
}
