"""Applications of people who want to guide, and what happened to each of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Text, bindparam, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.applications import (
    CONFIRM_WITHIN,
    LONGEST_REASON,
    RESTING,
    ApplicationState,
    ApplicationVerb,
    Milestone,
    next_state,
)
from domain.users import LOCALES
from models.base import Base, Created, Instant, WithId, one_of

_RESTING = ", ".join(f"'{state.value}'" for state in sorted(RESTING))
#: Name and address in one text, in small letters: what reviewers search. In parentheses as PostgreSQL writes it back.
SOUGHT = "lower((full_name || ' ') || email::text)"


class GuideApplication(WithId, Created, Base):
    """What somebody sent who wants to guide, with or without an account; its files are rows of ``media``."""

    __tablename__ = "guide_applications"
    __table_args__ = (
        one_of("status", ApplicationState),
        CheckConstraint(f"locale IN {LOCALES}", name="locale_known"),
        CheckConstraint("status = 'submitted' OR confirmed_at IS NOT NULL", name="reviewed_confirmed"),
        CheckConstraint(
            "accepted_at IS NULL OR (status = 'approved' AND user_id IS NOT NULL)", name="accepted_approved"
        ),
        CheckConstraint(f"length(reason) <= {LONGEST_REASON}", name="reason_length"),
        CheckConstraint("licence_expires_on IS NULL OR licence_number IS NOT NULL", name="licence_whole"),
        Index(None, "status", "id"),
        Index(None, "email"),
        Index(None, "user_id"),
        Index(
            "ix_guide_applications_sought",
            literal_column(SOUGHT).label("sought"),
            postgresql_using="gin",
            postgresql_ops={"sought": "gin_trgm_ops"},
        ),
        # What the sweep looks through.
        Index("ix_guide_applications_unconfirmed", "submitted_at", postgresql_where=text("confirmed_at IS NULL")),
        Index(
            "ix_guide_applications_resting",
            "changed_at",
            postgresql_where=text(f"accepted_at IS NULL AND status IN ({_RESTING})"),
        ),
    )

    full_name: Mapped[str]
    email: Mapped[str] = mapped_column(CITEXT)
    phone: Mapped[str]
    location: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    #: In the applicant's words, such as ``10+``.
    experience_years: Mapped[str]
    bio: Mapped[str]
    social_emails: Mapped[str | None]
    facebook: Mapped[str | None]
    instagram: Mapped[str | None]
    twitter: Mapped[str | None]
    tiktok: Mapped[str | None]
    youtube: Mapped[str | None]
    locale: Mapped[str] = mapped_column(server_default="en")
    status: Mapped[str] = mapped_column(server_default=ApplicationState.SUBMITTED.value)
    #: The last words of a reviewer to the applicant.
    reason: Mapped[str | None]
    reviewer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[Instant | None]
    #: As the reviewer has seen them on the licence.
    licence_number: Mapped[str | None]
    licence_expires_on: Mapped[date | None]
    #: By which the link of its mails finds it.
    token_hash: Mapped[str] = mapped_column(unique=True)
    submitted_at: Mapped[Instant]
    #: When its applicant proved to read the address.
    confirmed_at: Mapped[Instant | None]
    #: When the state last changed.
    changed_at: Mapped[Instant]
    #: The account of its applicant, once both have proved to read the same address.
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    #: When its applicant became a guide by it.
    accepted_at: Mapped[Instant | None]

    @property
    def state(self) -> ApplicationState:
        return ApplicationState(self.status)

    @property
    def first_name(self) -> str:
        return self.full_name.partition(" ")[0]

    @property
    def confirm_until(self) -> datetime:
        """Until when its address has to be confirmed."""
        return self.submitted_at + CONFIRM_WITHIN

    def is_from(self, email: str | None) -> bool:
        """Whether it came under this address of mail; their case says nothing, here as in the database."""
        return email is not None and email.lower() == self.email.lower()

    def is_over(self, now: datetime) -> bool:
        """Whether nobody confirmed it in time: it is about to be deleted."""
        return self.confirmed_at is None and now >= self.confirm_until

    def move(
        self,
        session: Session,
        verb: ApplicationVerb,
        now: datetime,
        *,
        actor_id: uuid.UUID | None = None,
        reason: str | None = None,
    ) -> bool:
        """Apply a verb of the state table and write it down; False where the target state already holds.

        Raises :class:`domain.errors.Conflict` where the table refuses.
        """
        target = next_state(self.state, verb)
        if target is None:
            return False
        self._tell(session, verb, target, now, actor_id, reason)
        self.status, self.changed_at = target.value, now
        return True

    def reach(self, session: Session, milestone: Milestone, now: datetime, actor_id: uuid.UUID | None = None) -> None:
        """Write down what leaves the state as it is."""
        self._tell(session, milestone, self.state, now, actor_id, None)

    def _tell(
        self,
        session: Session,
        verb: ApplicationVerb | Milestone,
        target: ApplicationState,
        now: datetime,
        actor_id: uuid.UUID | None,
        reason: str | None,
    ) -> None:
        session.add(
            GuideApplicationEvent(
                application_id=self.id,
                verb=verb.value,
                from_status=self.status,
                to_status=target.value,
                at=now,
                actor_id=actor_id,
                reason=reason,
            )
        )


class GuideApplicationEvent(WithId, Created, Base):
    """One thing that happened to an application; never changed, and gone only together with it (a trigger sees to both)."""

    __tablename__ = "guide_application_events"
    __table_args__ = (one_of("verb", ApplicationVerb, Milestone), Index(None, "application_id"))

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("guide_applications.id", ondelete="CASCADE"))
    verb: Mapped[str]
    from_status: Mapped[str]
    to_status: Mapped[str]
    at: Mapped[Instant]
    #: The reviewer; nobody where it was the applicant.
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    #: What was said: a reviewer's words to the applicant, or the applicant's answer.
    reason: Mapped[str | None]


class ApplicationIntake(Base):
    """How many bytes applications brought on one day (UTC): one row, so that every process counts the same."""

    __tablename__ = "application_intake"
    __table_args__ = (CheckConstraint("bytes >= 0", name="bytes_positive"),)

    on_date: Mapped[date] = mapped_column(primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)


_TAKE_IN = text(
    """
    INSERT INTO application_intake AS i (on_date, bytes) SELECT :day, :size WHERE :size <= :most
    ON CONFLICT (on_date) DO UPDATE SET bytes = i.bytes + :size WHERE i.bytes + :size <= :most
    RETURNING true
    """
).bindparams(bindparam("day", type_=Date), bindparam("size", type_=BigInteger), bindparam("most", type_=BigInteger))


def take_in(session: Session, day: date, size: int, most: int) -> bool:
    """Count ``size`` bytes towards the ``most`` of a day; whether there was room for them."""
    return bool(session.scalar(_TAKE_IN, {"day": day, "size": size, "most": most}))
