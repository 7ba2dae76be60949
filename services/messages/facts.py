"""Gathering the facts that a text may use, as its reader may know them."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.bookings import BookingState
from domain.facts import AccountFacts, BookingFacts, ExperienceFacts, Person, PriceLine, SignIn
from domain.notices import NoticeKind
from domain.one_time import OneTimeTokens, Purpose
from domain.payments import SUPERSEDED, WATCHED_STATES, PaymentState
from domain.users import UserStatus
from models.bookings import Booking, LineItem, Receivable
from models.catalogue import Listing
from models.conversations import Message
from models.one_time_tokens import OneTimeToken
from models.payments import Payment, Refund
from models.two_factor import TwoFactor
from models.users import User, UserSession
from services.accounts.one_time_tokens import may_use
from services.bookings import seats
from services.bookings.details import phones_are_shared
from services.context import Context
from services.guides import licence_facts

#: The frontend's pages to which mails about accounts lead.
PAGES = {
    NoticeKind.EMAIL_VERIFICATION: "verify-email",
    NoticeKind.EMAIL_TAKEN: "login",
    NoticeKind.PASSWORD_RESET: "reset-password",
    NoticeKind.PASSWORD_CHANGED: "forgot-password",
    NoticeKind.ACCOUNT_SUSPENDED: "contact",
    NoticeKind.ACCOUNT_RESTORED: "login",
    NoticeKind.NEW_DEVICE: "forgot-password",
    NoticeKind.WELCOME: "experiences",
    NoticeKind.GOOGLE_LINKED: "forgot-password",
    NoticeKind.ACCOUNT_CLAIMED: "forgot-password",
    NoticeKind.ACCOUNT_DELETED: "restore-account",
    NoticeKind.TWO_FACTOR_ON: "forgot-password",
    NoticeKind.TWO_FACTOR_OFF: "forgot-password",
    NoticeKind.TWO_FACTOR_MOVED: "forgot-password",
    NoticeKind.BACKUP_CODE_USED: "forgot-password",
    NoticeKind.EXPORT_READY: "data-export",
    NoticeKind.LICENCE_EXPIRING: "my-licence",
    NoticeKind.LICENCE_EXPIRED: "my-licence",
    NoticeKind.LICENCE_CONFIRMED: "my-experiences",
    NoticeKind.LICENCE_REFUSED: "my-licence",
}


#: What must still be so when it is told: whether the account is suspended.
_STATUS = {NoticeKind.ACCOUNT_SUSPENDED: True, NoticeKind.ACCOUNT_RESTORED: False}


def account_facts(
    session: Session,
    ctx: Context,
    kind: NoticeKind,
    reader_id: uuid.UUID,
    *,
    frontend_url: str,
    tokens: OneTimeTokens,
    token_id: uuid.UUID | None = None,
    session_id: uuid.UUID | None = None,
    licence_renewal_id: uuid.UUID | None = None,
) -> AccountFacts:
    """What a user may be told about their account; with a token its link or code, which is derived here and nowhere kept, and
    with a session how it began."""
    user = session.get_one(User, reader_id)
    facts = AccountFacts(_person(user, shared=True), f"{frontend_url}/{PAGES.get(kind, '')}", user.timezone)
    if kind in _STATUS:
        return replace(facts, is_over=(user.status == UserStatus.SUSPENDED) != _STATUS[kind])
    if kind is NoticeKind.BACKUP_CODE_USED:
        codes = session.get(TwoFactor, user.id)
        return replace(facts, codes_left=len(codes.backup_hashes) if codes else 0, is_over=codes is None)
    if kind in licence_facts.KINDS:
        licence = licence_facts.licence_facts(session, ctx, kind, user, licence_renewal_id)
        return replace(facts, licence=licence, is_over=licence is None)
    if session_id is not None:
        return replace(facts, sign_in=_sign_in(session.get_one(UserSession, session_id)))
    if token_id is None:
        return facts
    row = session.get(OneTimeToken, token_id)
    if row is None:
        # Purged since, it was over long before; or the account was erased meanwhile.
        return replace(facts, is_over=True)
    purpose = Purpose(row.purpose)
    facts = replace(
        facts, until=row.expires_at, is_over=not row.is_live(ctx.now(session)) or not may_use(user, purpose)
    )
    if row.phone is not None:
        return replace(facts, code=tokens.code(purpose, row.id))
    return replace(facts, url=f"{facts.url}?token={tokens.token(purpose, row.id)}")


def booking_facts(
    session: Session,
    ctx: Context,
    booking_id: uuid.UUID,
    reader_id: uuid.UUID,
    *,
    frontend_url: str,
    payment_id: uuid.UUID | None = None,
    refund_id: uuid.UUID | None = None,
) -> BookingFacts:
    """Everything about a booking that ``reader_id`` may be told, with one payment and refund where they matter."""
    booking = session.get_one(Booking, booking_id)
    listing = session.get_one(Listing, booking.listing_id)
    users = {
        user.id: user
        for user in session.scalars(select(User).where(User.id.in_({booking.customer_id, booking.host_id})))
    }
    lines = session.scalars(select(LineItem).where(LineItem.booking_id == booking.id).order_by(LineItem.position)).all()
    payment = session.get_one(Payment, payment_id) if payment_id else None
    refund = session.get_one(Refund, refund_id) if refund_id else None
    now = ctx.now(session)
    shared = phones_are_shared(booking, now)
    amounts = [line.amount for line in lines]
    pending = booking.state is BookingState.PENDING
    return BookingFacts(
        booking_id=str(booking.id),
        reference=booking.reference,
        reader=_person(users[reader_id], shared=True),
        tourist=_person(users[booking.customer_id], shared=shared),
        guide=_person(users[booking.host_id], shared=shared),
        title=listing.title,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        timezone=listing.timezone,
        seats=booking.seats,
        guests=tuple(booking.guests.items()),
        meeting_point=listing.meeting_point,
        lines=tuple(PriceLine(line.kind, line.description, line.quantity, line.amount) for line in lines),
        total=sum(amounts[1:], start=amounts[0]),
        url=f"{frontend_url}/bookings/{booking.id}",
        provider=payment.provider if payment else None,
        paid=payment.amount if payment and payment.is_paid else None,
        receipt=payment.receipt if payment else None,
        paid_at=payment.paid_at if payment else None,
        failure_code=payment.failure_code if payment else None,
        refund=refund.amount if refund else None,
        cancelled_by=booking.cancelled_by,
        reason=booking.cancellation_reason,
        hold_ends_at=seats.hold_end(session, ctx, booking) if pending else None,
        special_requests=booking.special_requests,
        payment_in_doubt=_is_in_doubt(session, booking.id),
        audience=("guide" if reader_id == booking.host_id else "tourist"),
    )


def experience_facts(
    session: Session,
    kind: NoticeKind,
    reader_id: uuid.UUID,
    *,
    frontend_url: str,
    message_id: uuid.UUID | None = None,
    listing_id: uuid.UUID | None = None,
) -> ExperienceFacts:
    """What its guide may be told of an experience, or either of two people of a message about one."""
    reader = _person(session.get_one(User, reader_id), shared=True)
    if message_id is not None:
        return _message_facts(session, reader, frontend_url, session.get_one(Message, message_id))
    listing = session.get_one(Listing, listing_id)
    if kind is NoticeKind.EXPERIENCE_HIDDEN:
        page, is_over = f"my-experiences/{listing.id}", not listing.is_hidden
    else:
        page, is_over = f"experiences/{listing.slug}", listing.is_hidden
    reason = listing.hidden_reason
    return ExperienceFacts(reader, listing.title, f"{frontend_url}/{page}", reason=reason, is_over=is_over)


def _message_facts(session: Session, reader: Person, frontend_url: str, message: Message) -> ExperienceFacts:
    """A message, told by the experience that was last asked about before it."""
    asked = (
        select(Listing.title)
        .join(Message, Message.listing_id == Listing.id)
        .where(Message.conversation_id == message.conversation_id, Message.sent_at <= message.sent_at)
        .order_by(Message.sent_at.desc(), Message.id.desc())
    )
    return ExperienceFacts(
        reader,
        session.scalars(asked.limit(1)).one(),
        f"{frontend_url}/messages/{message.sender_id}",
        writer=_person(session.get_one(User, message.sender_id), shared=False),
        message=message.body,
        is_over=not message.body,
    )


def _sign_in(opened: UserSession) -> SignIn:
    return SignIn(opened.created_at, opened.device, opened.ip)


def _is_in_doubt(session: Session, booking_id: uuid.UUID) -> bool:
    """Whether money may have been taken for the booking without our knowing yet; a superseded prompt still counts."""
    doubtful = (
        select(Payment.id)
        .join(Receivable, Receivable.id == Payment.receivable_id)
        .where(
            Receivable.booking_id == booking_id,
            or_(
                Payment.state.in_(WATCHED_STATES | {PaymentState.NEEDS_REVIEW}),
                and_(Payment.failure_code == SUPERSEDED, Payment.next_query_at.is_not(None)),
            ),
        )
    )
    return session.scalar(doubtful.limit(1)) is not None


def _person(user: User, *, shared: bool) -> Person:
    return Person(user.first_name, user.full_name, user.phone if shared else None)
