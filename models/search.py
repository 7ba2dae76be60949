"""What is searched, apart from what it is made of: one row for everything that can be found, and the words that there are."""

from __future__ import annotations

import uuid
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, SmallInteger, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import Text

from domain.searching import BANDS, LAST_BAND
from models.base import Base, one_of

#: Any number that no other advisory lock has.
_TURN = 4_107_256


class FoundKind(StrEnum):
    EXPERIENCE = "experience"
    GUIDE = "guide"


class SearchDocument(Base):
    """A live experience or guide, as it is searched. Triggers of listings, guides and users keep it, in the very transaction
    that changes them, so what is withdrawn is not found from the commit on; the id is the listing's or the guide's.

    ``band`` is how far from the best it is: the smaller the number, the better and the fewer. A job moves rows between bands.
    """

    __tablename__ = "search_documents"
    __table_args__ = (
        one_of("kind", FoundKind),
        CheckConstraint(f"band BETWEEN 0 AND {LAST_BAND}", name="band_bounds"),
        Index(None, "quality", "id"),
        Index(None, "band", "quality", "id"),
        *(
            Index(
                f"ix_search_documents_vector_{band}",
                "vector",
                postgresql_using="gin",
                # What waits to be put in order is read by every search: a few hundred pages cost five times the search.
                postgresql_with={"fastupdate": False},
                postgresql_where=text(f"band = {band}"),
            )
            for band in BANDS
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    vector: Mapped[str] = mapped_column(TSVECTOR)
    band: Mapped[int] = mapped_column(SmallInteger, server_default=str(LAST_BAND))
    #: Thousandths of a star; few reviews count for little.
    quality: Mapped[int] = mapped_column(SmallInteger)
    rating_average: Mapped[Decimal] = mapped_column(Numeric(3, 2))
    currency: Mapped[str | None]
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    min_guests: Mapped[int | None] = mapped_column(SmallInteger)
    max_guests: Mapped[int | None] = mapped_column(SmallInteger)


class UncountedDocument(Base):
    """Something whose words may have changed; a trigger writes it, and whoever has counted the words takes it away."""

    __tablename__ = "search_uncounted"

    document_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class CountedDocument(Base):
    """The words for which something counts in :class:`SearchWord`."""

    __tablename__ = "search_counted"

    document_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))


class SearchWord(Base):
    """A word of what can be found, in small letters without accents, and in how many documents it is."""

    __tablename__ = "search_words"
    __table_args__ = (
        Index(None, "stem"),
        Index(
            "ix_search_words_near",
            "word",
            postgresql_using="gin",
            postgresql_ops={"word": "gin_trgm_ops"},
        ),
    )

    #: Compared byte by byte, so that the key also finds beginnings.
    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    #: What the English dictionary makes of it; empty for words that say nothing.
    stem: Mapped[str] = mapped_column(Text(collation="C"))
    document_count: Mapped[int]


def take_turn(session: Session) -> bool:
    """Whether this transaction, until it ends, is the only one that counts words; never waits."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_TURN))))


def is_any_uncounted(session: Session) -> bool:
    """Whether words wait to be counted."""
    return session.scalar(select(UncountedDocument.document_id).limit(1)) is not None
