"""Accounts, and the families of refresh tokens that keep people signed in."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, Text, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT, INET
from sqlalchemy.orm import Mapped, mapped_column

from domain.users import ADMINS, LOCALES, LONGEST_REASON, MAY_SIGN_IN, Role, UserStatus
from models.base import Base, Created, Instant, WithId, one_of

_ROLES = ", ".join(f"'{role.value}'" for role in Role)
_WHILE_SUSPENDED = ", ".join(f"'{status.value}'" for status in sorted(MAY_SIGN_IN))
#: Names and address in one text, in small letters: what administrators search. In parentheses as PostgreSQL writes it back.
SOUGHT = "lower((((first_name || ' ') || last_name) || ' ') || coalesce(email::text, ''))"


class User(WithId, Created, Base):
    """An account. E-mail and password may be absent: an address belongs to a channel, a sign-in to an identity."""

    __tablename__ = "users"
    __table_args__ = (
        one_of("status", UserStatus),
        CheckConstraint(f"roles <@ ARRAY[{_ROLES}]::text[] AND cardinality(roles) > 0", name="roles_known"),
        CheckConstraint(f"locale IN {LOCALES}", name="locale_known"),
        CheckConstraint("num_nonnulls(deleted_at, erase_at, deleted_from) IN (0, 3)", name="deletion_whole"),
        CheckConstraint("erased_at IS NULL OR deleted_at IS NOT NULL", name="erased_deleted"),
        CheckConstraint(r"phone ~ '^\+[1-9][0-9]{6,14}$'", name="phone_e164"),
        CheckConstraint(f"suspended_from IN ({_WHILE_SUSPENDED})", name="suspended_from_known"),
        CheckConstraint(f"length(suspension_reason) <= {LONGEST_REASON}", name="suspension_reason_length"),
        Index(None, "user_type", "status"),
        Index(None, "status", "id"),
        Index(
            "ix_users_sought",
            literal_column(SOUGHT).label("sought"),
            postgresql_using="gin",
            postgresql_ops={"sought": "gin_trgm_ops"},
        ),
        # Whose number it is, where somebody has proved it.
        Index("ix_users_verified_phone", "phone", postgresql_where=text("phone_verified_at IS NOT NULL")),
        Index("ix_users_to_erase", "erase_at", postgresql_where=text("erased_at IS NULL")),
    )

    email: Mapped[str | None] = mapped_column(CITEXT, unique=True)
    phone: Mapped[str | None]
    #: When its owner proved to read what is sent to ``phone``; of another number nothing is known.
    phone_verified_at: Mapped[Instant | None]
    password_hash: Mapped[str | None]
    first_name: Mapped[str]
    last_name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    #: For the wire: the strongest role.
    user_type: Mapped[str] = mapped_column(
        Computed(
            "CASE WHEN 'super_admin' = ANY(roles) THEN 'super_admin' WHEN 'admin' = ANY(roles) THEN 'admin' "
            "WHEN 'guide' = ANY(roles) THEN 'guide' ELSE 'tourist' END",
            persisted=True,
        )
    )
    status: Mapped[str] = mapped_column(server_default=UserStatus.PENDING.value)
    #: Wants to become a guide; a guide exists after approval.
    intends_to_guide: Mapped[bool] = mapped_column(server_default=text("false"))
    locale: Mapped[str] = mapped_column(server_default="en")
    timezone: Mapped[str] = mapped_column(server_default="Africa/Nairobi")
    currency: Mapped[str] = mapped_column(server_default="KES")
    avatar_url: Mapped[str | None]
    #: While it is suspended: the status that it comes back to, since when, and why, in an operator's words for operators.
    suspended_from: Mapped[str | None]
    suspended_at: Mapped[Instant | None]
    suspension_reason: Mapped[str | None]
    deleted_at: Mapped[Instant | None]
    #: From here on a deleted account cannot be taken back; erased soon after.
    erase_at: Mapped[Instant | None]
    #: The status that it gets again where it is taken back.
    deleted_from: Mapped[str | None]
    #: Nothing in the row tells any more who it was.
    erased_at: Mapped[Instant | None]
    #: Since when a second factor is asked for at sign-in; its seed is in two_factor.
    two_factor_since: Mapped[Instant | None]
    #: The last number given to one of the user's notifications.
    notification_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def may_sign_in(self) -> bool:
        return self.status in MAY_SIGN_IN

    def can_be_taken_back(self, now: datetime) -> bool:
        """Whether it is deleted and its grace is not over."""
        return self.erase_at is not None and now < self.erase_at

    @property
    def is_admin(self) -> bool:
        return not ADMINS.isdisjoint(self.roles)

    @property
    def has_two_factor(self) -> bool:
        return self.two_factor_since is not None

    @property
    def has_confirmed_email(self) -> bool:
        return self.status != UserStatus.PENDING

    def suspend(self, reason: str, now: datetime) -> None:
        """Close an account that may sign in, and remember as what."""
        self.suspended_from, self.status = self.status, UserStatus.SUSPENDED.value
        self.suspended_at, self.suspension_reason = now, reason

    def restore(self) -> None:
        """Open a suspended account again, as what it was: an address that nobody had confirmed still is to be."""
        self.status = self.suspended_from or UserStatus.PENDING.value
        self.suspended_from = self.suspended_at = self.suspension_reason = None

    def delete(self, now: datetime, erase_at: datetime) -> None:
        """Become deleted, to be erased at ``erase_at``."""
        self.deleted_from, self.status = self.status, UserStatus.DELETED.value
        self.deleted_at, self.erase_at = now, erase_at

    def take_back(self) -> None:
        """Become what the account was before it was deleted."""
        self.status = self.deleted_from or UserStatus.ACTIVE.value
        self.deleted_at = self.erase_at = self.deleted_from = None

    def confirm_email(self) -> bool:
        """Become active; whether that is news."""
        is_news = not self.has_confirmed_email
        if is_news:
            self.status = UserStatus.ACTIVE.value
        return is_news


class UserSession(WithId, Created, Base):
    """One device that is signed in. Only keyed hashes of its refresh tokens are kept."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    #: The token before the current one, forgiven for a few seconds because an answer can get lost.
    previous_token_hash: Mapped[str | None]
    rotated_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    revoked_reason: Mapped[str | None]
    #: When two factors were shown; administrators act in such sessions only.
    two_factor_at: Mapped[Instant | None]
    device: Mapped[str | None]
    ip: Mapped[str | None] = mapped_column(INET)

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def rotate(self, token_hash: str, now: datetime) -> None:
        """Replace the token; the old one stays known so that its reuse is noticed."""
        self.previous_token_hash, self.token_hash, self.rotated_at = self.token_hash, token_hash, now

    def revoke(self, reason: str, now: datetime) -> None:
        if self.revoked_at is None:
            self.revoked_at, self.revoked_reason = now, reason
