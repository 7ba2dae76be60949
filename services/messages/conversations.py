"""What travellers ask guides, and what these answer: messages of a pair, within caps that keep strangers from spamming."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from domain.bookings import KNOWN_TO_HOST
from domain.errors import Conflict, NotFound
from domain.jobs import JobKind
from domain.live import LiveEvent
from domain.notices import ChangeKind, NoticeKind
from models.base import new_id
from models.bookings import Booking
from models.catalogue import Listing
from models.conversations import Conversation, Message
from models.locks import lock_users
from models.messages import Notification
from models.users import User
from services import feed
from services.accounts import sessions
from services.catalogue.experiences import get_live_listing, unknown_listing
from services.context import Context
from services.limits import enforce
from services.pages import Order, Page, Window, count, falling
from services.telling import tell_owner

_LATEST_FIRST = Order(falling(Conversation.last_message_at), falling(Conversation.id))
_NEWEST_FIRST = Order(falling(Message.sent_at), falling(Message.id))


@dataclass(frozen=True, slots=True)
class ConversationDetails:
    """A conversation as one of the two sees it."""

    conversation: Conversation
    other: User
    last_message: Message


def ask(session: Session, ctx: Context, id_or_slug: str, body: str) -> Message:
    """The actor's question about a live experience, to its guide, who is told by mail as well.

    Raises ``experience_not_found``, ``own_experience``, ``session_ended``, ``email_not_verified`` and what the caps of enquiries
    raise.
    """
    listing = get_live_listing(session, id_or_slug)
    if listing.host_id == ctx.actor.user_id:
        raise Conflict("own_experience", "This experience is your own.")
    _lock_pair(session, ctx, listing.host_id)
    # Who is suspended or leaves at this moment held the same lock, and has offered nothing since.
    session.refresh(listing)
    if not listing.is_live:
        raise unknown_listing()
    _refuse_strangers(session, ctx, listing.host_id)
    limits = ctx.policy.limits
    enforce(session, ctx, "enquiries_user", str(ctx.actor.user_id), limits.enquiries_user)
    enforce(session, ctx, "enquiries_guide", str(listing.host_id), limits.enquiries_guide)
    now = ctx.now(session)
    conversation = _opened(session, ctx, listing.host_id, now)
    message = _write(session, ctx, conversation, listing.host_id, body, now, listing_id=listing.id)
    ctx.audit(session, "enquiry.sent", message, now=now, data={"listing_id": str(listing.id)})
    tell_owner(session, ctx, NoticeKind.ENQUIRY, message.receiver_id, now=now, about=message.id, message_id=message.id)
    return message


def send(session: Session, ctx: Context, receiver_id: uuid.UUID, body: str) -> Message:
    """A message of the actor's in a conversation that is open; the first one after a question tells whoever asked by mail.

    Raises ``conversation_not_found``, ``receiver_gone``, ``session_ended`` and ``too_many_messages_user``.
    """
    find_conversation(session, ctx, receiver_id)
    receiver = _lock_pair(session, ctx, receiver_id)
    if not receiver.may_sign_in:
        raise Conflict("receiver_gone", "They cannot be written to any more.")
    enforce(session, ctx, "messages_user", str(ctx.actor.user_id), ctx.policy.limits.messages_user)
    now = ctx.now(session)
    question = session.scalar(
        select(Message)
        .where(Message.sender_id == receiver_id, Message.receiver_id == ctx.actor.user_id)
        .where(Message.listing_id.is_not(None))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(1)
    )
    message = _write(session, ctx, _opened(session, ctx, receiver_id, now), receiver_id, body, now)
    ctx.audit(session, "message.sent", message, now=now)
    if question is not None:
        ids = {"message_id": message.id}
        tell_owner(session, ctx, NoticeKind.ENQUIRY_ANSWERED, receiver_id, now=now, about=question.id, **ids)
    return message


def find_conversation(session: Session, ctx: Context, other_id: uuid.UUID) -> Conversation:
    """The actor's conversation with somebody. Raises ``conversation_not_found``, also where there is no such user."""
    lower, higher = _pair(ctx.actor.user_id, other_id)
    pair = (Conversation.lower_id == lower, Conversation.higher_id == higher)
    found = session.scalar(select(Conversation).where(*pair))
    if found is None:
        raise NotFound("conversation_not_found", "You have not written to each other.")
    return found


def conversation_of(session: Session, message_id: uuid.UUID) -> tuple[Conversation, Message]:
    """A message and what it belongs to."""
    message = session.get_one(Message, message_id)
    return session.get_one(Conversation, message.conversation_id), message


def conversations_of(session: Session, ctx: Context, window: Window) -> Page[Conversation]:
    """One page of the actor's conversations, the one with the latest message first."""
    me = ctx.actor.user_id
    mine = select(Conversation).where(or_(Conversation.lower_id == me, Conversation.higher_id == me))
    return _LATEST_FIRST.scalars(session, mine, window, count(session, mine))


def messages_with(session: Session, ctx: Context, other_id: uuid.UUID, window: Window) -> Page[Message]:
    """One page of what the actor and somebody wrote to each other, the newest first. Raises ``conversation_not_found``."""
    theirs = select(Message).where(Message.conversation_id == find_conversation(session, ctx, other_id).id)
    return _NEWEST_FIRST.scalars(session, theirs, window, count(session, theirs))


def details_of(session: Session, ctx: Context, conversations: Sequence[Conversation]) -> list[ConversationDetails]:
    """Each with the other of the two and its last message, in the same order, in two queries."""
    others = {one.id: one.other_than(ctx.actor.user_id) for one in conversations}
    users = {user.id: user for user in session.scalars(select(User).where(User.id.in_(set(others.values()))))}
    last = (
        select(Message)
        .where(Message.conversation_id.in_(others))
        .ext(distinct_on(Message.conversation_id))
        .order_by(Message.conversation_id, Message.sent_at.desc(), Message.id.desc())
    )
    messages = {message.conversation_id: message for message in session.scalars(last)}
    return [ConversationDetails(one, users[others[one.id]], messages[one.id]) for one in conversations]


def show_message(session: Session, message_id: uuid.UUID, *, key: str) -> tuple[uuid.UUID, list[LiveEvent]]:
    """Write a message as a numbered event of whom it is for, who is answered along: ids alone, for the words are read where
    they are."""
    message = session.get_one(Message, message_id)
    data = {
        "message_id": str(message.id),
        "conversation_id": str(message.conversation_id),
        "sender_id": str(message.sender_id),
    }
    row = Notification(key=key, kind=ChangeKind.NEW_MESSAGE.value, title="", body="", data=data, has_badge=False)
    return message.receiver_id, feed.append(session, message.receiver_id, [row])


def _pair(one: uuid.UUID, other: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    return (one, other) if one < other else (other, one)


def _lock_pair(session: Session, ctx: Context, other_id: uuid.UUID) -> User:
    """The other, locked together with the actor, who must still be signed in."""
    users = {user.id: user for user in lock_users(session, {ctx.actor.user_id, other_id})}
    if ctx.actor.session_id is not None and sessions.identify(session, ctx, ctx.actor.session_id) is None:
        raise sessions.session_ended()
    return users[other_id]


def _refuse_strangers(session: Session, ctx: Context, host_id: uuid.UUID) -> None:
    """Nobody reaches a guide's mailbox from an address that may not be theirs, unless by having paid that guide."""
    if session.get_one(User, ctx.actor.user_id).has_confirmed_email:
        return
    booked = select(Booking.id).join(Listing, Listing.id == Booking.listing_id)
    booked = booked.where(Booking.customer_id == ctx.actor.user_id, Listing.host_id == host_id)
    if session.scalar(booked.where(Booking.status.in_(KNOWN_TO_HOST)).limit(1)) is None:
        raise Conflict("email_not_verified", "Confirm your e-mail address first: the answer goes there.")


def _opened(session: Session, ctx: Context, other_id: uuid.UUID, now: datetime) -> Conversation:
    """The one conversation of the actor and somebody, made where there is none yet."""
    lower, higher = _pair(ctx.actor.user_id, other_id)
    made = insert(Conversation).values(id=new_id(), lower_id=lower, higher_id=higher, last_message_at=now)
    session.execute(made.on_conflict_do_nothing(index_elements=["lower_id", "higher_id"]))
    conversation = find_conversation(session, ctx, other_id)
    conversation.last_message_at = now
    return conversation


def _write(
    session: Session,
    ctx: Context,
    conversation: Conversation,
    receiver_id: uuid.UUID,
    body: str,
    now: datetime,
    listing_id: uuid.UUID | None = None,
) -> Message:
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        sender_id=ctx.actor.user_id,
        receiver_id=receiver_id,
        listing_id=listing_id,
        body=body,
        sent_at=now,
    )
    session.add(message)
    session.flush()
    ctx.enqueue(session, JobKind.SHOW_MESSAGE, f"message:{message.id}", {"message_id": message.id}, now=now)
    return message
